"""Where the sun stood, seen from a position at a moment.

NREL's Solar Position Algorithm (I. Reda and A. Andreas, Solar Energy 76, 2004; corrigendum 81, 2007;
uncertainty 0.0003 degrees from year -2000 to 6000) as implemented in pvlib. `pvlib/__init__.py` brings
pandas and all of photovoltaics with it (4.5 s on a cold start, measured); its `spa.py` needs numpy alone
(0.02 s), so that one module is loaded by its file.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from geolocation.coordinates.position import Position

# Standard atmosphere at sea level and the world's rough mean temperature: refraction is 0.57 degrees at the
# horizon and changes by under 0.1 degrees between a cold coast and a warm mountain.
PRESSURE_MBAR = 1013.25
TEMPERATURE_C = 12.0
# Refraction at sunrise and sunset that the algorithm's authors use.
HORIZON_REFRACTION_DEG = 0.5667
# Terrestrial time minus UT1: 69.1-69.4 s from 2019 on (IERS Bulletin A). An error of 40 s, as in 1950, moves
# the sun by 0.0005 degrees.
DELTA_T_S = 69.2

# The sun's disc touches the horizon when its centre is half its diameter and the refraction below it.
SUNRISE_DEG = -0.833
CIVIL_TWILIGHT_DEG = -6.0
NAUTICAL_TWILIGHT_DEG = -12.0
ASTRONOMICAL_TWILIGHT_DEG = -18.0

FloatArray = npt.NDArray[np.float64]


class Light(StrEnum):
    """How much the sun lights the sky, by the altitude of its centre (USNO's definitions)."""

    DAY = "day"
    CIVIL_TWILIGHT = "civil_twilight"
    NAUTICAL_TWILIGHT = "nautical_twilight"
    ASTRONOMICAL_TWILIGHT = "astronomical_twilight"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class SunPosition:
    """Azimuth clockwise from true north in [0, 360); altitudes of the centre above the level horizon.

    `altitude_deg` is geometric, as twilight is defined; `apparent_altitude_deg` is raised by refraction, as
    a camera sees it.
    """

    azimuth_deg: float
    altitude_deg: float
    apparent_altitude_deg: float


@dataclass(frozen=True, slots=True)
class SunTrack:
    """`SunPosition` for many moments: three arrays of one shape (n,)."""

    azimuths_deg: FloatArray
    altitudes_deg: FloatArray
    apparent_altitudes_deg: FloatArray


# Up to so many moments at once the algorithm's sums are done as one matrix product each. pvlib adds their
# 260 terms one by one: 2 ms for a revision's handful of moments, most of it spent on calls. Its way is faster
# from some hundreds of moments on, and needs less memory.
MATRIX_MOMENTS = 300


def _load_spa() -> ModuleType:
    package = importlib.util.find_spec("pvlib")
    if package is None or not package.submodule_search_locations:
        raise ImportError("pvlib is not installed; the position of the sun needs it")
    path = Path(package.submodule_search_locations[0]) / "spa.py"
    spec = importlib.util.spec_from_file_location("geolocation._pvlib_spa", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"pvlib has no module spa at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.USE_NUMBA:
        raise ImportError(
            "PVLIB_USE_NUMBA is set; compiled by numba, pvlib takes no arrays of positions: unset it"
        )
    return _with_matrix_sums(module)


def _with_matrix_sums(spa: ModuleType) -> ModuleType:
    """The module, this copy of which is ours alone, with its two sums done by numpy for short arrays."""
    add_series, add_nutation = spa.sum_mult_cos_add_mult, spa.longitude_obliquity_nutation
    coefficients, multiples = spa.NUTATION_ABCD_ARRAY, spa.NUTATION_YTERM_ARRAY

    def series(terms: FloatArray, millennia: FloatArray) -> FloatArray:
        if millennia.size > MATRIX_MOMENTS:
            return np.asarray(add_series(terms, millennia), dtype=np.float64)
        angles = terms[:, 1, np.newaxis] + terms[:, 2, np.newaxis] * millennia
        return np.asarray(terms[:, 0] @ np.cos(angles), dtype=np.float64)

    def nutation(centuries: FloatArray, *arguments_and_out: FloatArray) -> None:
        *arguments, out = arguments_and_out
        if centuries.size > MATRIX_MOMENTS:
            add_nutation(centuries, *arguments, out)
            return
        angles = np.radians(multiples @ np.stack(arguments))
        sines, cosines = np.sin(angles), np.cos(angles)
        out[0] = (coefficients[:, 0] @ sines + centuries * (coefficients[:, 1] @ sines)) / 36_000_000
        out[1] = (coefficients[:, 2] @ cosines + centuries * (coefficients[:, 3] @ cosines)) / 36_000_000

    vars(spa).update(sum_mult_cos_add_mult=series, longitude_obliquity_nutation=nutation)
    return spa


_SPA = _load_spa()


def sun_track(
    latitudes: npt.ArrayLike,
    longitudes: npt.ArrayLike,
    unix_times_s: npt.ArrayLike,
    *,
    elevation_m: float = 0.0,
    pressure_mbar: float = PRESSURE_MBAR,
    temperature_c: float = TEMPERATURE_C,
    delta_t_s: float = DELTA_T_S,
) -> SunTrack:
    """The sun for arrays of positions and seconds since 1970 UTC, broadcast against each other to (n,)."""
    latitude, longitude, seconds = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (latitudes, longitudes, unix_times_s))
    )
    _, _, apparent, geometric, azimuth, _ = _SPA.solar_position(
        seconds,
        latitude,
        longitude,
        elevation_m,
        pressure_mbar,
        temperature_c,
        delta_t_s,
        HORIZON_REFRACTION_DEG,
        numthreads=1,
    )
    return SunTrack(
        azimuths_deg=np.asarray(azimuth, dtype=np.float64) % 360.0,
        altitudes_deg=np.asarray(geometric, dtype=np.float64),
        apparent_altitudes_deg=np.asarray(apparent, dtype=np.float64),
    )


