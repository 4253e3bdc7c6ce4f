"""Magnetic declination at a place and date: the angle from true to magnetic north, positive to the east.

The World Magnetic Model (A. Chulliat et al., The US/UK World Magnetic Model for 2025-2030, NOAA, 2025;
doi:10.25921/aqfd-sd83) describes the field of the core by spherical harmonics to degree 12, for five years
at a time. It knows nothing of ores, steel and storms: its stated uncertainty is a standard deviation, and a
compass can be off by more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geolocation.coordinates.position import Position

FloatArray = npt.NDArray[np.float64]

DEGREES = 12
# The model's reference sphere and the WGS 84 ellipsoid, in kilometres.
REFERENCE_RADIUS_KM = 6371.2
SEMI_MAJOR_KM = 6378.137
FLATTENING = 1 / 298.257223563

# Where the horizontal field is weaker than this a compass needle points anywhere: the model's own "blackout
# zone" around the magnetic poles.
BLACKOUT_NT = 2_000.0

FOLDER = Path(__file__).parent / "coefficients"


@dataclass(frozen=True, slots=True)
class Release:
    """One issue of the model: valid in [first_year, last_year) decimal years.

    Its error of declination is `hypot(floor_deg, per_field_deg_nt / H)`, as its report states it.
    """

    name: str
    file_name: str
    first_year: float
    last_year: float
    floor_deg: float
    per_field_deg_nt: float


RELEASES = (
    # The report of 2010 gives no formula; one degree is what MIL-W-89500 asks of the model at the end of its
    # five years, and the second term is that of its successors.
    Release("WMM2010", "WMM_2010.COF", 2010.0, 2015.0, 1.0, 5625.0),
    Release("WMM2015v2", "WMM_2015v2.COF", 2015.0, 2020.0, 0.23, 5430.0),
    Release("WMM2020", "WMM_2020.COF", 2020.0, 2025.0, 0.26, 5625.0),
    Release("WMM2025", "WMM_2025.COF", 2025.0, 2030.0, 0.26, 5417.0),
)


@dataclass(frozen=True, slots=True)
class Declination:
    """Declination in degrees, positive east; its standard deviation; the horizontal field in nanotesla."""

    declination_deg: float
    uncertainty_deg: float
    horizontal_nt: float
    model: str

    @property
    def is_usable(self) -> bool:
        """False around the magnetic poles, where a compass points anywhere."""
        return self.horizontal_nt >= BLACKOUT_NT


def decimal_year(moment: datetime) -> float:
    """A moment as a year and the fraction of it that has passed, in UTC. Raises ValueError if it is naive."""
    if moment.utcoffset() is None:
        raise ValueError("a decimal year needs a moment with its offset from UTC")
    moment = moment.astimezone(UTC)
    start, end = datetime(moment.year, 1, 1, tzinfo=UTC), datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    return moment.year + (moment - start) / (end - start)


def release_for(year: float) -> Release | None:
    """The issue of the model that holds for a decimal year, or None outside 2010 to 2030."""
    return next((each for each in RELEASES if each.first_year <= year < each.last_year), None)


def declination_at(position: Position, year: float, *, height_km: float = 0.0) -> Declination | None:
    """Declination at one place and decimal year; None for a year that no issue of the model covers."""
    return declinations([position.latitude], [position.longitude], [year], height_km=height_km)[0]


def declinations(
    latitudes: npt.ArrayLike,
    longitudes: npt.ArrayLike,
    years: npt.ArrayLike,
    *,
    height_km: npt.ArrayLike = 0.0,
) -> list[Declination | None]:
    """Declinations for arrays of places and decimal years, broadcast against each other.

    Heights are kilometres above the ellipsoid. None for each year that no issue of the model covers.
    """
    latitude, longitude, year, height = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (latitudes, longitudes, years, height_km))
    )
    found: list[Declination | None] = [None] * latitude.size
    for release in RELEASES:
        chosen = np.flatnonzero((year >= release.first_year) & (year < release.last_year))
        if not chosen.size:
            continue
        north, east = _horizontal_field(
            release, latitude[chosen], longitude[chosen], height[chosen], year[chosen]
        )
        horizontal = np.hypot(north, east)
        angle = np.degrees(np.arctan2(east, north))
        error = np.hypot(release.floor_deg, release.per_field_deg_nt / np.maximum(horizontal, 1.0))
        for place, index in enumerate(chosen):
            found[index] = Declination(
                float(angle[place]), float(error[place]), float(horizontal[place]), release.name
            )
    return found


def _horizontal_field(
    release: Release, latitude: FloatArray, longitude: FloatArray, height: FloatArray, year: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The field's components to the north and to the east on the ellipsoid, nanotesla, shape (n,)."""
    main, drift = _coefficients(release.file_name)
    age = year - release.first_year
    geocentric, radius_km = _geocentric(latitude, height)
    # On the axis itself there is no east; a metre beside it there is.
    cosine = np.maximum(np.cos(geocentric), 1e-9)
    legendre, slope = _legendre(np.sin(geocentric), cosine)
    meridian = np.radians(longitude)
    north, east, down = (np.zeros_like(latitude) for _component in range(3))
    for order in range(DEGREES + 1):
        turn_cos, turn_sin = np.cos(order * meridian), np.sin(order * meridian)
        for degree in range(max(order, 1), DEGREES + 1):
            g, h = (main[k][degree, order] + age * drift[k][degree, order] for k in (0, 1))
            scale = (REFERENCE_RADIUS_KM / radius_km) ** (degree + 2)
            along = g * turn_cos + h * turn_sin
            north -= scale * along * slope[degree, order]
            east += scale * order * (g * turn_sin - h * turn_cos) * legendre[degree, order] / cosine
            down -= scale * (degree + 1) * along * legendre[degree, order]
    tilt = geocentric - np.radians(latitude)
    return north * np.cos(tilt) - down * np.sin(tilt), east


