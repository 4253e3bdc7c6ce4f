"""Material Exchange Format, as professional camcorders write it: dates of the header's sets and Sony's XML.

Keys, lengths and values (SMPTE 377): each set of the header holds numbered values, whose numbers the primer
explains; the dates' numbers are fixed by the standard. The essence is skipped, not read.
"""

from __future__ import annotations

import struct

from .bounds import MAX_TABLE_BYTES, MAX_XMP_BYTES, Data
from .camcorder_xml import read_camcorder_xml
from .findings import Findings
from .times import utc_text

_PARTITION = bytes.fromhex("060e2b34020501010d010201")
_SET = bytes.fromhex("060e2b34025301010d0101010101")
_HEADER, _FOOTER = 0x02, 0x04
_SETS = {0x36: "material package", 0x37: "source package"}
_DATES = {0x4405: "CreateDate"}  # of a package
_PICTURES = (0x27, 0x28, 0x29, 0x51)
_MAX_RUN_IN = 65_536
_MAX_KEYS = 3_000
_RANK = 30


def read_mxf(data: Data, findings: Findings) -> None:
    """Read the header partition, and the metadata that stands beside the essence before its first frames."""
    with findings.guard("the MXF"):
        at = data.find(_PARTITION, 0, _MAX_RUN_IN + 16)
        for _ in range(_MAX_KEYS):
            if at < 0 or at + 17 > len(data):
                break
            findings.budget.spend()
            key = data[at : at + 16]
            start, length = _length(data, at + 16)
            end = min(start + length, len(data))
            if key.startswith(_SET) and length <= MAX_TABLE_BYTES:
                with findings.guard("a set of the MXF"):
                    _set(data, key[14], start, end, findings)
            elif key[:4] == _PARTITION[:4] and 100 < length <= MAX_XMP_BYTES:
                _xml(data, start, end, findings)
            at = start + length


def _length(data: Data, at: int) -> tuple[int, int]:
    """Where a value begins and how long it is: one byte, or a count of bytes that hold the number."""
    first = data[at]
    if first < 0x80:
        return at + 1, first
    width = first & 0x7F
    return at + 1 + width, int.from_bytes(data[at + 1 : at + 1 + width], "big")


def _xml(data: Data, start: int, end: int, findings: Findings) -> None:
    if data[start : start + 5] == b"<?xml" or data.find(b"<?xml", start, min(end, start + 200)) >= 0:
        read_camcorder_xml(data, max(start, data.find(b"<?xml", start, min(end, start + 200))), end, findings)


def _set(data: Data, kind: int, at: int, end: int, findings: Findings) -> None:
    while at + 4 <= end:
        findings.budget.spend()
        tag, length = struct.unpack_from(">HH", data, at)
        at += 4
        if kind in _SETS and tag in _DATES and length == 8:
            _date(data[at : at + 8], f"MXF {_DATES[tag]}", _SETS[kind], findings)
        elif kind in _PICTURES and tag in (0x3203, 0x3202) and length == 4:
            (side,) = struct.unpack_from(">I", data, at)
            name = "width" if tag == 0x3203 else "height"
            findings.offer(name, side if 0 < side < 100_000 else None)
        at += length


def _date(value: bytes, source: str, of: str, findings: Findings) -> None:
    """Year, month, day, hour, minute, second, and so many times four milliseconds; the standard says UTC."""
    year, *rest, quarters = struct.unpack(">H6B", value)
    text = f"{year:04d}:" + "{:02d}:{:02d} {:02d}:{:02d}:{:02d}".format(*rest) + f".{quarters * 4:03d}"
    findings.tag("MXF", source.removeprefix("MXF "), text)
    findings.time(utc_text(text, f"{source} ({of})"), "capture", _RANK)
