"""Readings are stored and printed without loss, and other programs' files are understood."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from evidence.metadata import MetadataReading, TimeBasis, read_bytes, read_file
from evidence.metadata.lines import json_line, offset_text

from . import builders as b
from . import corpus

FILES = [*corpus.pictures(*corpus.PLACES[3]), *corpus.videos(*corpus.PLACES[3])]


@pytest.mark.parametrize(("name", "content"), FILES, ids=[name for name, _ in FILES])
def test_a_stored_reading_comes_back_the_same(name: str, content: bytes) -> None:
    reading = read_bytes(content, name)
    assert MetadataReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_a_stored_reading_with_a_georeference_comes_back_the_same() -> None:
    image = {0x100: b.shorts(2), 0x101: b.shorts(2), 0x830E: b.doubles(1, 1, 0), 0x8482: b.doubles(*range(6))}
    reading = read_bytes(b.tiff(image))
    assert reading.geotiff is not None
    assert MetadataReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


@pytest.mark.parametrize(
    "stored", [{}, {"format": "JPEG", "mime_type": "", "kind": "photo", "times": [3]}, []]
)
def test_something_else_is_no_stored_reading(stored: object) -> None:
    with pytest.raises(ValueError, match="not a stored metadata reading"):
        MetadataReading.from_json(stored)  # type: ignore[arg-type]


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_written_by_pillow_is_read(file_format: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Sony"
    exif.get_ifd(0x8769).update({0x9003: "2023:09:25 14:03:11", 0x9011: "+04:00"})
    exif.get_ifd(0x8825).update({1: "S", 2: (33.0, 51.0, 24.5), 3: "W", 4: (151.0, 12.0, 55.0)})
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "olive").save(file, file_format, exif=exif)
    reading = read_bytes(file.getvalue())
    assert reading.warnings == ()
    assert (reading.width, reading.height, reading.camera_make) == (30, 20, "Sony")
    fix = reading.preferred_position
    assert fix is not None
    assert fix.latitude == pytest.approx(-(33 + 51 / 60 + 24.5 / 3600))
    assert fix.longitude == pytest.approx(-(151 + 12 / 60 + 55 / 3600))
    assert reading.captured is not None
    assert reading.captured.basis is TimeBasis.OFFSET_TAG


def test_a_file_on_disk_is_read_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "exif.jpg"
    path.write_bytes(dict(FILES)["exif.jpg"])
    before = path.read_bytes()
    assert read_file(path).preferred_position is not None
    assert path.read_bytes() == before


def test_missing_and_empty_files_are_readings_with_a_warning(tmp_path: Path) -> None:
    (missing,) = read_file(tmp_path / "none.jpg").warnings
    assert missing.startswith("The file cannot be opened (No such file")
    (tmp_path / "empty.jpg").touch()
    assert read_file(tmp_path / "empty.jpg").warnings == ("The file is empty.",)
    (folder,) = read_file(tmp_path).warnings
    assert folder.startswith("The file cannot be opened (Is a directory")


def test_the_module_prints_one_line_that_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys.mov"
    path.write_bytes(dict(FILES)["keys.mov"])
    command = [sys.executable, "-m", "evidence.metadata", str(path)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, timeout=60)
    (line,) = done.stdout.splitlines()
    assert MetadataReading.from_json(json.loads(line)) == read_file(path)


def test_the_module_loads_no_framework() -> None:
    code = "import sys, evidence.metadata; print(sorted(set(sys.modules) & {'django', 'PIL', 'numpy'}))"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_the_short_line_has_the_agreed_fields() -> None:
    line = json_line(read_bytes(dict(FILES)["exif.jpg"]), path="exif.jpg", sha256="00")
    assert line["preferred"] == {
        "latitude": pytest.approx(-22.9519),
        "longitude": pytest.approx(-43.2105),
        "source": "EXIF GPS",
    }
    assert line["captured"] == {
        "local": "2023-09-25T14:03:11",
        "offset": "+04:00",
        "utc": "2023-09-25T10:03:11Z",
        "basis": "offset_tag",
        "source": "EXIF DateTimeOriginal",
    }
    assert (line["heading"], line["camera"], line["width"]) == (270.5, "Apple iPhone 12", 64)
    assert line["positions"][0]["status"] == "ok"


@pytest.mark.parametrize(
    ("minutes", "text"), [(240, "+04:00"), (-210, "-03:30"), (0, "+00:00"), (None, None)]
)
def test_offsets_are_printed_as_people_write_them(minutes: int | None, text: str | None) -> None:
    assert offset_text(minutes) == text
