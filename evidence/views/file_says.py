"""What the readers found in one file, arranged for the page: values with their sources, and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from evidence.metadata.base import MetadataReading as Said
from evidence.models import FileRole, MediaFile, MetadataReading, ReadingState
from evidence.services.readers.registry import CREDENTIALS, EXIFTOOL, PIXELS, READERS, WALKER
from evidence.storage import media_storage
from evidence.views.credentials import ShownCredentials, credentials_shown
from evidence.views.file_facts import Fact, ShownEdit, edits_of, facts_of
from evidence.views.file_map import Drawing, drawing_of
from evidence.views.file_when import ShownTime, clocks_apart, shown_time
from evidence.views.file_where import (
    Destination,
    ShownPosition,
    destination,
    direction,
    movement,
    shown_position,
)
from evidence.views.second_opinion import SecondOpinion, second_opinion


@dataclass(frozen=True, kw_only=True)
class ReadingLine:
    """One reader's state of work on a file."""

    label: str
    reading: MetadataReading

    @property
    def shows_sentence(self) -> bool:
        """What other readers say is said elsewhere on the page; those of long work say it here."""
        reader = READERS[self.reading.reader]
        if reader.is_said_elsewhere or not reader.tells_progress:
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
    movement: str = ""
    destination: Destination | None = None
    drawing: Drawing | None = None
    captured: ShownTime | None = None
    captured_why: str = ""
    times: tuple[ShownTime, ...] = ()
    facts: tuple[Fact, ...] = ()
    is_georeferenced: bool = False
    serials: tuple[str, ...] = ()
    content_identifier: str = ""
    acquired: ShownTime | None = None
    warnings: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()  # what we found by comparing what the file says
    editing: tuple[str, ...] = ()
    history: tuple[ShownEdit, ...] = ()
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
    return FileSays(**frame, **_where(said), **_when(said), **_what(said, walker, media_file, pixels))


def _where(said: Said) -> dict[str, Any]:
    preferred = said.preferred_position
    return {
        "position": shown_position(preferred, True) if preferred else None,
        "positions": tuple(shown_position(each, each == preferred) for each in said.positions),
        "position_why": said.preferred_why,
        "heading": direction(said.heading_deg, said.heading_reference),
        "movement": movement(said),
        "destination": destination(said),
        "drawing": drawing_of(said),
        "is_georeferenced": said.geotiff is not None,
    }


def _when(said: Said) -> dict[str, Any]:
    times = tuple(shown_time(each, each == said.captured) for each in said.times)
    acquired = said.geotiff.acquired if said.geotiff else None
    return {
        "captured": shown_time(said.captured, True) if said.captured else None,
        "captured_why": said.captured_why,
        "times": tuple(time for time in times if time is not None),
        "acquired": shown_time(acquired, False) if acquired else None,
        "computed": tuple(clocks_apart(said)),
    }


def _what(
    said: Said, walker: MetadataReading, media_file: MediaFile, pixels: MetadataReading | None
) -> dict[str, Any]:
    is_nothing = walker.state == ReadingState.NOTHING_FOUND and not said.warnings
    return {
        "facts": tuple(facts_of(said, media_file, pixels)),
        "serials": said.serials,
        "content_identifier": said.content_identifier or "",
        "warnings": tuple(dict.fromkeys((*said.warnings, *_pixel_warnings(pixels)))),
        # A history that is shown step by step is not listed as signs once more.
        "editing": tuple(
            sign for sign in said.editing if not (said.history and sign.startswith("XMP history:"))
        ),
        "history": edits_of(said),
        "nothing": walker.sentence if is_nothing else "",
    }


def _pixel_warnings(pixels: MetadataReading | None) -> tuple[str, ...]:
    return tuple(pixels.fields.get("warnings", ())) if pixels and pixels.fields else ()


def collected(item_files: list[MediaFile]) -> list[MediaFile]:
    """The originals and copies among an item's files."""
    return [each for each in item_files if each.role in (FileRole.ORIGINAL, FileRole.COPY)]
