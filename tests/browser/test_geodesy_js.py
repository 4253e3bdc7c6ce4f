"""The figures shown while a marker is dragged agree with pyproj's geodesics (Karney), in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pyproj import Geod

MODULE = Path(__file__).resolve().parents[2] / "static" / "js" / "lib" / "geodesy.js"
PAIRS = [
    ((39.821232, 46.758423), (39.899226, 46.787836)),
    ((0.0, 179.9), (0.0, -179.9)),
    ((-33.9, 18.4), (64.1, -21.9)),
    ((89.9, 10.0), (89.9, -170.0)),
]
WGS84 = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def call(page: Page, name: str, *args: object) -> dict[str, float]:
    """Call one function of the module in the browser."""
    source = json.dumps(MODULE.read_text(encoding="utf-8"))
    return page.evaluate(
        f"async ([name, args]) => (await import('data:text/javascript,' + encodeURIComponent({source})))"
        "[name](...args)",
        [name, args],
    )


def position(pair: tuple[float, float]) -> dict[str, float]:
    return {"latitude": pair[0], "longitude": pair[1]}


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_distance_and_azimuth_agree_with_karney(
    page: Page, start: tuple[float, float], end: tuple[float, float]
) -> None:
    azimuth_deg, _, distance_m = WGS84.inv(start[1], start[0], end[1], end[0])
    found = call(page, "inverse", position(start), position(end))
    assert found["distance_m"] == pytest.approx(distance_m, abs=0.001)
    assert found["azimuth_deg"] == pytest.approx(azimuth_deg % 360, abs=1e-6)


@pytest.mark.parametrize("azimuth_deg", [0, 16.2, 90, 181, 359])
def test_the_end_of_a_ray_agrees_with_karney(page: Page, azimuth_deg: float) -> None:
    longitude, latitude, _ = WGS84.fwd(46.758423, 39.821232, azimuth_deg, 9018.0)
    found = call(page, "direct", position((39.821232, 46.758423)), azimuth_deg, 9018.0)
    assert found["latitude"] == pytest.approx(latitude, abs=1e-8)
    assert found["longitude"] == pytest.approx(longitude, abs=1e-8)


def test_one_point_has_no_azimuth_and_antipodes_have_no_answer(page: Page) -> None:
    here = position((10.0, 20.0))
    assert call(page, "inverse", here, here) == {"distance_m": 0, "azimuth_deg": None}
    assert call(page, "inverse", position((0.0, 0.0)), position((0.5, 179.7))) is None
