"""The sun for many moments at once, from its place on the sky at each midnight.

What is costly in NREL's algorithm (`geolocation.solar`) is the sum of some 400 cosines that gives the sun's
right ascension and declination, and those depend on the moment alone and change smoothly. Here they are
computed once for each midnight and interpolated over four days (Lagrange's cubic: below 1e-6
degrees, which a test measures); hour angle, parallax and refraction are then exact for each place and moment.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from geolocation import solar
from geolocation.solar import PRESSURE_MBAR, TEMPERATURE_C, FloatArray, SunTrack

DAY_S = 86_400.0
# The sun's place on the sky is computed for so many days together, and kept.
BLOCK_DAYS = 400
# Turn of the earth against the equinox in degrees a day (IAU 1982, as in NREL's algorithm).
SIDEREAL_DEG_PER_DAY = 360.98564736629
# Flattening of the earth as the algorithm's parallax takes it, and the parallax at one astronomical unit.
POLAR_RATIO = 0.99664719
PARALLAX_DEG = 8.794 / 3600


def sun_series(latitudes: npt.ArrayLike, longitudes: npt.ArrayLike, unix_times_s: npt.ArrayLike) -> SunTrack:
    """The sun for arrays of positions and seconds since 1970 UTC, broadcast against each other to (n,).

    At sea level in the standard atmosphere. Agrees with `solar.sun_track` to 1e-5 degrees.
    """
    latitude, longitude, seconds = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (latitudes, longitudes, unix_times_s))
    )
    sidereal_deg, ascension_deg, declination_deg = _on_the_sky(seconds)
    return _seen_from(
        latitude,
        (sidereal_deg + longitude - ascension_deg) % 360.0,
        declination_deg,
        PARALLAX_DEG / _distance_au(seconds),
    )


def _on_the_sky(seconds: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Apparent sidereal time at Greenwich, right ascension and declination, in degrees."""
    days = np.floor(seconds / DAY_S)
    fraction = seconds / DAY_S - days
    blocks = np.floor(days / BLOCK_DAYS).astype(np.int64)
    present, inverse = np.unique(blocks, return_inverse=True)
    tables = np.stack([_block(int(block)) for block in present])
    place = (days - blocks * BLOCK_DAYS).astype(np.int64)
    slow = np.zeros((seconds.size, 3))
    for step, weight in enumerate(_lagrange(fraction)):
        slow += weight[:, np.newaxis] * tables[inverse, place + step]
    turned_deg = slow[:, 0] + (days + fraction) * (SIDEREAL_DEG_PER_DAY % 360.0) + fraction * 360.0
    return turned_deg, slow[:, 1], slow[:, 2]


@lru_cache(maxsize=512)
def _block(block: int) -> FloatArray:
    """Midnights of `BLOCK_DAYS` days, one before and two after: (days, 3) of degrees without jumps.

    Of the sidereal time the remainder after the even turn of the earth. 10 kB each: what people ask for stays
    in memory, and one moment costs no more than one of thousands.
    """
    nodes = block * BLOCK_DAYS + np.arange(-1.0, BLOCK_DAYS + 2)
    sidereal, ascension, declination = solar.sun_on_the_sky(nodes * DAY_S)
    remainder = (sidereal - nodes * (SIDEREAL_DEG_PER_DAY % 360.0) + 180.0) % 360.0 - 180.0
    return np.stack(
        [np.unwrap(remainder, period=360.0), np.unwrap(ascension, period=360.0), declination], axis=1
    )


def _lagrange(fraction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Weights of the values at -1, 0, 1 and 2 for a place between 0 and 1."""
    s = fraction
    return (
        -s * (s - 1) * (s - 2) / 6,
        (s + 1) * (s - 1) * (s - 2) / 2,
        -(s + 1) * s * (s - 2) / 2,
        (s + 1) * s * (s - 1) / 6,
    )


def _distance_au(seconds: FloatArray) -> FloatArray:
    """Distance of the sun (Astronomical Almanac's low-precision formula): only the parallax needs it."""
    anomaly = np.radians(357.529 + 0.98560028 * (seconds / DAY_S - 10_957.5))
    return np.asarray(1.00014 - 0.01671 * np.cos(anomaly) - 0.00014 * np.cos(2 * anomaly), dtype=np.float64)


def _seen_from(
    latitude_deg: FloatArray, hour_deg: FloatArray, declination_deg: FloatArray, parallax_deg: FloatArray
) -> SunTrack:
    """Topocentric azimuth and altitude: NREL's algorithm, steps 3.12 to 3.14."""
    latitude, hour = np.radians(latitude_deg), np.radians(hour_deg)
    declination, parallax = np.radians(declination_deg), np.radians(parallax_deg)
    reduced = np.arctan(POLAR_RATIO * np.tan(latitude))
    across, along = np.cos(reduced), POLAR_RATIO * np.sin(reduced)
    below = np.cos(declination) - across * np.sin(parallax) * np.cos(hour)
    shift = np.arctan2(-across * np.sin(parallax) * np.sin(hour), below)
    seen = np.arctan2((np.sin(declination) - along * np.sin(parallax)) * np.cos(shift), below)
    hour = hour - shift
    sine, cosine = np.sin(latitude), np.cos(latitude)
    height = np.arcsin(np.clip(sine * np.sin(seen) + cosine * np.cos(seen) * np.cos(hour), -1.0, 1.0))
    azimuth = np.arctan2(np.sin(hour), np.cos(hour) * sine - np.tan(seen) * cosine)
    altitude_deg = np.degrees(height)
    azimuth_deg = (np.degrees(azimuth) + 180.0) % 360.0
    azimuth_deg[azimuth_deg >= 360.0] = 0.0
    return SunTrack(
        azimuths_deg=azimuth_deg,
        altitudes_deg=altitude_deg,
        apparent_altitudes_deg=altitude_deg + refraction_deg(altitude_deg),
    )


def refraction_deg(altitude_deg: FloatArray) -> FloatArray:
    """How much the standard atmosphere raises the sun; 0 where its upper edge stays below the horizon."""
    # Lower down the formula has a pole, and nothing is raised there.
    held = np.maximum(altitude_deg, -2.0)
    raised = (
        (PRESSURE_MBAR / 1010.0)
        * (283.0 / (273.0 + TEMPERATURE_C))
        * 1.02
        / (60.0 * np.tan(np.radians(held + 10.3 / (held + 5.11))))
    )
    return np.where(altitude_deg >= -(0.26667 + solar.HORIZON_REFRACTION_DEG), raised, 0.0)
