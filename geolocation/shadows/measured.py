"""A shadow as somebody measured it, and the shadow that the sun casts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geolocation.geodesy import FloatArray
from geolocation.solar import SunTrack

# Below this the sun casts no shadow that anybody measures: hills, haze and refraction decide.
LOWEST_SUN_DEG = 0.5
# The sun is a disc: the edge of every shadow is blurred by its half width.
SUN_RADIUS_DEG = 0.267

# What holds 95 of 100 normal errors, in one measure and in two (chi-square with 1 and 2 degrees of freedom).
LIMIT_95 = {1: 3.841, 2: 5.991}
# And 99.99 of 100: beyond it a measure contradicts.
LIMIT_9999 = {1: 15.137, 2: 18.421}


@dataclass(frozen=True, slots=True)
class Shadow:
    """A shadow on level ground as somebody measured it.

    `azimuth_deg` is the direction in which it points, from true north; `length_ratio` its length by the
    height of what casts it. Each comes with its error (one standard deviation); one of the two may be None.
    """

    azimuth_deg: float | None = None
    azimuth_error_deg: float | None = None
    length_ratio: float | None = None
    length_ratio_error: float | None = None

    def __post_init__(self) -> None:
        pairs = (
            (self.azimuth_deg, self.azimuth_error_deg),
            (self.length_ratio, self.length_ratio_error),
        )
        if all(value is None for value, _error in pairs):
            raise ValueError("a shadow has an azimuth, a length, or both")
        for value, error in pairs:
            if (value is None) != (error is None):
                raise ValueError("a measure of a shadow comes with its error")
            if value is not None and not (math.isfinite(value) and math.isfinite(error or 0.0)):
                raise ValueError("an unknown number is None, never NaN or infinity")
            if error is not None and error <= 0:
                raise ValueError("the error of a measure is above 0")
        if self.azimuth_deg is not None and not 0 <= self.azimuth_deg < 360:
            raise ValueError("an azimuth is 0 or more and less than 360 degrees")
        if self.length_ratio is not None and self.length_ratio < 0:
            raise ValueError("the length of a shadow is not negative")

    @property
    def measures(self) -> int:
        """How many of azimuth and length were measured: 1 or 2."""
        return (self.azimuth_deg is not None) + (self.length_ratio is not None)


def shadow_of_sun(track: SunTrack) -> tuple[FloatArray, FloatArray]:
    """Azimuth in degrees and length by height on level ground; length NaN while the sun is down."""
    azimuths_deg = (track.azimuths_deg + 180.0) % 360.0
    altitudes_deg = track.apparent_altitudes_deg
    up = altitudes_deg >= LOWEST_SUN_DEG
    lengths = np.full(altitudes_deg.shape, np.nan)
    lengths[up] = 1.0 / np.tan(np.radians(altitudes_deg[up]))
    return azimuths_deg, lengths


def deviations(shadow: Shadow, track: SunTrack) -> tuple[FloatArray, FloatArray]:
    """How far the sun's shadow is from the measured one, in standard deviations: azimuth, length; (n,) each.

    A length is compared as the altitude of the sun that it means, which changes evenly with time where the
    length itself runs off towards sunset; its error is carried over at the length measured. 0 for what was
    not measured. NaN while the sun is too low to cast a shadow.
    """
    altitudes_deg = track.apparent_altitudes_deg
    azimuth_off, length_off = np.zeros_like(altitudes_deg), np.zeros_like(altitudes_deg)
    if shadow.azimuth_deg is not None and shadow.azimuth_error_deg is not None:
        turn = (track.azimuths_deg - shadow.azimuth_deg) % 360.0 - 180.0
        azimuth_off = turn / math.hypot(shadow.azimuth_error_deg, SUN_RADIUS_DEG)
    if shadow.length_ratio is not None and shadow.length_ratio_error is not None:
        meant = math.atan2(1.0, shadow.length_ratio)
        # An altitude a changes by sin(a)^2 for each unit of cot(a).
        error_deg = math.degrees(shadow.length_ratio_error * math.sin(meant) ** 2)
        length_off = (altitudes_deg - math.degrees(meant)) / math.hypot(error_deg, SUN_RADIUS_DEG)
    down = altitudes_deg < LOWEST_SUN_DEG
    return np.where(down, np.nan, azimuth_off), np.where(down, np.nan, length_off)
