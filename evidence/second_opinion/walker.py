"""What the project's own walker says, in the same few values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.metadata.base import MetadataReading, PositionStatus

from .base import Opinion, moment


def opinion_of_walker(said: MetadataReading, fields: Mapping[str, Any]) -> Opinion:
    """The values of a reading. ``fields`` is its JSON, for the track, which an older reading may lack."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    fix = said.preferred_position
    if fix is not None and fix.status == PositionStatus.OK:
        values |= {"latitude": fix.latitude, "longitude": fix.longitude}
        sources["latitude"] = fix.source
    time = said.captured
    if time is not None and (local := time.local or time.utc) is not None:
        values["captured"] = moment(local)
        values["offset_min"] = time.offset_min if time.local else 0
        sources["captured"] = time.source
    values |= _track(fields.get("track"))
    return Opinion(
        reader="",
        heading_deg=said.heading_deg,
        heading_reference=said.heading_reference,
        camera_make=said.camera_make,
        camera_model=said.camera_model,
        width=said.width,
        height=said.height,
        duration_s=said.duration_s,
        sources=sources,
        **values,
    )


def _track(track: Any) -> dict[str, Any]:
    """Of the fixes that were read, the first and the last."""
    if not isinstance(track, Mapping) or track.get("status") != "ok" or not track.get("points"):
        return {}
    first, last = track["points"][0], track["points"][-1]
    return {
        "track_fixes": track.get("fixes"),
        "track_start": (first["latitude"], first["longitude"]),
        "track_end": (last["latitude"], last["longitude"]),
    }
