"""What the readers found in one file, arranged for the page: values with their sources, and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata.base import (
    FilePosition,
    FileTime,
    PositionStatus,
    RawTag,
    TimeBasis,
)
from evidence.metadata.base import MetadataReading as Said
from evidence.models import FileRole, MediaFile, MetadataReading, ReadingState
from evidence.services.ingest import PIXELS, WALKER, media_storage

MOST_TAGS_SHOWN = 2000

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
class Fact:
    """A plain line: a word and its value."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class FileSays:
    """One collected file: where its readings stand and what came of them."""

    media_file: MediaFile
    walker: MetadataReading | None
    pixels: MetadataReading | None
    is_missing: bool
    position: ShownPosition | None = None
    positions: tuple[ShownPosition, ...] = ()
    position_why: str = ""
    heading: str = ""
    captured: ShownTime | None = None
    captured_why: str = ""
    times: tuple[ShownTime, ...] = ()
    facts: tuple[Fact, ...] = ()
    warnings: tuple[str, ...] = ()
    editing: tuple[str, ...] = ()
    nothing: str = ""
    tags: tuple[RawTag, ...] = ()
    tags_left_out: int = 0

    @property
    def is_unfinished(self) -> bool:
        return any(reading.is_unfinished for reading in (self.walker, self.pixels) if reading)

    @property
    def failures(self) -> list[MetadataReading]:
        """Readings that failed; each can be tried again."""
        return [r for r in (self.walker, self.pixels) if r and r.state == ReadingState.FAILED]

    @property
    def has_answer(self) -> bool:
        return self.walker is not None and self.walker.state in (
            ReadingState.DONE,
            ReadingState.NOTHING_FOUND,
        )


def file_says(media_file: MediaFile) -> FileSays:
    """Arrange what is known of one collected file. Its readings should be prefetched."""
    readings = {reading.reader: reading for reading in media_file.readings.all()}
    walker, pixels = readings.get(WALKER), readings.get(PIXELS)
    frame: dict[str, Any] = {
        "media_file": media_file,
        "walker": walker,
        "pixels": pixels,
        "is_missing": not media_storage().path_of(media_file.sha256).exists(),
    }
    if walker is None or not walker.fields:
        return FileSays(**frame, warnings=_pixel_warnings(pixels))
    said = Said.from_json({**walker.fields, "raw_tags": walker.raw_tags[:MOST_TAGS_SHOWN]})
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
        facts=tuple(_facts(said, media_file, pixels)),
        warnings=tuple(dict.fromkeys((*said.warnings, *_pixel_warnings(pixels)))),
        editing=said.editing,
        nothing=walker.sentence if walker.state == ReadingState.NOTHING_FOUND and not said.warnings else "",
        tags=said.raw_tags,
        tags_left_out=max(0, len(walker.raw_tags) - MOST_TAGS_SHOWN),
    )


def _pixel_warnings(pixels: MetadataReading | None) -> tuple[str, ...]:
    return tuple(pixels.fields.get("warnings", ())) if pixels and pixels.fields else ()


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


def _facts(said: Said, media_file: MediaFile, pixels: MetadataReading | None) -> list[Fact]:
    """The plain lines, only those the file says something for."""
    seen = pixels.fields if pixels and pixels.fields else {}
    width, height = said.width or seen.get("width"), said.height or seen.get("height")
    duration_s = said.duration_s if said.duration_s is not None else seen.get("duration_s")
    lines = [
        (_("Camera"), " ".join(part for part in (said.camera_make, said.camera_model) if part)),
        (_("Lens"), said.lens or ""),
        (_("Software"), said.software or ""),
        (_("Size"), f"{width} × {height} px" if width and height else ""),
        (_("Duration"), duration_text(duration_s) if duration_s is not None else ""),
        (_("Codec"), _codec(said, seen)),
        (_("Altitude"), _altitude(said)),
        (_("Speed"), f"{said.speed_mps:.1f} m/s" if said.speed_mps is not None else ""),
        (_("Lies in"), _raster(said)),
        (_("Format"), said.format or media_file.mime_type),
        (_("Serial numbers"), ", ".join(said.serials)),
    ]
    return [Fact(label=label, value=value) for label, value in lines if value]


def duration_text(duration_s: float) -> str:
    """`0:06`, `12:41`, `1:02:03`; under ten seconds with a decimal where there is one."""
    whole = int(duration_s)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    if whole < 10 and duration_s != whole:
        return f"{duration_s:.1f} s"
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _codec(said: Said, seen: dict[str, Any]) -> str:
    if said.kind != "video":
        return ""
    video = said.video_codec or seen.get("codec") or ""
    rate = said.frame_rate or seen.get("frame_rate")
    parts = [video] if video else []
    if video and rate:
        parts.append(_("%(rate)s frames a second") % {"rate": f"{rate:.2f}".rstrip("0").rstrip(".")})
    if said.audio_codec:
        parts.append(_("sound %(codec)s") % {"codec": said.audio_codec})
    elif video and said.has_audio is False:
        parts.append(_("no sound"))
    return ", ".join(parts)


def _altitude(said: Said) -> str:
    if said.altitude_m is None:
        return ""
    reference = {"sea_level": _("above sea level"), "ellipsoid": _("above the ellipsoid")}.get(
        said.altitude_reference or "", _("above a level that the file does not name")
    )
    return f"{said.altitude_m:.1f} m {reference}"


def _raster(said: Said) -> str:
    if said.geotiff is None:
        return ""
    name = said.geotiff.citation or ""
    code = f"EPSG:{said.geotiff.epsg}" if said.geotiff.epsg else ""
    system = (
        f"{name} ({code})" if name and code else name or code or _("a system that the file does not name")
    )
    corners = len(said.geotiff.corners)
    return _("%(system)s, corners given") % {"system": system} if corners else system


def collected(item_files: list[MediaFile]) -> list[MediaFile]:
    """The originals and copies among an item's files."""
    return [each for each in item_files if each.role in (FileRole.ORIGINAL, FileRole.COPY)]
