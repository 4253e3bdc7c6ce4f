"""Records in segments of a JPEG: FLIR's of the thermal image, Casio's of its first cameras."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from .findings import Findings
from .gps import axis, join, signed_axis
from .tiff import decode_text
from .times import camera_time


def read_thermal(fff: bytes, findings: Findings) -> None:
    """The record that FLIR's cameras put into a JPEG: the camera's date with its offset."""
    if not fff.startswith((b"FFF\0", b"AFF\0")):
        return
    with findings.guard("FLIR's record"):
        order = ">" if 100 <= struct.unpack_from(">I", fff, 0x14)[0] < 200 else "<"
        start, count = struct.unpack_from(order + "II", fff, 0x18)
        for index in range(min(count, 200)):
            findings.budget.spend()
            kind, offset, length = struct.unpack_from(order + "H10xII", fff, start + 32 * index)
            if kind == 0x20 and length >= 0x38E:
                inner = "<" if fff[offset] else ">"
                seconds, thousandths, west = struct.unpack_from(inner + "IIh", fff, offset + 0x384)
                _thermal_time(seconds, thousandths & 0xFFFF, -west, findings)
            elif kind == 0x2B and length >= 0x20:
                _thermal_position(fff[offset : offset + 0x20], findings)


def _thermal_position(record: bytes, findings: Findings) -> None:
    """Signed degrees, whose letters must agree with their signs."""
    valid, north, east, latitude, longitude = struct.unpack("<I4xcxcx4xdd", record)
    if not valid:
        return
    agree = (north == b"S") == (latitude < 0) and (east == b"W") == (longitude < 0)
    halves = signed_axis(latitude, 90), signed_axis(longitude, 180)
    if not agree and north in (b"N", b"S") and east in (b"E", b"W") and min(latitude, longitude) >= 0:
        halves = (
            axis((latitude,), north.decode(), "N", "S", 90),
            axis((longitude,), east.decode(), "E", "W", 180),
        )
    raw = f"{north.decode('latin-1')} {latitude}; {east.decode('latin-1')} {longitude}"
    findings.position(join(*halves, "FLIR GPS", raw), 45)


def _thermal_time(seconds: int, thousandths: int, offset_min: int, findings: Findings) -> None:
    if not seconds or abs(offset_min) > 15 * 60:
        return
    local = datetime.fromtimestamp(seconds + 60 * offset_min, UTC)
    offset = f"{'-' if offset_min < 0 else '+'}{abs(offset_min) // 60:02d}:{abs(offset_min) % 60:02d}"
    time = camera_time(f"{local:%Y:%m:%d %H:%M:%S}", f"{thousandths:03d}", offset, "FLIR DateTimeOriginal")
    findings.time(time, "capture", 45)


def read_casio(record: bytes, findings: Findings) -> None:
    """Casio's QV-7000SX: a date with points, "1998.10.24.12:08:57"."""
    if len(record) >= 0x61:
        date = decode_text(record[0x4D:0x61]).replace(".", ":")
        text = f"{date[:10]} {date[11:]}" if len(date) > 11 else date
        findings.time(camera_time(text, "", "", "Casio DateTimeOriginal"), "capture", 20)
