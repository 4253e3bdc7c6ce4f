"""What a file says of places, as one drawing: positions, a timed track, the outline of a raster.

The drawing is JSON for the map and rows for the table that stands in for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evidence.footprint import STEPS_AN_EDGE, Footprint, FootprintPoint, NoFootprint, footprint_wgs84
from evidence.metadata.base import MetadataReading as Said
from evidence.metadata.base import PositionStatus, PositionTrack, TrackPoint

MOST_ROWS = 60


@dataclass(frozen=True, kw_only=True)
class ShownTrack:
    """A timed track: how much of it there is, and rows spread over the whole of it."""

    source: str
    fixes: int
    drawn: int
    start: TrackPoint
    end: TrackPoint
    rows: tuple[tuple[str, TrackPoint], ...]  # time into the recording, fix


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Everything that can be drawn. `for_map` is what static/js/lib/map_said.js takes."""

    for_map: dict[str, Any]
    track: ShownTrack | None
    footprint: Footprint | None
    footprint_problem: str
    track_problem: str

    @property
    def is_empty(self) -> bool:
        return not any(self.for_map.values())

    @property
    def as_json(self) -> str:
        """For an attribute: htmx takes scripts out of what it swaps in, also those that are data."""
        return json.dumps(self.for_map)

    @property
    def corners(self) -> tuple[FootprintPoint, ...]:
        """The four corners of the outline, clockwise from the upper left."""
        return self.footprint.ring[:-1:STEPS_AN_EDGE] if self.footprint else ()


def drawing_of(said: Said) -> Drawing:
    """The drawing of one reading; `is_empty` when there is nothing to draw."""
    outline = footprint_wgs84(said.geotiff) if said.geotiff is not None else None
    footprint = outline if isinstance(outline, Footprint) else None
    track = _track(said.track)
    return Drawing(
        for_map={
            "positions": _positions(said),
            "destination": _destination(said),
            "track": _track_points(said.track) if track else [],
            "footprint": [[point.longitude, point.latitude] for point in footprint.ring] if footprint else [],
        },
        track=track,
        footprint=footprint,
        footprint_problem=outline.reason if isinstance(outline, NoFootprint) else "",
        track_problem=_track_problem(said.track),
    )


def _positions(said: Said) -> list[dict[str, Any]]:
    """Those that may be used; the preferred one is marked."""
    return [
        {
            "latitude": fix.latitude,
            "longitude": fix.longitude,
            "uncertainty_m": fix.horizontal_error_m or 0,
            "name": fix.source,
            "is_preferred": fix == said.preferred_position,
        }
        for fix in said.positions
        if fix.status == PositionStatus.OK
    ]


def _destination(said: Said) -> dict[str, Any] | None:
    if said.destination_latitude is None or said.destination_longitude is None:
        return None
    return {
        "latitude": said.destination_latitude,
        "longitude": said.destination_longitude,
        "name": _("pointed at, as the file says"),
    }


def _track(track: PositionTrack | None) -> ShownTrack | None:
    if track is None or track.status != PositionStatus.OK or not track.points:
        return None
    return ShownTrack(
        source=track.source,
        fixes=track.fixes,
        drawn=len(track.points),
        start=track.points[0],
        end=track.points[-1],
        rows=tuple((clock(point.time_s), point) for point in spread(track.points, MOST_ROWS)),
    )


def _track_problem(track: PositionTrack | None) -> str:
    if track is None or track.status == PositionStatus.OK:
        return ""
    return _("There is a track of positions (%(source)s), and none of its fixes can be used.") % {
        "source": track.source
    }


def _track_points(track: PositionTrack | None) -> list[list[Any]]:
    """[longitude, latitude, seconds, what is said on it]."""
    return [
        [point.longitude, point.latitude, point.time_s, _words(point)]
        for point in (track.points if track else ())
    ]


def _words(point: TrackPoint) -> str:
    parts = [clock(point.time_s)]
    if point.utc is not None:
        parts.append(f"{point.utc:%Y-%m-%d %H:%M:%S} UTC")
    if point.speed_mps is not None:
        parts.append(f"{point.speed_mps:.1f} m/s")
    return " · ".join(parts)


def clock(seconds: float) -> str:
    """`0:06`, `12:41`, `1:02:03` into the recording."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def spread(points: Sequence[TrackPoint], most: int) -> list[TrackPoint]:
    """At most so many, evenly, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(index * step)] for index in range(most)]
