"""GPMF, the telemetry of GoPro: keys of four letters inside each other (GoPro's published specification)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from .base import TrackPoint
from .bounds import Data
from .findings import Findings

_MAX_FIXES_A_SAMPLE = 4  # of about eighteen in a second
_EPOCH_2000 = datetime(2000, 1, 1, tzinfo=UTC)
_GPS9 = struct.Struct(">7i2H")


class Entry(NamedTuple):
    """One key: what it is, how its values are typed, and where they lie."""

    key: bytes
    kind: int
    size: int
    repeat: int
    start: int
    end: int


class Fixes(NamedTuple):
    """What one sample holds: how many fixes, and those of them that have a lock, thinned."""

    seen: int
    points: list[TrackPoint]
    utc: datetime | None


def entries(data: Data, start: int, end: int, findings: Findings) -> Iterator[Entry]:
    """The keys between two offsets; values are padded to four bytes."""
    while start + 8 <= end:
        findings.budget.spend()
        key, kind, size, repeat = struct.unpack_from(">4sBBH", data, start)
        start += 8
        length = size * repeat
        if start + length > end:
            return
        yield Entry(key, kind, size, repeat, start, start + length)
        start += length + -length % 4


def read_sample(
    data: Data, start: int, end: int, time_s: float, duration_s: float, findings: Findings
) -> Fixes:
    """The fixes of one sample, which covers ``duration_s`` from ``time_s`` on."""
    best = Fixes(0, [], None)
    for device in entries(data, start, end, findings):
        if device.key != b"DEVC":
            continue
        for stream in entries(data, device.start, device.end, findings):
            if stream.key != b"STRM" or data.find(b"GPS", stream.start, stream.end) < 0:
                continue
            parts = {each.key: each for each in entries(data, stream.start, stream.end, findings)}
            if b"GPS9" in parts or b"GPS5" in parts:
                found = _fixes(data, parts, time_s, duration_s)
                if b"GPS9" in parts or not best.seen:  # HERO11 writes both; GPS9 times each fix
                    best = found
        if best.seen:
            break
    return best


def _fixes(data: Data, parts: dict[bytes, Entry], time_s: float, duration_s: float) -> Fixes:
    entry = parts.get(b"GPS9") or parts[b"GPS5"]
    nine = entry.key == b"GPS9"
    scales = _scales(data, parts.get(b"SCAL"))
    width = 9 if nine else 5
    if len(scales) < width or 0 in scales or entry.size != (32 if nine else 20):
        return Fixes(0, [], None)
    lock = parts.get(b"GPSF")
    locked = nine or lock is None or _unsigned(data, lock) in (2, 3)
    utc = _utc(data, parts.get(b"GPSU"))
    if not locked:
        return Fixes(entry.repeat, [], None)
    precision = parts.get(b"GPSP")
    dilution = _unsigned(data, precision) / 100 if precision else None
    step = max(1, entry.repeat // _MAX_FIXES_A_SAMPLE)
    points = []
    for index in range(0, entry.repeat, step):
        row = struct.unpack_from(">5i", data, entry.start + index * entry.size)
        values = [value / scale for value, scale in zip(row, scales, strict=False)]
        moment, dop = utc if index == 0 else None, dilution
        if nine:
            whole = _GPS9.unpack_from(data, entry.start + index * entry.size)
            if whole[8] / scales[8] < 2:
                continue
            moment, dop = _gps9_time(whole[5] / scales[5], whole[6] / scales[6]), whole[7] / scales[7]
        at = time_s + duration_s * index / entry.repeat
        points.append(TrackPoint(round(at, 3), values[0], values[1], values[2], values[3], moment, dop))
    return Fixes(entry.repeat, points, utc or (points[0].utc if points else None))


def _scales(data: Data, entry: Entry | None) -> tuple[int, ...]:
    if entry is None or entry.size not in (2, 4) or entry.repeat > 20:
        return ()
    code = {ord("l"): "i", ord("L"): "I", ord("s"): "h", ord("S"): "H"}.get(entry.kind)
    if code is None or struct.calcsize(code) != entry.size:
        return ()
    scales: tuple[int, ...] = struct.unpack_from(f">{entry.repeat}{code}", data, entry.start)
    return scales


def _unsigned(data: Data, entry: Entry) -> int:
    return int.from_bytes(data[entry.start : min(entry.end, entry.start + 4)], "big")


def _utc(data: Data, entry: Entry | None) -> datetime | None:
    """yymmddhhmmss.sss"""
    if entry is None:
        return None
    text = data[entry.start : min(entry.end, entry.start + 16)].decode("latin-1")
    try:
        moment = datetime.strptime(text[:12], "%y%m%d%H%M%S").replace(tzinfo=UTC)
        return moment + timedelta(seconds=float(text[12:] or 0)) if 2010 < moment.year < 2100 else None
    except ValueError:
        return None


def _gps9_time(days: float, seconds: float) -> datetime | None:
    if not (3_650 < days < 36_500 and 0 <= seconds < 86_401):
        return None
    return _EPOCH_2000 + timedelta(days=int(days), seconds=seconds)