def sun_on_the_sky(unix_times_s: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Apparent sidereal time at Greenwich, geocentric right ascension and declination: degrees, (n,) each."""
    seconds = np.atleast_1d(np.asarray(unix_times_s, dtype=np.float64))
    sidereal, ascension, declination = _SPA.solar_position(
        seconds, 0.0, 0.0, 0.0, 0.0, 0.0, DELTA_T_S, 0.0, numthreads=1, sst=True
    )
    return (
        np.asarray(sidereal, dtype=np.float64),
        np.asarray(ascension, dtype=np.float64),
        np.asarray(declination, dtype=np.float64),
    )


def sun_positions(
    position: Position, moments: Sequence[datetime], *, elevation_m: float = 0.0
) -> tuple[SunPosition, ...]:
    """The sun from one position at aware moments. Raises ValueError for a moment without an offset."""
    if any(moment.utcoffset() is None for moment in moments):
        raise ValueError("the sun's position needs moments with an offset from UTC")
    if not moments:
        return ()
    track = sun_track(
        position.latitude, position.longitude, [m.timestamp() for m in moments], elevation_m=elevation_m
    )
    columns = (track.azimuths_deg, track.altitudes_deg, track.apparent_altitudes_deg)
    return tuple(SunPosition(*map(float, row)) for row in zip(*columns, strict=True))


def sun_position(position: Position, moment: datetime, *, elevation_m: float = 0.0) -> SunPosition:
    """The sun from one position at one aware moment."""
    return sun_positions(position, [moment], elevation_m=elevation_m)[0]


def light_at(altitude_deg: float) -> Light:
    """The kind of light for a geometric altitude of the sun's centre."""
    if altitude_deg >= SUNRISE_DEG:
        return Light.DAY
    if altitude_deg >= CIVIL_TWILIGHT_DEG:
        return Light.CIVIL_TWILIGHT
    if altitude_deg >= NAUTICAL_TWILIGHT_DEG:
        return Light.NAUTICAL_TWILIGHT
    if altitude_deg >= ASTRONOMICAL_TWILIGHT_DEG:
        return Light.ASTRONOMICAL_TWILIGHT
    return Light.NIGHT
