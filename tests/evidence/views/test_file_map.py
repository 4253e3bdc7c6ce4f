"""What a file says of places, as a drawing: what is on it, what is left out and why."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pyproj import Geod

from evidence.metadata.base import (
    CrsPoint,
    FilePosition,
    GeoTiff,
    MetadataReading,
    PositionStatus,
    PositionTrack,
    TrackPoint,
)
from evidence.views.file_map import MOST_ROWS, clock, drawing_of, spread
from evidence.views.file_where import destination, direction, movement

BARE = MetadataReading(format="JPEG", mime_type="image/jpeg", kind="photo")
FIX = FilePosition(39.8, 46.7, "EXIF GPS", "", PositionStatus.OK, horizontal_error_m=4.0)
NOWHERE = FilePosition(None, None, "XMP", "0", PositionStatus.NULL_ISLAND)


def _track(count: int, status: PositionStatus = PositionStatus.OK) -> PositionTrack:
    points = tuple(TrackPoint(float(number), 39.8 + number / 1000, 46.7) for number in range(count))
    return PositionTrack("CAMM", status, count * 10, points)


def test_nothing_said_is_an_empty_drawing() -> None:
    assert drawing_of(BARE).is_empty


def test_only_positions_that_may_be_used_are_drawn_and_the_preferred_is_marked() -> None:
    drawing = drawing_of(replace(BARE, positions=(FIX, NOWHERE), preferred_position=FIX))
    assert drawing.for_map["positions"] == [
        {"latitude": 39.8, "longitude": 46.7, "uncertainty_m": 4.0, "name": "EXIF GPS", "is_preferred": True}
    ]
    assert json.loads(drawing.as_json) == drawing.for_map


def test_a_track_goes_longitude_first_to_the_map_and_spread_into_the_table() -> None:
    drawing = drawing_of(replace(BARE, track=_track(500)))
    assert drawing.for_map["track"][1] == [46.7, pytest.approx(39.801), 1.0, "0:01"]
    assert drawing.track is not None
    assert (drawing.track.fixes, drawing.track.drawn, len(drawing.track.rows)) == (5000, 500, MOST_ROWS)
    assert drawing.track.rows[0][1].time_s == 0
    assert drawing.track.rows[-1][1].time_s == 499


def test_a_track_without_a_fix_is_told_and_not_drawn() -> None:
    drawing = drawing_of(replace(BARE, track=_track(0, PositionStatus.NULL_ISLAND)))
    assert drawing.is_empty
    assert "none of its fixes can be used" in drawing.track_problem


def test_a_raster_is_outlined_where_it_lies_and_else_the_reason_is_told() -> None:
    corners = (CrsPoint(500_000, 4_400_000), CrsPoint(501_000, 4_400_000),
               CrsPoint(501_000, 4_399_000), CrsPoint(500_000, 4_399_000))  # fmt: skip
    raster = GeoTiff(32638, "projected", None, "area", 1.0, 1.0, corners)
    drawing = drawing_of(replace(BARE, geotiff=raster))
    # Zone 38 N has its middle meridian at 45 degrees east, drawn at 0.9996 of its length: Karney's geodesic
    # from the equator gives the latitude without any map projection.
    _, north, _ = Geod(ellps="WGS84").fwd(45.0, 0.0, 0.0, 4_400_000 / 0.9996)
    assert drawing.for_map["footprint"][0] == pytest.approx([45.0, north], abs=1e-8)
    assert len(drawing.corners) == 4
    unknown = drawing_of(replace(BARE, geotiff=replace(raster, epsg=None)))
    assert unknown.is_empty
    assert "EPSG" in unknown.footprint_problem


def test_spreading_keeps_both_ends_and_clocks_read_as_players_write_them() -> None:
    points = list(_track(7).points)
    assert [point.time_s for point in spread(points, 3)] == [0, 3, 6]
    assert spread(points, 9) == points
    assert [clock(seconds) for seconds in (5.9, 761, 3723)] == ["0:05", "12:41", "1:02:03"]


def test_directions_name_their_north_or_say_that_it_is_not_named() -> None:
    assert direction(None, None) == ""
    assert direction(296.0, "true") == "296° from true north"
    assert direction(12.25, "magnetic") == "12.2° from magnetic north"
    assert direction(0.0, None) == "0° from a north that the file does not name"
    assert movement(replace(BARE, speed_mps=1.5, movement_deg=310.0, movement_reference="true")) == (
        "1.5 m/s, 310° from true north"
    )
    assert destination(BARE) is None
    found = destination(replace(BARE, destination_distance_m=1234.0))
    assert found is not None
    assert (found.latitude, found.distance) == (None, "1,234 m")
