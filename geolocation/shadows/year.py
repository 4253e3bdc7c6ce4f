"""A year at one place: on which days, and between which clock times, a shadow fits. In blocks, one a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

import numpy as np

from geolocation.coordinates.position import Position
from geolocation.geodesy import FloatArray
from geolocation.shadows.fitting import pieces_inside
from geolocation.shadows.measured import LOWEST_SUN_DEG, Shadow, deviations
from geolocation.solar_series import sun_series

STEP_S = 300.0
DAY_S = 86_400.0
EPOCH = date(1970, 1, 1)

# Hours of a day, from and to.
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """One day by the clocks of the place: hours of sun, and hours in which the shadow fits."""

    day: date
    sunlit: tuple[Span, ...]
    fits: tuple[Span, ...]


def year_of(position: Position, shadow: Shadow, year: int, zone: tzinfo) -> tuple[DayOfYear, ...]:
    """Every day of the year. Clock times are those of each day's noon: on the night of a change of clocks
    the hours before it are an hour off."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    starts_s = np.array([(day - EPOCH).days * DAY_S - _offset_s(day, zone) for day in days])
    clock_s = np.arange(0.0, DAY_S + STEP_S, STEP_S)
    seconds = starts_s[:, np.newaxis] + clock_s
    track = sun_series(position.latitude, position.longitude, seconds.ravel())
    up = (track.apparent_altitudes_deg >= LOWEST_SUN_DEG).reshape(seconds.shape)
    points = np.stack(deviations(shadow, track)).reshape(2, *seconds.shape)
    begin, close = pieces_inside(shadow, points)
    return tuple(
        DayOfYear(
            day=day,
            sunlit=_runs(up[row][:-1], np.zeros(clock_s.size - 1), np.ones(clock_s.size - 1)),
            fits=_runs(np.isfinite(begin[row]), begin[row], close[row]),
        )
        for row, day in enumerate(days)
    )


def _runs(inside: np.ndarray, begin: FloatArray, close: FloatArray) -> tuple[Span, ...]:
    """Pieces that follow each other without a gap, as hours of the day."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    step_h = STEP_S / 3600
    return tuple(
        (float(first + begin[first]) * step_h, float(after - 1 + close[after - 1]) * step_h)
        for first, after in zip(edges[::2], edges[1::2], strict=True)
    )


def _offset_s(day: date, zone: tzinfo) -> float:
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()
    return offset.total_seconds() if offset else 0.0
