"""Checks as people meet them: pictures beside sentences, the page that explains, the form's fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evidence.forms.investigations import SettingsForm
from evidence.models import Investigation, MediaItem
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.investigations import investigation_change
from geolocation.coordinates.position import Position
from geolocation.models import Geolocation
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import Captured, Placed, ShadowSeen, geolocation_propose
from tests.browser.looking import VIEWS, faults, keep_picture
from tests.geolocation.conftest import a_proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AVENUE = Position(39.821232, 46.758423)
TERMINAL = Position(39.899226, 46.787836)


@pytest.fixture
def judged(
    investigation: Investigation, media_item: MediaItem, investigator: Any, editor: Any
) -> Geolocation:
    """A proposal with whatever a check can draw: directions, times, sun, shadow, area, a sibling."""
    area = SettingsForm.base_fields["area"].clean("39.7, 46.6\n39.7, 47\n40.1, 47\n40.1, 46.6")
    investigation_change(actor=editor, investigation=investigation, area=area)
    appearance_add(
        actor=investigator,
        item=media_item,
        url="https://twitter.com/somebody/status/1704732800000000000",
        posted=PostedTime(),
    )
    when = Captured(
        start=datetime(2023, 9, 20, 9, 30, tzinfo=UTC),
        end=datetime(2023, 9, 20, 10, 30, tzinfo=UTC),
        offset_min=240,
        basis="sun and shadows",
    )
    proposal = a_proposal(
        camera=Placed(position=AVENUE, uncertainty_m=20),
        subject=Placed(position=TERMINAL, uncertainty_m=60),
        bearing_deg=20.0,
        field_of_view_deg=40.0,
        captured=when,
        light_seen="day",
        shadow=ShadowSeen(
            azimuth_deg=28.0, azimuth_error_deg=2.0, length_ratio=0.905, length_ratio_error=0.03
        ),
    )
    made = geolocation_propose(actor=investigator, media_item=media_item, proposal=proposal, submit=True)
    other = a_proposal(camera=Placed(position=Position(39.8214, 46.7586), uncertainty_m=15))
    geolocation_propose(actor=editor, media_item=media_item, proposal=other, submit=True)
    checks_run(geolocation_id=made.pk)
    return made


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_every_check_is_told_and_drawn_and_leads_to_its_explanation(
    page_as: Callable[..., Page],
    investigation: Investigation,
    reviewer: Any,
    judged: Geolocation,
    axe: Any,
    width: int,
    height: int,
) -> None:
    page = page_as(reviewer, width=width, height=height)
    page.goto(f"/{investigation.code}/geolocations/{judged.reference}/")
    checks = page.locator("#checks")
    # Distance twice, the edge, two lines of time, a compass, the sun, the shadow.
    assert checks.locator("svg.drawing").count() >= 7
    for drawn in checks.locator("svg.drawing").all():
        assert len(drawn.get_attribute("aria-label") or "") > 30
    assert faults(page, axe, "checks") == []
    page.get_by_role("link", name="Shadow against the sun").click()
    expect(page.get_by_role("heading", name="What the checks can and cannot tell")).to_be_visible()
    assert page.url.endswith("/checks/#shadows")
    expect(page.locator("#shadows")).to_be_in_viewport()
    assert faults(page, axe, "checks-explained") == []


def test_light_and_shadow_are_given_in_the_form_and_half_a_measure_is_sent_back(
    page_as: Callable[..., Page],
    investigation: Investigation,
    media_item: MediaItem,
    investigator: Any,
    axe: Any,
) -> None:
    page = page_as(investigator)
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    page.goto(f"/{investigation.code}/media/{media_item.reference}/geolocate/")
    page.locator("#id_camera").fill("39.821232, 46.758423")
    page.locator("#id_camera_uncertainty_m").fill("15")
    page.get_by_text("Light and shadow, as you see them").click()
    page.get_by_label("Light in the media").select_option("day")
    page.get_by_label("Shadow points to").fill("28")
    keep_picture(page, "light-drawer", whole=False)
    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill("The tower stands left of the quay.")
    assert axe(page) == []
    keep_picture(page, "light-form")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Say how uncertain it is").first).to_be_visible()
    assert page.get_by_label("Shadow points to").input_value() == "28"
    page.get_by_label("± degrees").fill("2")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("to 28° ± 2°")).to_be_visible()


def test_an_editor_draws_the_area_and_is_told_what_is_wrong_with_it(
    page_as: Callable[..., Page], investigation: Investigation, editor: Any, axe: Any
) -> None:
    page = page_as(editor)
    page.goto(f"/{investigation.code}/settings/")
    page.get_by_label("Area on the map").fill("39, 46\n39, 47")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("at least three corners").first).to_be_visible()
    assert page.get_by_label("Area on the map").input_value() == "39, 46\n39, 47"
    page.get_by_label("Area on the map").fill("39, 46\n40, 47\n39, 47\n40, 46")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("cross each other").first).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Area on the map").fill("39, 46\n39, 47\n40, 47\n40, 46")
    keep_picture(page, "area-form")
    page.get_by_role("button", name="Save").click()
    investigation.refresh_from_db()
    assert investigation.area is not None
    page.goto(f"/{investigation.code}/settings/")
    assert page.get_by_label("Area on the map").input_value() == "39, 46\n39, 47\n40, 47\n40, 46"
