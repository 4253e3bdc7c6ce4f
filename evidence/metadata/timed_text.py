"""Positions in single samples of timed tracks: CAMM, Sony's rtmd, NMEA sentences and captions of drones."""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime

from .base import TrackPoint
from .bounds import Data
from .gps import axis, signed_axis

_RMC = re.compile(
    r"[A-Z]{2}RMC,(\d{6})(?:\.\d{0,4})?,([AV]?),(\d{2})(\d{2}\.\d{1,8}),([NS]),"
    r"(\d{3})(\d{2}\.\d{1,8}),([EW]),(\d{0,4}(?:\.\d{0,4})?),(?:\d{0,3}(?:\.\d{0,4})?),(\d{6})?"
)
_GGA = re.compile(
    r"[A-Z]{2}GGA,\d{6}(?:\.\d{0,4})?,(\d{2})(\d{2}\.\d{1,8}),([NS]),(\d{3})(\d{2}\.\d{1,8}),([EW]),([0-9]?),"
)
_MINI = re.compile(
    r"A,(\d{6}),(\d{6})(?:\.\d{0,4})?,(\d{2})(\d{2}\.\d{1,8}),([NS]),(\d{3})(\d{2}\.\d{1,8}),([EW]),"
)
_AUTEL = re.compile(r"GPS\(([EW]): ?(\d{1,3}\.\d{1,12}), ?([NS]): ?(\d{1,2}\.\d{1,12})")
_DJI_OLD = re.compile(r"GPS ?\(([-+]?\d{1,3}\.\d{1,12}), ?([-+]?\d{1,3}\.\d{1,12})")
_LETTERED = re.compile(
    r"\$G:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d-([NS])(\d{1,2}\.\d{1,12})-([EW])(\d{1,3}\.\d{1,12})-S"
)
_DIGITS = re.compile(rb"\d{14}.{16}([NS])(\d{8})([EW])(\d{9})", re.DOTALL)
_TURNED = bytes(byte ^ 0xAA for byte in range(256))
_DJI = re.compile(
    r"\[latitude ?: ?([+-]?\d{1,2}\.\d{1,12})\] ?\[long(?:ti|i)tude ?: ?([+-]?\d{1,3}\.\d{1,12})\]"
)
KNOT_MPS = 1852 / 3600


def place(
    latitude: float | None, longitude: float | None, time_s: float, **more: float | datetime | None
) -> TrackPoint | None:
    """A point when both degrees are numbers on earth and not both zero; rounded to a hundred-millionth."""
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    if signed_axis(latitude, 90).degrees is None or signed_axis(longitude, 180).degrees is None:
        return None
    return TrackPoint(round(time_s, 3), round(latitude, 8), round(longitude, 8), **more)  # type: ignore[arg-type]


def camm_point(data: Data, start: int, length: int, time_s: float) -> tuple[bool, TrackPoint | None]:
    """Whether a CAMM sample holds a fix, and the fix (types 5 and 6 of Google's specification)."""
    kind = int.from_bytes(data[start + 2 : start + 4], "little")
    if kind == 5 and length >= 28:
        latitude, longitude, altitude = struct.unpack_from("<3d", data, start + 4)
        return True, place(latitude, longitude, time_s, altitude_m=_finite(altitude))
    if kind != 6 or length < 60:
        return False, None
    # The time that stands first counts from 1980 by the specification and from 1970 in real files: left out.
    fix, latitude, longitude, altitude = struct.unpack_from("<iddf", data, start + 12)
    east, north = struct.unpack_from("<2f", data, start + 44)
    if fix not in (2, 3):
        return True, None
    speed = _finite((east * east + north * north) ** 0.5)
    return True, place(latitude, longitude, time_s, altitude_m=_finite(altitude), speed_mps=speed)


def _finite(number: float) -> float | None:
    return round(number, 3) if abs(number) < 1e7 else None


def sony_point(data: Data, start: int, length: int, time_s: float) -> tuple[bool, TrackPoint | None]:
    """Whether an rtmd sample of a Sony camera holds a position, and the position."""
    end = start + length
    at = start + int.from_bytes(data[start : start + 2], "big")
    tags: dict[int, bytes] = {}
    for _ in range(200):
        if at + 4 > end:
            break
        tag, size = struct.unpack_from(">HH", data, at)
        if tag == 0:
            break
        at += 4
        if tag == 0x060E:  # a label of sixteen bytes, these four among them
            at += 12
        elif tag != 0x8300:  # which holds other tags
            tags[tag] = data[at : min(at + size, end)]
            at += size
    if 0x8502 not in tags or 0x8504 not in tags:
        return False, None
    if tags.get(0x8509, b"A")[:1] == b"V":
        return True, None
    north = _sony_half(tags[0x8502], tags.get(0x8501, b""), "N", "S", 90)
    east = _sony_half(tags[0x8504], tags.get(0x8503, b""), "E", "W", 180)
    return True, place(north, east, time_s)


