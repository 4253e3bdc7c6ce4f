"""A CSV file in blocks of whole rows, without reading its cells.

Where quotes stand as RFC 4180 has them (around a whole cell, doubled inside it), a line feed ends a row if
the number of quotes before it is even. A quote that stands elsewhere, a carriage return without its line
feed, or a row longer than a block may be ends the blocks: from `rest_from` on somebody reads cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

import numpy as np

BLOCK_BYTES: Final = 1 << 20
_LONGEST_BYTES: Final = 4 << 20
_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'


class CsvBlocks:
    """Blocks of about a megabyte from where `stream` stands; each ends where a row does.

    `rest_from` is the place in the stream from which no block was given, None while there is none.
    """

    def __init__(self, stream: IO[bytes], delimiter: str) -> None:
        self._stream = stream
        self._delimiter = ord(delimiter)
        self.rest_from: int | None = None

    def __iter__(self) -> Iterator[bytes]:
        start, held = self._stream.tell(), b""
        while True:
            read = self._stream.read(BLOCK_BYTES)
            held += read
            if not held:
                return
            end = _last_row_end(held) if read else len(held)
            if not end and len(held) < _LONGEST_BYTES:
                continue
            block = held[:end]
            if not end or not _is_regular(block, self._delimiter):
                self.rest_from = start
                return
            yield block
            held, start = held[end:], start + end


def first_row_end(block: bytes) -> int:
    """Where the first row of a block ends."""
    at = -1
    while (at := block.find(b"\n", at + 1)) >= 0:
        if block.count(b'"', 0, at) % 2 == 0:
            return at + 1
    return len(block)


def _last_row_end(held: bytes) -> int:
    """The place after the last line feed outside quotes; 0 if there is none."""
    if b'"' not in held:
        return held.rfind(b"\n") + 1
    quotes, feeds = _places(held, _QUOTE), _places(held, _LINE_FEED)
    outside = feeds[np.searchsorted(quotes, feeds) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def _is_regular(block: bytes, delimiter: int) -> bool:
    """Whether each quote opens a cell, closes one, or is one of two inside it, and no return stands alone."""
    if block.count(b"\r") != block.count(b"\r\n"):
        return False
    if b'"' not in block:
        return True
    quotes = _places(block, _QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    # One byte more on each side: the block begins a row and ends one.
    padded = np.frombuffer(b"\n" + block + b"\n", np.uint8)
    before, after = padded[opening], padded[closing + 2]
    is_doubled = np.diff(quotes)[1::2] == 1
    opens = np.isin(before, (delimiter, _LINE_FEED))
    opens[1:] |= is_doubled
    closes = np.isin(after, (delimiter, _LINE_FEED, _RETURN))
    closes[:-1] |= is_doubled
    return bool(opens.all() and closes.all())


def _places(content: bytes, byte: int) -> Any:
    return np.flatnonzero(np.frombuffer(content, np.uint8) == byte)
