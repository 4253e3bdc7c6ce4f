"""GeoTIFF (OGC 19-008r4): coordinate system and footprint in the file's own coordinates."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .base import CrsPoint, GeoTiff
from .findings import Findings
from .gdal_items import acquisition_time, read_gdal_items, tag_time
from .tiff import Value, first_number, numbers, text_of

_MODEL_TYPE, _RASTER_TYPE, _CITATION, _GEODETIC_CRS, _GEOG_CITATION, _PROJECTED_CRS, _PCS_CITATION = (
    1024, 1025, 1026, 2048, 2049, 3072, 3073,
)  # fmt: skip
_LINEAR_UNIT = 3076
_METRES = {9001: 1.0, 9002: 0.3048, 9003: 1200 / 3937}
_UTM = (range(32601, 32661), range(32701, 32761))  # EPSG codes whose unit is the metre
_CRS_KINDS = {1: "projected", 2: "geographic", 3: "geocentric"}
_USER_DEFINED = 32767


def read_geotiff(tags: Mapping[int, Value], findings: Findings) -> GeoTiff:
    """The georeference of one TIFF directory and when the raster was acquired, from its tag values."""
    keys = _keys(tags)
    kind = _CRS_KINDS.get(_as_int(keys.get(_MODEL_TYPE)))
    code = _as_int(keys.get(_GEODETIC_CRS if kind == "geographic" else _PROJECTED_CRS))
    scale = numbers(tags.get(0x830E))
    raster = {1: "area", 2: "point"}.get(_as_int(keys.get(_RASTER_TYPE)))
    matrix = _matrix(tags, scale)
    width, height = first_number(tags.get(0x0100)), first_number(tags.get(0x0101))
    known = scale[:2] if len(scale) >= 2 and all(map(math.isfinite, scale[:2])) else None
    if known is None and matrix:
        sides = [math.hypot(matrix[0], matrix[3]), math.hypot(matrix[1], matrix[4])]
        known = sides if all(map(math.isfinite, sides)) else None
    citation = next((keys[key] for key in (_PCS_CITATION, _CITATION, _GEOG_CITATION) if key in keys), None)
    metres = _metres_a_unit(keys, code)
    acquired = acquisition_time(read_gdal_items(text_of(tags.get(0xA480)), findings))
    if acquired is not None:
        findings.time(acquired, "capture", 12)
    else:
        acquired = tag_time(text_of(tags.get(0x0132)), "TIFFTAG_DATETIME")
    return GeoTiff(
        epsg=code if 1024 <= code < _USER_DEFINED else None,
        crs_kind=kind,
        citation=str(citation) if citation else None,
        raster_type=raster,
        pixel_scale_x=known[0] if known else None,
        pixel_scale_y=known[1] if known else None,
        corners=_corners(matrix, width, height, 0.5 if raster == "point" else 0.0),
        ground_sampling_x_m=abs(known[0]) * metres if known and metres else None,
        ground_sampling_y_m=abs(known[1]) * metres if known and metres else None,
        acquired=acquired,
    )


def _metres_a_unit(keys: Mapping[int, int | str], code: int) -> float | None:
    """Metres a unit of a projected coordinate system, as far as the file itself tells."""
    if _as_int(keys.get(_MODEL_TYPE)) != 1:
        return None
    unit = _as_int(keys.get(_LINEAR_UNIT))
    return _METRES.get(unit) or (1.0 if any(code in zone for zone in _UTM) else None)


def _keys(tags: Mapping[int, Value]) -> dict[int, int | str]:
    """The geo keys that are numbers or text."""
    directory = [int(number) for number in numbers(tags.get(0x87AF))]
    text = text_of(tags.get(0x87B1))
    keys: dict[int, int | str] = {}
    for at in range(4, min(len(directory), 4 * 200) - 3, 4):
        key, place, count, value = directory[at : at + 4]
        if place == 0:
            keys[key] = value
        elif place == 0x87B1:
            keys[key] = text[value : value + count].rstrip("|\0 ")
    return keys


def _as_int(value: int | str | None) -> int:
    return value if isinstance(value, int) else -1


def _matrix(tags: Mapping[int, Value], scale: list[float]) -> tuple[float, ...] | None:
    """Six numbers (a, b, c, d, e, f): x = a*column + b*row + c, y = d*column + e*row + f."""
    full = numbers(tags.get(0x85D8))
    tie = numbers(tags.get(0x8482))
    if len(full) >= 8 and all(map(math.isfinite, full[:8])):
        return (full[0], full[1], full[3], full[4], full[5], full[7])
    if len(scale) < 2 or len(tie) < 6 or not all(map(math.isfinite, [*scale[:2], *tie[:6]])):
        return None
    return (scale[0], 0.0, tie[3] - tie[0] * scale[0], 0.0, -scale[1], tie[4] + tie[1] * scale[1])


def _corners(
    matrix: tuple[float, ...] | None, width: float | None, height: float | None, shift: float
) -> tuple[CrsPoint, ...]:
    """Outer corners of the picture; ``shift`` is half a pixel when coordinates mean pixel centres."""
    if not matrix or not width or not height:
        return ()
    a, b, c, d, e, f = matrix
    pixels = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    corners = tuple(
        CrsPoint(a * (column - shift) + b * (row - shift) + c, d * (column - shift) + e * (row - shift) + f)
        for column, row in pixels
    )
    return corners if all(math.isfinite(corner.x + corner.y) for corner in corners) else ()
