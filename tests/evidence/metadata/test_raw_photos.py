"""Raw photos that are no TIFF, sidecars and exiv2's container."""

from __future__ import annotations

import struct
from datetime import datetime

import pytest

from evidence.metadata import MetadataReading, TimeBasis, read_bytes

from . import builders as b
from . import corpus
from . import raw_builders as raws

PLACE = corpus.PLACES[1]
BLOCK = corpus.exif_block(*PLACE)


def assert_placed(reading: MetadataReading) -> None:
    assert reading.warnings == ()
    assert reading.preferred_position is not None
    assert reading.preferred_position.latitude == pytest.approx(PLACE[0], abs=1e-6)
    assert reading.preferred_position.longitude == pytest.approx(PLACE[1], abs=1e-6)
    assert reading.captured is not None
    assert reading.captured.utc == corpus.UTC_TIME


@pytest.mark.parametrize("order", ["<", ">"])
def test_minoltas_block_holds_the_exif(order: str) -> None:
    reading = read_bytes(raws.mrw(BLOCK, order), "a.mrw")
    assert_placed(reading)
    assert (reading.format, reading.width, reading.height) == ("MRW", 2_040, 1_530)


def test_a_segment_container_is_read_like_a_jpeg() -> None:
    assert_placed(read_bytes(raws.exv(BLOCK), "a.exv"))


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?>\n<!-- made by a test -->\n"])
def test_a_sidecar_is_read(head: bytes) -> None:
    attributes = b.xmp_position(*PLACE) + ' exif:DateTimeOriginal="2023-09-25T14:03:11+04:00"'
    assert_placed(read_bytes(head + b.xmp(attributes), "a.xmp"))


def test_a_preview_carries_the_exif_of_a_later_raw_photo() -> None:
    reading = read_bytes(raws.preview_x3f(BLOCK), "a.x3f")
    assert_placed(reading)
    assert reading.width is None  # the preview's size is not the photo's


@pytest.mark.parametrize(
    ("content", "model"), [(raws.crw(), "Canon EOS 300D"), (raws.x3f(), "SIGMA SD10")], ids=["CRW", "X3F"]
)
def test_the_cameras_clock_has_no_zone(content: bytes, model: str) -> None:
    reading = read_bytes(content)
    assert reading.warnings == ()
    assert reading.camera_model == model
    assert reading.captured is not None
    assert reading.captured.basis is TimeBasis.NAIVE_LOCAL
    assert reading.captured.local == datetime(2023, 9, 25, 14, 3, 11)
    assert reading.captured.utc is None


def test_a_heap_that_holds_itself_ends() -> None:
    entry = struct.pack("<HII", 0x300A, 0, 0)
    content = b"II\x1a\0\0\0HEAPCCDR" + b"\0" * 12
    body = struct.pack("<H", 1) + struct.pack("<HII", 0x300A, 16, 0) + struct.pack("<I", 0)
    for hostile in (content + body, content + struct.pack("<H", 1) + entry + struct.pack("<I", 0)):
        assert "CRW" in read_bytes(hostile).warnings[0]
