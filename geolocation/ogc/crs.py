"""The reference systems that are spoken here: CRS84 (longitude, latitude), 4326 (latitude first), 3857."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from evidence.errors import InvalidInput

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_4326: Final = "http://www.opengis.net/def/crs/EPSG/0/4326"
EPSG_3857: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
ALL_CRS: Final = (CRS84, EPSG_4326, EPSG_3857)
Pair = tuple[float, float]
_RADIUS_M = 6378137.0


def crs_understand(text: str | None, field: str) -> str:
    """One of the three addresses; CRS84 where none is given. Raises InvalidInput at `field`."""
    if text is None:
        return CRS84
    if text not in ALL_CRS:
        raise InvalidInput(
            _("This reference system is not spoken here. Known are: %(known)s.")
            % {"known": ", ".join(ALL_CRS)},
            field=field,
        )
    return text


def to_crs(longitude: float, latitude: float, crs: str) -> Pair | None:
    """Degrees in the order and unit of `crs`; None at a pole in 3857, which has none."""
    if crs == EPSG_4326:
        return latitude, longitude
    if crs == EPSG_3857:
        if abs(latitude) == 90:
            return None
        northing = math.asinh(math.tan(math.radians(latitude)))
        return _RADIUS_M * math.radians(longitude), _RADIUS_M * northing
    return longitude, latitude


def reader_of(crs: str) -> Callable[[float, float], Pair]:
    """What turns two numbers of `crs` into longitude and latitude in degrees."""
    if crs == EPSG_4326:
        return lambda first, second: (second, first)
    if crs == EPSG_3857:
        return _from_mercator
    return lambda first, second: (first, second)


def _from_mercator(x: float, y: float) -> Pair:
    # Beyond this the sine overflows; the pole is reached long before.
    northing = max(-50.0, min(50.0, y / _RADIUS_M))
    return math.degrees(x / _RADIUS_M), math.degrees(math.atan(math.sinh(northing)))
