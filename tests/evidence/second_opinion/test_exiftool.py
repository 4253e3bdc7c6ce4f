"""exiftool's JSON as values; and the program itself on files whose values are known."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from evidence.metadata import read_file
from evidence.second_opinion import (
    ARGUMENTS,
    TRACK_ARGUMENTS,
    Verdict,
    compare,
    opinion_of_exiftool,
    opinion_of_walker,
    tags_of_exiftool,
    track_of_exiftool,
)
from tests.training_files import copy_training_files

ANSWER = {
    "SourceFile": "x.jpg",
    "ExifTool:ExifToolVersion": 12.57,
    "System:FileName": "x.jpg",
    "IFD0:Make": "Exercise ",
    "IFD0:Model": "Camera 1",
    "ExifIFD:DateTimeOriginal": "2023:09:25 14:03:11",
    "ExifIFD:OffsetTimeOriginal": "-03:30",
    "GPS:GPSLatitude": 33.8568,
    "GPS:GPSImgDirection": 12.5,
    "GPS:GPSImgDirectionRef": "M",
    "Composite:GPSLatitude": -33.8568,
    "Composite:GPSLongitude": -70.6693,
    "Composite:ImageSize": "1600 1067",
}


def test_values_keep_their_sign_and_say_their_tag() -> None:
    found = opinion_of_exiftool(ANSWER, [])
    assert (found.latitude, found.longitude) == (-33.8568, -70.6693)
    assert found.source_of("latitude") == "GPS:GPSLatitude"
    assert (found.captured, found.offset_min) == ("2023-09-25T14:03:11", -210)
    assert (found.heading_deg, found.heading_reference) == (12.5, "magnetic")
    assert (found.camera_make, found.width, found.height) == ("Exercise", 1600, 1067)
    assert found.reader == "exiftool 12.57"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"Composite:GPSLatitude": "undef"}, "latitude"),
        ({"Composite:GPSLatitude": 91}, "latitude"),
        ({"Composite:GPSLongitude": None}, "longitude"),
        ({"ExifIFD:DateTimeOriginal": "2023:13:45 99:00:00"}, "captured"),
        ({"ExifIFD:OffsetTimeOriginal": "local"}, "offset_min"),
        ({"GPS:GPSImgDirection": "inf"}, "heading_deg"),
        ({"Composite:ImageSize": "wide"}, "width"),
    ],
)
def test_what_is_no_value_stays_unknown(changed: dict[str, Any], field: str) -> None:
    assert getattr(opinion_of_exiftool({**ANSWER, **changed}, []), field) is None


def test_a_videos_times_and_duration() -> None:
    answer = {"QuickTime:CreateDate": "2023:09:25 10:03:11", "Matroska:Duration": "00:01:03.500000000"}
    found = opinion_of_exiftool(answer, [])
    assert (found.captured, found.offset_min, found.duration_s) == ("2023-09-25T10:03:11", 0, 63.5)
    local = opinion_of_exiftool({**answer, "Keys:CreationDate": "2023:09:25 14:03:11+04:00"}, [])
    assert (local.captured, local.offset_min) == ("2023-09-25T14:03:11", 240)


def test_a_track_is_its_fixes_and_neither_the_files_own_nor_the_lines_without_one() -> None:
    assert track_of_exiftool("fix:1;1\nnoise\nfix:;\nfix:56.37;16.4\nfix:-1;999\nfix:56.38;-16.5\n") == [
        (56.37, 16.4),
        (56.38, -16.5),
    ]


def test_tags_are_those_of_the_file_and_not_of_where_it_lies() -> None:
    groups = {group for group, _name, _value in tags_of_exiftool(ANSWER)}
    assert groups == {"IFD0", "ExifIFD", "GPS", "Composite"}


needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")


def _ask(path: Path, arguments: tuple[str, ...]) -> str:
    return subprocess.run(
        ["exiftool", *arguments, str(path)], capture_output=True, text=True, check=False
    ).stdout


@needs_exiftool
def test_both_readers_agree_on_every_file_of_the_training_exercise(tmp_path: Path) -> None:
    positions = 0
    for made in copy_training_files(tmp_path):
        path = tmp_path / made.filename
        answer = json.loads(_ask(path, ARGUMENTS))[0]
        rows = compare(opinion_of_walker(read_file(path), {}), opinion_of_exiftool(answer, []))
        differing = [row for row in rows if row.verdict in (Verdict.DIFFERS, Verdict.ONLY_SECOND)]
        assert differing == [], made.key
        positions += any(row.key == "position" and row.verdict == Verdict.AGREES for row in rows)
    assert positions >= 7


@needs_exiftool
def test_exiftools_own_writing_comes_back_through_its_arguments(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    Image.new("RGB", (32, 20)).save(path)
    written = ["-GPSLatitude=33.8568", "-GPSLatitudeRef=S", "-GPSLongitude=70.6693", "-GPSLongitudeRef=W"]
    subprocess.run(["exiftool", "-q", "-overwrite_original", *written, str(path)], check=True)
    found = opinion_of_exiftool(json.loads(_ask(path, ARGUMENTS))[0], [])
    assert (found.latitude, found.longitude) == (pytest.approx(-33.8568), pytest.approx(-70.6693))
    assert track_of_exiftool(_ask(path, TRACK_ARGUMENTS)) == []
