"""When it was recorded, as far as the person says: an interval, or a date that means a day somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from geolocation.checks.base import CheckInputs
from geolocation.checks.given import Interval
from geolocation.checks.measures import zone_at
from geolocation.checks.wording import day, moment
from geolocation.coordinates.position import Position

# The outermost civil time zones: Line Islands (UTC+14) and Baker and Howland (UTC-12), IANA tz database.
EASTERNMOST_OFFSET = timedelta(hours=14)
WESTERNMOST_OFFSET = timedelta(hours=-12)


@dataclass(frozen=True, slots=True)
class Window:
    """The moments between which something happened, and the words for it."""

    first_utc: datetime
    last_utc: datetime
    text: str
    date_only: bool = False

    @property
    def interval(self) -> Interval:
        """The same without words."""
        return Interval(self.first_utc, self.last_utc)


def capture_window(inputs: CheckInputs) -> Window | None:
    """The capture interval; for a date alone that day at the camera (else the subject), by its time zone."""
    if inputs.captured is not None:
        start, end = inputs.captured.start_utc, inputs.captured.end_utc
        return Window(start, end, moment(start) if start == end else f"{moment(start)} to {moment(end)}")
    if inputs.captured_on is None:
        return None
    placed = inputs.camera or inputs.subject
    return day_window(inputs.captured_on, placed.position if placed else None)


def day_window(value: date, position: Position | None = None) -> Window:
    """A civil day: at a position if one is given, else fifty hours, as long as that date lasts somewhere."""
    zone = zone_at(position) if position is not None else None
    if zone is None:
        first = datetime.combine(value, time(), tzinfo=UTC) - EASTERNMOST_OFFSET
        last = datetime.combine(value, time(), tzinfo=UTC) + timedelta(days=1) - WESTERNMOST_OFFSET
        return Window(first, last, day(value), date_only=True)
    first, last = _midnight(value, zone), _midnight(value + timedelta(days=1), zone)
    return Window(first, last, day(value), date_only=True)


def _midnight(value: date, zone: tzinfo) -> datetime:
    # Where clocks skipped midnight, Python takes the offset before the jump: the day then starts on time.
    return datetime.combine(value, time(), tzinfo=zone).astimezone(UTC)
