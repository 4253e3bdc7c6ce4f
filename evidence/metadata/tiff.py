"""TIFF and BigTIFF structure: directories, entries and their values, in both byte orders."""

from __future__ import annotations

import math
import struct
from typing import NamedTuple

from .bounds import MAX_BINARY_BYTES, MAX_IFD_ENTRIES, MAX_TEXT_BYTES, MAX_VALUES, Budget, Data, FileFault

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8, 129: 1}  # BigTIFF, and the UTF-8 text of EXIF 3.0
_CODES = {3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_TEXT = (2, 129)
_PADDING = b"\0" * 64
_STRIPPED_BYTES = 1_000
_MAGICS = {42: False, 43: True, 0x55: False, 0x4F52: False, 0x5352: False, 0x01BC: False}
# TIFF, BigTIFF, RW2, ORF twice, JPEG XR


class Rational(NamedTuple):
    """A fraction as stored; a zero denominator is not a number."""

    numerator: int
    denominator: int


class Entry(NamedTuple):
    """One directory entry; ``offset`` is where its value lies in the data."""

    tag: int
    kind: int
    number: int
    offset: int
    length: int


Value = str | bytes | tuple[int, ...] | tuple[float, ...] | tuple[Rational, ...]


class TiffBlock:
    """A TIFF header and what it points to; offsets count from ``start``."""

    __slots__ = ("big", "data", "end", "first_ifd", "order", "start")

    def __init__(self, data: Data, start: int = 0, end: int | None = None) -> None:
        """Raises FileFault when there is no TIFF header at ``start``."""
        self.data = data
        self.start = start
        self.end = min(end if end is not None else len(data), len(data))
        mark = data[start : start + 2]
        if mark not in (b"II", b"MM") or self.end - start < 8:
            raise FileFault("The EXIF block does not begin with a byte order mark; it was not read.")
        self.order = "<" if mark == b"II" else ">"
        (magic,) = struct.unpack_from(self.order + "H", data, start + 2)
        if magic not in _MAGICS:
            raise FileFault("The EXIF block has no TIFF header; it was not read.")
        self.big = _MAGICS[magic]
        code, place = ("Q", start + 8) if self.big else ("I", start + 4)
        (self.first_ifd,) = struct.unpack_from(self.order + code, data, place)

    def directory(self, offset: int, budget: Budget) -> tuple[list[Entry], int, bool]:
        """Entries at ``offset``, the offset of the next directory (0: none), and whether it is cut short."""
        at = self.start + offset
        head, step, code = (8, 20, "HHQQ") if self.big else (2, 12, "HHII")
        if offset < 8 or at + head > self.end:
            raise FileFault("A directory of the EXIF block lies outside of the file.")
        (count,) = struct.unpack_from(self.order + ("Q" if self.big else "H"), self.data, at)
        at += head
        fitting = min(count, MAX_IFD_ENTRIES, (self.end - at) // step)
        budget.spend(fitting + 1)
        unpack = struct.Struct(self.order + code).unpack_from
        entries = []
        for index in range(fitting):
            entry = self._entry(unpack(self.data, at + index * step), at + index * step)
            if entry is not None:
                entries.append(entry)
        cut = fitting < count
        return entries, 0 if cut else self._next(at + count * step), cut

    def _entry(self, fields: tuple[int, int, int, int], at: int) -> Entry | None:
        tag, kind, count, value = fields
        size = _SIZES.get(kind)
        if size is None:
            return None
        length = size * count
        inline, place = (8, at + 12) if self.big else (4, at + 8)
        return Entry(tag, kind, count, place if length <= inline else self.start + value, length)

    def _next(self, at: int) -> int:
        code, width = ("Q", 8) if self.big else ("I", 4)
        if at + width > self.end:
            return 0
        return int(struct.unpack_from(self.order + code, self.data, at)[0])

    def inside(self, entry: Entry) -> bool:
        """Whether the whole value lies in the block."""
        return entry.offset + entry.length <= self.end

    def value(self, entry: Entry) -> Value:
        """The decoded value: text, bytes, or at most MAX_VALUES numbers. FileFault when it lies outside."""
        if not self.inside(entry):
            raise FileFault("A value of the EXIF block lies outside of the file.")
        if entry.kind in _TEXT:
            return decode_text(self.data[entry.offset : entry.offset + min(entry.length, MAX_TEXT_BYTES)])
        if entry.kind in (1, 7):
            if entry.kind == 1 and entry.number <= 8:
                return tuple(self.data[entry.offset : entry.offset + entry.number])
            return self.data[entry.offset : entry.offset + min(entry.length, MAX_BINARY_BYTES)]
        count = min(entry.number, MAX_VALUES)
        if entry.kind in (5, 10):
            code = f"{self.order}{2 * count}{'I' if entry.kind == 5 else 'i'}"
            parts = struct.unpack_from(code, self.data, entry.offset)
            return tuple(map(Rational, parts[::2], parts[1::2]))
        return struct.unpack_from(f"{self.order}{count}{_CODES[entry.kind]}", self.data, entry.offset)

    def whole(self, entry: Entry, limit: int) -> bytes:
        """The value's bytes, however typed; FileFault when longer than ``limit`` or outside of the file."""
        if entry.length > limit or not self.inside(entry):
            raise FileFault("A block inside the EXIF data is too large or lies outside of the file.")
        return self.data[entry.offset : entry.offset + entry.length]


def decode_text(raw: bytes) -> str:
    """Text without trailing NULs and spaces; UTF-8, or Latin-1 when it is not.

    What stands behind a long run of NULs is no text; stripping is slow, so only the end is stripped.
    """
    padding = raw.find(_PADDING)
    if padding >= 0:
        raw = raw[:padding]
    raw = raw[:-_STRIPPED_BYTES] + raw[-_STRIPPED_BYTES:].rstrip(b"\0 ")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\0", " ")


def numbers(value: Value | None) -> list[float]:
    """The value as floats; a zero denominator is nan."""
    if value is None or isinstance(value, str | bytes):
        return []
    return [_number(part) for part in value]


def _number(part: int | float | Rational) -> float:
    if isinstance(part, Rational):
        return part.numerator / part.denominator if part.denominator else math.nan
    return float(part)


def first_number(value: Value | None) -> float | None:
    """The first of the numbers when it is finite."""
    found = numbers(value)
    return found[0] if found and math.isfinite(found[0]) else None


def text_of(value: Value | None) -> str:
    """The value as text when it is text (or bytes that are), otherwise ""."""
    if isinstance(value, bytes):
        return decode_text(value)
    if isinstance(value, tuple):  # some writers type letters as bytes
        return "".join(chr(part) for part in value if isinstance(part, int) and 32 <= part < 127)
    return value or ""


def printed(value: Value, length: int) -> str:
    """The value for the table of raw tags; long binary values are shortened and say their length."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        if len(value) <= 64 and value.rstrip(b"\0").isascii() and value.rstrip(b"\0").decode().isprintable():
            return value.rstrip(b"\0").decode()
        return value.hex() if len(value) <= 64 else f"{value[:32].hex()}… ({length} bytes)"
    shown = " ".join(map(_printed_number, value[:64]))
    return shown if len(value) <= 64 else f"{shown} … ({length} bytes)"


def _printed_number(part: int | float | Rational) -> str:
    return f"{part.numerator}/{part.denominator}" if isinstance(part, Rational) else str(part)
