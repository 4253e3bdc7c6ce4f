"""Where on earth a measured shadow is possible at a moment: for a recording whose place is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from geolocation.coordinates.position import Position
from geolocation.geodesy import FloatArray
from geolocation.shadows.fitting import misfits
from geolocation.shadows.measured import LIMIT_95, Shadow
from geolocation.solar import sun_on_the_sky
from geolocation.solar_series import sun_series


@dataclass(frozen=True, slots=True)
class Band:
    """Misfits (chi-square, infinite where the sun is down) on a grid: shape (latitudes, longitudes).

    `limit` is what the errors allow, 95 in 100: the band is where the misfit is at most that.
    """

    latitudes: FloatArray
    longitudes: FloatArray
    misfits: FloatArray
    limit: float

    @property
    def step_deg(self) -> float:
        """Width of a cell."""
        return float(self.latitudes[1] - self.latitudes[0])

    @property
    def share(self) -> float:
        """The share of the earth's surface inside the band, 0 to 1."""
        weights = np.cos(np.radians(self.latitudes))[:, np.newaxis]
        inside = (self.misfits <= self.limit) * weights
        return float(inside.sum() / (weights.sum() * self.longitudes.size))

    @property
    def runs(self) -> tuple[tuple[float, float, float], ...]:
        """The band as rows: latitude, and the longitudes of the first and last cell of each run."""
        found = []
        for latitude, row in zip(self.latitudes, self.misfits <= self.limit, strict=True):
            edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
            for first, after in zip(edges[::2], edges[1::2], strict=True):
                found.append(
                    (float(latitude), float(self.longitudes[first]), float(self.longitudes[after - 1]))
                )
        return tuple(found)


def possible_band(shadow: Shadow, moment: datetime, *, step_deg: float = 0.5) -> Band:
    """The places on earth at which the sun casts such a shadow at an aware moment.

    Cells are `step_deg` wide and asked at their middle: a band narrower than a cell can be missed, so take a
    step below the azimuth's error. Raises ValueError for a naive moment.
    """
    if moment.utcoffset() is None:
        raise ValueError("the sun's position needs a moment with an offset from UTC")
    latitudes = np.arange(-90 + step_deg / 2, 90, step_deg)
    longitudes = np.arange(-180 + step_deg / 2, 180, step_deg)
    grid_latitude, grid_longitude = np.meshgrid(latitudes, longitudes, indexing="ij")
    track = sun_series(grid_latitude.ravel(), grid_longitude.ravel(), moment.timestamp())
    found = misfits(shadow, track).reshape(grid_latitude.shape)
    return Band(latitudes, longitudes, found, LIMIT_95[shadow.measures])


def sun_overhead(moment: datetime) -> Position:
    """Where on earth the sun stands in the zenith at an aware moment."""
    sidereal_deg, ascension_deg, declination_deg = sun_on_the_sky(moment.timestamp())
    longitude = (float(ascension_deg[0] - sidereal_deg[0]) + 180.0) % 360.0 - 180.0
    return Position(float(declination_deg[0]), longitude)
