"""Small pictures inside of files: where they lie and how large they are; pixels are compared elsewhere."""

from __future__ import annotations

from .base import Thumbnail
from .bounds import Data
from .findings import Findings

_SIZES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_MAX_SEGMENTS = 100


def add_thumbnail(
    data: Data, start: int, length: int, source: str, file_offset: int | None, findings: Findings
) -> None:
    """Note the JPEG of ``length`` bytes at ``start``; ``data`` begins at ``file_offset`` of the file."""
    if length < 4 or start < 0 or start + length > len(data):
        findings.warn("The embedded thumbnail lies outside of the file.")
        return
    if data[start : start + 2] != b"\xff\xd8":
        return
    width, height = jpeg_size(data, start, start + length)
    offset = None if file_offset is None else file_offset + start
    findings.thumbnails.append(Thumbnail(source, offset, length, width, height))


def jpeg_size(data: Data, start: int, end: int) -> tuple[int | None, int | None]:
    """Width and height of the JPEG between two offsets, or None twice."""
    at = start + 2
    for _ in range(_MAX_SEGMENTS):
        if at + 9 > end or data[at] != 0xFF:
            break
        kind = data[at + 1]
        if kind in _SIZES:
            height, width = (int.from_bytes(data[at + n : at + n + 2], "big") for n in (5, 7))
            return width or None, height or None
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None, None