def _sony_half(raw: bytes, letter: bytes, positive: str, negative: str, limit: float) -> float | None:
    if len(raw) < 24:
        return None
    numbers = struct.unpack_from(">6I", raw)
    if 0 in numbers[1::2]:
        return None
    parts = [numbers[index] / numbers[index + 1] for index in (0, 2, 4)]
    return axis(parts, letter[:1].decode("latin-1"), positive, negative, limit).degrees


def text_point(data: Data, start: int, length: int, time_s: float) -> tuple[bool, TrackPoint | None]:
    """Whether a text sample holds an NMEA sentence or a drone's caption with a position, and the position."""
    raw = data[start : start + min(length, 1_000)]
    text = raw.decode("latin-1")
    holds, point = nmea_point(text, time_s)
    if holds:
        return True, point
    caption = _DJI.search(text)
    if caption:
        return True, place(float(caption[1]), float(caption[2]), time_s)
    if "GPS" in text:
        return _drone(text, time_s)
    lettered = _LETTERED.search(text)
    if lettered:
        return True, _lettered((lettered[2], lettered[1]), (lettered[4], lettered[3]), time_s)
    if raw[4:8] == b"\xf2\xe1\xf0\xee" or raw[6:8] == b"\xaa\xaa":
        return True, deciphered(raw, time_s)
    return False, None


def _drone(text: str, time_s: float) -> tuple[bool, TrackPoint | None]:
    """Autel's caption with letters, and DJI's older one: longitude, latitude, height."""
    caption = _AUTEL.search(text)
    if caption:
        return True, _lettered((caption[4], caption[3]), (caption[2], caption[1]), time_s)
    caption = _DJI_OLD.search(text)
    if caption:
        east, north = float(caption[1]), float(caption[2])
        if abs(north) > 90:  # some firmware writes the latitude first: this one did
            east, north = north, east
        return True, place(north, east, time_s)
    return False, None


def _lettered(north: tuple[str, str], east: tuple[str, str], time_s: float) -> TrackPoint | None:
    return place(
        axis((float(north[0]),), north[1], "N", "S", 90).degrees,
        axis((float(east[0]),), east[1], "E", "W", 180).degrees,
        time_s,
    )


def packed_axis(number: float, letter: str, positive: str, negative: str, limit: float) -> float | None:
    """Degrees of DDDMM.MMMM with a hemisphere letter, or None when it is no such number."""
    if not 0 <= number < 100 * limit + 1 or number % 100 >= 60:
        return None
    return axis((number // 100, number % 100), letter, positive, negative, limit).degrees


def deciphered(raw: bytes, time_s: float) -> TrackPoint | None:
    """Azdome, Ambarella and others write digits whose bits are turned by a fixed byte."""
    found = _DIGITS.search(raw[:320].translate(_TURNED))
    if not found:
        return None
    return place(
        packed_axis(int(found[2]) / 1e4, found[1].decode(), "N", "S", 90),
        packed_axis(int(found[4]) / 1e4, found[3].decode(), "E", "W", 180),
        time_s,
    )


def nmea_point(text: str, time_s: float) -> tuple[bool, TrackPoint | None]:
    """Whether a text holds a sentence of a receiver, and its position; RMC before GGA, which has no date."""
    at = text.find("RMC,")
    for _ in range(10):
        if at < 0:
            break
        found = _RMC.match(text, at - 2) if at >= 2 else None
        if found:
            return True, _nmea(found, time_s)
        at = text.find("RMC,", at + 4)
    found = _GGA.search(text) if "GGA," in text else None
    if found:
        if found[7] in ("", "0"):
            return True, None
        return True, _minutes(found[1], found[2], found[3], found[4], found[5], found[6], time_s)
    found = _MINI.match(text, 2) or _MINI.match(text)
    if found:
        return True, _minutes(found[3], found[4], found[5], found[6], found[7], found[8], time_s)
    return False, None


def _minutes(
    n_degrees: str,
    n_minutes: str,
    n_letter: str,
    e_degrees: str,
    e_minutes: str,
    e_letter: str,
    time_s: float,
) -> TrackPoint | None:
    return place(
        axis((float(n_degrees), float(n_minutes)), n_letter, "N", "S", 90).degrees,
        axis((float(e_degrees), float(e_minutes)), e_letter, "E", "W", 180).degrees,
        time_s,
    )


def _nmea(found: re.Match[str], time_s: float) -> TrackPoint | None:
    if found[2] == "V":
        return None
    north = axis((float(found[3]), float(found[4])), found[5], "N", "S", 90).degrees
    east = axis((float(found[6]), float(found[7])), found[8], "E", "W", 180).degrees
    speed = round(float(found[9]) * KNOT_MPS, 3) if found[9] not in ("", ".") else None
    try:
        utc = datetime.strptime(found[10] + found[1], "%d%m%y%H%M%S").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        utc = None
    return place(north, east, time_s, speed_mps=speed, utc=utc)
