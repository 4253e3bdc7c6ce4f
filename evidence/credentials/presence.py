"""Whether a file can hold Content Credentials at all, told by its bytes and cheaply.

A C2PA manifest store is a JUMBF superbox, whose type ``jumb`` stands uncompressed in every container that can
carry one; a store kept elsewhere is named by ``dcterms:provenance`` in XMP. ISO base media files keep both in
``uuid`` boxes at the top level, so there the boxes are walked instead of reading gigabytes of video.
Sources: C2PA 2.x, "Embedding manifests into various file formats" and "External manifests".
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

VERSION = 1
# Of the kinds of file that are kept here, those the library looks into (a test compares).
SUPPORTED_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "image/tiff",
        "image/heic",
        "image/avif",
        "image/jxl",
        "video/mp4",
        "video/quicktime",
        "video/x-msvideo",
        "audio/mp4",
    }
)
_MARKS = (b"jumb", b"provenance", "provenance".encode("utf-16-le"), "provenance".encode("utf-16-be"))
_LONGEST_MARK = max(map(len, _MARKS))
_CHUNK_BYTES = 1 << 20
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_MOST_BOXES = 10_000
_XMP_BYTES = 16 * 1024 * 1024
_BASE_MEDIA = frozenset(
    {"image/heic", "image/heif", "image/avif", "video/mp4", "video/quicktime", "audio/mp4"}
)


def may_hold_credentials(path: Path, mime_type: str) -> bool:
    """False only if the file surely holds none and names none. Raises OSError if it cannot be opened."""
    with path.open("rb") as file:
        if mime_type in _BASE_MEDIA:
            return _boxes_may(file, path.stat().st_size)
        return _holds_mark(file, path.stat().st_size)


def _holds_mark(file: IO[bytes], size_bytes: int) -> bool:
    """Whether one of the marks stands in the next ``size_bytes``."""
    kept = b""
    while size_bytes > 0 and (chunk := file.read(min(_CHUNK_BYTES, size_bytes))):
        size_bytes -= len(chunk)
        window = kept + chunk
        if any(mark in window for mark in _MARKS):
            return True
        kept = window[-_LONGEST_MARK + 1 :]
    return False


def _boxes_may(file: IO[bytes], size_bytes: int) -> bool:
    """Walk the top level. What is not understood counts as "may"."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > size_bytes:
            return False
        file.seek(at)
        head = file.read(32)
        length, kind = struct.unpack_from(">I4s", head)
        start = 8
        if length == 1 and len(head) >= 16:
            (length,) = struct.unpack_from(">Q", head, 8)
            start = 16
        elif length == 0:
            length = size_bytes - at
        if length < start or kind in (b"jumb", b"brob"):
            return True
        if kind == b"uuid" and _uuid_may(file, head[start : start + 16], at + start + 16, length):
            return True
        at += length
    return True


def _uuid_may(file: IO[bytes], uuid: bytes, start: int, length: int) -> bool:
    if uuid == _C2PA or length > _XMP_BYTES:
        return True
    file.seek(start)
    return _holds_mark(file, length)
