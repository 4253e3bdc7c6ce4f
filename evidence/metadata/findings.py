"""Collects what the walkers find in one file and turns it into a MetadataReading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from .base import (
    EditStep,
    FilePosition,
    FileTime,
    Kind,
    MetadataReading,
    RawTag,
    Thumbnail,
    TimeBasis,
)
from .bounds import DAMAGE, MAX_RAW_CHARACTERS, MAX_RAW_TAGS, MAX_WARNINGS, Budget, FileFault
from .gps import contradiction, prefer_position
from .times import TimeRole, prefer_time

_EDITORS = (
    "photoshop", "lightroom", "gimp", "snapseed", "picsart", "canva", "facetune", "affinity", "capture one",
    "darktable", "luminar", "pixelmator", "paint", "meitu", "vsco", "imagemagick", "lavf", "handbrake",
    "premiere", "after effects", "final cut", "davinci", "capcut", "inshot", "imovie", "vegas",
    "kinemaster",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RankedTime:
    """A time and how good it is as the time of capture: a lower rank is preferred."""

    time: FileTime
    role: TimeRole
    rank: int


class Findings:
    """The sheet that the walkers write on. Lower ranks win; the first of two equals stays."""

    def __init__(self, budget: Budget | None = None, *, keeps_tags: bool = True) -> None:
        self.keeps_tags = keeps_tags
        self.budget = budget or Budget()
        self.positions: list[tuple[int, FilePosition]] = []
        self.times: list[RankedTime] = []
        self.raw_tags: list[RawTag] = []
        self.warnings: list[str] = []
        self.editing: list[str] = []
        self.serials: list[str] = []
        self.history: list[EditStep] = []
        self.thumbnails: list[Thumbnail] = []
        self.keys_error_m: float | None = None  # stands apart from the position that it belongs to
        self.motion_bytes: int | None = None  # how far before the end XMP says that a video begins
        self._fields: dict[str, tuple[int, Any]] = {}

    def offer(self, name: str, value: Any, rank: int = 50) -> None:
        """Propose a value for a field of the reading; None and empty text are not values."""
        if isinstance(value, str):
            value = value.replace("\0", " ").strip()
        if value is None or value == "":
            return
        held = self._fields.get(name)
        if held is None or rank < held[0]:
            self._fields[name] = (rank, value)

    def get(self, name: str) -> Any:
        """What is held for a field so far, or None."""
        held = self._fields.get(name)
        return held[1] if held else None

    def position(self, position: FilePosition | None, rank: int) -> None:
        if position is not None and len(self.positions) < 100:
            self.positions.append((rank, position))

    def time(self, time: FileTime | None, role: TimeRole, rank: int) -> None:
        if time is not None and len(self.times) < 200:
            if role == "change":
                time = replace(time, basis=TimeBasis.FILE)
            self.times.append(RankedTime(time, role, rank))

    def tag(self, group: str, name: str, value: str) -> None:
        if self.keeps_tags and len(self.raw_tags) < MAX_RAW_TAGS:
            self.raw_tags.append(RawTag(group, name, value[:MAX_RAW_CHARACTERS]))

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings and len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(sentence)

    def edited(self, sentence: str) -> None:
        if sentence not in self.editing and len(self.editing) < 100:
            self.editing.append(sentence)

    def serial(self, serial: str) -> None:
        serial = serial.strip("\0 ")
        if serial and serial.strip("0") and serial not in self.serials and len(self.serials) < 20:
            self.serials.append(serial)

    def take_over(self, part: Findings) -> None:
        """What an embedded picture says of the recording; not its size, which is the thumbnail's own."""
        self.positions += part.positions
        self.times += part.times
        for tag in part.raw_tags:
            self.tag(tag.group, tag.name, tag.value)
        for name, (rank, value) in part._fields.items():
            if name not in ("width", "height", "orientation", "motion_video"):
                self.offer(name, value, rank)
        for warning in part.warnings:
            self.warn(warning)

    def program(self, name: str | None, source: str, rank: int) -> None:
        """Software that wrote the file; a known editor among them is an editing trace."""
        if not name:
            return
        self.offer("software", name, rank)
        if any(editor in name.lower() for editor in _EDITORS):
            self.edited(f"{source} names {name}.")

    def guard(self, what: str) -> Guard:
        """``with findings.guard("the EXIF block"):`` turns damage inside into a warning."""
        return Guard(self, what)

    def _with_error(self, position: FilePosition) -> FilePosition:
        if position.source != "QuickTime Keys":
            return position
        return replace(position, horizontal_error_m=self.keys_error_m)

    def reading(self, file_format: str, mime_type: str, kind: Kind) -> MetadataReading:
        """The finished reading, with the preferred position and time and the reason for each."""
        if self.keys_error_m is not None:
            self.positions = [(rank, self._with_error(position)) for rank, position in self.positions]
        preferred, preferred_why = prefer_position(self.positions)
        captured, captured_why = prefer_time([(each.rank, each.role, each.time) for each in self.times])
        if warning := contradiction([position for _, position in self.positions]):
            self.warn(warning)
        if preferred is not None:
            self.offer("altitude_m", preferred.altitude_m)
            self.offer("altitude_reference", preferred.altitude_reference)
        return MetadataReading(
            format=file_format,
            mime_type=mime_type,
            kind=kind,
            positions=tuple(position for _, position in self.positions),
            preferred_position=preferred,
            preferred_why=preferred_why,
            times=tuple(each.time for each in self.times),
            captured=captured,
            captured_why=captured_why,
            serials=tuple(self.serials),
            editing=tuple(self.editing),
            history=tuple(self.history[:200]),
            thumbnails=tuple(self.thumbnails[:20]),
            warnings=tuple(self.warnings),
            raw_tags=tuple(self.raw_tags),
            **{name: value for name, (_, value) in self._fields.items()},
        )


class Guard:
    """Context manager: damage in one part of a file does not lose the others."""

    __slots__ = ("_findings", "_what")

    def __init__(self, findings: Findings, what: str) -> None:
        self._findings = findings
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, DAMAGE):
            return False
        what = self._what[:1].upper() + self._what[1:]
        damaged = f"{what} is damaged; a part of it could not be read."
        self._findings.warn(str(error) if isinstance(error, FileFault) else damaged)
        return True
