"""Positions, dates and links as other people's files write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from geolocation.checks.inputs import FIRST_YEAR, LAST_YEAR
from geolocation.coordinates.outcome import Parsed, RefusalReason
from geolocation.coordinates.parse import parse_position
from geolocation.importers.formats.row import Reason

PLAIN_NUMBER = re.compile(r"[-+]?\d{1,3}(?:\.\d+)?")
_COMMA = re.compile(r"[-+]?\d{1,3},\d+")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_PAIR = re.compile(r"([-+]?\d{1,3}(?:\.\d+)?)(?:\s*[,;]\s*|\s+)([-+]?\d{1,3}(?:\.\d+)?)")
MONTH_FIRST, DAY_FIRST = "month_first", "day_first"
_DAY_MONTH = re.compile(r"(\d{1,2}) ([A-Z]{3})[A-Z]* (\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LINK = re.compile(r"https?://[^\s<>\"'\]|]+", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_VALUE = 200
MOST_METRES = 20_100_000


@dataclass(frozen=True, slots=True)
class Place:
    """A position with what is doubtful about it, or `refused` and no position."""

    latitude: float = 0.0
    longitude: float = 0.0
    as_typed: str = ""
    doubt: Reason | None = None
    refused: Reason | None = None


def read_place(latitude: Any, longitude: Any) -> Place:
    """Two values as given: numbers, decimal text, or any notation the one parser takes. Never guesses."""
    first, second = _text(latitude), _text(longitude)
    if not first or not second:
        return Place(refused=Reason.NO_POSITION)
    doubt = None
    typed = f"{first}, {second}"
    if _COMMA.fullmatch(first) or _COMMA.fullmatch(second):
        first, second, doubt = first.replace(",", "."), second.replace(",", "."), Reason.DECIMAL_COMMA
    if PLAIN_NUMBER.fullmatch(first) and PLAIN_NUMBER.fullmatch(second):
        return _in_range(float(first), float(second), typed, doubt)
    if len(first) > _LONGEST_VALUE or len(second) > _LONGEST_VALUE:
        return Place(refused=Reason.POSITION_UNREADABLE)
    return _parsed(f"{first}, {second}", typed, doubt)


def read_place_text(text: Any, *, longitude_first: bool = False) -> Place:
    """One text that holds both values, through the one parser.

    `longitude_first` is about two bare numbers alone: letters and other notations say their order themselves.
    """
    typed = _text(text)
    if longitude_first and (pair := _PAIR.fullmatch(typed.strip("()[] "))):
        return _in_range(float(pair[2]), float(pair[1]), typed, None)
    return _parsed(typed, typed, None) if typed else Place(refused=Reason.NO_POSITION)


def _parsed(text: str, typed: str, doubt: Reason | None) -> Place:
    outcome = parse_position(text)
    if isinstance(outcome, Parsed):
        return _in_range(outcome.position.latitude, outcome.position.longitude, typed, doubt)
    out = outcome.reason == RefusalReason.OUT_OF_RANGE
    return Place(refused=Reason.OUT_OF_RANGE if out else Reason.POSITION_UNREADABLE)


def _in_range(latitude: float, longitude: float, typed: str, doubt: Reason | None) -> Place:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        swapped = abs(longitude) <= 90 < abs(latitude) <= 180
        return Place(refused=Reason.AXES_SWAPPED if swapped else Reason.OUT_OF_RANGE)
    if latitude == 0 and longitude == 0:
        doubt = Reason.ZERO_POSITION
    return Place(latitude, longitude, typed, doubt)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return f"{value:.15g}" if "e" in repr(value) and abs(value) >= 1e-5 else f"{value!r}"
    return str(value).strip()


@dataclass(frozen=True, slots=True)
class When:
    """A date and no more, or an aware moment; or neither with what is doubtful."""

    on: date | None = None
    at: datetime | None = None
    doubt: Reason | None = None


def read_when(value: Any, *, order: str = MONTH_FIRST) -> When:
    """ISO 8601, `DD MON YYYY`, milliseconds since 1970, or M/D/YYYY as `order` says; without one, a date
    that could be two days is a doubt. A time without offset gives its date."""
    if isinstance(value, datetime):
        return _checked(When(at=value) if value.tzinfo else When(on=value.date()))
    if isinstance(value, date):
        return _checked(When(on=value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _milliseconds(value)
    text = str(value or "").strip()
    if not text:
        return When()
    try:
        return _checked(_read(text, order))
    except (ValueError, OverflowError):
        return When(doubt=Reason.DATE_UNREADABLE)


def _read(text: str, order: str) -> When:
    if _ISO_DATE.fullmatch(text):
        return When(on=date.fromisoformat(text))
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(int(found[1]), int(found[3]), int(found[4]), order)
    if found := _DAY_MONTH.match(text):
        return When(on=date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1])))
    moment = datetime.fromisoformat(text)
    return When(at=moment) if moment.tzinfo else When(on=moment.date())


def _of_numbers(first: int, second: int, year: int, order: str) -> When:
    if order == MONTH_FIRST:
        return When(on=date(year, first, second))
    if order == DAY_FIRST:
        return When(on=date(year, second, first))
    if first <= 12 and second <= 12 and first != second:
        return When(doubt=Reason.DATE_AMBIGUOUS)
    day, month = (first, second) if first > 12 else (second, first)
    return When(on=date(year, month, day))


def read_metres(value: Any) -> float | None:
    """A radius in metres, more than nothing and less than half way round the earth; else None."""
    try:
        metres = float(str(value).strip().removesuffix("m"))
    except ValueError:
        return None
    return metres if 0 < metres < MOST_METRES else None


def _milliseconds(value: float) -> When:
    try:
        return _checked(When(at=_EPOCH + timedelta(milliseconds=value)))
    except (ValueError, OverflowError):
        return When(doubt=Reason.DATE_UNREADABLE)


def _checked(when: When) -> When:
    moment = when.on or when.at
    if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return When(doubt=Reason.YEAR_UNLIKELY)
    return when


def read_links(*values: Any) -> tuple[str, ...]:
    """Every web link in these texts or lists, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        parts = value if isinstance(value, list | tuple) else [value]
        for part in parts:
            if part and isinstance(part, str):
                found.update(dict.fromkeys(link.rstrip(".,;)") for link in _LINK.findall(part)))
    return tuple(found)


def read_list(value: Any) -> tuple[str, ...]:
    """A list, or a text of items separated by commas."""
    parts = value if isinstance(value, list | tuple) else str(value or "").split(",")
    return tuple(text for part in parts if (text := str(part or "").strip()))
