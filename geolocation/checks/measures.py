"""What checks need computed about places and times, for one revision or for thousands at once.

The sun and the magnetic field cost a hundred times more asked one by one than in one array, so a batch has
them computed first and the same check functions then look them up: the verdicts cannot differ, because both
ways ask the same arithmetic for the same numbers. Geodesics are not here: pyproj answers a single pair about
as fast as a look-up would.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import tzfpy

from geolocation.checks.given import Interval
from geolocation.coordinates.position import Position
from geolocation.geodesy import FloatArray
from geolocation.geomagnetism.model import Declination, declinations
from geolocation.solar import SunTrack
from geolocation.solar_series import sun_series

# The sun climbs at most 15 degrees an hour and turns smoothly at its highest and lowest, so samples this far
# apart miss an extreme by less than 0.02 degrees.
SAMPLE_STEP = timedelta(minutes=10)

# Over weeks the sun does everything it does in that season, and the capture time says nothing of the light.
LONGEST_INTERVAL = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class SunThrough:
    """The sun through an interval: `track` has one entry for each of `seconds` (since 1970 UTC)."""

    seconds: FloatArray
    track: SunTrack


class Measures:
    """Sun and declination by place and time. What was not computed for the batch is computed when asked."""

    def __init__(self) -> None:
        self._sun: dict[tuple[Position, Interval], SunThrough] = {}
        self._declination: dict[tuple[Position, float], Declination | None] = {}

    def sun(self, position: Position, captured: Interval) -> SunThrough:
        """The sun from the start to the end of an interval, every ten minutes and at both ends."""
        found = self._sun.get((position, captured))
        if found is None:
            self.prepare_sun([(position, captured)])
            found = self._sun[position, captured]
        return found

    def declination(self, position: Position, year: float) -> Declination | None:
        """Magnetic declination at a decimal year, None outside the years of the model."""
        if (position, year) not in self._declination:
            self.prepare_declination([(position, year)])
        return self._declination[position, year]

    def prepare_sun(self, asked: Iterable[tuple[Position, Interval]]) -> None:
        """Compute the sun for many places and intervals in one array."""
        wanted = [each for each in dict.fromkeys(asked) if each not in self._sun]
        if not wanted:
            return
        times = [sample_times_s(captured) for _position, captured in wanted]
        counts = [len(each) for each in times]
        track = sun_series(
            np.repeat([position.latitude for position, _captured in wanted], counts),
            np.repeat([position.longitude for position, _captured in wanted], counts),
            np.concatenate(times),
        )
        end = 0
        for key, seconds in zip(wanted, times, strict=True):
            start, end = end, end + len(seconds)
            self._sun[key] = SunThrough(
                seconds,
                SunTrack(
                    track.azimuths_deg[start:end],
                    track.altitudes_deg[start:end],
                    track.apparent_altitudes_deg[start:end],
                ),
            )

    def prepare_declination(self, asked: Iterable[tuple[Position, float]]) -> None:
        """Compute the declination for many places and years in one array."""
        wanted = [each for each in dict.fromkeys(asked) if each not in self._declination]
        if not wanted:
            return
        found = declinations(
            [position.latitude for position, _year in wanted],
            [position.longitude for position, _year in wanted],
            [year for _position, year in wanted],
        )
        self._declination.update(zip(wanted, found, strict=True))


def sample_times_s(captured: Interval) -> FloatArray:
    """The moments at which the sun is looked at through an interval."""
    start_s, end_s = captured.start_utc.timestamp(), captured.end_utc.timestamp()
    if end_s == start_s:
        return np.array([start_s])
    count = math.ceil((end_s - start_s) / SAMPLE_STEP.total_seconds()) + 1
    return np.linspace(start_s, end_s, max(count, 2))


def zone_at(position: Position) -> ZoneInfo | None:
    """The IANA zone whose civil time holds at a position today, None where there is none."""
    return next(iter(zones_at(position)), None)


@lru_cache(maxsize=65_536)
def zones_at(position: Position) -> tuple[ZoneInfo, ...]:
    """Every zone that is kept at a position, the official one first: in Xinjiang people keep two."""
    found = []
    for name in (
        tzfpy.get_tz(position.longitude, position.latitude),
        *tzfpy.get_tzs(position.longitude, position.latitude),
    ):
        try:
            found.append(zone_named(name))
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of that name."""
    return ZoneInfo(name)
