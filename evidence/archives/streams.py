"""Bytes out of hostile containers, counted: what unpacks to more than is allowed is stopped."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, Protocol

from evidence.archives.base import Refused

CHUNK_BYTES = 64 * 1024
# Real web archives unpack to three to ten times their size; a bomb of zeros to a thousand times.
MAX_UNPACKED_BYTES = 16 * 1024**3
FREE_UNPACKED_BYTES = 64 * 1024**2
MAX_RATIO = 150
# What is damaged shows as one of these, whichever layer notices.
DAMAGE = (EOFError, OSError, zlib.error, ValueError)


class Bytes(Protocol):
    """As much of a binary stream as is used here."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, limit: int, /) -> bytes: ...


class Budget:
    """How much a file of `packed_bytes` may unpack to, over all its parts."""

    def __init__(self, packed_bytes: int) -> None:
        self.left_bytes = min(MAX_UNPACKED_BYTES, max(FREE_UNPACKED_BYTES, packed_bytes * MAX_RATIO))

    def take(self, count: int) -> None:
        """Raises Refused when it is used up."""
        self.left_bytes -= count
        if self.left_bytes < 0:
            raise Refused(
                "This file unpacks to far more than its size, as files that are made to do harm do. "
                "Reading it was stopped."
            )


class Counted:
    """A stream whose bytes are taken from a budget."""

    def __init__(self, stream: Bytes, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; never more than a chunk at a time."""
        read = self._stream.read(min(size, CHUNK_BYTES))
        self._budget.take(len(read))
        return read

    def readline(self, limit: int, /) -> bytes:
        """One line of at most `limit` bytes."""
        line = self._stream.readline(limit)
        self._budget.take(len(line))
        return line


def unpacked(stream: IO[bytes], budget: Budget) -> Counted:
    """The stream itself, or what is in it when it is gzip, one member after the other. It must be seekable
    or at its start, and is read once.
    """
    head = stream.read(2)
    stream.seek(0)
    if head == b"\x1f\x8b":
        return Counted(gzip.GzipFile(fileobj=stream, mode="rb"), budget)
    return Counted(stream, budget)


def inflated(body: bytes, encoding: str, most: int) -> bytes | None:
    """The beginning of a web page that was sent compressed; None for an encoding that is not read here."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body[:most]
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        return None
    for window_bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(window_bits).decompress(body, most)
        except zlib.error:
            continue
    return None
