"""ASF (WMV): the header's creation time in UTC, duration, size and XMP."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from .bounds import MAX_XMP_BYTES, Data
from .findings import Findings
from .times import utc_after
from .xmp import read_xmp

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_STREAM = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
_XMP = bytes.fromhex("cbcf7abea997e8429c71999491e3afac")


def read_asf(data: Data, findings: Findings) -> None:
    """Read the objects of the header."""
    with findings.guard("the ASF"):
        (length,) = struct.unpack_from("<Q", data, 16)
        end = min(len(data), length)
        at = 30
        while at + 24 <= end:
            findings.budget.spend()
            kind, (size,) = data[at : at + 16], struct.unpack_from("<Q", data, at + 16)
            if size < 24:
                findings.warn("The ASF holds an object of an impossible size; the rest was not read.")
                break
            with findings.guard("an object of the ASF"):
                _object(data, kind, at + 24, min(at + size, end), findings)
            at += size
        if findings.get("video_codec") is not None or findings.get("width") is not None:
            findings.offer("has_audio", False)


def _object(data: Data, kind: bytes, start: int, end: int, findings: Findings) -> None:
    if kind == _PROPERTIES:
        created, _, duration, _, preroll = struct.unpack_from("<5Q", data, start + 24)
        findings.tag("ASF", "CreationDate", str(created))
        if created:
            time = utc_after(_EPOCH, created / 1e7, "ASF CreationDate", str(created))
            findings.time(time, "capture", 30)
        seconds = duration / 1e7 - preroll / 1e3
        if 0 < seconds < 1e7:
            findings.offer("duration_s", round(seconds, 3))
    elif kind == _STREAM and data[start : start + 16] == _VIDEO:
        width, height = struct.unpack_from("<II", data, start + 54)
        findings.offer("width", width if 0 < width < 100_000 else None)
        findings.offer("height", height if 0 < height < 100_000 else None)
    elif kind == _STREAM and data[start : start + 16] == _AUDIO:
        findings.offer("has_audio", True)
    elif kind == _XMP:
        read_xmp(data[start : min(end, start + MAX_XMP_BYTES + 1)], findings)
