"""The times at which a measured shadow fits the sun over a known place.

Between two moments the deviations are taken as straight lines, so the times at which they enter and leave
what the errors allow are computed, not read off a grid: every ten minutes first, every minute where they come
near.
A result is an interval, never a single minute.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from geolocation.coordinates.position import Position
from geolocation.geodesy import FloatArray
from geolocation.shadows.measured import LIMIT_95, SUN_RADIUS_DEG, Shadow, deviations
from geolocation.solar import SunTrack
from geolocation.solar_series import sun_series

STEP = timedelta(minutes=10)
# Pieces that come within this many times what the errors allow are sampled so many times more finely.
NEAR_FACTOR = 9.0
FINER = 10


@dataclass(frozen=True, slots=True)
class Fit:
    """From when to when the shadow fits, and where it does best: `best_misfit` is a chi-square there."""

    start_utc: datetime
    end_utc: datetime
    best_utc: datetime
    best_misfit: float


def misfits(shadow: Shadow, track: SunTrack) -> FloatArray:
    """Chi-square of the measured shadow against the sun's at each moment; infinite while the sun is down."""
    azimuth_off, length_off = deviations(shadow, track)
    found = azimuth_off**2 + length_off**2
    return np.where(np.isnan(found), np.inf, found)


def fits_between(
    position: Position, shadow: Shadow, start: datetime, end: datetime, *, step: timedelta = STEP
) -> tuple[Fit, ...]:
    """The intervals between two aware moments in which the shadow fits within its errors, 95 in 100.

    Raises ValueError if the moments are naive or out of order.
    """
    if start.utcoffset() is None or end.utcoffset() is None:
        raise ValueError("a shadow is looked for between moments with an offset from UTC")
    if end < start:
        raise ValueError("an interval cannot end before it starts")
    if start == end:
        # Asked for one moment: what fits around it, cut to it.
        around = fits_between(position, shadow, start - step, end + step, step=step)
        return within(around, start, end)
    first_s, last_s = start.timestamp(), end.timestamp()
    count = max(2, int(np.ceil((last_s - first_s) / step.total_seconds())) + 1)
    seconds = np.linspace(first_s, last_s, count)
    points = _points(position, shadow, seconds)
    best, _place = _nearest(points[:, :-1], _steps(points, shadow))
    near = np.flatnonzero(np.nan_to_num(best, nan=np.inf) <= NEAR_FACTOR * LIMIT_95[shadow.measures])
    if not near.size:
        return ()
    # Under a sun near the zenith the direction swings in a curve: what comes near is looked at again, closer.
    shares = np.arange(FINER) / FINER
    length_s = seconds[1] - seconds[0]
    closer = np.unique(
        np.concatenate([(seconds[near, np.newaxis] + shares * length_s).ravel(), seconds[near + 1]])
    )
    return tuple(_fits(shadow, closer, _points(position, shadow, closer), length_s / FINER))


def _points(position: Position, shadow: Shadow, seconds: FloatArray) -> FloatArray:
    """Deviations in azimuth and length at each moment: (2, n)."""
    return np.stack(deviations(shadow, sun_series(position.latitude, position.longitude, seconds)))


def within(fits: Sequence[Fit], start: datetime, end: datetime) -> tuple[Fit, ...]:
    """The parts of the fits between two moments. A best moment cut away leaves the nearest one that is left,
    with the misfit of the best: what was left out fits no worse."""
    return tuple(
        Fit(
            max(fit.start_utc, start),
            min(fit.end_utc, end),
            min(max(fit.best_utc, start), end),
            fit.best_misfit,
        )
        for fit in fits
        if fit.start_utc <= end and fit.end_utc >= start
    )


def fitting_days(
    position: Position, shadow: Shadow, start: datetime, end: datetime, days: Sequence[date]
) -> tuple[date, ...]:
    """The days on which the shadow fits at some moment of the clock times of `start` to `end`, in UTC.

    The clock times are carried to each of `days` (counted by the day on which `start` falls). For a year's
    chart give every fifth day: the sun's course changes by a degree or two between them.
    """
    if not days:
        return ()
    length_s = (end - start).total_seconds()
    per_day = max(2, int(np.ceil(length_s / STEP.total_seconds())) + 1)
    clock_s = start.astimezone(UTC).timestamp() % 86_400.0
    epoch = date(1970, 1, 1)
    midnights = np.array([(day - epoch).days * 86_400.0 for day in days])
    seconds = midnights[:, np.newaxis] + clock_s + np.linspace(0.0, length_s, per_day)
    track = sun_series(position.latitude, position.longitude, seconds.ravel())
    lowest = _lowest(shadow, track, seconds.shape)
    return tuple(day for day, misfit in zip(days, lowest, strict=True) if misfit <= LIMIT_95[shadow.measures])


