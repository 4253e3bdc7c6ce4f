"""Tracks of positions beside the picture: read with their signs, thinned, and never without a fix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from evidence.metadata import MetadataReading, PositionStatus, TimeBasis, read_bytes

from . import builders as b
from . import corpus
from . import track_builders as t

SAMPLES: dict[str, tuple[bytes, str, Callable[[float, float], bytes]]] = {
    "GPS5": (b"gpmd", "GoPro GPMF", t.gopro),
    "GPS9": (b"gpmd", "GoPro GPMF", t.gopro_9),
    "CAMM 5": (b"camm", "CAMM", t.camm_5),
    "CAMM 6": (b"camm", "CAMM", t.camm_6),
    "rtmd": (b"rtmd", "Sony rtmd", t.sony),
    "NMEA": (b"text", "timed text", t.nmea),
    "DJI": (b"tx3g", "timed text", t.dji),
}


def read(codec: bytes, *samples: bytes) -> MetadataReading:
    reading = read_bytes(t.timed(codec, samples), "a.mp4")
    assert MetadataReading.from_json(reading.to_json()) == reading
    return reading


@pytest.mark.parametrize("place", corpus.PLACES)
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_track_gives_its_places_with_their_signs(kind: str, place: tuple[float, float]) -> None:
    codec, source, sample = SAMPLES[kind]
    latitude, longitude = place
    reading = read(codec, sample(*place), sample(latitude + 0.01, longitude - 0.01), sample(*place))
    track = reading.track
    assert track is not None
    assert (track.source, track.status) == (source, PositionStatus.OK)
    assert [point.time_s for point in track.points if point.time_s.is_integer()] == [0.0, 1.0, 2.0]
    middle = next(point for point in track.points if point.time_s == 1.0)
    assert middle.latitude == pytest.approx(latitude + 0.01, abs=2e-6)
    assert middle.longitude == pytest.approx(longitude - 0.01, abs=2e-6)
    (fix,) = reading.positions
    assert fix == reading.preferred_position
    assert fix.source == f"{source} track, first fix"
    assert fix.latitude == pytest.approx(latitude, abs=2e-6)
    assert fix.longitude == pytest.approx(longitude, abs=2e-6)


@pytest.mark.parametrize(
    ("codec", "sample"),
    [
        (b"gpmd", t.gopro(10, 20, fix=0)),
        (b"gpmd", t.gopro_9(10, 20, fix=0)),
        (b"gpmd", t.gopro(0, 0, count=1)),
        (b"camm", t.camm_6(10, 20, fix=0)),
        (b"camm", t.camm_5(float("nan"), 20)),
        (b"camm", t.camm_5(10, 181)),
        (b"rtmd", t.sony(10, 20, status=b"V")),
        (b"text", t.nmea(10, 20, status="V")),
        (b"text", t.dji(95.5, 20)),
    ],
)
def test_what_the_receiver_did_not_fix_is_no_position(codec: bytes, sample: bytes) -> None:
    reading = read(codec, sample, sample)
    assert reading.track is not None
    assert reading.track.status is PositionStatus.INCOMPLETE
    assert reading.track.points == ()
    assert reading.track.fixes >= 2
    assert reading.positions == ()
    assert "no position with a satellite fix" in reading.warnings[0]


def test_telemetry_gives_speed_altitude_dilution_and_the_receivers_time() -> None:
    reading = read(b"gpmd", t.gopro(39.8153, 46.7519), t.gopro(39.8153, 46.7519))
    assert reading.track is not None
    first = reading.track.points[0]
    assert (first.altitude_m, first.speed_mps, first.dilution) == (812.5, 1.5, 2.5)
    moment = datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)
    assert first.utc == moment
    assert reading.captured is not None
    assert (reading.captured.utc, reading.captured.basis) == (moment, TimeBasis.GPS)
    assert reading.track.fixes == 36


def test_newer_telemetry_times_each_fix() -> None:
    track = read(b"gpmd", t.gopro_9(39.8153, 46.7519)).track
    assert track is not None
    assert track.points[0].utc == datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)
    assert track.points[0].dilution == 2.5


def test_a_camm_track_is_found_between_other_measurements() -> None:
    samples = [t.camm_6(-33.8568, 151.2153) if n % 50 == 7 else t.camm_gyroscope() for n in range(400)]
    track = read(b"camm", *samples).track
    assert track is not None
    assert [point.time_s for point in track.points] == [float(n) for n in range(7, 400, 50)]
    assert track.points[0].speed_mps == 5.0


def test_a_long_track_is_thinned_evenly() -> None:
    samples = [t.camm_5(10 + n / 10_000, 20) for n in range(6_000)]
    track = read(b"camm", *samples).track
    assert track is not None
    assert track.fixes == 2_000
    assert len(track.points) == 2_000
    steps = {
        round(after.time_s - before.time_s)
        for before, after in zip(track.points, track.points[1:], strict=False)
    }
    assert steps <= {2, 3, 4}
    assert (track.points[0].time_s, track.points[-1].time_s) == (0.0, 5_999.0)


def test_captions_without_a_position_are_no_track() -> None:
    reading = read(b"tx3g", b"\0\5Hello", b"\0\0")
    assert reading.track is None
    assert reading.warnings == ()


def test_the_containers_own_position_comes_first() -> None:
    content = t.timed(b"camm", [t.camm_5(10, 20)] * 2)
    meta = b.keys_meta({"com.apple.quicktime.location.ISO6709": "+10.0000+020.0000/"})
    at = content.index(b"moov") - 4
    size = int.from_bytes(content[at : at + 4], "big") + len(meta)
    reading = read_bytes(content[:at] + size.to_bytes(4, "big") + content[at + 4 :] + meta, "a.mp4")
    assert reading.preferred_position is not None
    assert reading.preferred_position.source == "QuickTime Keys"
    assert [fix.source for fix in reading.positions] == ["QuickTime Keys", "CAMM track, first fix"]


@pytest.mark.parametrize("place", corpus.PLACES)
def test_insta360s_trailer_gives_its_places_with_their_signs(place: tuple[float, float]) -> None:
    reading = read_bytes(t.insta360(place, (place[0] + 0.01, place[1])), "a.insv")
    track = reading.track
    assert track is not None
    assert (track.source, track.status, track.fixes) == ("Insta360", PositionStatus.OK, 2)
    assert (track.points[0].latitude, track.points[0].longitude) == pytest.approx(place)
    assert [point.time_s for point in track.points] == [0, 1]
    assert track.points[0].utc == datetime(2023, 9, 25, 10, 3, 11, 500_000, tzinfo=UTC)
    assert (track.points[0].altitude_m, track.points[0].speed_mps) == (812.5, 1.5)
    assert reading.warnings == ()


@pytest.mark.parametrize(("lock", "letters"), [(b"V", b""), (b"A", b"NO"), (b"A", b"??")])
def test_a_void_fix_or_an_unsure_letter_is_no_position(lock: bytes, letters: bytes) -> None:
    reading = read_bytes(t.insta360((10, 20), lock=lock, letters=letters), "a.mp4")
    assert reading.positions == ()
    assert reading.track is not None
    assert reading.track.status is PositionStatus.INCOMPLETE
