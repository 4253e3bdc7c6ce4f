"""What a row of somebody else's file says, or why it was refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a row is refused or doubtful. The values are stored and published: never rename one."""

    NO_LINK = "no_link"
    NO_POSITION = "no_position"
    POSITION_UNREADABLE = "position_unreadable"
    OUT_OF_RANGE = "out_of_range"
    AXES_SWAPPED = "axes_swapped"
    TOO_MANY_COLUMNS = "too_many_columns"
    NOT_A_ROW = "not_a_row"
    NUL_CHARACTER = "nul_character"
    ZERO_POSITION = "zero_position"
    DECIMAL_COMMA = "decimal_comma"
    DATE_UNREADABLE = "date_unreadable"
    DATE_AMBIGUOUS = "date_ambiguous"
    DATE_FALLBACK = "date_fallback"
    YEAR_UNLIKELY = "year_unlikely"
    SOURCE_DANGLING = "source_dangling"
    UNCERTAINTY_UNREADABLE = "uncertainty_unreadable"
    TEXT_DAMAGED = "text_damaged"
    PATH = "path"
    ID_TWICE = "id_twice"
    FILE_MISSING = "file_missing"
    FILE_DAMAGED = "file_damaged"
    FILE_PATH = "file_path"
    FILE_TOO_LARGE = "file_too_large"
    UNPACKS_TOO_FAR = "unpacks_too_far"
    DIGEST_DIFFERS = "digest_differs"


class FileUnreadable(ValueError):
    """The file as a whole cannot be read in this format; the message is one plain English sentence."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that gives no point: its number from 1, the row as far as it was read, and why."""

    number: int
    row: Mapping[str, Any]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One point of theirs. WGS 84 degrees; uncertainty in metres where the publisher obscures positions.

    Without a position it is a recording alone, in formats that have such rows.
    `captured_on` is a date and no more, `captured_at` an aware moment; never both. `private` is what only
    people who may edit see (device and network); it is part of the row's digest all the same.
    """

    number: int
    upstream_id: str
    row: Mapping[str, Any]
    digest: str
    latitude: float | None
    longitude: float | None
    as_typed: str
    uncertainty_m: float | None = None
    captured_on: date | None = None
    captured_at: datetime | None = None
    title: str = ""
    description: str = ""
    links: tuple[str, ...] = ()
    source_name: str = ""
    tags: tuple[str, ...] = ()
    archived_url: str = ""
    # Who published each link, where the file says so: (link, name).
    publishers: tuple[tuple[str, str], ...] = ()
    is_sensitive: bool = False
    doubts: tuple[Reason, ...] = ()
    private: Mapping[str, Any] | None = None


_ENCODE = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=str
).encode


def row_text(row: Mapping[str, Any]) -> str:
    """The row as canonical JSON: sorted keys, no spaces. ValueError for a number that is not finite."""
    return _ENCODE(row)


def row_digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON in UTF-8, 64 hexadecimal digits."""
    return text_digest(row_text(row))


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8; ValueError for half a surrogate pair."""
    return hashlib.sha256(text.encode()).hexdigest()
