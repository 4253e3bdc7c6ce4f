"""What the readers found in one file, arranged for the page: values with their sources, and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata.base import (
    FilePosition,
    FileTime,
    PositionStatus,
    TimeBasis,
)
from evidence.metadata.base import MetadataReading as Said
from evidence.models import FileRole, MediaFile, MetadataReading, ReadingState
from evidence.services.readers.registry import CREDENTIALS, EXIFTOOL, PIXELS, READERS, WALKER
from evidence.storage import media_storage
from evidence.views.credentials import ShownCredentials, credentials_shown
from evidence.views.file_facts import Fact, facts_of
from evidence.views.second_opinion import SecondOpinion, second_opinion

_QUARTER_S = 15 * 60
_CLOCK_SLACK_S = 2 * 60

TIME_BASIS: dict[TimeBasis, str | Promise] = {
    TimeBasis.GPS: gettext_lazy("satellite time"),
    TimeBasis.OFFSET_TAG: gettext_lazy("camera clock, offset written beside it"),
    TimeBasis.INFERRED_OFFSET: gettext_lazy("camera clock, offset inferred from GPS"),
    TimeBasis.NAIVE_LOCAL: gettext_lazy("camera clock"),
    TimeBasis.UTC_CONTAINER: gettext_lazy("written by the device as UTC"),
    TimeBasis.FILE: gettext_lazy("when the file was last changed"),
}
POSITION_PROBLEM: dict[PositionStatus, str | Promise] = {
    PositionStatus.NULL_ISLAND: gettext_lazy("0, 0: written when a device had no fix. Not a position."),
    PositionStatus.MISSING_REFERENCE: gettext_lazy(
        "Without its north/south or east/west letter. Two or four places are possible, so none is taken."
    ),
    PositionStatus.OUT_OF_RANGE: gettext_lazy("Outside the globe. Not a position."),
    PositionStatus.NOT_A_NUMBER: gettext_lazy("Not a number. Not a position."),
    PositionStatus.INCOMPLETE: gettext_lazy("Only half of a position."),
}


@dataclass(frozen=True, kw_only=True)
class ShownTime:
    """One time as the page's time fragment takes it."""

    value: datetime
    text: str
    is_naive: bool
    basis: str
    source: str
    raw: str
    is_preferred: bool


@dataclass(frozen=True, kw_only=True)
class ShownPosition:
    """One position with where in the file it stands, or why it is not used."""

    latitude: float | None
    longitude: float | None
    uncertainty_m: float | None
    source: str
    raw: str
    problem: str
    is_preferred: bool


@dataclass(frozen=True, kw_only=True)
class ReadingLine:
    """One reader's state of work on a file."""

    label: str
    reading: MetadataReading

    @property
    def shows_sentence(self) -> bool:
        """What the walker and the pixels say is said elsewhere on the page; the others say it here."""
        if self.reading.reader in (WALKER, PIXELS):
            return False
        return self.reading.state in (ReadingState.DONE, ReadingState.NOTHING_FOUND)


@dataclass(frozen=True, kw_only=True)
class FileSays:
    """One collected file: where its readings stand and what came of them."""

    media_file: MediaFile
    readings: tuple[MetadataReading, ...]
    is_missing: bool
    position: ShownPosition | None = None
    positions: tuple[ShownPosition, ...] = ()
    position_why: str = ""
    heading: str = ""
    captured: ShownTime | None = None
    captured_why: str = ""
    times: tuple[ShownTime, ...] = ()
    facts: tuple[Fact, ...] = ()
    is_georeferenced: bool = False
    warnings: tuple[str, ...] = ()
    editing: tuple[str, ...] = ()
    nothing: str = ""

    def reading_by(self, key: str) -> MetadataReading | None:
        """The row of one reader; None if it was never asked."""
        return next((reading for reading in self.readings if reading.reader == key), None)

    @property
    def walker(self) -> MetadataReading | None:
        return self.reading_by(WALKER)

    @property
    def pixels(self) -> MetadataReading | None:
        return self.reading_by(PIXELS)

    @property
    def credentials_reading(self) -> MetadataReading | None:
        return self.reading_by(CREDENTIALS)

    @cached_property
    def credentials(self) -> ShownCredentials | None:
        """What a signer states in the file, and what the check of it gave."""
        return credentials_shown(self.credentials_reading)

    @property
    def may_hold_credentials(self) -> bool:
        """They were not looked for, in a kind of file that can hold them."""
        return self.credentials_reading is None and READERS[CREDENTIALS].is_wanted(self.media_file)

    @cached_property
    def second(self) -> SecondOpinion:
        """What another reader says beside ours."""
        return second_opinion(self.walker, self.reading_by(EXIFTOOL))

    @property
    def is_unfinished(self) -> bool:
        return any(reading.is_unfinished for reading in self.readings)

    @property
    def is_waiting(self) -> bool:
        """Nobody has begun with any of it."""
        return all(reading.state == ReadingState.WAITING for reading in self.readings)

    @property
    def failures(self) -> list[MetadataReading]:
        """Readings that failed; each can be tried again."""
        return [reading for reading in self.readings if reading.state == ReadingState.FAILED]

    @property
    def lines(self) -> list[ReadingLine]:
        """Each reader of this file with where it stands, in the order of the registry."""
        rows = {reading.reader: reading for reading in self.readings}
        return [
            ReadingLine(label=str(reader.label), reading=rows[key])
            for key, reader in READERS.items()
            if key in rows
        ]

    @property
    def has_answer(self) -> bool:
        return self.walker is not None and self.walker.state in (
            ReadingState.DONE,
            ReadingState.NOTHING_FOUND,
        )


