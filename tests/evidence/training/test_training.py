"""What the made-up files say, read back by readers that know nothing of how they were made."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pvlib
import pytest
from pandas import DatetimeIndex
from PIL import ExifTags, Image
from pyproj import Geod

from evidence.derivatives import make_contact_sheet, make_photo_derivatives
from evidence.derivatives.photo import PARTLY_DAMAGED
from evidence.metadata import read_file
from evidence.second_opinion import TRACK_ARGUMENTS, track_of_exiftool
from evidence.training import TrainingFile, files, generate, shots
from evidence.training.__main__ import main
from evidence.training.clips import box, with_position
from evidence.training.light import Light
from evidence.training.place import LIGHTHOUSE, Spot
from evidence.training.shadows import shadow_offset_m
from evidence.training.stamps import sexagesimal
from evidence.training.track import along, with_track

EXIFTOOL = shutil.which("exiftool")
WITH_POSITION = ("T01", "T03", "T06", "T07", "T08", "T09")
# EXIF keeps 0.0001 seconds of arc: half of that is 1.4e-8 degrees.
EXIF_STEP_DEG = 2e-8

Exercise = dict[str, TrainingFile]


def made(exercise: Exercise, key: str) -> TrainingFile:
    if key not in exercise:
        pytest.skip(f"{key} needs an optional writer")
    return exercise[key]


def exiftool(path: Path) -> dict[str, Any]:
    if EXIFTOOL is None:
        pytest.skip("exiftool is not installed")
    told = subprocess.run([EXIFTOOL, "-n", "-j", str(path)], check=True, capture_output=True).stdout
    (tags,) = json.loads(told)
    return dict(tags)


def gps_of(path: Path) -> tuple[float, float]:
    """Latitude and longitude by Pillow."""
    with Image.open(path) as image:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    latitude, longitude = (
        sum(float(part) / 60**power for power, part in enumerate(gps[tag]))
        for tag in (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude)
    )
    assert (gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef]) == ("N", "E")
    return latitude, longitude


@pytest.mark.parametrize("key", WITH_POSITION)
def test_positions_read_back_by_pillow(exercise: Exercise, exercise_dir: Path, key: str) -> None:
    training_file = made(exercise, key)
    latitude, longitude = gps_of(exercise_dir / training_file.filename)
    assert latitude == pytest.approx(training_file.expected["latitude"], abs=EXIF_STEP_DEG)
    assert longitude == pytest.approx(training_file.expected["longitude"], abs=EXIF_STEP_DEG)


@pytest.mark.parametrize("key", [*WITH_POSITION, "T04"])
def test_positions_read_back_by_exiftool(exercise: Exercise, exercise_dir: Path, key: str) -> None:
    training_file = made(exercise, key)
    tags = exiftool(exercise_dir / training_file.filename)
    assert tags["GPSLatitude"] == pytest.approx(training_file.expected["latitude"], abs=EXIF_STEP_DEG)
    assert tags["GPSLongitude"] == pytest.approx(training_file.expected["longitude"], abs=EXIF_STEP_DEG)


def test_the_full_photo_says_error_heading_time_with_offset_and_camera(
    exercise: Exercise, exercise_dir: Path
) -> None:
    tags = exiftool(exercise_dir / exercise["T01"].filename)
    expected = exercise["T01"].expected
    assert tags["GPSHPositioningError"] == expected["horizontal_error_m"] == 4.74
    assert (tags["GPSImgDirection"], tags["GPSImgDirectionRef"]) == (expected["heading_deg"], "T")
    assert (tags["DateTimeOriginal"], tags["OffsetTimeOriginal"]) == ("2025:06:14 20:35:12", "+02:00")
    assert tags["GPSDateTime"] == "2025:06:14 18:35:12Z"
    assert (tags["Make"], tags["Model"]) == (expected["camera_make"], expected["camera_model"])
    local = datetime.fromisoformat(str(expected["captured_at"]))
    assert local.astimezone(UTC) == datetime.fromisoformat(str(expected["captured_at_utc"]))


def test_the_silent_photo_has_no_metadata_at_all(exercise: Exercise, exercise_dir: Path) -> None:
    with Image.open(exercise_dir / exercise["T02"].filename) as image:
        assert not image.getexif()
        assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert set(exercise["T02"].expected) == {"truth"}


def test_the_wrong_clock_is_off_by_more_than_any_zone_explains(
    exercise: Exercise, exercise_dir: Path
) -> None:
    with Image.open(exercise_dir / exercise["T03"].filename) as image:
        taken = image.getexif().get_ifd(ExifTags.IFD.Exif)
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    clock = datetime.strptime(taken[ExifTags.Base.DateTimeOriginal], "%Y:%m:%d %H:%M:%S")
    assert ExifTags.Base.OffsetTimeOriginal not in taken
    of_day = [int(part) for part in gps[ExifTags.GPS.GPSTimeStamp]]
    satellites = datetime.strptime(gps[ExifTags.GPS.GPSDateStamp], "%Y:%m:%d") + timedelta(
        hours=of_day[0], minutes=of_day[1], seconds=of_day[2]
    )
    difference = clock - satellites
    assert clock.date() != satellites.date()
    assert difference > timedelta(hours=14)  # the easternmost zone is UTC+14
    off_quarter_hour_s = difference.total_seconds() % 900
    assert min(off_quarter_hour_s, 900 - off_quarter_hour_s) > 120


def test_the_video_has_its_position_time_and_six_seconds(exercise: Exercise, exercise_dir: Path) -> None:
    expected = exercise["T04"].expected
    with av.open(str(exercise_dir / exercise["T04"].filename)) as container:
        stream = container.streams.video[0]
        told = container.metadata["location"]
        assert told == f"{expected['latitude']:+.4f}+0{expected['longitude']:.4f}+006.000/"
        assert container.metadata["creation_time"].startswith("2025-06-14T18:21:30")
        assert (stream.width, stream.height, stream.codec_context.name) == (640, 360, "h264")
        assert (container.duration or 0) / 1e6 == pytest.approx(6.0, abs=0.05)
        assert sum(1 for _ in container.decode(video=0)) == 144


def test_its_frames_move(exercise: Exercise, exercise_dir: Path) -> None:
    with av.open(str(exercise_dir / exercise["T04"].filename)) as container:
        frames = [frame.to_image().resize((64, 36)).tobytes() for frame in container.decode(video=0)]
    assert len(set(frames[::12])) == 12


def test_the_webm_says_nothing_of_place_or_time(exercise: Exercise, exercise_dir: Path) -> None:
    with av.open(str(exercise_dir / exercise["T10"].filename)) as container:
        assert {"location", "creation_time"}.isdisjoint(key.lower() for key in container.metadata)
        assert container.streams.video[0].codec_context.name == "vp8"


def test_the_geotiff_lies_on_the_map_where_it_says(exercise: Exercise, exercise_dir: Path) -> None:
    expected = exercise["T05"].expected
    with Image.open(exercise_dir / exercise["T05"].filename) as image:
        tags, size = dict(image.tag_v2), image.size  # type: ignore[attr-defined]
    scale, tie = tags[33550], tags[33922]
    keys = [tags[34735][at : at + 4] for at in range(4, len(tags[34735]), 4)]
    assert (1024, 0, 1, 2) in keys  # geographic model
    assert (2048, 0, 1, 4326) in keys  # WGS 84
    west, north = tie[3], tie[4]
    assert (west, north) == pytest.approx((expected["west"], expected["north"]), abs=1e-7)
    assert west + scale[0] * size[0] == pytest.approx(expected["east"], abs=1e-7)
    assert north - scale[1] * size[1] == pytest.approx(expected["south"], abs=1e-7)


def test_the_lighthouse_is_seen_from_above_where_it_stands(exercise: Exercise, exercise_dir: Path) -> None:
    with Image.open(exercise_dir / exercise["T05"].filename) as image:
        tags, picture = dict(image.tag_v2), image.convert("RGB")  # type: ignore[attr-defined]
    column = (LIGHTHOUSE.longitude - tags[33922][3]) / tags[33550][0]
    row = (tags[33922][4] - LIGHTHOUSE.latitude) / tags[33550][1]
    red, green, blue = picture.getpixel((int(column + 3), int(row)))  # type: ignore[misc]
    assert red > 150 > 100 > max(green, blue)  # its red roof, 1.5 m from the axis


def test_the_photo_cut_short_still_shows_its_upper_part_and_its_marking(
    exercise: Exercise, exercise_dir: Path, tmp_path: Path
) -> None:
    source = exercise_dir / exercise["T07"].filename
    assert not source.read_bytes().endswith(b"\xff\xd9")
    assert make_photo_derivatives(source, tmp_path).warnings == (PARTLY_DAMAGED,)


@pytest.mark.parametrize("key", ["T01", "T02", "T03", "T05", "T06", "T07", "T08", "T09"])
def test_every_still_gets_its_derivatives(
    exercise: Exercise, exercise_dir: Path, tmp_path: Path, key: str
) -> None:
    report = make_photo_derivatives(exercise_dir / made(exercise, key).filename, tmp_path)
    assert [derivative.role for derivative in report.derivatives] == ["thumbnail", "preview"]


@pytest.mark.parametrize(("key", "cells"), [("T04", 6), ("T10", 3)])
def test_every_video_gets_a_whole_contact_sheet(
    exercise: Exercise, exercise_dir: Path, tmp_path: Path, key: str, cells: int
) -> None:
    report = make_contact_sheet(exercise_dir / exercise[key].filename, tmp_path)
    assert report.warnings == ()
    assert report.frames == cells


@pytest.mark.parametrize(
    ("light", "spot", "moment"),
    [
        (shots.T01_LIGHT, shots.T01_VIEW.at, "2025-06-14T18:35:12Z"),
        (shots.T03_LIGHT, shots.T03_VIEW.at, "2025-06-14T18:52:10Z"),
        (shots.T04_LIGHT, shots.T04_VIEW.at, "2025-06-14T18:21:30Z"),
        (shots.T05_LIGHT, LIGHTHOUSE, "2025-06-14T10:02:00Z"),
        (shots.T06_LIGHT, shots.T06_VIEW.at, "2025-06-15T05:40:05Z"),
        (shots.T08_LIGHT, shots.T08_VIEW.at, "2025-06-15T12:30:00Z"),
        (shots.T09_LIGHT, shots.T09_VIEW.at, "2025-06-15T11:15:40Z"),
        (shots.T11_LIGHT, shots.T11_VIEW.at, "2025-06-15T10:58:20Z"),
    ],
)
def test_the_sun_stands_where_it_stood(light: Light, spot: Spot, moment: str) -> None:
    sun = pvlib.solarposition.get_solarposition(DatetimeIndex([moment]), spot.latitude, spot.longitude)
    assert light.sun_azimuth_deg == pytest.approx(sun["azimuth"].iloc[0], abs=0.01)
    assert light.sun_elevation_deg == pytest.approx(sun["apparent_elevation"].iloc[0], abs=0.01)


def test_the_sun_is_drawn_at_its_azimuth_and_height(exercise: Exercise, exercise_dir: Path) -> None:
    # 7.165 degrees right of the axis and 6.648 above the horizon, by the pinhole: tan(30 deg) is 800 px.
    with Image.open(exercise_dir / exercise["T01"].filename) as image:
        red, green, blue = image.getpixel((800 + 174, 598 - 163))  # type: ignore[misc]
    assert min(red, green, blue) > 205


def test_a_shadow_points_away_from_the_sun_and_is_as_long_as_its_height_asks() -> None:
    east_m, north_m = shadow_offset_m(10.0, shots.T05_LIGHT)
    azimuth, _, length_m = Geod(ellps="sphere").inv(0, 0, east_m / 111_195, north_m / 111_195)
    assert azimuth % 360 == pytest.approx(158.286 + 180, abs=0.01)
    assert length_m == pytest.approx(6.86, abs=0.02)  # 10 m / tan(55.542 deg)


@pytest.mark.parametrize("spot", [shots.T01_VIEW.at, shots.T06_VIEW.at, Spot(260, -225), Spot(-190, 225)])
def test_metres_around_the_lighthouse_are_metres_on_the_ellipsoid(spot: Spot) -> None:
    azimuth, _, distance_m = Geod(ellps="WGS84").inv(
        LIGHTHOUSE.longitude, LIGHTHOUSE.latitude, spot.longitude, spot.latitude
    )
    assert distance_m == pytest.approx((spot.east_m**2 + spot.north_m**2) ** 0.5, abs=0.02)
    assert azimuth % 360 == pytest.approx(LIGHTHOUSE.azimuth_deg_to(spot), abs=0.01)


def test_the_full_photo_looks_at_the_lighthouse_where_the_ellipsoid_says(exercise: Exercise) -> None:
    truth: Any = exercise["T01"].expected["truth"]
    azimuth, _, distance_m = Geod(ellps="WGS84").inv(
        truth["longitude"], truth["latitude"], truth["subject"]["longitude"], truth["subject"]["latitude"]
    )
    assert azimuth % 360 == pytest.approx(truth["subject_azimuth_deg"], abs=0.01)
    assert azimuth % 360 == pytest.approx(290.0, abs=0.01)
    assert distance_m == pytest.approx(170.0, abs=0.01)


def test_making_it_twice_gives_the_same_bytes_and_stays_small(
    exercise: Exercise, exercise_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(exercise)
    names = {training_file.filename for training_file in exercise.values()}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert all(_digest(tmp_path / name) == _digest(exercise_dir / name) for name in names)
    assert sum((tmp_path / name).stat().st_size for name in names) < 5_000_000


def test_without_the_optional_writer_there_is_no_heic(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def only_named(key: str) -> Callable[[Path], TrainingFile]:
        return lambda outdir: TrainingFile(key, key, "photo", key, key, {})

    for maker in ("t01", "t02", "t03", "t04", "t05", "t06", "t07", "t08", "t09", "t10"):
        monkeypatch.setattr(files, maker, only_named(maker.upper()))
    monkeypatch.setattr(files, "HAS_HEIC_WRITER", False)
    assert "T08" not in [training_file.key for training_file in generate(tmp_path)]
    monkeypatch.setattr(files, "HAS_HEIC_WRITER", True)
    assert "T08" in [training_file.key for training_file in generate(tmp_path)]


def test_a_position_is_only_added_where_nothing_moves() -> None:
    def box(kind: bytes, content: bytes = b"") -> bytes:
        return (8 + len(content)).to_bytes(4, "big") + kind + content

    media = box(b"ftyp", b"isom") + box(b"mdat", bytes(9))
    text = b"+56.3704+016.4050+006.000/"
    position = box(b"\xa9xyz", len(text).to_bytes(2, "big") + b"\x55\xc4" + text)
    bare = media + box(b"moov", box(b"mvhd"))
    assert with_position(bare, text.decode()) == media + box(b"moov", box(b"mvhd") + box(b"udta", position))
    titled = media + box(b"moov", box(b"udta", box(b"name")) + box(b"trak"))
    assert with_position(titled, text.decode()) == media + box(
        b"moov", box(b"udta", position + box(b"name")) + box(b"trak")
    )
    with pytest.raises(ValueError, match="not the last one"):
        with_position(box(b"moov") + media, text.decode())


@pytest.mark.parametrize(
    ("degrees", "parts"),
    [(56.5, (56, 30, 0)), (-16.25, (16, 15, 0)), (9.999_999_999, (10, 0, 0)), (0.0, (0, 0, 0))],
)
def test_seconds_never_reach_sixty(degrees: float, parts: tuple[int, int, int]) -> None:
    assert tuple(float(part) for part in sexagesimal(degrees)) == parts


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_track_reads_back_as_it_was_made(exercise: Exercise, exercise_dir: Path) -> None:
    made_file = exercise["T11"]
    track = read_file(exercise_dir / made_file.filename).track
    assert track is not None
    assert track.fixes == len(made_file.expected["track"])  # type: ignore[arg-type]
    assert [point.time_s for point in track.points] == [number / 2 for number in range(12)]
    for point, spot in zip(track.points, made_file.expected["track"], strict=True):  # type: ignore[call-overload]
        assert point.latitude == pytest.approx(spot["latitude"], abs=1e-8)
        assert point.longitude == pytest.approx(spot["longitude"], abs=1e-8)
    # 34.06 m in five and a half seconds.
    assert track.points[3].speed_mps == pytest.approx(34.06 / 5.5, abs=0.01)


def test_exiftool_finds_the_same_track(exercise: Exercise, exercise_dir: Path) -> None:
    if EXIFTOOL is None:
        pytest.skip("exiftool is not installed")
    command = [EXIFTOOL, *TRACK_ARGUMENTS, str(exercise_dir / exercise["T11"].filename)]
    fixes = track_of_exiftool(subprocess.run(command, check=False, capture_output=True, text=True).stdout)
    assert len(fixes) == 12
    expected = exercise["T11"].expected["track"]
    assert fixes[-1].latitude == pytest.approx(expected[-1]["latitude"], abs=1e-7)  # type: ignore[index]


def test_a_track_needs_the_movie_box_at_the_end() -> None:
    with pytest.raises(ValueError, match="not the last one"):
        with_track(
            box(b"moov", b"") + box(b"free", b""), along(Spot(0, 0), Spot(1, 1), 2), step_s=1, altitude_m=0
        )
