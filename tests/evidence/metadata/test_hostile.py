"""Damaged and hostile files: no exception, bounded time and memory, and a sentence that says why."""

from __future__ import annotations

import json
import random
import struct
import time
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from evidence.metadata import MetadataReading, read_bytes

from . import builders as b
from . import corpus

FILES = [*corpus.pictures(*corpus.PLACES[0]), *corpus.videos(*corpus.PLACES[0])]
NAMES = [name for name, _ in FILES]
LIMIT_S = 0.5  # what one file may cost; generous to a busy machine because typical files need 0.3 ms
LIMIT_BYTES = 50 * 1024 * 1024


def check(content: bytes, name: str) -> MetadataReading:
    """Read, and make sure that nothing unexpected was raised and that the reading can be stored."""
    reading = read_bytes(content, name)
    assert not [warning for warning in reading.warnings if "unexpected way" in warning]
    stored = json.dumps(reading.to_json(), allow_nan=False)
    assert "\\u0000" not in stored  # PostgreSQL refuses NUL in jsonb
    for fix in reading.positions:
        assert fix.latitude is None or -90 <= fix.latitude <= 90
        assert fix.longitude is None or -180 <= fix.longitude <= 180
    return reading


@pytest.mark.parametrize(("name", "content"), FILES, ids=NAMES)
def test_a_file_cut_anywhere_never_raises(name: str, content: bytes) -> None:
    for length in range(0, len(content), 3):
        check(content[:length], name)


@pytest.mark.parametrize(("name", "content"), FILES, ids=NAMES)
def test_a_mutated_file_never_raises(name: str, content: bytes) -> None:
    chance = random.Random(f"{name} 20230925")
    for _ in range(250):
        check(mutated(content, chance), name)


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(changed))
        kind = chance.randrange(4)
        if kind == 0:
            changed[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        elif kind == 1:
            changed[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\0\0\0\1"))
        elif kind == 2:
            changed[at : at + chance.randrange(1, 9)] = b"\xff"
        else:
            changed[at:at] = chance.randbytes(chance.randrange(1, 9))
    return bytes(changed)


@pytest.mark.parametrize("head", [content[:12] for _, content in FILES], ids=NAMES)
def test_noise_behind_a_true_signature_never_raises(head: bytes) -> None:
    chance = random.Random(7)
    for _ in range(20):
        check(head + chance.randbytes(chance.randrange(0, 4000)), "noise")


def looping_directories() -> bytes:
    """IFD0 names itself as its Exif, GPS and following directory."""
    block = bytearray(b.tiff({0x8769: b.longs(8), 0x8825: b.longs(8), 0x014A: b.longs(8, 8, 8)}))
    block[8 + 2 + 36 : 8 + 2 + 40] = struct.pack("<I", 8)
    return b.jpeg(b.exif_segment(bytes(block)))


def overlapping_values() -> bytes:
    """2,000 entries that all claim the same megabyte."""
    entries = b"".join(struct.pack("<HHII", 0x9000 + n, 7, 1_000_000, 30_000) for n in range(2_000))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 2_000) + entries + b"\0" * 1_100_000


def many_directories() -> bytes:
    """Directories with as many entries as a count can say, all at neighbouring offsets."""
    pointers = b.longs(*range(200, 1_200, 2))
    return b.tiff({0x014A: pointers}) + b"\xff\xff\x01\x01\x03\0" * 60_000


def deep_boxes(kind: bytes) -> bytes:
    body = b""
    for _ in range(20_000):
        body = struct.pack(">I", len(body) + 8) + kind + body
        if len(body) > 200_000:
            break
    return b.box(b"ftyp", b"isom\0\0\0\0isom") + body


def inflating_png() -> bytes:
    packed = zlib.compress(b"\0" * 4_000_000, 9)
    return b.png(*[b.chunk(b"zTXt", b"Comment\0\0" + packed)] * 2_000)


def endless_exif_items() -> bytes:
    """5,000 EXIF items of a HEIC that all name the same ten megabytes."""
    count = 5_000
    infos = b"".join(
        b.full_box(b"infe", struct.pack(">HH4s", n, 0, b"Exif") + b"\0", version=2) for n in range(count)
    )
    rows = b"".join(struct.pack(">HHHII", n, 0, 1, 0, 10_000_000) for n in range(count))
    iloc = b.full_box(b"iloc", b"\x44\x00", struct.pack(">H", count), rows)
    meta = b.full_box(b"meta", iloc, b.full_box(b"iinf", struct.pack(">H", count), infos))
    return b.box(b"ftyp", b"heic\0\0\0\0heic") + meta + b"\0" * 10_000_000


def deep_xmp() -> bytes:
    return b.jpeg(*[b.xmp_segment(b.xmp(children="<a>" * 15_000 + "</a>" * 4_000)[:65_000])] * 40)


def wide_xmp() -> bytes:
    return b.png(b.png_xmp(b.xmp(children="<exif:x>1</exif:x>" * 200_000)))


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "laugh">{entities}]>'.encode()
    return b.png(b.png_xmp(doctype + b.xmp('tiff:Make="&a11;"')))


