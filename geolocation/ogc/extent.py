"""Where and from when on a collection has points, out of the grid of its tiles, not out of every point.

The box goes along the edges of the grid's finest cells (0.088 degrees of longitude) and holds every point.
The grid knows in which month a capture begins and not when it ends, so the interval is open at its end.
"""

from __future__ import annotations

from typing import Any, Final

from geolocation.ogc.collections import Collection
from geolocation.ogc.crs import CRS84
from geolocation.services.tiles import TileFilter, tiles_begin, tiles_bounds
from geolocation.tiles import latitude_at

GREGORIAN: Final = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
# A point on the edge of two cells may be counted in either: the database rounds in its own way.
_ROUNDING_DEG: Final = 1e-6
_HIGHEST: Final = latitude_at(0)


def extent_of(collection: Collection) -> dict[str, Any] | None:
    """As OGC API - Features has it; None without a point. Without a known time it has no `temporal`."""
    wanted = TileFilter(investigations=collection.investigations())
    bounds = tiles_bounds(wanted)
    if bounds is None:
        return None
    west, south, east, north = bounds
    box = [
        max(-180.0, west - _ROUNDING_DEG),
        # The outermost cells reach to the poles.
        -90.0 if south <= -_HIGHEST else south - _ROUNDING_DEG,
        min(180.0, east + _ROUNDING_DEG),
        90.0 if north >= _HIGHEST else north + _ROUNDING_DEG,
    ]
    extent: dict[str, Any] = {"spatial": {"bbox": [box], "crs": CRS84}}
    begin = tiles_begin(wanted)
    if begin is not None:
        extent["temporal"] = {"interval": [[f"{begin.isoformat()}T00:00:00Z", None]], "trs": GREGORIAN}
    return extent
