"""Boxes of ISO base media files and QuickTime atoms, read lazily and within bounds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from .bounds import Data
from .findings import Findings


class Box(NamedTuple):
    """One box: its four-character kind and where its content lies."""

    kind: bytes
    start: int
    end: int
    uuid: bytes = b""


def boxes(data: Data, start: int, end: int, findings: Findings) -> Iterator[Box]:
    """The boxes between two offsets. A box that claims more than there is is given as far as it goes."""
    end = min(end, len(data))
    while start + 8 <= end:
        findings.budget.spend()
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            if start + 16 > end:
                return
            (size,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        elif size == 0:  # to the end; in QuickTime's user data a terminator
            size = end - start
            if kind == b"\0\0\0\0":
                return
        if size < head:
            findings.warn(f"The box {name_of(kind)} has an impossible size; the rest was not read.")
            return
        stop = start + size
        if stop > end:
            findings.warn(f"The file ends in the middle of the box {name_of(kind)}.")
            stop = end
        uuid = b""
        if kind == b"uuid" and stop - start >= head + 16:
            uuid = data[start + head : start + head + 16]
            head += 16
        yield Box(kind, start + head, max(stop, start + head), uuid)
        start = stop


def name_of(kind: bytes) -> str:
    """A box's kind for a person to read."""
    return "".join(chr(byte) if 32 <= byte < 127 else "©" if byte == 0xA9 else "?" for byte in kind)
