"""Distances and directions on the WGS 84 ellipsoid.

Geodesics are Karney's (C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87, 2013,
doi:10.1007/s00190-012-0578-z) through `pyproj.Geod`: exact to a few nanometres for any pair of points,
the antipodal ones included, where Vincenty's iteration fails and a sphere is off by up to 0.56 %.

Latitudes, longitudes and azimuths are degrees; azimuths are clockwise from true north in [0, 360);
distances are metres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from geolocation.coordinates.position import Position

WGS84 = Geod(ellps="WGS84")

# Weiszfeld's iteration converges linearly; a millimetre is finer than any position in the catalogue.
MEDIAN_TOLERANCE_M = 1e-3
COVERING_STEPS = 400
MEDIAN_MAX_STEPS = 200

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Geodesic:
    """The shortest line between two positions.

    `azimuth_deg` is the direction in which it leaves the first, `back_azimuth_deg` the direction in which
    it leaves the second towards the first. For coincident positions both are meaningless.
    """

    distance_m: float
    azimuth_deg: float
    back_azimuth_deg: float


def normalised_azimuth_deg(azimuth_deg: float) -> float:
    """The same direction in [0, 360)."""
    turned = azimuth_deg % 360.0
    # A tiny negative angle wraps to exactly 360.0 in floating point.
    return 0.0 if turned >= 360.0 else turned


def inverse(start: Position, end: Position) -> Geodesic:
    """The geodesic from `start` to `end`."""
    # Minus zero becomes zero, so that what is kept for the one is not given for the other.
    return _line(start.latitude + 0.0, start.longitude + 0.0, end.latitude + 0.0, end.longitude + 0.0)


@lru_cache(maxsize=4096)
def _line(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> Geodesic:
    """One geodesic, kept for a while: the checks of one revision ask for the same few again and again."""
    forward, back, distance_m = WGS84.inv(longitude_1, latitude_1, longitude_2, latitude_2)
    return Geodesic(
        distance_m=float(distance_m),
        azimuth_deg=normalised_azimuth_deg(float(forward)),
        back_azimuth_deg=normalised_azimuth_deg(float(back)),
    )


def distance_m(start: Position, end: Position) -> float:
    """Length of the geodesic from `start` to `end`."""
    return inverse(start, end).distance_m


def direct(start: Position, azimuth_deg: float, distance_m: float) -> Position:
    """Where one arrives after `distance_m` from `start`, leaving in direction `azimuth_deg`."""
    longitude, latitude, _back = WGS84.fwd(start.longitude, start.latitude, azimuth_deg, distance_m)
    return Position(latitude=float(latitude), longitude=float(longitude))


def distances_m(
    latitude_1: npt.ArrayLike,
    longitude_1: npt.ArrayLike,
    latitude_2: npt.ArrayLike,
    longitude_2: npt.ArrayLike,
) -> FloatArray:
    """Distances between pairs; the four arrays are broadcast against each other, shape (n,) comes out."""
    return _inverse_arrays(latitude_1, longitude_1, latitude_2, longitude_2)[1]


def azimuths_deg(
    latitude_1: npt.ArrayLike,
    longitude_1: npt.ArrayLike,
    latitude_2: npt.ArrayLike,
    longitude_2: npt.ArrayLike,
) -> FloatArray:
    """Azimuths in [0, 360) from the first to the second of each pair; broadcast as in `distances_m`."""
    return _inverse_arrays(latitude_1, longitude_1, latitude_2, longitude_2)[0]


def _inverse_arrays(*coordinates: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    lat1, lon1, lat2, lon2 = (
        np.ascontiguousarray(array, dtype=np.float64)
        for array in np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(c, dtype=np.float64)) for c in coordinates)
        )
    )
    forward: Any
    lengths: Any
    forward, _back, lengths = WGS84.inv(lon1, lat1, lon2, lat2)
    azimuths = np.mod(np.asarray(forward, dtype=np.float64), 360.0)
    azimuths[azimuths >= 360.0] = 0.0
    return azimuths, np.asarray(lengths, dtype=np.float64)


def angular_difference_deg(from_deg: float, to_deg: float) -> float:
    """The turn from one direction to another in (-180, 180]; positive is clockwise."""
    turn = normalised_azimuth_deg(to_deg - from_deg)
    return turn - 360.0 if turn > 180.0 else turn


def joint_uncertainty_m(*uncertainties_m: float) -> float:
    """Uncertainty of the separation of positions that are uncertain independently of each other.

    The root of the sum of squares: for independent errors the variances add (JCGM 100:2008, the GUM,
    5.1.2). The plain sum would be the bound for errors that all point the worst way, and would let a wrong
    position pass too easily. All arguments must state the same level of confidence; the result has it too.
    """
    return math.hypot(*uncertainties_m)


def centre(positions: Sequence[Position]) -> Position:
    """The middle of positions that lie close together: the mean of their directions from the earth's centre.

    Works across the date line and at the poles, where averaging degrees does not. Raises ValueError for no
    positions, and for positions spread so evenly around the globe that there is no middle.
    """
    if not positions:
        raise ValueError("a centre needs at least one position")
    latitudes = np.radians([p.latitude for p in positions])
    longitudes = np.radians([p.longitude for p in positions])
    x = float(np.mean(np.cos(latitudes) * np.cos(longitudes)))
    y = float(np.mean(np.cos(latitudes) * np.sin(longitudes)))
    z = float(np.mean(np.sin(latitudes)))
    if math.hypot(x, y, z) < 1e-9:
        raise ValueError("these positions surround the globe and have no middle")
    return Position(
        latitude=math.degrees(math.atan2(z, math.hypot(x, y))), longitude=math.degrees(math.atan2(y, x))
    )


def covering_circle(positions: Sequence[Position]) -> tuple[Position, float]:
    """The middle and radius, in metres, of nearly the smallest circle that holds all of ``positions``.

    Steps towards the farthest position, each shorter than the one before (Badoiu and Clarkson, SODA 2003);
    after 400 the radius is at most a quarter of a per cent above the smallest. It always covers: it is
    measured on the ellipsoid from the middle that was found. Raises ValueError as `centre` does.
    """
    middle = centre(positions)
    latitudes = np.array([p.latitude for p in positions])
    longitudes = np.array([p.longitude for p in positions])
    for step in range(2, COVERING_STEPS + 2):
        reaches_m = distances_m(middle.latitude, middle.longitude, latitudes, longitudes)
        farthest = positions[int(np.argmax(reaches_m))]
        line = inverse(middle, farthest)
        middle = direct(middle, line.azimuth_deg, line.distance_m / step)
    reaches_m = distances_m(middle.latitude, middle.longitude, latitudes, longitudes)
    return middle, float(np.max(reaches_m))


def geodesic_median(positions: Sequence[Position]) -> Position:
    """The position with the least sum of distances to `positions`: one outlier cannot drag it away.

    Weiszfeld's iteration in the tangent plane of each estimate, with the correction of Vardi and Zhang
    (PNAS 97, 2000) for an estimate that coincides with a position. Raises ValueError for no positions.
    """
    estimate = centre(positions)
    latitudes = np.array([p.latitude for p in positions])
    longitudes = np.array([p.longitude for p in positions])
    # An estimate that sits on a position would stop there; start from the best of them instead.
    estimate = min((estimate, *positions), key=lambda p: _total_m(p, latitudes, longitudes))
    for _step in range(MEDIAN_MAX_STEPS):
        azimuth_deg, length_m = _median_step(estimate, latitudes, longitudes)
        if length_m < MEDIAN_TOLERANCE_M:
            break
        estimate = direct(estimate, azimuth_deg, length_m)
    return estimate


def _total_m(position: Position, latitudes: FloatArray, longitudes: FloatArray) -> float:
    return float(np.sum(distances_m(position.latitude, position.longitude, latitudes, longitudes)))


def _median_step(estimate: Position, latitudes: FloatArray, longitudes: FloatArray) -> tuple[float, float]:
    azimuths, lengths = _inverse_arrays(estimate.latitude, estimate.longitude, latitudes, longitudes)
    away = lengths > MEDIAN_TOLERANCE_M / 10
    if not away.any():
        return 0.0, 0.0
    radians = np.radians(azimuths[away])
    east, north = float(np.sum(np.sin(radians))), float(np.sum(np.cos(radians)))
    pull = math.hypot(east, north)
    here = int(np.count_nonzero(~away))
    if pull <= here:
        return 0.0, 0.0
    length_m = (1.0 - here / pull) * pull / float(np.sum(1.0 / lengths[away]))
    return math.degrees(math.atan2(east, north)), length_m
