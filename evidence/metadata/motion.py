"""Motion Photos: the short video that a phone appends to a picture, and where it begins.

Google (and Xiaomi, Oppo, newer Samsung) say so in XMP, in a directory of the appended items or, before 2020,
as a distance from the end; Samsung keeps a trailer of its own, and HEIC pictures a box named mpvd.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from .base import EmbeddedVideo
from .bounds import Data
from .findings import Findings

_SAMSUNG_VIDEO = 0x0A30
_MAX_ITEMS = 100


def motion_hint(top: Mapping[str, str], items: Sequence[Mapping[str, str]]) -> int | None:
    """How many bytes before the end of the file the video begins, as XMP says; None when it does not."""
    following = 0
    for item in reversed(items[:_MAX_ITEMS]):
        length = _count(item.get("Item:Length"))
        if item.get("Item:Semantic") == "MotionPhoto" and length:
            return following + length
        following += length + _count(item.get("Item:Padding"))
    return _count(top.get("GCamera:MicroVideoOffset")) or None


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0


def find_motion_video(data: Data, findings: Findings) -> None:
    """Note the video appended to the JPEG, when it is there; a claim that does not hold is a warning."""
    size = len(data)
    hint = findings.motion_bytes
    if hint is not None:
        if _is_movie(data, size - hint):
            video = EmbeddedVideo("XMP", size - hint, hint)
            findings.offer("motion_video", video, 10)
            findings.offer("motion_photo", True)
        else:
            findings.warn("The picture names an appended video, but the file does not hold it.")
    if data[-4:] == b"SEFT":
        with findings.guard("Samsung's trailer"):
            _samsung(data, findings)


def _is_movie(data: Data, at: int) -> bool:
    return 0 < at < len(data) - 8 and data[at + 4 : at + 8] == b"ftyp"


def _samsung(data: Data, findings: Findings) -> None:
    """The trailer: a directory (SEFH) whose entries count their blocks' distance back from it."""
    (length,) = struct.unpack_from("<I", data, len(data) - 8)
    start = len(data) - 8 - length
    if start < 0 or data[start : start + 4] != b"SEFH":
        return
    _, count = struct.unpack_from("<II", data, start + 4)
    for index in range(min(count, _MAX_ITEMS)):
        findings.budget.spend()
        kind, back, size = struct.unpack_from("<2xHII", data, start + 12 + 12 * index)
        at = start - back
        if at < 0:
            continue
        (name_length,) = struct.unpack_from("<I", data, at + 4)
        name = data[at + 8 : at + 8 + min(name_length, 60)]
        findings.tag("Samsung trailer", name.decode("latin-1"), f"({size} bytes)")
        video = at + 8 + name_length
        if kind == _SAMSUNG_VIDEO and _is_movie(data, video):
            found = EmbeddedVideo("Samsung trailer", video, size - 8 - name_length)
            findings.offer("motion_video", found, 20)
            findings.offer("motion_photo", True)
