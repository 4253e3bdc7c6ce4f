"""Where a georeferenced raster lies on the map: its outline in WGS 84, and how much ground a pixel covers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import pyproj
from pyproj.exceptions import ProjError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # re-exported, undeclared

from evidence.metadata import CrsPoint, GeoTiff

STEPS_AN_EDGE = 16  # a straight edge in a projection is a curve on the globe
_WGS84 = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class FootprintPoint:
    """Degrees of WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Footprint:
    """A closed ring from the upper left corner clockwise (in pixels); the last point repeats the first.

    Across the antimeridian longitudes run on beyond 180 degrees, so that the ring stays in one piece.
    """

    ring: tuple[FootprintPoint, ...]
    ground_sampling_x_m: float | None  # of a pixel at the middle of the raster, along its rows
    ground_sampling_y_m: float | None  # along its columns
    crosses_antimeridian: bool


@dataclass(frozen=True, slots=True)
class NoFootprint:
    """Why the raster cannot be drawn: a sentence for a person."""

    reason: str


def footprint_wgs84(raster: GeoTiff) -> Footprint | NoFootprint:
    """The outline of ``raster`` in WGS 84, its edges divided; nothing is fetched from a network."""
    if len(raster.corners) != 4:
        return NoFootprint("The file does not say where its corners lie.")
    if raster.epsg is None:
        return NoFootprint("The file does not name its coordinate system by an EPSG code.")
    if raster.crs_kind == "geocentric":
        return NoFootprint("The coordinates are geocentric; they have no outline on a map.")
    try:
        to_wgs84 = _transformer(raster.epsg)
    except ProjError:
        return NoFootprint(f"The coordinate system EPSG:{raster.epsg} is not known here.")
    outline = _outline(raster.corners)
    longitudes, latitudes = to_wgs84.transform([p.x for p in outline], [p.y for p in outline])
    if not all(map(math.isfinite, [*longitudes, *latitudes])) or max(map(abs, latitudes)) > 90:
        return NoFootprint("The corners lie outside of where the coordinate system holds.")
    turned = _unwrapped(longitudes)
    points = zip(latitudes, turned, strict=True)
    ring = tuple(FootprintPoint(round(latitude, 9), round(longitude, 9)) for latitude, longitude in points)
    across, down = _ground_sampling(raster, to_wgs84)
    return Footprint(ring, across, down, max(turned) > 180 or min(turned) < -180)


@lru_cache(maxsize=32)
def _transformer(epsg: int) -> pyproj.Transformer:
    set_network_enabled(False)
    return pyproj.Transformer.from_crs(f"EPSG:{epsg}", _WGS84, always_xy=True)


def _outline(corners: tuple[CrsPoint, ...]) -> list[CrsPoint]:
    """Each edge in STEPS_AN_EDGE pieces; the first corner closes the ring."""
    points = []
    for start, end in zip(corners, (*corners[1:], corners[0]), strict=True):
        for step in range(STEPS_AN_EDGE):
            part = step / STEPS_AN_EDGE
            points.append(CrsPoint(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part))
    return [*points, corners[0]]


def _unwrapped(longitudes: list[float]) -> list[float]:
    """Longitudes without a jump of a whole turn between neighbours."""
    turned = [longitudes[0]]
    for longitude in longitudes[1:]:
        turned.append(longitude - 360 * round((longitude - turned[-1]) / 360))
    return turned


def _ground_sampling(raster: GeoTiff, to_wgs84: pyproj.Transformer) -> tuple[float | None, float | None]:
    """Metres a pixel along rows and columns, measured on the ellipsoid in the middle of the raster."""
    upper_left, upper_right, _, lower_left = raster.corners
    if not raster.pixel_scale_x or not raster.pixel_scale_y:
        return None, None
    middle = CrsPoint(
        (upper_right.x + lower_left.x) / 2,
        (upper_right.y + lower_left.y) / 2,
    )
    return (
        _length_m(middle, upper_left, upper_right, abs(raster.pixel_scale_x), to_wgs84),
        _length_m(middle, upper_left, lower_left, abs(raster.pixel_scale_y), to_wgs84),
    )


def _length_m(
    middle: CrsPoint, start: CrsPoint, end: CrsPoint, length: float, to_wgs84: pyproj.Transformer
) -> float | None:
    """Metres of ``length`` units around ``middle``, in the direction from ``start`` to ``end``."""
    edge = math.hypot(end.x - start.x, end.y - start.y)
    if not edge:
        return None
    half_x, half_y = (end.x - start.x) / edge * length / 2, (end.y - start.y) / edge * length / 2
    longitudes, latitudes = to_wgs84.transform(
        [middle.x - half_x, middle.x + half_x], [middle.y - half_y, middle.y + half_y]
    )
    metres = pyproj.Geod(ellps="WGS84").inv(longitudes[0], latitudes[0], longitudes[1], latitudes[1])[2]
    return round(metres, 4) if math.isfinite(metres) else None