def file_says(media_file: MediaFile) -> FileSays:
    """Arrange what is known of one collected file. Its readings should be prefetched."""
    frame: dict[str, Any] = {
        "media_file": media_file,
        "readings": tuple(media_file.readings.all()),
        "is_missing": not media_storage().path_of(media_file.sha256).exists(),
    }
    bare = FileSays(**frame)
    walker, pixels = bare.walker, bare.pixels
    if walker is None or not walker.fields:
        return FileSays(**frame, warnings=_pixel_warnings(pixels))
    said = Said.from_json({**walker.fields, "raw_tags": []})
    times = tuple(_time(each, each == said.captured) for each in said.times)
    return FileSays(
        **frame,
        position=_position(said.preferred_position, True) if said.preferred_position else None,
        positions=tuple(_position(each, each == said.preferred_position) for each in said.positions),
        position_why=said.preferred_why,
        heading=_heading(said),
        captured=_time(said.captured, True) if said.captured else None,
        captured_why=said.captured_why,
        times=tuple(time for time in times if time is not None),
        facts=tuple(facts_of(said, media_file, pixels)),
        is_georeferenced=said.geotiff is not None,
        warnings=tuple(dict.fromkeys((*said.warnings, *_pixel_warnings(pixels), *_clocks_apart(said)))),
        editing=said.editing,
        nothing=walker.sentence if walker.state == ReadingState.NOTHING_FOUND and not said.warnings else "",
    )


def _pixel_warnings(pixels: MetadataReading | None) -> tuple[str, ...]:
    return tuple(pixels.fields.get("warnings", ())) if pixels and pixels.fields else ()


def _clocks_apart(said: Said) -> list[str]:
    """A camera clock without an offset, and a satellite time that no offset from UTC brings to it."""
    local = said.captured.local if said.captured and said.captured.basis == TimeBasis.NAIVE_LOCAL else None
    satellite = next((each.utc for each in said.times if each.basis == TimeBasis.GPS and each.utc), None)
    if local is None or satellite is None:
        return []
    apart_s = (local - satellite.replace(tzinfo=None)).total_seconds()
    from_quarter_s = abs(apart_s - round(apart_s / _QUARTER_S) * _QUARTER_S)
    if -12 * 3600 <= apart_s <= 14 * 3600 and from_quarter_s <= _CLOCK_SLACK_S:
        return []
    values = {
        "satellite": f"{date_format(satellite, 'j M Y, H:i:s')} UTC",
        "hours": int(abs(apart_s)) // 3600,
        "minutes": int(abs(apart_s)) % 3600 // 60,
    }
    return [
        _(
            "The satellites' time in the same file is %(satellite)s. The camera's clock is %(hours)d h "
            "%(minutes)d min away from it, which no offset from UTC explains."
        )
        % values
    ]


def _position(found: FilePosition, is_preferred: bool) -> ShownPosition:
    usable = found.status == PositionStatus.OK
    return ShownPosition(
        latitude=found.latitude if usable else None,
        longitude=found.longitude if usable else None,
        uncertainty_m=found.horizontal_error_m if usable else None,
        source=found.source,
        raw=found.raw,
        problem=str(POSITION_PROBLEM.get(found.status, "")),
        is_preferred=is_preferred,
    )


def _time(found: FileTime, is_preferred: bool) -> ShownTime | None:
    value = found.utc or found.local
    if value is None:
        return None
    if found.utc is not None and found.offset_min is not None:
        value = found.utc.astimezone(timezone(timedelta(minutes=found.offset_min)))
    text = date_format(value, "j M Y, H:i:s")
    if value.tzinfo is not None:
        text = f"{text} {offset_text(value)}"
    return ShownTime(
        value=value,
        text=text,
        is_naive=value.tzinfo is None,
        basis=str(TIME_BASIS[found.basis]),
        source=found.source,
        raw=found.raw,
        is_preferred=is_preferred,
    )


def offset_text(moment: datetime) -> str:
    """`+04:00`, or `UTC` where the offset is none."""
    text = moment.isoformat()[-6:]
    return "UTC" if text == "+00:00" else text


def _heading(said: Said) -> str:
    if said.heading_deg is None:
        return ""
    degrees = f"{said.heading_deg:.1f}".rstrip("0").rstrip(".")
    reference = {
        "true": _("from true north"),
        "magnetic": _("from magnetic north"),
    }.get(said.heading_reference or "", _("from a north that the file does not name"))
    return f"{degrees}° {reference}"


def collected(item_files: list[MediaFile]) -> list[MediaFile]:
    """The originals and copies among an item's files."""
    return [each for each in item_files if each.role in (FileRole.ORIGINAL, FileRole.COPY)]