def nested_matroska() -> bytes:
    body = b""
    for _ in range(4_000):
        body = b.element(0x67C8, body)
    return b.element(0x1A45DFA3, b.element(0x4282, b"webm")) + b.element(
        0x18538067, b.element(0x1254C367, body)
    )


def tiny_boxes() -> bytes:
    moov = b.box(b"moov", b.box(b"udta", b.box(b"\xa9xyz", b"\0\5\0\0+1+1/") * 200_000))
    return b.box(b"ftyp", b"qt  \0\0\0\0qt  ") + moov


def tiny_clusters() -> bytes:
    head = b.element(0x1A45DFA3, b.element(0x4282, b"webm"))
    return head + b.element(0x18538067, b.element(0x1F43B675) * 300_000)


def many_segments() -> bytes:
    return b.jpeg(*[b.segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0")] * 100_000)


def endless_gif() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + (b"\x21\xfe" + b"\x01A" * 100_000 + b"\0") * 20


BOMBS = {
    "directories in a circle": looping_directories,
    "values on top of each other": overlapping_values,
    "as many directories as offsets": many_directories,
    "boxes in boxes": lambda: deep_boxes(b"moov"),
    "tracks in tracks": lambda: deep_boxes(b"trak"),
    "zlib bombs": inflating_png,
    "one block for many items": endless_exif_items,
    "deep XMP": deep_xmp,
    "wide XMP": wide_xmp,
    "entities": billion_laughs,
    "tags in tags": nested_matroska,
    "many user data": tiny_boxes,
    "many clusters": tiny_clusters,
    "many segments": many_segments,
    "many GIF blocks": endless_gif,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_bounded_time(name: str) -> None:
    content = BOMBS[name]()
    spent = min(timings(content))
    assert spent < LIMIT_S


def timings(content: bytes) -> Iterator[float]:
    for _ in range(2):
        start = time.process_time()
        check(content, "bomb")
        yield time.process_time() - start


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_bounded_memory(name: str) -> None:
    content = BOMBS[name]()
    tracemalloc.start()
    try:
        read_bytes(content, "bomb")
        assert tracemalloc.get_traced_memory()[1] < LIMIT_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "name", "warning"),
    [
        (b"", "a.jpg", "The file is empty."),
        (b"hello", "a.jpg", "The content is not a picture or video that this reader knows."),
        (b.png(), "a.jpg", "The name says .jpg, the content is PNG."),
        (b.jpeg()[:-30], "a.jpg", "The file ends in the middle of the picture; a part of it is missing."),
        (b.png()[:-20], "a.png", "The file ends in the middle of the picture; a part of it is missing."),
        (b.movie(mdat_first=True)[:100], "a.mov", "The file ends in the middle of the box mdat."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(content: bytes, name: str, warning: str) -> None:
    assert warning in read_bytes(content, name).warnings


def test_a_value_outside_of_the_block_costs_only_itself() -> None:
    block = bytearray(b.tiff(b.camera_fields("Canon Incorporated"), {}, b.gps_fields(10, 20)))
    block[10 + 8 : 10 + 12] = b"\xff\xff\xff\x7f"  # the offset of Make
    reading = check(b.jpeg(b.exif_segment(bytes(block))), "a.jpg")
    assert reading.preferred_position is not None
    assert reading.warnings == ("The EXIF value Make lies outside of the file.",)
