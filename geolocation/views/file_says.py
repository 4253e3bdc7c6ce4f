"""What the item's file says of place, direction and time, ready to be shown beside a person's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.metadata import MetadataReading as Said
from evidence.models import MediaItem, MetadataReading
from evidence.models.media import COLLECTED_ROLES
from evidence.services.readers.registry import WALKER
from evidence.views.file_map import drawing_of
from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation
from geolocation.coordinates.position import Position
from geolocation.local_time import offset_text

BASES: dict[str, str | Promise] = {
    "gps": _("satellite time in the file"),
    "offset_tag": _("camera clock, offset written in the file"),
    "inferred_offset": _("camera clock, offset inferred from GPS"),
    "naive_local": _("camera clock, offset not in the file"),
    "utc_container": _("UTC field of the video container"),
    "file": _("time the file was last changed"),
}

_DRAWN = ("track", "geotiff", "destination_latitude", "destination_longitude")


@dataclass(frozen=True, kw_only=True)
class FileSays:
    """Statements of one file. What it does not say is None or empty."""

    is_unfinished: bool
    sentence: str
    latitude: float | None = None
    longitude: float | None = None
    position_text: str = ""
    error_m: float | None = None
    source: str = ""
    heading_deg: float | None = None
    heading_reference: str = ""
    bearing_deg: float | None = None
    local_text: str = ""
    local_shown: str = ""
    offset_text: str = ""
    time_basis: str = ""
    camera: str = ""
    # A timed track, the outline of a raster, what was pointed at: as static/js/lib/map_said.js takes them.
    drawing: dict[str, Any] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        return (
            self.latitude is not None or self.heading_deg is not None or bool(self.local_text or self.drawing)
        )


def file_says(item: MediaItem) -> FileSays | None:
    """The newest reading of the item's collected file; None for an item without a file."""
    reading = (
        MetadataReading.objects.filter(
            media_file__media_item=item, media_file__role__in=COLLECTED_ROLES, reader=WALKER
        )
        .order_by("media_file__role", "pk")
        .last()
    )
    if reading is None:
        return None
    fields: dict[str, Any] = reading.fields or {}
    captured = _captured(fields.get("captured") or {})
    return FileSays(
        is_unfinished=reading.is_unfinished,
        sentence=reading.sentence,
        heading_deg=fields.get("heading_deg"),
        heading_reference=fields.get("heading_reference") or "",
        # A magnetic heading is off by the declination there, so it is shown and not offered as a bearing.
        bearing_deg=fields.get("heading_deg") if fields.get("heading_reference") == "true" else None,
        camera=" ".join(filter(None, (fields.get("camera_make"), fields.get("camera_model")))),
        drawing=_drawing(fields),
        **_position(fields.get("preferred_position") or {}),
        **captured,
    )


def _drawing(fields: dict[str, Any]) -> dict[str, Any]:
    """Without the positions: the preferred one is on the map as a named point already."""
    drawn = {name: fields[name] for name in _DRAWN if fields.get(name) is not None}
    if not drawn:
        return {}
    drawing = drawing_of(Said.from_json({"format": "", "mime_type": "", "kind": "unknown", **drawn}))
    lines = {**drawing.for_map, "positions": []}
    return lines if any(lines.values()) else {}


def _position(found: dict[str, Any]) -> dict[str, Any]:
    latitude, longitude = found.get("latitude"), found.get("longitude")
    if latitude is None or longitude is None or found.get("status") != "ok":
        return {}
    return {
        "latitude": latitude,
        "longitude": longitude,
        "position_text": format_position(Position(latitude, longitude), Notation.DECIMAL, 6),
        "error_m": found.get("horizontal_error_m"),
        "source": found.get("source", ""),
    }


def _captured(found: dict[str, Any]) -> dict[str, Any]:
    """The local time as the file has it; a time known only in UTC is offered with +00:00."""
    local = parse_datetime(found["local"]) if found.get("local") else None
    offset_min = found.get("offset_min")
    if local is None and found.get("utc"):
        local, offset_min = parse_datetime(found["utc"]), 0
    if local is None:
        return {}
    return {
        "local_text": local.strftime("%Y-%m-%dT%H:%M:%S"),
        "local_shown": local.strftime("%Y-%m-%d %H:%M:%S"),
        "offset_text": offset_text(offset_min) if offset_min is not None else "",
        "time_basis": str(BASES.get(found.get("basis", ""), "")),
    }