def _geocentric(latitude: FloatArray, height_km: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Geocentric latitude in radians and distance from the earth's centre in kilometres."""
    geodetic = np.radians(latitude)
    squared = FLATTENING * (2 - FLATTENING)
    curvature_km = SEMI_MAJOR_KM / np.sqrt(1 - squared * np.sin(geodetic) ** 2)
    across = (curvature_km + height_km) * np.cos(geodetic)
    along = (curvature_km * (1 - squared) + height_km) * np.sin(geodetic)
    return np.arctan2(along, across), np.hypot(across, along)


def _legendre(sine: FloatArray, cosine: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Schmidt's semi-normalised functions of the latitude and their derivatives by it: (13, 13, n) each."""
    shape = (DEGREES + 1, DEGREES + 1, sine.size)
    value, slope = np.zeros(shape), np.zeros(shape)
    value[0, 0] = 1.0
    for n in range(1, DEGREES + 1):
        factor = 1.0 if n == 1 else np.sqrt((2 * n - 1) / (2 * n))
        value[n, n] = factor * cosine * value[n - 1, n - 1]
        slope[n, n] = factor * (cosine * slope[n - 1, n - 1] - sine * value[n - 1, n - 1])
        for m in range(n):
            root = np.sqrt(n * n - m * m)
            before = np.sqrt((n - 1) ** 2 - m * m) if n > 1 and m < n - 1 else 0.0
            lower, lower_slope = (value[n - 2, m], slope[n - 2, m]) if before else (0.0, 0.0)
            value[n, m] = ((2 * n - 1) * sine * value[n - 1, m] - before * lower) / root
            slope[n, m] = (
                (2 * n - 1) * (sine * slope[n - 1, m] + cosine * value[n - 1, m]) - before * lower_slope
            ) / root
    return value, slope


@cache
def _coefficients(file_name: str) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """(g, h) and their yearly change, each (13, 13) by degree and order, in nanotesla."""
    tables = [np.zeros((DEGREES + 1, DEGREES + 1)) for _table in range(4)]
    for line in (FOLDER / file_name).read_text(encoding="ascii").splitlines()[1:]:
        parts = line.split()
        if len(parts) != 6:
            continue  # the closing lines of nines
        degree, order = int(parts[0]), int(parts[1])
        for table, number in zip(tables, parts[2:], strict=True):
            table[degree, order] = float(number)
    return (tables[0], tables[1]), (tables[2], tables[3])
