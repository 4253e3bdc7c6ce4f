"""Pictures of checks: every kind is drawn, inside its frame, with words, and without a style."""

import re

import pytest
from django.template import Context, Template
from hypothesis import HealthCheck, given, settings

from geolocation.checks import run_all
from geolocation.checks.base import Recording, Shadow
from geolocation.drawings import picture_of
from geolocation.drawings.picture import WIDTH
from geolocation.drawings.registry import KINDS
from tests.geolocation.checks.proposals import AVENUE, TERMINAL, any_inputs, away, between, camera, result

NOON = between("2023-09-20T10:00Z", "2023-09-20T11:00Z")
DRAWN = {
    "distance": lambda: result("sight_range", camera=camera(), subject=camera(TERMINAL)),
    "compass": lambda: result("bearing", camera=camera(), subject=camera(TERMINAL), bearing_deg=20),
    "edge": lambda: result(
        "area", camera=camera(), area=(tuple(away(AVENUE, t, 9e3) for t in (0, 120, 240)),)
    ),
    "sun": lambda: result("daylight", camera=camera(), captured=NOON),
    "timeline": lambda: result(
        "journey",
        camera=camera(),
        captured=NOON,
        recordings=(Recording("M07", "device", "F17", TERMINAL, 20, NOON),),
    ),
    "shadow_times": lambda: result(
        "shadows", camera=camera(), captured=NOON, shadow=Shadow(28.0, 2.0, 0.9, 0.05)
    ),
}


def rendered(drawing):
    return Template("{% load check_drawings %}{% check_drawing drawing %}").render(
        Context({"drawing": drawing})
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_becomes_an_image_with_words(kind):
    drawing = DRAWN[kind]().drawing
    assert drawing["kind"] == kind
    html = rendered(drawing)
    assert html.startswith('<svg class="drawing" viewBox="0 0 152 ')
    assert 'role="img"' in html
    assert len(re.search(r'aria-label="([^"]+)"', html)[1]) > 30
    assert "style" not in html
    assert "nan" not in html.lower()


def test_every_kind_that_a_check_makes_can_be_drawn():
    assert {DRAWN[kind]().drawing["kind"] for kind in KINDS} == set(KINDS)


@given(any_inputs())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_inputs_a_picture_stays_in_its_frame(inputs):
    for found in run_all(inputs):
        picture = picture_of(found.drawing)
        if found.drawing["kind"] == "none":
            assert picture is None
            continue
        for part in picture.parts:
            for name, value in part.attributes:
                if name in {"x", "x1", "x2", "cx", "y", "y1", "y2", "cy"}:
                    assert -1 <= float(value) <= max(WIDTH, picture.height) + 1, (found.key, part)


def test_what_a_file_says_cannot_break_out_of_the_picture():
    drawing = DRAWN["timeline"]().drawing
    drawing["spans"][0]["role"] = '"><script>alert(1)</script>'
    html = rendered(drawing)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "drawing",
    [
        None,
        {},
        {"kind": "none"},
        {"kind": "distance"},
        {"kind": "sun", "samples": [{}]},
        {"kind": "hologram"},
    ],
)
def test_what_cannot_be_drawn_is_left_out(drawing):
    assert rendered(drawing) == ""
