"""Maps of many points in a real browser: circles from afar, the same popups near, and what is not drawn."""

import pytest
from playwright.sync_api import expect

from evidence.services.investigations import investigation_publish
from tests.browser.looking import VIEWS, faults
from tests.geolocation.api.conftest import verified
from tests.geolocation.conftest import in_review
from tests.geolocation.tiles.conftest import points_make

__all__ = ["in_review", "verified"]

pytestmark = pytest.mark.django_db(transaction=True)
FRAME = "[data-points-map], [data-everything-map], [data-home-map]"
READY = f"""() => {{
    const frame = document.querySelector('{FRAME}');
    return frame.dataset.ready !== undefined && frame.pointsMap.loaded() && !frame.pointsMap.isMoving();
}}"""
DRAWN = f"""(layers) => document.querySelector('{FRAME}').pointsMap
    .queryRenderedFeatures({{ layers }}).map(({{ properties }}) => properties)"""
# Where a feature of a layer is drawn, in the window.
PLACE = f"""([layer, title]) => {{
    const frame = document.querySelector('{FRAME}');
    const map = frame.pointsMap;
    const feature = map.queryRenderedFeatures({{ layers: [layer] }})
        .find(({{ properties }}) => !title || properties.title === title);
    const {{ x, y }} = map.project(feature.geometry.coordinates);
    const box = map.getCanvas().getBoundingClientRect();
    return {{ x: box.left + x, y: box.top + y }};
}}"""


def click(page, layer, title=None):
    """On the first feature of a layer, or the one with this title, and wait until the map rests."""
    where = page.evaluate(PLACE, [layer, title])
    page.mouse.click(where["x"], where["y"])
    page.wait_for_timeout(100)
    page.wait_for_function(READY)


def zoom_to(page, zoom, longitude, latitude):
    page.evaluate(
        f"([zoom, center]) => document.querySelector('{FRAME}').pointsMap.jumpTo({{ zoom, center }})",
        [zoom, [longitude, latitude]],
    )
    page.wait_for_function(READY)


@pytest.fixture
def tiled(settings, verified, investigation, editor):
    """Maps of more than two points take tiles; there are three."""
    settings.MAP_TILES_ABOVE = 2
    investigation_publish(actor=editor, investigation=investigation, public=True)
    return [
        verified(39.821232, 46.758423, title="Column on the avenue"),
        verified(39.821332, 46.758523, title="Terminal"),
        verified(-17.5, 179.9, title="Beyond"),
    ]


def test_circles_lead_to_points_and_a_point_says_what_it_says_on_any_other_map(page_as, axe, tiled, viewer):
    page = page_as(viewer)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/TEST1/points/")
    page.wait_for_function(READY)
    assert not any(".geojson" in url for url in asked)
    assert any("/tiles/TEST1/" in url and url.endswith(".mvt") for url in asked)
    drawn = page.evaluate(DRAWN, ["tiles-clusters", "tiles-singles"])
    assert sorted(each["point_count"] for each in drawn) == [1, 2]
    assert axe(page) == []
    zoom = f"() => document.querySelector('{FRAME}').pointsMap.getZoom()"
    before = page.evaluate(zoom)
    click(page, "tiles-clusters")
    assert page.evaluate(zoom) > before + 1
    zoom_to(page, 17, 46.758423, 39.821232)
    assert len(page.evaluate(DRAWN, ["tiles-symbols"])) == 2
    zoom_to(page, 20, 46.758423, 39.821232)
    click(page, "tiles-symbols", "Column on the avenue")
    popup = page.locator(".maplibregl-popup")
    expect(
        popup.get_by_role("link", name=f"{tiled[0].media_reference} Column on the avenue")
    ).to_have_attribute("href", f"/points/{tiled[0].uid}/")
    expect(popup).to_contain_text("Verified: Rui Reviewer")
    expect(popup).to_contain_text("± 15 m")
    assert axe(page) == []


