"""AVCHD streams and WMV: the camera's record inside the video, and the header's time."""

from __future__ import annotations

from datetime import datetime

import pytest

from evidence.metadata import MetadataReading, PositionStatus, TimeBasis, read_bytes

from . import builders as b
from . import camcorder_builders as c
from . import corpus

LOCAL = datetime(2023, 9, 25, 14, 3, 11)


@pytest.mark.parametrize("place", corpus.PLACES)
@pytest.mark.parametrize("step", [188, 192])
def test_a_camcorders_record_gives_place_time_and_camera(step: int, place: tuple[float, float]) -> None:
    reading = read_bytes(c.stream(c.record(*place), step=step), "00001.MTS")
    assert reading.warnings == ()
    assert (reading.format, reading.kind) == ("M2TS", "video")
    fix = reading.preferred_position
    assert fix is not None
    assert fix.latitude == pytest.approx(place[0], abs=2e-6)
    assert fix.longitude == pytest.approx(place[1], abs=2e-6)
    assert reading.captured is not None
    assert (reading.captured.local, reading.captured.offset_min) == (LOCAL, 240)
    assert (reading.camera_make, reading.camera_model) == ("Sony", "HDR-CX7")


@pytest.mark.parametrize(
    ("zone", "offset_min"), [(5 << 1 | 0x20 | 1, -330), (0, 0), (0xFF, None), (1 << 1 | 0x40, None)]
)
def test_the_zone_counts_only_when_it_is_sure(zone: int, offset_min: int | None) -> None:
    captured = read_bytes(c.stream(c.record(10, 20, zone=zone))).captured
    assert captured is not None
    assert (captured.local, captured.offset_min) == (LOCAL, offset_min)


def test_a_camcorders_missing_hemisphere_is_not_guessed() -> None:
    (fix,) = read_bytes(c.stream(c.record(10, 20, letters=False))).positions
    assert fix.status is PositionStatus.MISSING_REFERENCE


def test_a_void_measurement_is_said() -> None:
    assert "void" in read_bytes(c.stream(c.record(10, 20, status="V"))).warnings[0]


def test_a_stream_without_a_record_says_nothing() -> None:
    reading = read_bytes(c.stream(b"\0\0\1\x06\x05other"), "a.ts")
    assert (reading.positions, reading.times, reading.warnings) == ((), (), ())


def test_a_wmv_gives_its_utc_time_and_size() -> None:
    reading = read_bytes(c.asf(), "a.wmv")
    assert reading.warnings == ()
    assert reading.captured is not None
    assert (reading.captured.utc, reading.captured.basis) == (corpus.UTC_TIME, TimeBasis.UTC_CONTAINER)
    assert (reading.width, reading.height, reading.duration_s, reading.has_audio) == (
        1_920,
        1_080,
        12.5,
        True,
    )
    assert MetadataReading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize("place", corpus.PLACES)
def test_nikons_records_give_place_time_and_camera(place: tuple[float, float]) -> None:
    reading = read_bytes(b.movie(user_data=c.nikon(*place)), "a.mov")
    fix = reading.preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == pytest.approx(place, abs=1e-7)
    assert reading.captured is not None
    assert (reading.captured.local, reading.captured.offset_min) == (datetime(2023, 9, 25, 14, 3, 11), 240)
    assert reading.camera_model == "NIKON Z 6"


@pytest.mark.parametrize("place", corpus.PLACES)
@pytest.mark.parametrize("kind", ["panasonic", "ricoh"])
def test_exif_in_the_makers_box_of_a_video_is_read(kind: str, place: tuple[float, float]) -> None:
    block = corpus.exif_block(*place)
    box = c.panasonic(block) if kind == "panasonic" else b.box(b"RMKN", block)
    reading = read_bytes(b.movie(user_data=box, brand=b"isom"), "a.mp4")
    fix = reading.preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == pytest.approx(place, abs=1e-6)
    assert (reading.width, reading.height) == (1920, 1080)
