"""Raw photos that are no TIFF, sidecars and exiv2's container."""

from __future__ import annotations

import struct
from datetime import datetime

import pytest

from evidence.metadata import MetadataReading, TimeBasis, read_bytes

from . import builders as b
from . import corpus

PLACE = corpus.PLACES[1]
UNIX_1970_LOCAL = 1_695_650_591  # 2023-09-25 14:03:11 of the camera's clock


def mrw(order: str) -> bytes:
    """Minolta's blocks: the picture's size and a TIFF; the sign of the byte order is the last letter."""

    def block(kind: bytes, body: bytes) -> bytes:
        return struct.pack(order + "4sI", b"\0" + kind, len(body)) + body

    size = b"27820001" + struct.pack(order + "4H", 1_544, 2_048, 1_530, 2_040) + b"\0" * 8
    body = block(b"PRD", size) + block(b"TTW", corpus.exif_block(*PLACE))
    return (b"\0MRM" if order == ">" else b"\0MRI") + struct.pack(order + "I", len(body)) + body + b"\0" * 50


def crw() -> bytes:
    """A heap with a value and a heap inside it, which holds the camera and the clock."""

    def heap(entries: list[tuple[int, bytes]]) -> bytes:
        body, directory = b"", struct.pack("<H", len(entries))
        for tag, value in entries:
            directory += struct.pack("<HII", tag, len(value), len(body))
            body += value
        return body + directory + struct.pack("<I", len(body))

    camera = heap([(0x080A, b"Canon\0Canon EOS 300D\0")])
    clock = (0x180E, struct.pack("<III", UNIX_1970_LOCAL, 0, 0))
    size = (0x1810, struct.pack("<IIII", 3_088, 2_056, 1, 0))
    return b"II\x1a\0\0\0HEAPCCDR" + b"\0" * 12 + heap([(0x300A, heap([clock, size, (0x2807, camera)]))])


def x3f() -> bytes:
    words = {"CAMMANUF": "SIGMA", "CAMMODEL": "SIGMA SD10", "TIME": str(UNIX_1970_LOCAL)}
    text, table, at = b"", b"", 0
    for pair in words.items():
        for word in pair:
            table += struct.pack("<I", at)
            text += (word + "\0").encode("utf-16-le")
            at += len(word) + 1
    properties = b"SECp" + struct.pack("<IIIII", 0x20000, len(words), 0, 0, at) + table + text
    head = b"FOVb" + struct.pack("<I", 0x20002) + b"\0" * 32
    directory = b"SECd" + struct.pack("<II", 0x20000, 1) + struct.pack("<II4s", 40, len(properties), b"PROP")
    return head + properties + directory + struct.pack("<I", len(head) + len(properties))


def preview_x3f() -> bytes:
    """A later one, whose preview carries the EXIF."""
    image = b"SECi" + b"\0" * 24 + b.jpeg(b.exif_segment(corpus.exif_block(*PLACE)))
    directory = b"SECd" + struct.pack("<II", 0x20000, 1) + struct.pack("<II4s", 40, len(image), b"IMA2")
    return b"FOVb" + b"\0" * 36 + image + directory + struct.pack("<I", 40 + len(image))


def assert_placed(reading: MetadataReading) -> None:
    assert reading.warnings == ()
    assert reading.preferred_position is not None
    assert reading.preferred_position.latitude == pytest.approx(PLACE[0], abs=1e-6)
    assert reading.preferred_position.longitude == pytest.approx(PLACE[1], abs=1e-6)
    assert reading.captured is not None
    assert reading.captured.utc == corpus.UTC_TIME


@pytest.mark.parametrize("order", ["<", ">"])
def test_minoltas_block_holds_the_exif(order: str) -> None:
    reading = read_bytes(mrw(order), "a.mrw")
    assert_placed(reading)
    assert (reading.format, reading.width, reading.height) == ("MRW", 2_040, 1_530)


def test_a_segment_container_is_read_like_a_jpeg() -> None:
    content = b"\xff\x01Exiv2" + b.exif_segment(corpus.exif_block(*PLACE)) + b"\xff\xd9"
    assert_placed(read_bytes(content, "a.exv"))


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?>\n<!-- made by a test -->\n"])
def test_a_sidecar_is_read(head: bytes) -> None:
    attributes = b.xmp_position(*PLACE) + ' exif:DateTimeOriginal="2023-09-25T14:03:11+04:00"'
    assert_placed(read_bytes(head + b.xmp(attributes), "a.xmp"))


def test_a_preview_carries_the_exif_of_a_later_raw_photo() -> None:
    reading = read_bytes(preview_x3f(), "a.x3f")
    assert_placed(reading)
    assert reading.width is None  # the preview's size is not the photo's


@pytest.mark.parametrize(
    ("content", "model"), [(crw(), "Canon EOS 300D"), (x3f(), "SIGMA SD10")], ids=["CRW", "X3F"]
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
