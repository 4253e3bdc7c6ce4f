"""Positions that dashcams keep beside the picture: blocks named freeGPS, and boxes of their own with fixes.

No maker publishes the layouts. They are those that exiftool's author collected from real recordings, and each
is told by where its letters stand: A for a fix, N or S, E or W. A block of another layout is counted, not
guessed at. The clocks inside count local time in some firmware and UTC in other: only NMEA's is used.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence

from .base import TrackPoint
from .bounds import Data
from .boxes import Box
from .findings import Findings
from .gps import axis
from .samples import spread
from .timed_text import KNOT_MPS, deciphered, nmea_point, packed_axis, place

GARMIN = bytes.fromhex("9b630f8d637440ec8204bc5ff5091728")
BOXES = (b"gps ", b"gps0", b"GPS ", b"udat")
_MAGIC = b"freeGPS "
_MAX_BLOCKS, _MAX_FIXES = 20_000, 2_000
_BLOCK_BYTES = 1_024  # of a block that are looked at
_SEARCHED_BYTES = 1024 * 1024  # of a recording whose blocks no table names
_LOG_BYTES = 1024 * 1024

_VIOFO = re.compile(rb"(?:.{37}|.{85})\0\0\0A([NS])([EW])\0", re.DOTALL)
_AKASO = re.compile(rb".{60}A\0{3}.{4}([NS])\0{3}.{4}([EW])\0{3}", re.DOTALL)
_VANTRUE_S1 = re.compile(rb".{64}A([NS])([EW])\0", re.DOTALL)
_LONG_FORM = re.compile(rb".{60}A\0.{10}([NS])\0.{14}([EW])\0", re.DOTALL)
_INNOVV = re.compile(rb".{16}A([NS])([EW])\0", re.DOTALL)
_VANTRUE_N4 = re.compile(rb".{28}A.{11}([NS]).{15}([EW])", re.DOTALL)
_NOVATEK = re.compile(rb".{72}A([NS])([EW])\0", re.DOTALL)
_ENCRYPTED = re.compile(rb".{64}[\x01-\x0c]\0{3}[\x01-\x1f]\0{3}A[NS][EW]\0{5}", re.DOTALL)
_XGODY = re.compile(
    rb".{23}\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?:([NS]):(\d{1,3}\.\d+)) (?:([EW]):(\d{1,3}\.\d+))", re.DOTALL
)
_LUCKY = re.compile(rb"[A-Za-z0-9+/]{8,20}={0,2}\0*")
_PLAIN = re.compile(rb"\d{1,5}\.\d+\0*")

Fixes = tuple[str, int, list[TrackPoint]]


def dashcam_fixes(data: Data, boxes: Sequence[Box], findings: Findings) -> Fixes:
    """The name of what was found, how many fixes there are, and those that can be used, evenly spread."""
    for box in boxes:
        with findings.guard("the dashcam's positions"):
            if box.kind == b"gps ":
                name, found = "Novatek freeGPS", _table(data, box, findings)
            elif box.kind == b"gps0":
                name, found = "gps0 box", _rows(data, box, 32, _gps0)
            elif box.kind == b"GPS ":
                name, found = "GPS box", _rows(data, box, 36, _seventy_mai)
            elif box.kind == b"uuid":
                name, found = "Garmin GPS", _rows(data, box._replace(start=box.start + 17), 20, _garmin)
            else:
                name, found = "GPS log", _log(data, box)
            if found[0]:
                return name, *found
    return "", 0, []


def unlisted_fixes(data: Data, findings: Findings) -> Fixes:
    """Blocks that no table names, from the beginning of the recording on."""
    places: list[tuple[int, int]] = []
    end = min(len(data), _SEARCHED_BYTES)
    findings.budget.expect(end)
    at = data.find(_MAGIC, 0, end)
    while at >= 4 and len(places) < 500:
        places.append((at - 4, _BLOCK_BYTES))
        at = data.find(_MAGIC, at + 8, end)
    findings.budget.release()
    return "Novatek freeGPS", *_blocks(data, places, findings)


def _table(data: Data, box: Box, findings: Findings) -> tuple[int, list[TrackPoint]]:
    """Novatek's table: pairs of offset and length of the blocks."""
    (count,) = struct.unpack_from(">I", data, box.start + 4)
    count = min(count, (box.end - box.start - 8) // 8, _MAX_BLOCKS)
    numbers = struct.unpack_from(f">{2 * count}I", data, box.start + 8)
    return _blocks(data, list(zip(numbers[::2], numbers[1::2], strict=True)), findings)


def _blocks(
    data: Data, places: Sequence[tuple[int, int]], findings: Findings
) -> tuple[int, list[TrackPoint]]:
    points: list[TrackPoint] = []
    seen = 0
    chosen = spread(list(enumerate(places)), _MAX_FIXES)
    findings.budget.spend(1 + len(chosen) // 10)
    for number, (second, (start, length)) in enumerate(chosen):
        if number % 200 == 199:
            findings.budget.release()
        block = data[start : start + min(length, _BLOCK_BYTES)] if start + 82 <= len(data) else b""
        if block[4:12] != _MAGIC:
            continue
        seen += 1
        point = free_gps_point(block, float(second))
        if point is not None:
            points.append(point)
    return seen, points


def free_gps_point(block: bytes, time_s: float) -> TrackPoint | None:
    """The fix of one block, or None where it has none or its layout is not known."""
    if block[18:26] == b"\xaa\xaa\xf2\xe1\xf0\xee\x54\x54":
        return deciphered(block[18:], time_s)
    sentence = nmea_point(block[:600].decode("latin-1"), time_s)
    if sentence[0]:
        return sentence[1]
    if b"LIGOGPSINFO" in block[:100] or _ENCRYPTED.match(block):
        return None
    for layout, read in _LAYOUTS:
        found = layout.match(block)
        if found:
            return read(block, found, time_s)
    return _nextbase(block, time_s)


def _floats(
    block: bytes, letters: re.Match[bytes], time_s: float, at: tuple[int, int, int | None], code: str = "f"
) -> TrackPoint | None:
    """Degrees and minutes in one number, DDDMM.MMMM, at two places; the speed is in knots."""
    north, east = (struct.unpack_from("<" + code, block, place_)[0] for place_ in at[:2])
    speed = struct.unpack_from("<" + code, block, at[2])[0] if at[2] else None
    knots = speed if speed is not None and 0 <= speed < 1_000 else None
    return place(
        packed_axis(abs(north), letters[1].decode(), "N", "S", 90),
        packed_axis(abs(east), letters[2].decode(), "E", "W", 180),
        time_s,
        speed_mps=round(knots * KNOT_MPS, 3) if knots is not None else None,
    )


def _viofo(block: bytes, found: re.Match[bytes], time_s: float) -> TrackPoint | None:
    if found.end() > 50:
        block = block[48:]
    written = block[0x2C:0x40], block[0x40:0x54]
    if all(_PLAIN.fullmatch(text) for text in written):
        north, east = (float(text.rstrip(b"\0")) for text in written)
        return place(
            packed_axis(north, found[1].decode(), "N", "S", 90),
            packed_axis(east, found[2].decode(), "E", "W", 180),
            time_s,
        )
    if len(block) >= 0x78 and all(_LUCKY.fullmatch(text) for text in written):
        return None  # encrypted
    return _floats(block, found, time_s, (0x2C, 0x30, 0x34))


def _novatek(block: bytes, found: re.Match[bytes], time_s: float) -> TrackPoint | None:
    letters = found[1].decode(), found[2].decode()
    if block[16:19] == b"IQS":
        north, east = (abs(number) / 1e7 for number in struct.unpack_from("<2i", block, 0x4C))
    else:
        north, east = struct.unpack_from("<2f", block, 0x4C)
        if block[:4] != b"\0\0\x40\0" or not (abs(north) <= 90 and abs(east) <= 180):
            return _floats(block, found, time_s, (0x4C, 0x50, 0x54))
    return _degrees(abs(north), letters[0], abs(east), letters[1], time_s)


def _degrees(north: float, n_letter: str, east: float, e_letter: str, time_s: float) -> TrackPoint | None:
    halves = axis((north,), n_letter, "N", "S", 90), axis((east,), e_letter, "E", "W", 180)
    return place(halves[0].degrees, halves[1].degrees, time_s)


def _xgody(_block: bytes, found: re.Match[bytes], time_s: float) -> TrackPoint | None:
    return _degrees(float(found[2]), found[1].decode(), float(found[4]), found[3].decode(), time_s)


_LAYOUTS: tuple[
    tuple[re.Pattern[bytes], Callable[[bytes, re.Match[bytes], float], TrackPoint | None]], ...
] = (
    (_VIOFO, _viofo),
    (_AKASO, lambda block, found, time_s: _floats(block, found, time_s, (0x40, 0x48, 0x50))),
    (_VANTRUE_S1, lambda block, found, time_s: _floats(block, found, time_s, (0x60, 0x5C, 0x64))),
    (_LONG_FORM, lambda block, found, time_s: _floats(block, found, time_s, (0x40, 0x50, 0x60), "d")),
    (_INNOVV, lambda block, found, time_s: _floats(block, found, time_s, (0x14, 0x18, 0x1C))),
    (_VANTRUE_N4, lambda block, found, time_s: _floats(block, found, time_s, (32, 48, 64), "d")),
    (_NOVATEK, _novatek),
    (_XGODY, _xgody),
)


def _nextbase(block: bytes, time_s: float) -> TrackPoint | None:
    """Nextbase 512G: a big-endian record, known by its date; the sign is the hemisphere."""
    if len(block) < 0x4B:
        return None
    speed, _, year, month, day, hour, minute, _, _, north, east = struct.unpack_from(
        ">HhH4BHBii", block, 0x32
    )
    if not (2000 < year < 2200 and 0 < month < 13 and 0 < day < 32 and hour < 24 and minute < 60):
        return None
    return place(north / 1e7, east / 1e7, time_s, speed_mps=speed / 100)


def _rows(
    data: Data, box: Box, width: int, read: Callable[[bytes, float], tuple[bool, TrackPoint | None]]
) -> tuple[int, list[TrackPoint]]:
    """A box of rows of one width, one a second."""
    seen, points = 0, []
    for index in spread(range(max(0, box.end - box.start) // width), _MAX_FIXES):
        start = box.start + index * width
        holds, point = read(data[start : start + width], float(index))
        seen += holds
        if point is not None:
            points.append(point)
    return seen, points


def _gps0(row: bytes, time_s: float) -> tuple[bool, TrackPoint | None]:
    """DuDuBell M1 and VSYS M6L: signed degrees and minutes in one number."""
    north, east, altitude, speed = struct.unpack_from("<2diH", row)
    if not (0 < abs(north) < 9_000 and 0 < abs(east) < 18_000):
        return any(row), None
    point = place(
        packed_axis(abs(north), "S" if north < 0 else "N", "N", "S", 90),
        packed_axis(abs(east), "W" if east < 0 else "E", "E", "W", 180),
        time_s,
        altitude_m=float(altitude) if abs(altitude) < 10_000 else None,
        speed_mps=round(speed / 3.6, 3),
    )
    return True, point


def _seventy_mai(row: bytes, time_s: float) -> tuple[bool, TrackPoint | None]:
    """70mai: letters and thousandths of degrees and minutes in one number."""
    if not any(row):
        return False, None
    n_letter, north, e_letter, east = struct.unpack_from("<16xcIcI", row)
    letters = n_letter.decode("latin-1"), e_letter.decode("latin-1")
    return True, place(
        packed_axis(north / 1e3, letters[0], "N", "S", 90),
        packed_axis(east / 1e3, letters[1], "E", "W", 180),
        time_s,
    )


def _garmin(row: bytes, time_s: float) -> tuple[bool, TrackPoint | None]:
    """Garmin: signed parts of a half circle, the speed in miles an hour."""
    speed, north, east = struct.unpack_from(">4xH6xii", row)
    if north == east == -(1 << 31):
        return True, None
    scale = 180 / (1 << 31)
    return True, place(north * scale, east * scale, time_s, speed_mps=round(speed * 0.44704, 3))


def _log(data: Data, box: Box) -> tuple[int, list[TrackPoint]]:
    """A log of NMEA sentences, as Datakam's player writes it."""
    text = data[box.start : min(box.end, box.start + _LOG_BYTES)].decode("latin-1")
    lines = [line for line in text.split("\n") if "RMC," in line[:40]]
    seen, points = 0, []
    for index, line in spread(list(enumerate(lines)), _MAX_FIXES):
        holds, point = nmea_point(line, float(index))
        seen += holds
        if point is not None:
            points.append(point)
    return seen, points
