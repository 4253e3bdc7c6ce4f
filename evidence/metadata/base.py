"""What a file says of itself, as values. Unknown is ``None``: never 0, never today, never north or east."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Union, cast

Kind = Literal["photo", "video", "unknown"]
HeadingReference = Literal["true", "magnetic"]


class PositionStatus(StrEnum):
    """Whether a position may be used, and if not, why."""

    OK = "ok"
    NULL_ISLAND = "null_island"
    MISSING_REFERENCE = "missing_reference"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_NUMBER = "not_a_number"
    INCOMPLETE = "incomplete"


class TimeBasis(StrEnum):
    """What a time rests on."""

    GPS = "gps"  # a satellite receiver's UTC
    OFFSET_TAG = "offset_tag"  # local time with the offset written beside it
    INFERRED_OFFSET = "inferred_offset"  # local time, offset derived from the GPS time in the same file
    NAIVE_LOCAL = "naive_local"  # a camera clock, zone unknown
    UTC_CONTAINER = "utc_container"  # a container field that is defined as UTC
    FILE = "file"  # when the file was last changed, not when it was recorded


@dataclass(frozen=True, slots=True)
class FilePosition:
    """One fix: degrees of WGS 84 unless a warning names another datum; set only when the sign is sure."""

    latitude: float | None
    longitude: float | None
    source: str
    raw: str
    status: PositionStatus
    horizontal_error_m: float | None = None
    dilution: float | None = None
    altitude_m: float | None = None
    altitude_reference: str | None = None  # "sea_level", "ellipsoid" or not stated


@dataclass(frozen=True, slots=True)
class FileTime:
    """One time. ``local`` has no zone, ``utc`` always has; ``offset_min`` is minutes east of UTC."""

    local: datetime | None
    offset_min: int | None
    utc: datetime | None
    basis: TimeBasis
    source: str
    raw: str


@dataclass(frozen=True, slots=True)
class EditStep:
    """One entry of an XMP history, as the program wrote it; unknown parts are empty."""

    action: str
    when: str  # ISO 8601 as written, with its offset if it has one
    software: str
    changed: str
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture inside the file. ``offset`` counts from the file's beginning; None when not known."""

    source: str
    offset: int | None
    length: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class EmbeddedVideo:
    """The short video of a Motion Photo: ``length`` bytes from ``offset`` of the file on."""

    source: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """One fix while recording: seconds from the beginning, degrees of WGS 84 with the sign as stored."""

    time_s: float
    latitude: float
    longitude: float
    altitude_m: float | None = None
    speed_mps: float | None = None
    utc: datetime | None = None
    dilution: float | None = None


@dataclass(frozen=True, slots=True)
class PositionTrack:
    """Positions beside the picture. Of ``fixes`` that were read, ``points`` are some, evenly spread."""

    source: str
    status: PositionStatus
    fixes: int
    points: tuple[TrackPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTag:
    """One value as the file holds it, printed; long binary values are shortened and say their length."""

    group: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CrsPoint:
    """A point in a raster's own coordinate system: x is easting or longitude, y northing or latitude."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class GeoTiff:
    """Where a georeferenced raster lies, in its own coordinate system; nothing is reprojected here."""

    epsg: int | None
    crs_kind: str | None  # "projected", "geographic", "geocentric" or not stated
    citation: str | None
    raster_type: str | None  # "area" (corner of a pixel) or "point" (its centre)
    pixel_scale_x: float | None  # units of the coordinate system a pixel
    pixel_scale_y: float | None
    corners: tuple[CrsPoint, ...]  # upper left, upper right, lower right, lower left; empty when unknown
    ground_sampling_x_m: float | None = None  # of a pixel, when the unit of the coordinate system is known
    ground_sampling_y_m: float | None = None
    acquired: FileTime | None = None  # its source names the tag


@dataclass(frozen=True, slots=True)
class MetadataReading:
    """Everything one reader found in one file, with what it prefers and why."""

    format: str
    mime_type: str
    kind: Kind
    positions: tuple[FilePosition, ...] = ()
    preferred_position: FilePosition | None = None
    preferred_why: str = ""
    times: tuple[FileTime, ...] = ()
    captured: FileTime | None = None
    captured_why: str = ""
    heading_deg: float | None = None
    heading_reference: HeadingReference | None = None
    destination_latitude: float | None = None
    destination_longitude: float | None = None
    destination_bearing_deg: float | None = None
    destination_bearing_reference: HeadingReference | None = None
    destination_distance_m: float | None = None
    movement_deg: float | None = None  # the direction in which the camera moved
    movement_reference: HeadingReference | None = None
    speed_mps: float | None = None
    altitude_m: float | None = None
    altitude_reference: str | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    lens: str | None = None
    software: str | None = None
    serials: tuple[str, ...] = ()
    orientation: int | None = None  # EXIF 1-8; a video's rotation is expressed the same way
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    frame_rate: float | None = None
    has_audio: bool | None = None
    geotiff: GeoTiff | None = None
    maker_note: bool = False
    content_identifier: str | None = None  # shared by the picture and the video of a Live Photo
    motion_photo: bool = False  # the picture says that a short video is appended to it
    motion_video: EmbeddedVideo | None = None  # where that video lies, when it is there
    thumbnails: tuple[Thumbnail, ...] = ()
    track: PositionTrack | None = None
    editing: tuple[str, ...] = ()
    history: tuple[EditStep, ...] = ()
    warnings: tuple[str, ...] = ()
    raw_tags: tuple[RawTag, ...] = ()

    @property
    def nothing_found(self) -> bool:
        """No position, no time and no camera: normal for a file that went through a messenger."""
        return not (self.positions or self.times or self.camera_make or self.camera_model)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, strings and numbers; times as ISO 8601. ``from_json`` gives the same reading back."""
        return cast(dict[str, Any], _to_plain(self))

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> MetadataReading:
        """Rebuild a reading. Unknown keys are ignored; a value of the wrong shape raises ValueError."""
        try:
            return cast(MetadataReading, _from_plain(cls, plain))
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"This is not a stored metadata reading: {error}.") from error


def _to_plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _to_plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return str(value) if isinstance(value, StrEnum) else value


def _from_plain(kind: Any, plain: Any) -> Any:
    if plain is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return _from_plain(next(arg for arg in typing.get_args(kind) if arg is not type(None)), plain)
    if origin is tuple:
        return tuple(_from_plain(typing.get_args(kind)[0], item) for item in plain)
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(plain)
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        known = {field.name for field in fields(kind)} & plain.keys()
        return kind(**{name: _from_plain(hints[name], plain[name]) for name in known})
    return plain


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
