"""FlatBuffers as far as the head of a FlatGeobuf needs them: tables of numbers, texts, vectors and tables.

The layout is that of https://flatbuffers.dev/internals: a table begins with the distance back to its vtable,
which says where each field stands; texts, vectors and tables stand further on, at a distance that the field
holds. Everything is little-endian and aligned to its own size, counted from the size in front of the buffer.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

_REFERENCE: Final = "I"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, by the letter that `struct` has for its kind: B, H, i, I, Q or d."""

    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """A vector of 64-bit floating-point numbers."""

    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a table in the order of its schema; None is one that is absent."""

    fields: tuple[Field, ...]


Field = Number | Numbers | str | Table | tuple[Table, ...] | None


def size_prefixed(root: Table) -> bytes:
    """The buffer of `root`, behind its own length in four bytes; as long as a multiple of eight."""
    out = bytearray(8)
    place = _table(out, root)
    _pad(out, 8)
    struct.pack_into("<II", out, 0, len(out) - 4, place - 4)
    return bytes(out)


def _table(out: bytearray, table: Table) -> int:
    """Append a table and all that it refers to; return where it begins."""
    kinds = [each.kind if isinstance(each, Number) else _REFERENCE for each in table.fields]
    offsets, size = [], 4
    for field, kind in zip(table.fields, kinds, strict=True):
        if field is None:
            offsets.append(0)
            continue
        width = struct.calcsize(kind)
        size += -size % width
        offsets.append(size)
        size += width
    vtable = struct.pack(f"<HH{len(offsets)}H", 4 + 2 * len(offsets), size, *offsets)
    # The table follows its vtable and begins at a multiple of eight, for whichever number is the widest.
    out += bytes(-(len(out) + len(vtable)) % 8) + vtable
    place = len(out)
    out += struct.pack("<i", len(vtable)) + bytes(size - 4)
    for field, kind, offset in zip(table.fields, kinds, offsets, strict=True):
        if isinstance(field, Number):
            struct.pack_into(f"<{kind}", out, place + offset, field.value)
        elif field is not None:
            struct.pack_into("<I", out, place + offset, _referred(out, field) - place - offset)
    return place


def _referred(out: bytearray, field: Numbers | str | Table | tuple[Table, ...]) -> int:
    """Append what a field refers to; return where it begins."""
    if isinstance(field, Table):
        return _table(out, field)
    if isinstance(field, str):
        text = field.encode()
        _pad(out, 4)
        place = len(out)
        out += struct.pack("<I", len(text)) + text + b"\0"
        return place
    if isinstance(field, Numbers):
        # The length goes before the numbers, which are what is aligned.
        _pad(out, 8, beyond=4)
        place = len(out)
        out += struct.pack(f"<I{len(field.values)}d", len(field.values), *field.values)
        return place
    _pad(out, 4)
    place = len(out)
    out += struct.pack("<I", len(field)) + bytes(4 * len(field))
    for slot, table in enumerate(field):
        at = place + 4 + 4 * slot
        struct.pack_into("<I", out, at, _table(out, table) - at)
    return place


def _pad(out: bytearray, size: int, *, beyond: int = 0) -> None:
    """Zeros until what follows `beyond` further bytes stands at a multiple of `size`."""
    out += bytes(-(len(out) + beyond) % size)
