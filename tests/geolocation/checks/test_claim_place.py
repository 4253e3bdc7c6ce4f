"""The proposal against the places of claims and item. The terminal is 9018.1415 m from the avenue."""

import pytest

from geolocation.checks.base import NamedPoint
from tests.geolocation.checks.proposals import AVENUE, TERMINAL, away, camera, result


def test_inside_the_extent_of_the_place_passes():
    found = result("claim_place", camera=camera(), claim_places=(NamedPoint("Terminal", TERMINAL, 9000),))
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(9018.1415, abs=1e-3)
    assert found.threshold == 9020
    assert found.sentence == (
        "The camera is 9.02 km from Terminal; its extent and the uncertainty together allow 9.02 km."
    )


def test_outside_the_extent_is_flagged_and_never_failed():
    found = result("claim_place", camera=camera(), claim_places=(NamedPoint("Terminal", TERMINAL, 100),))
    assert found.verdict == "flagged"
    far = NamedPoint("Elsewhere", away(AVENUE, 90, 5_000_000), 100)
    assert result("claim_place", camera=camera(), claim_places=(far,)).verdict == "flagged"


def test_an_unknown_extent_is_assumed_and_said():
    place = NamedPoint("Stepanakert", away(AVENUE, 200, 1500))
    found = result("claim_place", camera=camera(), item_place=place)
    assert found.verdict == "passed"
    assert found.threshold == 5020
    assert "The extent of Stepanakert is not recorded; 5.00 km was assumed." in found.sentence
    assert [point["uncertainty_m"] for point in found.drawing["points"]] == [20, 5000]


def test_the_subject_is_compared_when_there_is_one():
    found = result(
        "claim_place",
        camera=camera(),
        subject=camera(TERMINAL),
        claim_places=(NamedPoint("Terminal", TERMINAL, 100),),
    )
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(0, abs=1e-6)
    assert found.sentence.startswith("The subject")


def test_an_area_counts_as_the_subject():
    area = tuple(away(TERMINAL, azimuth_deg, 200) for azimuth_deg in (0, 90, 180, 270))
    found = result("claim_place", subject_area=area, claim_places=(NamedPoint("Terminal", TERMINAL, 10),))
    assert found.verdict == "passed"
    assert found.threshold == pytest.approx(210, abs=0.1)


def test_the_place_that_fits_best_is_the_one_named():
    places = (NamedPoint("Far", TERMINAL, 100), NamedPoint("Near", away(AVENUE, 10, 300), 500))
    found = result("claim_place", camera=camera(), claim_places=places)
    assert found.verdict == "passed"
    assert "Near" in found.sentence


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"camera": camera()}, "No claim and no place"),
        ({"camera": camera(), "claim_places": (NamedPoint("Yevlakh"),)}, "Yevlakh"),
        ({"claim_places": (NamedPoint("Terminal", TERMINAL, 10),)}, "Neither camera nor subject"),
    ],
)
def test_what_is_missing_is_named(inputs, words):
    found = result("claim_place", **inputs)
    assert found.verdict == "inapplicable"
    assert words in found.sentence
