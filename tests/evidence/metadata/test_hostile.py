"""Damaged and hostile files: no exception, bounded time and memory, and a sentence that says why."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from evidence.metadata import MetadataReading, read_bytes

from . import builders as b
from . import corpus
from .bombs import BOMBS

FILES = [
    *corpus.pictures(*corpus.PLACES[0]),
    *corpus.videos(*corpus.PLACES[0]),
    *corpus.others(*corpus.PLACES[0]),
]
NAMES = [name for name, _ in FILES]
LIES = ((2, 0xFFFF), (4, 0), (4, 1), (4, 1 << 31), (4, (1 << 32) - 1), (8, 1 << 63), (8, (1 << 64) - 1))
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
    for length in range(0, len(content), max(3, len(content) // 1_000)):
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


@pytest.mark.parametrize(("name", "content"), FILES, ids=NAMES)
def test_a_length_that_lies_never_raises(name: str, content: bytes) -> None:
    """Each number of two, four or eight bytes says nothing, one, or as much as it can."""
    step = max(1, len(content) // 40)
    for at in range(0, len(content), step):
        for width, value in LIES:
            for order in ("big", "little"):
                lie = value.to_bytes(width, order)  # type: ignore[arg-type]
                check(content[:at] + lie + content[at + width :], name)


@pytest.mark.parametrize("head", [content[:12] for _, content in FILES], ids=NAMES)
def test_noise_behind_a_true_signature_never_raises(head: bytes) -> None:
    chance = random.Random(7)
    for _ in range(20):
        check(head + chance.randbytes(chance.randrange(0, 4000)), "noise")


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