def pieces_inside(shadow: Shadow, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """For rows of deviations, shape (2, rows, moments): the part of each piece between two moments that fits.

    Two arrays (rows, moments - 1) of 0 to 1, from and to, straight lines taken between; NaN where none fits.
    """
    before, step = points[..., :-1], _steps(points, shadow)
    best, _place = _nearest(before, step)
    squared = (step**2).sum(axis=0)
    inside = (np.nan_to_num(best, nan=np.inf) <= LIMIT_95[shadow.measures]) & (squared > 0)
    divisor = np.where(inside, squared, 1.0)
    middle = np.where(inside, -(before * step).sum(axis=0) / divisor, 0.0)
    at_middle = ((before + middle * step) ** 2).sum(axis=0)
    half = np.sqrt(np.maximum(LIMIT_95[shadow.measures] - at_middle, 0.0) / divisor)
    begin, close = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
    return np.where(inside, begin, np.nan), np.where(inside, close, np.nan)


def _lowest(shadow: Shadow, track: SunTrack, shape: tuple[int, ...]) -> FloatArray:
    """The least misfit of each row of moments, straight lines taken between them."""
    points = np.stack(deviations(shadow, track)).reshape(2, *shape)
    before, step = points[:, :, :-1], _steps(points, shadow)
    best, _place = _nearest(before, step)
    return np.asarray(np.where(np.isnan(best), np.inf, best).min(axis=1), dtype=np.float64)


def _steps(points: FloatArray, shadow: Shadow) -> FloatArray:
    """From each point to the next, the short way round in azimuth."""
    step = np.diff(points, axis=-1)
    if shadow.azimuth_error_deg is not None:
        turn = 360.0 / math.hypot(shadow.azimuth_error_deg, SUN_RADIUS_DEG)
        step[0] = (step[0] + turn / 2) % turn - turn / 2
    return step


def _nearest(before: FloatArray, step: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least square distance from zero along each straight piece, and where on it (0 to 1)."""
    squared = (step**2).sum(axis=0)
    along = (before * step).sum(axis=0)
    place = np.clip(np.where(squared > 0, -along / np.where(squared > 0, squared, 1.0), 0.0), 0.0, 1.0)
    nearest = before + place * step
    return (nearest**2).sum(axis=0), place


def _fits(shadow: Shadow, seconds: FloatArray, points: FloatArray, step_s: float) -> list[Fit]:
    """The intervals that fit; pieces longer than `step_s` lie between two stretches and are left out."""
    before, step = points[:, :-1], _steps(points, shadow)
    best, place = _nearest(before, step)
    limit = LIMIT_95[shadow.measures]
    found: list[Fit] = []
    whole = np.diff(seconds) <= 1.5 * step_s
    for index in np.flatnonzero((np.nan_to_num(best, nan=np.inf) <= limit) & whole):
        begin, close = _inside(before[:, index], step[:, index], limit)
        origin, span_s = float(seconds[index]), float(seconds[index + 1] - seconds[index])
        piece = Fit(
            _moment(origin + begin * span_s),
            _moment(origin + close * span_s),
            _moment(origin + float(place[index]) * span_s),
            float(best[index]),
        )
        found = _joined(found, piece)
    return found


def _inside(before: FloatArray, step: FloatArray, limit: float) -> tuple[float, float]:
    """The part of a straight piece, of 0 to 1, on which |before + t * step|^2 is at most the limit."""
    squared = float(step @ step)
    if squared == 0:
        return 0.0, 1.0
    middle = -float(before @ step) / squared
    nearest = before + middle * step
    half = math.sqrt(max(limit - float(nearest @ nearest), 0.0) / squared)
    return min(max(middle - half, 0.0), 1.0), max(min(middle + half, 1.0), 0.0)


def _joined(found: list[Fit], piece: Fit) -> list[Fit]:
    """The list with one more piece, joined to the last where they touch."""
    if not found or piece.start_utc - found[-1].end_utc > timedelta(milliseconds=1):
        return [*found, piece]
    last = found[-1]
    better = last if last.best_misfit <= piece.best_misfit else piece
    return [*found[:-1], Fit(last.start_utc, piece.end_utc, better.best_utc, better.best_misfit)]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
