"""Byte ranges of HTTP (RFC 9110, section 14): one range at a time. Knows no Django."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_ONE_RANGE = re.compile(r"^bytes=\s*(\d{0,18})-(\d{0,18})\s*$", re.IGNORECASE | re.ASCII)
_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `first` to `last`, both included, as the header counts them."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The range lies behind the end of the file: answer 416."""


def range_parse(header: str, *, size_bytes: int) -> ByteRange | None:
    """The range to send, or None for the whole file.

    Several ranges, another unit, or text that is no range are ignored, as the RFC allows: the answer is the
    whole file. Raises Unsatisfiable for a range that holds no byte of the file.
    """
    found = _ONE_RANGE.match(header)
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0 or size_bytes == 0:
            raise Unsatisfiable
        return ByteRange(max(0, size_bytes - int(last)), size_bytes - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size_bytes:
        raise Unsatisfiable
    return ByteRange(int(first), min(int(last), size_bytes - 1) if last else size_bytes - 1)


def range_read(stream: IO[bytes], wanted: ByteRange) -> Iterator[bytes]:
    """The bytes of the range in pieces of 256 KiB; closes the stream at the end."""
    with stream:
        stream.seek(wanted.first)
        left = wanted.length
        while left > 0:
            chunk = stream.read(min(_CHUNK_BYTES, left))
            if not chunk:
                return
            left -= len(chunk)
            yield chunk
