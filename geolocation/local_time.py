"""What clocks showed at a position: the offset from UTC that its time zone had at a local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzfpy

from geolocation.coordinates.position import Position


@dataclass(frozen=True, slots=True)
class ZoneOffset:
    """The zone (IANA name, empty where none is known) and the offsets it had then, in minutes east of UTC.

    Two offsets where clocks showed the time twice, none where they skipped it. An inference from the position
    and today's zone boundaries: whoever uses it says so.
    """

    zone: str
    offsets_min: tuple[int, ...]


def offset_at(position: Position, local: datetime) -> ZoneOffset:
    """The offsets at which clocks at `position` showed the naive local time `local`."""
    name = tzfpy.get_tz(position.longitude, position.latitude)
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneOffset("", ())
    found = []
    for fold in (0, 1):
        aware = local.replace(tzinfo=zone, fold=fold)
        # A time that clocks skipped does not come back from UTC as it went.
        if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(fold=0):
            continue
        offset = aware.utcoffset() or timedelta(0)
        found.append(round(offset.total_seconds() / 60))
    return ZoneOffset(name, tuple(dict.fromkeys(found)))


def offset_text(offset_min: int) -> str:
    """Minutes east of UTC as `+04:00`."""
    hours, minutes = divmod(abs(offset_min), 60)
    return f"{'-' if offset_min < 0 else '+'}{hours:02d}:{minutes:02d}"
