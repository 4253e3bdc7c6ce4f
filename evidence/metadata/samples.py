"""Where the samples of a timed metadata track of MP4 or MOV lie, and when each of them holds."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from .bounds import MAX_TABLE_BYTES, Data, FileFault
from .boxes import Box
from .findings import Findings

_Item = TypeVar("_Item")
MAX_SAMPLES = 50_000  # of a track that are looked at
_MAX_SAMPLE_BYTES = 256 * 1024
_TABLE_COST = 500  # entries of a table that count as one part of the file


class Sample(NamedTuple):
    """One sample: seconds from the beginning of the track, and its bytes in the file."""

    time_s: float
    duration_s: float
    start: int
    length: int


def samples(data: Data, tables: Mapping[bytes, Box], time_scale: int, findings: Findings) -> list[Sample]:
    """The samples of a track from its tables (stsz, stsc, stco or co64, stts), in their order."""
    if b"stsz" not in tables or b"stsc" not in tables or time_scale <= 0:
        return []
    sizes = _sizes(data, tables[b"stsz"], findings)
    wide = b"co64" in tables
    chunks_box = tables.get(b"co64") or tables.get(b"stco")
    if not sizes or chunks_box is None:
        return []
    chunks = _table(data, chunks_box, "Q" if wide else "I", 1, findings)
    per_chunk = _table(data, tables[b"stsc"], "III", 3, findings)
    starts = _starts(chunks, per_chunk, sizes)
    times = _times(data, tables.get(b"stts"), len(starts), findings)
    return [
        Sample(time / time_scale, duration / time_scale, start, length)
        for (time, duration), start, length in zip(times, starts, sizes, strict=False)
        if 0 < length <= _MAX_SAMPLE_BYTES and start + length <= len(data)
    ]


def _table(data: Data, box: Box, code: str, columns: int, findings: Findings) -> Sequence[int]:
    """The numbers of a table box with a version, a count and rows; as many as are there and allowed."""
    (count,) = struct.unpack_from(">I", data, box.start + 4)
    row = struct.calcsize(">" + code)
    count = min(count, MAX_SAMPLES, max(0, box.end - box.start - 8) // row, MAX_TABLE_BYTES // row)
    findings.budget.spend(1 + count // _TABLE_COST)
    numbers: tuple[int, ...] = struct.unpack_from(f">{count * columns}{code[0]}", data, box.start + 8)
    return numbers


def _sizes(data: Data, box: Box, findings: Findings) -> Sequence[int]:
    uniform, count = struct.unpack_from(">II", data, box.start + 4)
    if uniform:
        return (int(uniform),) * min(int(count), MAX_SAMPLES)
    count = min(count, MAX_SAMPLES, max(0, box.end - box.start - 12) // 4)
    findings.budget.spend(1 + count // _TABLE_COST)
    numbers: tuple[int, ...] = struct.unpack_from(f">{count}I", data, box.start + 12)
    return numbers


def _starts(chunks: Sequence[int], per_chunk: Sequence[int], sizes: Sequence[int]) -> list[int]:
    """Offsets of the samples: chunks in order, each with as many samples as its run says."""
    starts: list[int] = []
    runs = len(per_chunk) // 3
    for run in range(runs):
        first, count = per_chunk[3 * run], per_chunk[3 * run + 1]
        stop = per_chunk[3 * run + 3] if run + 1 < runs else len(chunks) + 1
        if first < 1 or count < 1:
            raise FileFault("The sample table of a metadata track is damaged; the track was not read.")
        for chunk in range(first - 1, min(stop - 1, len(chunks))):
            at = chunks[chunk]
            for size in sizes[len(starts) : len(starts) + count]:
                starts.append(at)
                at += size
            if len(starts) >= len(sizes):
                return starts
    return starts


def _times(data: Data, box: Box | None, count: int, findings: Findings) -> list[tuple[int, int]]:
    """Time and duration of each sample in units of the track; the last duration holds for the rest."""
    rows = _table(data, box, "II", 2, findings) if box else ()
    times: list[tuple[int, int]] = []
    now = duration = 0
    for number, duration in zip(rows[::2], rows[1::2], strict=False):
        for _ in range(min(number, count - len(times))):
            times.append((now, duration))
            now += duration
    while len(times) < count:
        times.append((now, duration))
        now += duration
    return times


def spread(items: Sequence[_Item], limit: int) -> list[_Item]:
    """At most ``limit`` of the items, evenly spread, the first and the last among them."""
    if len(items) <= limit:
        return list(items)
    return [items[index * (len(items) - 1) // (limit - 1)] for index in range(limit)]
