"""Days as clocks at a place count them, and the times of them at which a shadow fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import tzfpy

from geolocation.coordinates.position import Position
from geolocation.shadows.fitting import Fit, fits_between
from geolocation.shadows.measured import LOWEST_SUN_DEG, Shadow
from geolocation.solar_series import sun_series

# A search begins with the first step at which the sun is up: in short steps a long shadow's time, soon after
# sunrise or before sunset, is not cut.
STEP = timedelta(minutes=1)
# Where all of the sun's time fits but so much at each end of a day, the measure tells nothing apart.
EDGE_S = 120.0


class Outcome(StrEnum):
    """What the shadow says of the days it was asked on."""

    SOME = "some"
    NONE = "none"
    ALL = "all"
    SUN_DOWN = "sun_down"


@dataclass(frozen=True, slots=True)
class LocalDays:
    """Whole days from the first midnight to the last at a place; `zone_name` is empty where none is known."""

    first: date
    last: date
    zone: tzinfo
    zone_name: str

    @property
    def start_utc(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def end_utc(self) -> datetime:
        """The moment after the last."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)

    @property
    def count(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Times:
    """The intervals in which the shadow fits, 95 in 100; `sunlit_s` is how long the sun was up."""

    outcome: Outcome
    fits: tuple[Fit, ...]
    sunlit_s: float

    @property
    def fitting_s(self) -> float:
        """How long it fits, all intervals together."""
        return sum((fit.end_utc - fit.start_utc).total_seconds() for fit in self.fits)


def whole_minutes(fit: Fit) -> tuple[datetime, datetime]:
    """From the minute before an interval to the one after: what is said of it is never a single minute."""
    start, end = (each.replace(second=0, microsecond=0) for each in (fit.start_utc, fit.end_utc))
    return start, end + timedelta(minutes=1)


def local_days(position: Position, first: date, last: date) -> LocalDays:
    """Days in the time zone of the position, by today's boundaries; UTC where none is known."""
    name = tzfpy.get_tz(position.longitude, position.latitude)
    try:
        return LocalDays(first, last, ZoneInfo(name), name)
    except (ZoneInfoNotFoundError, ValueError):
        return LocalDays(first, last, UTC, "")


def times_of(position: Position, shadow: Shadow, days: LocalDays) -> Times:
    """When on those days the shadow fits."""
    start, end = days.start_utc, days.end_utc
    seconds = np.arange(start.timestamp(), end.timestamp(), STEP.total_seconds())
    up = sun_series(position.latitude, position.longitude, seconds).apparent_altitudes_deg >= LOWEST_SUN_DEG
    sunlit_s = float(up.sum() * STEP.total_seconds())
    if not up.any():
        return Times(Outcome.SUN_DOWN, (), 0.0)
    fits = fits_between(position, shadow, start, end, step=STEP)
    if not fits:
        return Times(Outcome.NONE, (), sunlit_s)
    found = Times(Outcome.SOME, fits, sunlit_s)
    least_s = max(sunlit_s - 2 * EDGE_S * days.count, sunlit_s / 2)
    return Times(Outcome.ALL, fits, sunlit_s) if found.fitting_s >= least_s else found
