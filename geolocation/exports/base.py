"""What an export is made of: rows, the context around them, and chunks of bytes.

Every format takes any iterable of PointRow, reads it once and never holds more than one chunk, so that an
export of a million points needs no more memory than one of ten.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

PositionRole = Literal["camera", "subject", "area"]

#: Small enough to reach the client at once, large enough that the cost per chunk disappears.
CHUNK_SIZE_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Edges in degrees, WGS 84; west is greater than east across the antimeridian (RFC 7946, 5.2)."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class PointRow:
    """One verified point, as it may be disclosed.

    Positions are in degrees, WGS 84. `position_role` says what stands at `latitude, longitude`; where
    `disclosure` is generalised, the position lies somewhere within `uncertainty_m` of it. A capture
    known only by its day is `captured_on`, never a time. Unknown text is "" and every other unknown is None.
    Raises ValueError for a position outside the globe and for a time without an offset.
    """

    id: str
    investigation: str
    reference: str
    media_reference: str
    title: str
    kind: str
    latitude: float
    longitude: float
    uncertainty_m: float | None
    position_role: PositionRole
    disclosure: Literal["exact", "generalised"]
    camera_latitude: float | None
    camera_longitude: float | None
    subject_latitude: float | None
    subject_longitude: float | None
    place_name: str
    captured_from_utc: datetime | None
    captured_to_utc: datetime | None
    captured_on: date | None
    claims: tuple[str, ...]
    source_url: str
    licence: str
    attribution: str
    revision: int
    verified_at_utc: datetime
    verified_by: tuple[str, ...]
    updated_at_utc: datetime

    def __post_init__(self) -> None:
        # Written so that NaN fails too: JSON would silently turn it into null.
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"Point {self.id} lies outside the globe: {self.latitude}, {self.longitude}.")
        for moment in (
            self.captured_from_utc,
            self.captured_to_utc,
            self.verified_at_utc,
            self.updated_at_utc,
        ):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError(f"Point {self.id} has a time without an offset: {moment.isoformat()}.")


@dataclass(frozen=True, slots=True)
class ExportContext:
    """What a reader must know of the whole file: whose it is, under which licence, and what was asked for."""

    title: str
    attribution: str
    licence: str
    filter_text: str
    generated_at_utc: datetime

    @property
    def members(self) -> dict[str, str]:
        """What every file says of itself, by the names that it says it under."""
        return {
            "title": self.title,
            "attribution": self.attribution,
            "licence": self.licence,
            "filter": self.filter_text,
            "generated_at": utc_text(self.generated_at_utc),
        }

    @property
    def description(self) -> str:
        """The same without the title, a line each, for formats that have a title and a description."""
        return "\n".join(f"{name}: {value}" for name, value in self.members.items() if name != "title")


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z, for example 2023-09-21T05:43:29.922Z; a fraction only when there is one.

    Raises ValueError for a time without an offset.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no offset, so its UTC is unknown.")
    utc = moment.astimezone(UTC)
    if not utc.microsecond:
        timespec = "seconds"
    else:
        timespec = "microseconds" if utc.microsecond % 1000 else "milliseconds"
    return utc.isoformat(timespec=timespec).removesuffix("+00:00") + "Z"


def optional_utc_text(moment: datetime | None) -> str | None:
    """As `utc_text`; an unknown time stays None."""
    return None if moment is None else utc_text(moment)


def in_chunks(pieces: Iterable[bytes], *, size_bytes: int = CHUNK_SIZE_BYTES) -> Iterator[bytes]:
    """Join small pieces into chunks of at least `size_bytes`; only the last may be smaller."""
    gathered: list[bytes] = []
    gathered_bytes = 0
    for piece in pieces:
        gathered.append(piece)
        gathered_bytes += len(piece)
        if gathered_bytes >= size_bytes:
            yield b"".join(gathered)
            gathered.clear()
            gathered_bytes = 0
    if gathered_bytes:
        yield b"".join(gathered)
