"""A point on the WGS 84 ellipsoid, always latitude first."""

import math
from dataclasses import dataclass

_EQUATORIAL_RADIUS_M = 6378137.0
_FLATTENING = 1 / 298.257223563
_ECCENTRICITY_SQUARED = _FLATTENING * (2 - _FLATTENING)


class PositionOutOfRange(ValueError):
    """A latitude outside [-90, 90], a longitude outside [-180, 180], or a value that is not finite."""


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84 degrees. Longitudes 180 and -180 are the same meridian; both are kept as given."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.latitude) or not -90 <= self.latitude <= 90:
            raise PositionOutOfRange(f"latitude {self.latitude} is outside -90 to 90 degrees")
        if not math.isfinite(self.longitude) or not -180 <= self.longitude <= 180:
            raise PositionOutOfRange(f"longitude {self.longitude} is outside -180 to 180 degrees")


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Length of one degree of latitude and of one degree of longitude at a latitude, in metres.

    From the meridional and prime-vertical radii of curvature of WGS 84 (NIMA TR8350.2).
    """
    phi = math.radians(latitude)
    shrink = 1 - _ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    meridional_m = _EQUATORIAL_RADIUS_M * (1 - _ECCENTRICITY_SQUARED) / shrink**1.5
    prime_vertical_m = _EQUATORIAL_RADIUS_M / math.sqrt(shrink)
    return math.radians(meridional_m), math.radians(prime_vertical_m * max(math.cos(phi), 0.0))
