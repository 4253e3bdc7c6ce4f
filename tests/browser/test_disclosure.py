"""An editor gives a verified position out as a circle, then not at all; a reviewer reads why."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from geolocation.models import VerifiedPoint
from tests.browser.looking import VIEWS, faults
from tests.geolocation.api.conftest import verified

__all__ = ["verified"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_position_is_given_out_as_a_circle_and_then_withheld(
    page_as: Any, axe: Any, verified: Any, editor: Any, reviewer: Any
) -> None:
    point = verified(39.821237, 46.751238, title="Column on the avenue")
    page = page_as(editor)
    page.expected_statuses.update({400, 422})
    page.goto(f"/TEST1/geolocations/{point.geolocation.reference}/")
    page.get_by_role("link", name="Decide what is given out").click()
    page.get_by_role("radio", name="Generalised").check()
    page.get_by_role("textbox", name="Radius").fill("five km")
    page.get_by_role("textbox", name="Reason").fill("A family lives there.")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("#id_radius_m_error", has_text="number of metres")).to_be_visible()
    expect(page.get_by_role("textbox", name="Radius")).to_have_value("five km")
    page.get_by_role("textbox", name="Radius").fill("50")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("#id_radius_m_error", has_text="between 100 m and 100 km")).to_be_visible()
    expect(page.get_by_role("textbox", name="Reason")).to_have_value("A family lives there.")
    assert faults(page, axe, "disclosure-refused") == []
    page.get_by_role("textbox", name="Radius").fill("5000")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("is given out as a circle of 5,000 m")).to_be_visible()
    page.get_by_role("link", name="Permanent address and citation").click()
    expect(page.get_by_text("it is not given out more exactly")).to_be_visible()
    expect(page.locator(".point-page__map canvas")).to_be_visible()
    expect(page.locator(".point-page__map .marker")).to_have_count(0)
    assert "39.821237" not in page.locator("#map-data").inner_html()
    page.wait_for_function("() => 'ready' in document.querySelector('[data-point-map]').dataset")
    for width, height in VIEWS:
        page.set_viewport_size({"width": width, "height": height})
        assert faults(page, axe, "point-generalised") == []

    page.goto(f"/TEST1/geolocations/{point.geolocation.reference}/disclosure/")
    page.get_by_role("radio", name="Withheld").check()
    page.get_by_role("textbox", name="Reason").fill("The street was named elsewhere.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Its position is not given out.")).to_be_visible()
    expect(page.get_by_role("link", name="Permanent address and citation")).to_have_count(0)
    assert not VerifiedPoint.objects.exists()

    other = page_as(reviewer)
    other.goto(f"/TEST1/geolocations/{point.geolocation.reference}/")
    other.get_by_role("link", name="What is given out, and why").click()
    expect(other.get_by_role("cell", name="A family lives there.")).to_be_visible()
    expect(other.get_by_role("button", name="Decide")).to_have_count(0)
    for width, height in VIEWS:
        other.set_viewport_size({"width": width, "height": height})
        assert faults(other, axe, "disclosure") == []
