"""One JSON line a file, for scripts and for comparing readers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .base import (
    EditStep,
    EmbeddedVideo,
    FilePosition,
    FileTime,
    MetadataReading,
    PositionTrack,
    Thumbnail,
)


def json_line(reading: MetadataReading, *, path: str, sha256: str | None) -> dict[str, Any]:
    """The short form of a reading. Unknown values are None; times are ISO 8601, the offset is ``+04:00``."""
    camera = " ".join(part for part in (reading.camera_make, reading.camera_model) if part)
    return {
        "path": path,
        "sha256": sha256,
        "format": reading.format,
        "mime_type": reading.mime_type,
        "positions": [_position(position) for position in reading.positions],
        "preferred": _preferred(reading.preferred_position),
        "captured": _captured(reading.captured),
        "heading": reading.heading_deg,
        "heading_reference": reading.heading_reference,
        "camera": camera or None,
        "camera_make": reading.camera_make,
        "camera_model": reading.camera_model,
        "width": reading.width,
        "height": reading.height,
        "duration_s": reading.duration_s,
        "altitude": _altitude(reading),
        "speed_mps": reading.speed_mps,
        "destination": _destination(reading),
        "times": [_captured(time) for time in reading.times],
        "lens": reading.lens,
        "software": reading.software,
        "orientation": reading.orientation,
        "content_identifier": reading.content_identifier,
        "motion_video": _plain(reading.motion_video),
        "thumbnails": [_plain(thumbnail) for thumbnail in reading.thumbnails],
        "history": [_plain(step) for step in reading.history],
        "track": _track(reading.track),
        "warnings": list(reading.warnings),
    }


def _position(position: FilePosition) -> dict[str, Any]:
    return {
        "latitude": position.latitude,
        "longitude": position.longitude,
        "source": position.source,
        "raw": position.raw,
        "status": str(position.status),
        "horizontal_error_m": position.horizontal_error_m,
        "altitude_m": position.altitude_m,
        "altitude_reference": position.altitude_reference,
    }


def _plain(value: EmbeddedVideo | Thumbnail | EditStep | None) -> dict[str, Any] | None:
    return asdict(value) if value is not None else None


def _altitude(reading: MetadataReading) -> dict[str, Any] | None:
    if reading.altitude_m is None:
        return None
    return {"m": reading.altitude_m, "reference": reading.altitude_reference}


def _destination(reading: MetadataReading) -> dict[str, Any] | None:
    """What the camera pointed at, as far as the file says."""
    said = {
        "latitude": reading.destination_latitude,
        "longitude": reading.destination_longitude,
        "bearing_deg": reading.destination_bearing_deg,
        "bearing_reference": reading.destination_bearing_reference,
        "distance_m": reading.destination_distance_m,
    }
    return said if any(value is not None for value in said.values()) else None


def _track(track: PositionTrack | None) -> dict[str, Any] | None:
    """Points are [seconds, latitude, longitude, altitude in metres, metres a second]."""
    if track is None:
        return None
    points = [[p.time_s, p.latitude, p.longitude, p.altitude_m, p.speed_mps] for p in track.points]
    return {"source": track.source, "status": str(track.status), "fixes": track.fixes, "points": points}


def _preferred(position: FilePosition | None) -> dict[str, Any] | None:
    if position is None:
        return None
    return {"latitude": position.latitude, "longitude": position.longitude, "source": position.source}


def _captured(time: FileTime | None) -> dict[str, Any] | None:
    if time is None:
        return None
    return {
        "local": time.local.isoformat() if time.local else None,
        "offset": offset_text(time.offset_min),
        "utc": time.utc.isoformat().replace("+00:00", "Z") if time.utc else None,
        "basis": str(time.basis),
        "source": time.source,
    }


def offset_text(offset_min: int | None) -> str | None:
    """Minutes east of UTC as ``+04:00``."""
    if offset_min is None:
        return None
    return f"{'-' if offset_min < 0 else '+'}{abs(offset_min) // 60:02d}:{abs(offset_min) % 60:02d}"
