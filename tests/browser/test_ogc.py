"""Pages of OGC API - Features in a real browser: table, map of the same points, pages on and back."""

from datetime import date

import pytest
from playwright.sync_api import expect

from evidence.services.investigations import investigation_publish
from geolocation.services.geolocations import Captured
from tests.browser.looking import VIEWS, faults
from tests.geolocation.api.conftest import verified

__all__ = ["verified"]

pytestmark = pytest.mark.django_db(transaction=True)
COLLECTION = "/ogc/collections/verified-points"
READY = """() => {
    const frame = document.querySelector('[data-ogc-map]');
    return frame?.dataset.ready !== undefined && frame.ogcMap.loaded() && !frame.ogcMap.isMoving();
}"""
DRAWN = """(layers) => document.querySelector('[data-ogc-map]').ogcMap
    .queryRenderedFeatures({ layers }).map(({ properties }) => properties)"""


@pytest.fixture
def points(verified, investigation, editor):
    investigation_publish(actor=editor, investigation=investigation, public=True)
    return [
        verified(39.821232, 46.758423, title="Column on the avenue", captured=Captured(on=date(2023, 9, 20))),
        verified(39.2, 46.4, title="O'Hara's <quay>"),
        verified(40.4, 47.1, title="Smoke behind the mill", captured=Captured(on=date(2023, 9, 19))),
    ]


def shown(page):
    return page.locator("[data-points-rows] a[data-row-link]").all_inner_texts()


def test_a_page_draws_its_points_says_its_filter_and_leads_on_and_back(page_as, axe, points):
    page = page_as(None)
    page.goto(f"{COLLECTION}/items?f=html&sortby=-captured_on&limit=2&filter=uncertainty_m<50")
    page.wait_for_function(READY)
    assert shown(page) == ["Column on the avenue", "Smoke behind the mill"]
    drawn = page.evaluate(DRAWN, ["points-symbols"])
    assert sorted(each["title"].split(" ", 1)[1] for each in drawn) == sorted(shown(page))
    asked = page.get_by_role("region", name="What is shown")
    expect(asked).to_contain_text("Uncertainty is below 50")
    expect(asked).to_contain_text("Sorted by day of the capture, largest first; what is not known")
    pages = page.get_by_role("navigation", name="Pages of this list")
    expect(pages.get_by_role("link", name="Previous")).to_have_count(0)
    pages.get_by_role("link", name="Next").click()
    page.wait_for_function(READY)
    assert shown(page) == ["O'Hara's <quay>"]
    expect(pages.get_by_role("link", name="Next")).to_have_count(0)
    assert axe(page) == []
    pages.get_by_role("link", name="Previous").click()
    page.wait_for_function(READY)
    assert shown(page) == ["Column on the avenue", "Smoke behind the mill"]
    page.get_by_role("link", name="Column on the avenue", exact=True).click()
    assert page.url.endswith(f"/points/{points[0].uid}/")


def test_one_feature_and_the_collection_have_their_maps(page_as, points):
    page = page_as(None)
    # Whatever the reference system of the numbers, the map is in degrees.
    page.goto(f"{COLLECTION}/items/{points[1].uid}?f=html&crs=http://www.opengis.net/def/crs/EPSG/0/3857")
    page.wait_for_function(READY)
    expect(page.locator("h1")).to_have_text("O'Hara's <quay>")
    (one,) = page.evaluate(DRAWN, ["points-symbols"])
    assert one["url"] == f"/points/{points[1].uid}/"
    page.goto(f"{COLLECTION}?f=html")
    page.wait_for_function(READY)
    drawn = page.evaluate(DRAWN, ["tiles-clusters", "tiles-singles"])
    assert sum(each["point_count"] for each in drawn) == 3
    expect(page.get_by_text("from 2023-09-01 on")).to_be_visible()


def test_where_nothing_fits_the_page_says_so_and_leads_to_all(page_as, axe, points):
    page = page_as(None)
    page.goto(f"{COLLECTION}/items?f=html&filter=uncertainty_m>5000")
    expect(page.get_by_text("No point fits what was asked for.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("main").get_by_role("link", name="Show all").last.click()
    page.wait_for_function(READY)
    assert len(shown(page)) == 3


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_the_pages_of_the_service_are_whole(page_as, axe, points, viewer, width, height):
    page = page_as(viewer, width=width, height=height)
    for name, address, has_map in (
        ("landing", "/ogc/?f=html", False),
        ("api", "/ogc/api?f=html", False),
        ("conformance", "/ogc/conformance?f=html", False),
        ("collections", "/ogc/collections?f=html", False),
        ("collection", f"{COLLECTION}?f=html", True),
        ("queryables", f"{COLLECTION}/queryables?f=html", False),
        (
            "items",
            f"{COLLECTION}/items?f=html&limit=2&sortby=-captured_on,title&filter=uncertainty_m<50",
            True,
        ),
        ("item", f"{COLLECTION}/items/{points[0].uid}?f=html", True),
    ):
        page.goto(address)
        if has_map:
            page.wait_for_function(READY)
        assert page.locator("h1").count() == 1
        assert faults(page, axe, f"ogc-{name}") == []
