"""Outlines of rasters, against the meridian arc and against geometry that needs no projection library."""

from __future__ import annotations

import math

import pytest

from evidence.footprint import STEPS_AN_EDGE, Footprint, NoFootprint, footprint_wgs84
from evidence.metadata import CrsPoint, GeoTiff


def raster(epsg: int | None, left: float, top: float, right: float, bottom: float, pixel: float) -> GeoTiff:
    corners = (CrsPoint(left, top), CrsPoint(right, top), CrsPoint(right, bottom), CrsPoint(left, bottom))
    kind = "geographic" if epsg == 4326 else "projected"
    return GeoTiff(epsg, kind, None, "area", pixel, pixel, corners)


def drawn(found: Footprint | NoFootprint) -> Footprint:
    assert isinstance(found, Footprint)
    return found


def meridian_arc_m(latitude_deg: float) -> float:
    """From the equator on WGS 84, by Simpson's rule on the radius of curvature."""
    a, e2 = 6_378_137.0, 0.00669437999014
    steps = 2_000

    def radius(angle: float) -> float:
        return a * (1 - e2) / (1 - e2 * math.sin(angle) ** 2) ** 1.5

    end = math.radians(latitude_deg)
    weights = [1] + [4, 2] * (steps // 2 - 1) + [4, 1]
    return end / steps / 3 * sum(w * radius(end * n / steps) for n, w in enumerate(weights))


@pytest.mark.parametrize(("epsg", "sign"), [(32638, 1), (32738, -1)])
def test_the_central_meridian_of_a_utm_zone_is_the_meridian_arc(epsg: int, sign: int) -> None:
    """On 45 degrees east, northing is 0.9996 of the arc from the equator (south: below 10,000 km)."""
    northing = 0.9996 * meridian_arc_m(40)
    top = northing if sign > 0 else 10_000_000 - northing
    found = drawn(footprint_wgs84(raster(epsg, 500_000, top, 510_000, top - 10_000, 10)))
    first = found.ring[0]
    assert first.latitude == pytest.approx(sign * 40, abs=1e-8)
    assert first.longitude == pytest.approx(45, abs=1e-9)
    assert found.ring[-1] == first
    assert len(found.ring) == 4 * STEPS_AN_EDGE + 1


def test_an_edge_bends_where_the_projection_does() -> None:
    """The line of equal northing lies nearest to the pole at the central meridian."""
    found = drawn(footprint_wgs84(raster(32638, 300_000, 6_500_000, 700_000, 6_400_000, 10)))
    left, middle, right = (found.ring[n] for n in (0, STEPS_AN_EDGE // 2, STEPS_AN_EDGE))
    assert left.latitude == pytest.approx(right.latitude, abs=1e-9)
    assert middle.latitude - left.latitude > 0.02
    assert middle.longitude == pytest.approx(45, abs=1e-9)


def test_a_pixel_covers_what_the_projection_says() -> None:
    """On the central meridian a metre of the map is 1/0.9996 metres of ground."""
    found = drawn(footprint_wgs84(raster(32638, 499_000, 4_401_000, 501_000, 4_399_000, 0.5)))
    assert found.ground_sampling_x_m == pytest.approx(0.5 / 0.9996, abs=1e-4)
    assert found.ground_sampling_y_m == pytest.approx(0.5 / 0.9996, abs=1e-4)


def test_degrees_are_drawn_as_they_are() -> None:
    found = drawn(footprint_wgs84(raster(4326, 46.5, 40, 47, 39.5, 0.001)))
    assert (found.ring[0].latitude, found.ring[0].longitude) == (40, 46.5)
    assert not found.crosses_antimeridian
    arc = meridian_arc_m(39.7505) - meridian_arc_m(39.7495)
    assert found.ground_sampling_y_m == pytest.approx(arc, abs=1e-3)


def test_the_antimeridian_does_not_tear_the_ring() -> None:
    found = drawn(footprint_wgs84(raster(32660, 600_000, 7_000_000, 700_000, 6_900_000, 10)))
    longitudes = [point.longitude for point in found.ring]
    assert found.crosses_antimeridian
    assert max(longitudes) - min(longitudes) < 5
    assert max(longitudes) > 180


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (raster(None, 0, 1, 1, 0, 1), "EPSG code"),
        (raster(1_999, 0, 1, 1, 0, 1), "EPSG:1999 is not known"),
        (raster(32638, 1e12, 1e12, 2e12, 0, 1), "outside of where"),
        (raster(4326, 10, 95, 11, 94, 1), "outside of where"),
        (GeoTiff(32638, "projected", None, None, None, None, ()), "corners"),
        (GeoTiff(4978, "geocentric", None, None, 1, 1, (CrsPoint(1, 1),) * 4), "geocentric"),
    ],
)
def test_what_cannot_be_drawn_says_why(found: GeoTiff, reason: str) -> None:
    result = footprint_wgs84(found)
    assert isinstance(result, NoFootprint)
    assert reason in result.reason
