"""The plane in which a camera is solved for, and why it costs nothing.

Landmarks are laid out around an origin by the geodesic that leads to each of them: azimuth and length are
those of the ellipsoid (Karney, through `pyproj.Geod`). From the origin itself every direction in the plane is
therefore exact; from another point it is off by about the distance from the origin, squared, times the
earth's curvature. The solver moves the origin to its own solution until it stays
there, so the directions that decide are the ellipsoid's, to less than `MOVES_M` seen from the camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geolocation.coordinates.position import Position
from geolocation.geodesy import WGS84, FloatArray, normalised_azimuth_deg

MOVES_M = 1e-3
# The mean radius, for the drop of a line of sight; refraction bends it back by about an eighth.
EARTH_RADIUS_M = 6_371_000.0
REFRACTION = 0.13


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of `origin`, along geodesics."""

    origin: Position

    def of(self, positions: Sequence[Position]) -> FloatArray:
        """East and north of each, shape (n, 2)."""
        count = len(positions)
        azimuths, _back, lengths = WGS84.inv(
            np.full(count, self.origin.longitude),
            np.full(count, self.origin.latitude),
            np.array([each.longitude for each in positions]),
            np.array([each.latitude for each in positions]),
        )
        radians, lengths = np.radians(azimuths), np.asarray(lengths)
        return np.stack([lengths * np.sin(radians), lengths * np.cos(radians)], axis=-1)

    def position(self, east_m: float, north_m: float) -> Position:
        """The position that many metres east and north."""
        longitude, latitude, _back = WGS84.fwd(
            self.origin.longitude,
            self.origin.latitude,
            float(np.degrees(np.arctan2(east_m, north_m))),
            float(np.hypot(east_m, north_m)),
        )
        return Position(latitude=float(latitude), longitude=float(longitude))

    def azimuth_at_deg(self, east_m: float, north_m: float, direction_deg: float) -> float:
        """A direction of the plane at that point, as an azimuth from true north there."""
        start = self.position(east_m, north_m)
        radians = np.radians(direction_deg)
        end = self.position(east_m + float(np.sin(radians)), north_m + float(np.cos(radians)))
        azimuth, _back, _length = WGS84.inv(start.longitude, start.latitude, end.longitude, end.latitude)
        return normalised_azimuth_deg(float(azimuth))


def drop_m(distances_m: FloatArray) -> FloatArray:
    """How far the ground falls below a level line of sight, refraction counted."""
    return distances_m**2 * ((1.0 - REFRACTION) / (2.0 * EARTH_RADIUS_M))
