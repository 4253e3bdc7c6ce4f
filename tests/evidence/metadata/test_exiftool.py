"""Agreement with exiftool, an independent reader and writer, where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from evidence.metadata import MetadataReading, read_file

from . import builders as b
from . import corpus

pytestmark = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
# exiftool 12.57 finds no position in these; the values built into them are asserted in test_containers.
UNREAD_BY_EXIFTOOL = {"big.tif", "keys.mp4", "tags.mkv", "tags-last.webm"}


def exiftool(*arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["exiftool", "-n", "-j", *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_positions_and_times_agree_in_every_container(tmp_path: Path) -> None:
    for number, place in enumerate(corpus.PLACES):
        for name, content in [*corpus.pictures(*place), *corpus.videos(*place)]:
            (tmp_path / f"{number}-{name}").write_bytes(content)
    compared = 0
    for row in exiftool("-r", str(tmp_path)):
        path = Path(row["SourceFile"])
        reading = read_file(path)
        fix = reading.preferred_position
        assert fix is not None
        if path.name[2:] not in UNREAD_BY_EXIFTOOL:
            tolerance = 1e-5 if "loci" in path.name else 1e-6  # exiftool rounds loci's fixed point
            assert fix.latitude == pytest.approx(row["GPSLatitude"], abs=tolerance), path.name
            assert fix.longitude == pytest.approx(row["GPSLongitude"], abs=tolerance), path.name
            compared += 1
        if "DateTimeOriginal" in row:
            assert reading.captured is not None
            local = reading.captured.local
            assert local is not None
            assert f"{local:%Y:%m:%d %H:%M:%S}" == row["DateTimeOriginal"][:19], path.name
    assert compared >= 100


@pytest.mark.parametrize("name", ["exif.jpg", "exif.tif", "exif.png", "exif.heic", "xyz.mov", "xyz.mp4"])
def test_what_exiftool_writes_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(bare(name))
    position = ["-GPSLatitude=-33.8568", "-GPSLatitudeRef=S", "-GPSLongitude=-70.6693", "-GPSLongitudeRef=W"]
    time = ["-DateTimeOriginal=2023:09:25 14:03:11", "-OffsetTimeOriginal=+04:00"]
    if path.suffix in (".mov", ".mp4"):
        position = [
            "-Keys:GPSCoordinates=-33.8568, -70.6693, 520",
            "-UserData:GPSCoordinates=-33.8568, -70.6693, 520",
        ]
        time = ["-Keys:CreationDate=2023:09:25 14:03:11+04:00"]
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", *position, *time, str(path)], check=True, timeout=60
    )
    reading = read_file(path)
    assert_written(reading)


def bare(name: str) -> bytes:
    """A file that exiftool accepts for writing, without metadata of its own."""
    if name == "exif.tif":
        pixels = {
            0x100: b.shorts(1),
            0x101: b.shorts(1),
            0x102: b.shorts(8),
            0x103: b.shorts(1),
            0x106: b.shorts(1),
        }
        strips = {0x111: b.longs(8), 0x115: b.shorts(1), 0x116: b.shorts(1), 0x117: b.longs(1)}
        return b.tiff(pixels | strips)
    files = {"exif.jpg": b.jpeg(), "exif.png": b.png(), "exif.heic": b.heif(b.tiff({0x010F: b.text("X")}))}
    files |= {"xyz.mov": b.movie(), "xyz.mp4": b.movie(brand=b"mp42")}
    return files[name]


def assert_written(reading: MetadataReading) -> None:
    assert reading.warnings == ()
    for fix in reading.positions:
        assert fix.latitude == pytest.approx(-33.8568, abs=1e-6)
        assert fix.longitude == pytest.approx(-70.6693, abs=1e-6)
    assert reading.preferred_position is not None
    assert reading.captured is not None
    assert reading.captured.offset_min == 240
    assert str(reading.captured.local) == "2023-09-25 14:03:11"