def test_the_public_map_filters_times_by_tiles_boxes_by_itself_and_words_as_before(page_as, tiled):
    page = page_as(None)
    page.goto("/points/?captured_after=2000-01-01")
    page.wait_for_function("() => document.querySelector('[data-points-map]').dataset.ready !== undefined")
    # None of them has a time.
    assert page.locator("[data-points-map]").get_attribute("data-tiles") is None
    page.goto("/points/?bbox=179,-18,-179,-17")
    page.wait_for_function("() => document.querySelector('[data-points-map]').dataset.ready !== undefined")
    assert page.locator("[data-points-map]").get_attribute("data-tiles") is None
    page.goto("/points/?bbox=40,-20,180,45")
    page.wait_for_function(READY)
    assert page.locator("[data-points-map]").get_attribute("data-tiles") == "/tiles/tiles.json"
    page.goto("/points/?q=TEST1")
    assert page.locator("[data-points-map]").get_attribute("data-tiles") is None


def test_the_map_of_everything_takes_tiles_and_keeps_its_popups(
    page_as, axe, tiled, in_review, investigator, viewer, investigation
):
    page = page_as(viewer)
    page.goto("/TEST1/map/")
    page.wait_for_function(READY)
    drawn = page.evaluate(DRAWN, ["tiles-clusters", "tiles-singles"])
    assert sum(each["point_count"] for each in drawn) == 4
    assert any("status" not in each for each in drawn)
    assert axe(page) == []
    page.goto("/TEST1/map/?state=in_review")
    page.wait_for_function(
        "() => document.querySelector('[data-everything-map]').dataset.ready !== undefined"
    )
    assert page.locator("[data-everything-map]").get_attribute("data-tiles") is None
    points_make(investigation, investigator, 12, state="in_review", step=0.01)
    page.goto("/TEST1/map/?state=in_review")
    page.wait_for_function(READY)
    zoom_to(page, 15, 46.7, 39.81)
    click(page, "tiles-symbols")
    popup = page.locator(".maplibregl-popup")
    expect(popup.get_by_role("link", name="G100001 · Smoke over the quay")).to_have_attribute(
        "href", "/TEST1/geolocations/G100001/"
    )
    expect(popup).to_contain_text("In review")
    expect(popup).to_contain_text("Camera, ± 15 m")


def test_the_map_says_when_it_does_not_draw_every_point_and_counts_months(
    page_as, axe, tiled, investigation, investigator, monkeypatch
):
    points_make(investigation, investigator, 600)
    monkeypatch.setattr("geolocation.services.tiles.FEATURES_MOST", 40)
    page = page_as(None)
    page.goto("/points/?captured_after=2023-01-01")
    page.wait_for_function(READY)
    note = page.locator(".map__note")
    expect(note).to_have_text(
        "From afar, captures are counted by whole months. Zoom in for the exact days.", timeout=20_000
    )
    page.goto("/points/")
    page.wait_for_function(READY)
    expect(note).to_be_hidden()
    zoom_to(page, 9.5, 46.7, 39.8)
    expect(note).to_have_text(
        "Not every point is drawn: 40 of 602 in one part of the map. Zoom in to see all.", timeout=20_000
    )
    assert axe(page) == []


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_maps_of_many_points_stand_at_both_widths_by_day_and_by_night(
    width, height, page_as, axe, tiled, investigation, investigator, viewer
):
    points_make(investigation, investigator, 900, step=0.03, south=38.0, west=44.0)
    points_make(investigation, investigator, 90, first=200_000, state="in_review", step=0.03, south=41.0)
    page = page_as(viewer, width=width, height=height)
    for path in ("/TEST1/points/", "/TEST1/map/", "/TEST1/"):
        page.goto(path)
        page.wait_for_function(READY)
        if width < 700 and path != "/TEST1/":
            page.get_by_role("tab", name="Map").click()
            page.wait_for_function(READY)
        for zoom in (5, 10.5) if path != "/TEST1/" else (5,):
            zoom_to(page, zoom, 44.3, 39.5 if zoom == 5 else 40.9)
            assert faults(page, axe, f"tiles{path.replace('/', '-')}{zoom}") == []
