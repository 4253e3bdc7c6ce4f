"""The trailer behind the videos of Insta360's cameras: records, read from the end, one of them of fixes."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime

from .base import TrackPoint
from .bounds import Data
from .findings import Findings
from .timed_text import place

_MAGIC = b"8db42d694ccc418790edff439fe026bf"
_TAIL_BYTES = 78
_GPS = 0x700
_MAX_RECORDS, _MAX_FIXES = 200, 2_000
# Unix seconds, not known, milliseconds, A or V, then degrees with a letter twice, speed, course, altitude.
_FIX = struct.Struct("<IIH1sd1sd1s3d")


def end_of_boxes(data: Data) -> int:
    """Where the boxes of a video end: before the trailer, or with the file."""
    if len(data) < _TAIL_BYTES or data[-len(_MAGIC) :] != _MAGIC:
        return len(data)
    (length,) = struct.unpack_from("<I", data, len(data) - _TAIL_BYTES + 38)
    return len(data) - length if _TAIL_BYTES <= length <= len(data) else len(data)


def insta360_fixes(data: Data, findings: Findings) -> tuple[int, list[TrackPoint]]:
    """How many fixes the trailer holds, and those with a lock, evenly spread; none without a trailer."""
    first = end_of_boxes(data)
    header = len(data) - _TAIL_BYTES
    if header < first:
        return 0, []
    for _ in range(_MAX_RECORDS):
        findings.budget.spend()
        kind, size = struct.unpack_from("<HI", data, header)
        start = header - size
        if start < first:
            break
        if kind == _GPS:
            return _fixes(data, start, size // _FIX.size)
        header = start - 6
        if header < first:
            break
    return 0, []


def _fixes(data: Data, start: int, count: int) -> tuple[int, list[TrackPoint]]:
    points: list[TrackPoint] = []
    begun: float | None = None
    step = max(1, math.ceil(count / _MAX_FIXES))
    for index in range(0, count, step):
        row = _FIX.unpack_from(data, start + index * _FIX.size)
        seconds, _, milliseconds, lock, north, north_letter, east, east_letter, speed, _, altitude = row
        signs = {b"N": 1, b"S": -1}.get(north_letter), {b"E": 1, b"W": -1}.get(east_letter)
        # "O" is west in French and east in German: not guessed.
        if lock != b"A" or signs[0] is None or signs[1] is None or not math.isfinite(speed + altitude):
            continue
        now = seconds + milliseconds / 1_000
        begun = now if begun is None else begun
        point = place(
            signs[0] * abs(north),
            signs[1] * abs(east),
            now - begun,
            altitude_m=round(altitude, 3),
            speed_mps=round(speed, 3),
            utc=datetime.fromtimestamp(now, UTC),
        )
        if point is not None:
            points.append(point)
    return count, points
