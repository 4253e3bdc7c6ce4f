"""How much of a file is looked at. A hostile file costs bounded time and memory, and a warning says so."""

from __future__ import annotations

import mmap
import struct
import zlib

Data = bytes | mmap.mmap

MAX_PARTS = 30_000  # segments, boxes, chunks, elements and IFD entries of one file together
PARTS_BETWEEN_RELEASES = 200  # each may bring 64 kB of a mapped file into memory
MAX_DEPTH = 24  # boxes or elements inside each other
MAX_IFDS = 100
PARTS_OF_A_BLOCK = 200  # what reading one whole EXIF block counts as
PARTS_OF_A_TEXT = 5
MAX_IFD_ENTRIES = 2_000
MAX_VALUES = 1_024  # values decoded of one IFD entry
MAX_COPIED_BYTES = 20 * 1024 * 1024  # taken out of one file altogether: values, packets, inflated text
MAX_TABLE_BYTES = 4 * 1024 * 1024
MAX_EXIF_BYTES = 8 * 1024 * 1024  # of a block that is taken out of the file whole
MAX_XMP_BYTES = 4 * 1024 * 1024
MAX_XMP_ELEMENTS = 20_000
MAX_TEXT_BYTES = 64 * 1024
MAX_BINARY_BYTES = 4 * 1024  # kept of a binary value, of which a few are shown
MAX_INFLATED_BYTES = 4 * 1024 * 1024
MAX_RAW_TAGS = 4_000
MAX_RAW_CHARACTERS = 2_000
MAX_WARNINGS = 40


class FileFault(Exception):
    """The file is not what its own structure says. The message is a sentence for a person."""


# What damaged input raises in the walkers; anything else is a mistake in this package.
DAMAGE = (FileFault, struct.error, IndexError, ValueError, OverflowError)


class Budget:
    """Counts the parts of one file that were looked at, and the bytes that were taken out of it."""

    __slots__ = ("bytes_left", "left", "mapped", "untouched")

    def __init__(self, data: Data = b"") -> None:
        """``data`` is the whole file: where it is mapped, pages that were looked at are given back."""
        self.left = MAX_PARTS
        self.bytes_left = MAX_COPIED_BYTES
        self.mapped = data if isinstance(data, mmap.mmap) else None
        self.untouched = PARTS_BETWEEN_RELEASES

    def spend(self, parts: int = 1) -> None:
        """Take ``parts`` off; raises FileFault when the file holds more than a real one would."""
        self.left -= parts
        self.untouched -= 1
        if self.untouched < 0:
            self.release()
        if self.left < 0:
            raise FileFault(f"The file has more than {MAX_PARTS} parts; the rest was not read.")

    def release(self) -> None:
        """Give the pages of a mapped file back, which would count as memory of this process."""
        self.untouched = PARTS_BETWEEN_RELEASES
        if self.mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self.mapped.madvise(mmap.MADV_DONTNEED)

    def expect(self, length: int) -> None:
        """The beginning of a mapped file is read in one go next, which is faster than page by page."""
        if self.mapped is not None and hasattr(mmap, "MADV_WILLNEED"):
            self.mapped.madvise(mmap.MADV_WILLNEED, 0, length)

    def copy(self, count: int) -> None:
        """Take ``count`` bytes off; raises FileFault when the metadata is larger than that of a real file."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise FileFault("The file holds more metadata than a real one; the rest was not read.")


def take(data: Data, start: int, length: int, what: str) -> bytes:
    """``length`` bytes from ``start``, or FileFault when the file ends before."""
    if start < 0 or length < 0 or start + length > len(data):
        raise FileFault(f"The file ends in the middle of {what}.")
    return data[start : start + length]


def inflate(packed: bytes, what: str, budget: Budget) -> bytes:
    """Decompress at most MAX_INFLATED_BYTES of zlib data; FileFault when it is broken or larger."""
    budget.copy(1024)
    worker = zlib.decompressobj()
    try:
        plain = worker.decompress(packed, MAX_INFLATED_BYTES)
    except zlib.error as error:
        raise FileFault(f"The compressed data of {what} is damaged.") from error
    if worker.unconsumed_tail:
        budget.copy(MAX_INFLATED_BYTES)
        raise FileFault(f"{what} grows beyond {MAX_INFLATED_BYTES} bytes when unpacked; it was not read.")
    budget.copy(len(plain))
    return plain
