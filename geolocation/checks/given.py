"""The small values that checks read: a placed point, a fix, a time, a neighbour; frozen, unknown is `None`.

Degrees, metres and minutes as the names say; moments are aware and kept in UTC; a date is a date; a number
that is not finite is refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

from geolocation.coordinates.position import Position
from geolocation.shadows.measured import Shadow

# The first photograph is of 1826-27, and nothing is captured or posted in the far future. Outside these
# years a time is a typing error, and arithmetic with offsets could leave the calendar.
FIRST_YEAR, LAST_YEAR = 1826, 2200

__all__ = [
    "Crowd",
    "Event",
    "FileFix",
    "FileTime",
    "Interval",
    "NamedPoint",
    "PlacedPoint",
    "Posting",
    "Recording",
    "Resected",
    "Shadow",
    "SiblingGeolocation",
    "Twin",
]

LIGHTS_SEEN = ("day", "twilight", "night")


@dataclass(frozen=True, slots=True)
class PlacedPoint:
    """A position somebody placed, with its uncertainty as a radius.

    `as_typed` is what they typed (empty when they clicked the map); `decimals` is the number of decimals of
    the degrees typed, when the form knows it better than `as_typed` shows.
    """

    position: Position
    uncertainty_m: float
    as_typed: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.uncertainty_m) and self.uncertainty_m > 0):
            raise ValueError("an uncertainty is a finite number of metres above 0")


@dataclass(frozen=True, slots=True)
class Interval:
    """From the earliest to the latest moment of capture, and what that rests on."""

    start_utc: datetime
    end_utc: datetime
    basis: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start_utc", in_utc(self.start_utc))
        object.__setattr__(self, "end_utc", in_utc(self.end_utc))
        if self.end_utc < self.start_utc:
            raise ValueError("an interval cannot end before it starts")


@dataclass(frozen=True, slots=True)
class FileFix:
    """One position that the file states. Status `ok` is readable; any other says what is wrong with it."""

    latitude: float | None
    longitude: float | None
    horizontal_error_m: float | None = None
    dilution: float | None = None
    source: str = ""
    status: str = "ok"

    def __post_init__(self) -> None:
        refuse_non_finite(self.latitude, self.longitude, self.horizontal_error_m, self.dilution)

    @property
    def position(self) -> Position | None:
        """The position if it was read well, else None."""
        if self.status != "ok" or self.latitude is None or self.longitude is None:
            return None
        if abs(self.latitude) > 90 or abs(self.longitude) > 180:
            return None
        return Position(latitude=self.latitude, longitude=self.longitude)


@dataclass(frozen=True, slots=True)
class FileTime:
    """One capture time that the file states: as much of naive local time, offset and UTC as it gives.

    `local_naive` is ISO 8601 without an offset; `offset_min` is local minus UTC; `basis` names the tag or
    how the offset is known.
    """

    local_naive: str | None = None
    offset_min: int | None = None
    utc: datetime | None = None
    basis: str = ""

    def __post_init__(self) -> None:
        if self.utc is not None:
            if self.utc.utcoffset() is None:
                raise ValueError("a UTC time needs its offset; a naive time belongs in local_naive")
            # The years 1 and 9999 occur in broken files; converting those could overflow.
            if FIRST_YEAR <= self.utc.year <= LAST_YEAR:
                object.__setattr__(self, "utc", self.utc.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A named place; `radius_m` is how far it reaches around its position, None when nobody said."""

    name: str
    position: Position | None = None
    radius_m: float | None = None

    def __post_init__(self) -> None:
        refuse_non_finite(self.radius_m)


@dataclass(frozen=True, slots=True)
class SiblingGeolocation:
    """Another geolocation of the same item. `role` says what `position` is: `camera` or `subject`."""

    reference: str
    author: str
    state: str
    position: Position
    uncertainty_m: float
    role: str = "camera"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.uncertainty_m) and self.uncertainty_m > 0):
            raise ValueError("an uncertainty is a finite number of metres above 0")


@dataclass(frozen=True, slots=True)
class Posting:
    """When the item was published first, as far as known: an aware moment, or a date and no more.

    `precision_s` is how exactly the moment is known. `id_utc` is the time hidden in the post's id, with the
    unit that the id counts in.
    """

    posted: date | datetime
    basis: str = ""
    precision_s: float | None = None
    id_utc: datetime | None = None
    id_precision_s: float | None = None

    def __post_init__(self) -> None:
        refuse_non_finite(self.precision_s, self.id_precision_s)
        if self.id_utc is not None:
            object.__setattr__(self, "id_utc", in_utc(self.id_utc))
        if isinstance(self.posted, datetime):
            object.__setattr__(self, "posted", in_utc(self.posted))
        elif not FIRST_YEAR <= self.posted.year <= LAST_YEAR:
            raise ValueError(f"a posting lies between {FIRST_YEAR} and {LAST_YEAR}")


@dataclass(frozen=True, slots=True)
class Resected:
    """Where landmarks say that the camera stood, as the resection found it.

    `semi_major_m` is that axis of the ellipse that holds the truth 95 times in 100; `worst_residual_deg` the
    largest residual of a landmark that was used. `is_weak` means that the geometry cannot tell.
    """

    position: Position
    semi_major_m: float
    landmarks: int
    worst_residual_deg: float
    heading_deg: float | None = None
    is_weak: bool = False

    def __post_init__(self) -> None:
        refuse_non_finite(self.semi_major_m, self.worst_residual_deg, self.heading_deg)
        if self.semi_major_m <= 0:
            raise ValueError("an ellipse has an axis above 0")


@dataclass(frozen=True, slots=True)
class Twin:
    """Another item whose picture looks like this one's, and one place where it was put.

    `kind` and `score` are the likeness's own; `role` says what `position` is: `camera` or `subject`.
    """

    item: str
    reference: str
    state: str
    position: Position
    uncertainty_m: float
    role: str = "camera"
    kind: str = ""
    score: float | None = None

    def __post_init__(self) -> None:
        refuse_non_finite(self.score)
        if not (math.isfinite(self.uncertainty_m) and self.uncertainty_m > 0):
            raise ValueError("an uncertainty is a finite number of metres above 0")


@dataclass(frozen=True, slots=True)
class Recording:
    """Another recording by the same device or the same source: where its camera was, and when.

    `tie` says what joins the two, `device` or `source`; `name` is the device or the source in words.
    """

    item: str
    tie: str
    name: str
    position: Position
    uncertainty_m: float
    captured: Interval

    def __post_init__(self) -> None:
        if not (math.isfinite(self.uncertainty_m) and self.uncertainty_m > 0):
            raise ValueError("an uncertainty is a finite number of metres above 0")


@dataclass(frozen=True, slots=True)
class Event:
    """What a claim says that the item shows, and the days that it names; either may be open."""

    claim: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many unrelated items of the investigation stand on exactly the same numbers."""

    role: str
    items: int


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for a naive one and for years without recordings."""
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its offset from UTC")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a moment lies between the years {FIRST_YEAR} and {LAST_YEAR}")
    return moment.astimezone(UTC)


def refuse_non_finite(*numbers: float | None) -> None:
    """Raises ValueError for NaN and infinity."""
    if any(number is not None and not math.isfinite(number) for number in numbers):
        raise ValueError("an unknown number is None, never NaN or infinity")
