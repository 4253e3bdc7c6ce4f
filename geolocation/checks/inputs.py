"""Everything that checks read about one revision, frozen, and its exact passage through JSON.

A check run keeps the inputs it read beside its verdict, so that years later the same verdict can be computed
again from the stored row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geolocation import geodesy
from geolocation.checks.given import (
    FIRST_YEAR,
    LAST_YEAR,
    LIGHTS_SEEN,
    Crowd,
    Event,
    FileFix,
    FileTime,
    Interval,
    NamedPoint,
    PlacedPoint,
    Posting,
    Recording,
    Resected,
    Shadow,
    SiblingGeolocation,
    Twin,
    refuse_non_finite,
)
from geolocation.coordinates.position import Position

JsonObject = dict[str, Any]

__all__ = ["FIRST_YEAR", "LAST_YEAR", "CheckInputs", "JsonObject", "encode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInputs:
    """One revision and everything around it that a check may compare it with.

    `area` is where the investigation looks: outer rings, each closed by itself. `captured_on` is a date and
    no more, as the person gave it; `light_seen` is what the person sees in the media.
    """

    camera: PlacedPoint | None = None
    subject: PlacedPoint | None = None
    subject_area: tuple[Position, ...] | None = None
    bearing_deg: float | None = None
    field_of_view_deg: float | None = None
    captured: Interval | None = None
    captured_on: date | None = None
    light_seen: str | None = None
    shadow: Shadow | None = None
    resected: Resected | None = None
    file_fixes: tuple[FileFix, ...] = ()
    preferred_fix: int | None = None
    file_heading_deg: float | None = None
    file_heading_reference: str | None = None
    file_times: tuple[FileTime, ...] = ()
    claim_places: tuple[NamedPoint, ...] = ()
    item_place: NamedPoint | None = None
    events: tuple[Event, ...] = ()
    area: tuple[tuple[Position, ...], ...] = ()
    siblings: tuple[SiblingGeolocation, ...] = ()
    twins: tuple[Twin, ...] = ()
    recordings: tuple[Recording, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    earliest_posting: Posting | None = None
    # Placed by people who had not seen this proposal: those of its closed blind round.
    blind_seconds: tuple[SiblingGeolocation, ...] = ()

    def __post_init__(self) -> None:
        refuse_non_finite(self.bearing_deg, self.field_of_view_deg, self.file_heading_deg)
        if self.field_of_view_deg is not None and not 0 < self.field_of_view_deg <= 360:
            raise ValueError("a field of view is above 0 and at most 360 degrees")
        if self.file_heading_reference not in {None, "true", "magnetic"}:
            raise ValueError("a heading refers to true or magnetic north, or it is not known (None)")
        if self.light_seen is not None and self.light_seen not in LIGHTS_SEEN:
            raise ValueError("the light seen is day, twilight or night, or it is not known (None)")
        if self.preferred_fix is not None and not 0 <= self.preferred_fix < len(self.file_fixes):
            raise ValueError("the preferred fix is not one of the file's fixes")
        if self.captured_on is not None and not FIRST_YEAR <= self.captured_on.year <= LAST_YEAR:
            raise ValueError(f"a recording is made between {FIRST_YEAR} and {LAST_YEAR}")
        if self.subject_area:
            geodesy.centre(self.subject_area)  # refuses an area around the whole globe

    def to_json(self, fields: Iterable[str] | None = None) -> JsonObject:
        """A JSON-safe object from which `from_json` makes equal inputs; only `fields` of them if given."""
        names = self.__dataclass_fields__ if fields is None else fields
        return {name: encode(getattr(self, name)) for name in names}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CheckInputs:
        """The inputs that `to_json` wrote; what is not in them is unknown.

        Raises KeyError, TypeError or ValueError for anything else.
        """
        return cls(**{name: _decoded(name, value) for name, value in data.items()})


def encode(value: object) -> Any:
    """Inputs, or any part of them, as JSON-safe values: dataclasses as objects, times in ISO 8601."""
    if isinstance(value, (float, str, int)) or value is None:
        return value
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is not None:
        return {name: encode(getattr(value, name)) for name in fields}
    return value


def _decoded(name: str, value: Any) -> Any:
    decode = _DECODERS.get(name)
    return value if decode is None or value is None else decode(value)


def _position(data: Mapping[str, Any]) -> Position:
    return Position(latitude=data["latitude"], longitude=data["longitude"])


def _with(kind: type[Any], **decoders: Callable[[Any], Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Decodes one object of `kind` whose named parts need decoding themselves; null stays None."""

    def decode(data: Mapping[str, Any]) -> Any:
        parts = {
            name: decoders[name](value) if name in decoders and value is not None else value
            for name, value in data.items()
        }
        return kind(**parts)

    return decode


def _many(decode: Callable[[Any], Any]) -> Callable[[Iterable[Any]], tuple[Any, ...]]:
    return lambda values: tuple(decode(value) for value in values)


def _day_or_moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


_placed = _with(PlacedPoint, position=_position)
_interval = _with(Interval, start_utc=datetime.fromisoformat, end_utc=datetime.fromisoformat)
_named = _with(NamedPoint, position=_position)

_DECODERS: dict[str, Callable[[Any], Any]] = {
    "camera": _placed,
    "subject": _placed,
    "subject_area": _many(_position),
    "captured": _interval,
    "captured_on": date.fromisoformat,
    "shadow": _with(Shadow),
    "resected": _with(Resected, position=_position),
    "file_fixes": _many(_with(FileFix)),
    "file_times": _many(_with(FileTime, utc=datetime.fromisoformat)),
    "claim_places": _many(_named),
    "item_place": _named,
    "events": _many(_with(Event, first_day=date.fromisoformat, last_day=date.fromisoformat)),
    "area": _many(_many(_position)),
    "siblings": _many(_with(SiblingGeolocation, position=_position)),
    "blind_seconds": _many(_with(SiblingGeolocation, position=_position)),
    "twins": _many(_with(Twin, position=_position)),
    "recordings": _many(_with(Recording, position=_position, captured=_interval)),
    "crowds": _many(_with(Crowd)),
    "earliest_posting": _with(Posting, posted=_day_or_moment, id_utc=datetime.fromisoformat),
}
