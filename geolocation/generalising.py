"""Where a position is drawn when it shall not be told exactly: a circle that holds it somewhere."""

from __future__ import annotations

import math

from geolocation.coordinates.position import Position
from geolocation.geodesy import direct, distance_m

# Below one, so that rounding to a millimetre never puts the circle of the true position outside.
_WITHIN = 0.999_999


def holds(centre: Position, radius_m: float, position: Position, uncertainty_m: float) -> bool:
    """Whether the circle of `position` (radius `uncertainty_m`, metres) lies in the one around `centre`."""
    return distance_m(centre, position) + uncertainty_m <= radius_m


def drawn_centre(
    position: Position, uncertainty_m: float, radius_m: float, *, turn: float, share: float
) -> Position:
    """The middle of a circle of `radius_m` that holds the circle of `position`.

    `turn` and `share` are two independent random numbers in [0, 1). The square root spreads the middle evenly
    over the area where it may lie, so no place in the circle is likelier than another. Raises ValueError if
    the position is less certain than the circle is wide.
    """
    room_m = radius_m - uncertainty_m
    if room_m <= 0:
        raise ValueError(f"A circle of {radius_m:g} m holds no position uncertain by {uncertainty_m:g} m.")
    return direct(position, 360 * turn, room_m * math.sqrt(share) * _WITHIN)
