"""Everything that checks read, frozen, and its exact passage through JSON.

A check run keeps these inputs beside its verdict, so that years later the same verdict can be computed
again from the stored row. Unknown is `None`; a number that is not finite is refused. Degrees, metres and
minutes as the names say; moments are aware and kept in UTC; a date is a date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from geolocation import geodesy
from geolocation.coordinates.position import Position

JsonObject = dict[str, Any]

# The first photograph is of 1826-27, and nothing is captured or posted in the far future. Outside these
# years a time is a typing error, and arithmetic with offsets could leave the calendar.
FIRST_YEAR, LAST_YEAR = 1826, 2200


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
        object.__setattr__(self, "start_utc", _in_utc(self.start_utc))
        object.__setattr__(self, "end_utc", _in_utc(self.end_utc))
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
        _refuse_non_finite(self.latitude, self.longitude, self.horizontal_error_m, self.dilution)

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
        _refuse_non_finite(self.radius_m)


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
    """When the item was published first, as far as known: an aware moment, or a date and no more."""

    posted: date | datetime
    basis: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.posted, datetime):
            object.__setattr__(self, "posted", _in_utc(self.posted))
        elif not FIRST_YEAR <= self.posted.year <= LAST_YEAR:
            raise ValueError(f"a posting lies between {FIRST_YEAR} and {LAST_YEAR}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInputs:
    """One revision and everything around it that a check may compare it with."""

    camera: PlacedPoint | None = None
    subject: PlacedPoint | None = None
    subject_area: tuple[Position, ...] | None = None
    bearing_deg: float | None = None
    field_of_view_deg: float | None = None
    captured: Interval | None = None
    file_fixes: tuple[FileFix, ...] = ()
    preferred_fix: int | None = None
    file_heading_deg: float | None = None
    file_heading_reference: str | None = None
    file_times: tuple[FileTime, ...] = ()
    claim_places: tuple[NamedPoint, ...] = ()
    item_place: NamedPoint | None = None
    siblings: tuple[SiblingGeolocation, ...] = ()
    earliest_posting: Posting | None = None

    def __post_init__(self) -> None:
        _refuse_non_finite(self.bearing_deg, self.field_of_view_deg, self.file_heading_deg)
        if self.field_of_view_deg is not None and not 0 < self.field_of_view_deg <= 360:
            raise ValueError("a field of view is above 0 and at most 360 degrees")
        if self.file_heading_reference not in {None, "true", "magnetic"}:
            raise ValueError("a heading refers to true or magnetic north, or it is not known (None)")
        if self.preferred_fix is not None and not 0 <= self.preferred_fix < len(self.file_fixes):
            raise ValueError("the preferred fix is not one of the file's fixes")
        if self.subject_area:
            geodesy.centre(self.subject_area)  # refuses an area around the whole globe

    def to_json(self) -> JsonObject:
        """A JSON-safe object from which `from_json` makes equal inputs."""
        encoded = encode(self)
        assert isinstance(encoded, dict)  # noqa: S101  a dataclass encodes as an object
        return encoded

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CheckInputs:
        """The inputs that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        heading, reference = data["file_heading_deg"], data["file_heading_reference"]
        return cls(
            camera=_placed(data["camera"]),
            subject=_placed(data["subject"]),
            subject_area=_area(data["subject_area"]),
            bearing_deg=data["bearing_deg"],
            field_of_view_deg=data["field_of_view_deg"],
            captured=_interval(data["captured"]),
            file_fixes=tuple(FileFix(**fix) for fix in data["file_fixes"]),
            preferred_fix=data["preferred_fix"],
            file_heading_deg=heading,
            file_heading_reference=reference,
            file_times=tuple(_file_time(time) for time in data["file_times"]),
            claim_places=tuple(_named(place) for place in data["claim_places"]),
            item_place=_named(data["item_place"]) if data["item_place"] is not None else None,
            siblings=tuple(_sibling(sibling) for sibling in data["siblings"]),
            earliest_posting=_posting(data["earliest_posting"]),
        )


def encode(value: object) -> Any:
    """Inputs, or any part of them, as JSON-safe values: dataclasses as objects, times in ISO 8601."""
    if isinstance(value, Position):
        return {"latitude": value.latitude, "longitude": value.longitude}
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is not None:
        return {name: encode(getattr(value, name)) for name in fields}
    return value


def _position(data: Mapping[str, Any]) -> Position:
    return Position(latitude=data["latitude"], longitude=data["longitude"])


def _placed(data: Mapping[str, Any] | None) -> PlacedPoint | None:
    return None if data is None else PlacedPoint(**{**data, "position": _position(data["position"])})


def _area(data: list[Mapping[str, Any]] | None) -> tuple[Position, ...] | None:
    return None if data is None else tuple(_position(vertex) for vertex in data)


def _interval(data: Mapping[str, Any] | None) -> Interval | None:
    if data is None:
        return None
    start, end = (datetime.fromisoformat(data[name]) for name in ("start_utc", "end_utc"))
    return Interval(start_utc=start, end_utc=end, basis=data["basis"])


def _file_time(data: Mapping[str, Any]) -> FileTime:
    utc = data["utc"]
    return FileTime(**{**data, "utc": None if utc is None else datetime.fromisoformat(utc)})


def _named(data: Mapping[str, Any]) -> NamedPoint:
    position = data["position"]
    return NamedPoint(**{**data, "position": None if position is None else _position(position)})


def _sibling(data: Mapping[str, Any]) -> SiblingGeolocation:
    return SiblingGeolocation(**{**data, "position": _position(data["position"])})


def _posting(data: Mapping[str, Any] | None) -> Posting | None:
    if data is None:
        return None
    text = data["posted"]
    posted = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return Posting(posted=posted, basis=data["basis"])


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its offset from UTC")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a moment lies between the years {FIRST_YEAR} and {LAST_YEAR}")
    return moment.astimezone(UTC)


def _refuse_non_finite(*numbers: float | None) -> None:
    if any(number is not None and not math.isfinite(number) for number in numbers):
        raise ValueError("an unknown number is None, never NaN or infinity")
