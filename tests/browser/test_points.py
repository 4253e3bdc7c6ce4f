"""Verified points in a real browser: map and table of one filter, the box of the map, one point, axe."""

import pytest

from evidence.services.investigations import investigation_publish
from tests.browser.looking import faults
from tests.geolocation.api.conftest import verified

__all__ = ["verified"]

pytestmark = pytest.mark.django_db(transaction=True)
READY = "() => document.querySelector('[data-points-map], [data-point-map]').dataset.ready !== undefined"


@pytest.fixture
def points(verified, investigation, editor):
    investigation_publish(actor=editor, investigation=investigation, public=True)
    return [
        verified(39.821232, 46.758423, title="Column on the avenue"),
        verified(39.899226, 46.787836, title="Terminal"),
        verified(-17.5, 179.9, title="Beyond"),
    ]


def test_the_map_shows_what_the_table_shows(page_as, axe, points, viewer):
    page = page_as(viewer)
    page.goto("/TEST1/points/")
    page.wait_for_function(READY)
    assert page.locator("tbody tr").count() == 3
    page.get_by_label("Words").fill("avenue")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**q=avenue**")
    page.wait_for_function(READY)
    assert page.locator("tbody tr").count() == 1
    assert "q=avenue" in page.locator("[data-points-map]").get_attribute("data-url")
    assert "captured_after" not in page.url
    assert axe(page) == []


def test_only_what_the_map_shows_filters_both_and_is_undone(page_as, axe, points):
    page = page_as(None)
    page.goto("/points/?bbox=46,39,47,40.5")
    page.wait_for_function(READY)
    assert page.locator("tbody tr").count() == 2
    page.get_by_role("button", name="Only what the map shows").click()
    page.wait_for_url(lambda url: "bbox=" in url and "bbox=46,39" not in url.replace("%2C", ","))
    page.wait_for_function(READY)
    assert page.locator("tbody tr").count() == 2
    assert axe(page) == []
    page.get_by_role("button", name="Everywhere").click()
    page.wait_for_url(lambda url: "bbox" not in url)
    assert page.locator("tbody tr").count() == 3


def test_without_webgl_the_table_stays_and_a_sentence_says_why(page_as, points):
    page = page_as(None)
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    page.goto("/points/")
    page.get_by_text("this browser has no WebGL").wait_for()
    assert page.locator("tbody tr").count() == 3


def test_a_file_of_the_filter_is_downloaded(page_as, points):
    page = page_as(None)
    page.goto("/points/?q=avenue")
    page.locator(".exports__menu > summary").click()
    with page.expect_download() as waiting:
        page.locator(".exports__panel").get_by_text("GeoJSON", exact=True).click()
    download = waiting.value
    assert download.suggested_filename.startswith("verified-points-all-")
    assert download.path().read_text().count('"Feature"') == 1


def test_one_point_to_cite(page_as, axe, points):
    page = page_as(None, width=390, height=844)
    page.goto(f"/points/{points[0].uid}/")
    page.wait_for_function(READY)
    assert page.get_by_text("revision 1, at 39.821232, 46.758423").count() == 1
    assert axe(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_table_and_the_map_are_whole_on_a_phone(page_as, axe, points, viewer):
    page = page_as(viewer, width=390, height=844)
    page.goto("/TEST1/points/")
    page.wait_for_function(READY)
    assert faults(page, axe, "points") == []
    page.locator(".exports__menu > summary").click()
    assert faults(page, axe, "points-formats") == []
    page.locator(".exports__menu > summary").click()
    page.get_by_role("tab", name="Map").click()
    assert page.get_by_role("button", name="Only what the map shows").is_visible()
    assert faults(page, axe, "points-map") == []


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("/points/", "#points-table"),
        ("/TEST1/points/", "#points-table"),
        ("/TEST1/map/", "#everything-table"),
        ("/TEST1/members/", ".table-wrap:has(.table--stack)"),
        ("/ogc/collections/verified-points/items?f=html", "#points-table"),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_telephone_a_table_is_a_list_that_runs_nowhere(page_as, points, editor, path, table, scheme):
    page = page_as(editor, width=390, height=844, color_scheme=scheme)
    page.goto(path)
    if (tab := page.get_by_role("tab", name="Table")).count():
        tab.click()
    wrap = page.locator(table).first
    wrap.wait_for()
    assert wrap.evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth")
    row = wrap.locator("tbody tr").first
    lefts = row.locator(":scope > *").evaluate_all(
        "cells => cells.filter(each => each.offsetWidth).map(each => each.getBoundingClientRect().left)"
    )
    assert len(lefts) >= 3
    assert len(set(lefts)) == 1
