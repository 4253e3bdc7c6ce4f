"""The plain lines of what a file says: camera, size, duration, codec, where a raster lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evidence.metadata.base import MetadataReading as Said
from evidence.models import MediaFile, MetadataReading

_WGS_84 = 4326  # EPSG


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A plain line: a word and its value."""

    label: str
    value: str


def facts_of(said: Said, media_file: MediaFile, pixels: MetadataReading | None) -> list[Fact]:
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
        (_("Covers"), covers(said)),
        (_("Coordinate system"), _raster(said)),
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
    return f"{name} ({code})" if name and code else name or code or _("a system that the file does not name")


def covers(said: Said) -> str:
    """The rectangle of a raster whose own coordinates are degrees of WGS 84; nothing is reprojected here."""
    if said.geotiff is None or not said.geotiff.corners:
        return ""
    x = sorted(corner.x for corner in said.geotiff.corners)
    y = sorted(corner.y for corner in said.geotiff.corners)
    if said.geotiff.epsg == _WGS_84:
        return _("latitude %(south).6f to %(north).6f, longitude %(west).6f to %(east).6f") % {
            "south": y[0], "north": y[-1], "west": x[0], "east": x[-1],
        }  # fmt: skip
    return _("easting %(west).1f to %(east).1f, northing %(south).1f to %(north).1f") % {
        "south": y[0], "north": y[-1], "west": x[0], "east": x[-1],
    }  # fmt: skip
