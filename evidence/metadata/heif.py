"""The item table of HEIC and AVIF: where EXIF and XMP lie, and how large the primary picture is."""

from __future__ import annotations

import struct
from typing import NamedTuple

from .bounds import MAX_EXIF_BYTES, MAX_TABLE_BYTES, MAX_XMP_BYTES, Data, FileFault
from .boxes import Box, boxes
from .exif import read_exif
from .findings import Findings
from .xmp import read_xmp

_MAX_ITEMS = 5_000


class _Extent(NamedTuple):
    in_idat: bool
    offset: int
    length: int


class _Items:
    """The meta box of a picture, taken apart."""

    def __init__(self) -> None:
        self.kinds: dict[int, tuple[bytes, bytes]] = {}  # item -> type, content type
        self.places: dict[int, list[_Extent]] = {}
        self.primary = 0
        self.sizes: list[tuple[int, int] | None] = []  # by property index
        self.properties: dict[int, list[int]] = {}
        self.idat = 0

    def offset_of(self, item: int) -> int | None:
        """Where an item lies in the file, when it lies in one piece."""
        places = self.places.get(item, [])
        if len(places) != 1:
            return None
        return places[0].offset + (self.idat if places[0].in_idat else 0)


def read_items(data: Data, box: Box, findings: Findings) -> None:
    """Read EXIF and XMP items and the size of the primary picture of a meta box."""
    items = _Items()
    for child in boxes(data, box.start + 4, box.end, findings):
        with findings.guard("the item table"):
            _child(data, child, items, findings)
    _size(items, findings)
    for item, (kind, content) in items.kinds.items():
        if kind not in (b"Exif", b"mime"):
            continue
        with findings.guard("the EXIF or XMP item"):
            if kind == b"Exif":
                block = _bytes(data, items, item, MAX_EXIF_BYTES, findings)
                (skip,) = struct.unpack_from(">I", block)
                start = 4 + skip if 4 + skip < len(block) else 4
                read_exif(block, findings, start=start, file_offset=items.offset_of(item))
            elif content.startswith(b"application/rdf+xml"):
                read_xmp(_bytes(data, items, item, MAX_XMP_BYTES, findings), findings)


def _child(data: Data, child: Box, items: _Items, findings: Findings) -> None:
    if child.kind == b"iinf":
        wide = data[child.start] > 0
        for entry in boxes(data, child.start + (8 if wide else 6), child.end, findings):
            if entry.kind == b"infe" and len(items.kinds) < _MAX_ITEMS:
                _item_info(data, entry, items)
    elif child.kind == b"iloc":
        _locations(data[child.start : min(child.end, child.start + MAX_TABLE_BYTES)], items, findings)
    elif child.kind == b"pitm":
        wide = data[child.start] > 0
        (items.primary,) = struct.unpack_from(">I" if wide else ">H", data, child.start + 4)
    elif child.kind == b"idat":
        items.idat = child.start
    elif child.kind == b"iprp":
        for part in boxes(data, child.start, child.end, findings):
            if part.kind == b"ipco":
                _property_sizes(data, part, items, findings)
            elif part.kind == b"ipma":
                _associations(data[part.start : min(part.end, part.start + MAX_TABLE_BYTES)], items, findings)


def _item_info(data: Data, entry: Box, items: _Items) -> None:
    version = data[entry.start]
    if version < 2:
        return
    code, at = (">H", entry.start + 8) if version == 2 else (">I", entry.start + 10)
    (item,) = struct.unpack_from(code, data, entry.start + 4)
    rest = data[at : min(entry.end, at + 300)]
    kind, _, content = rest[:4], *rest[4:].partition(b"\0")[1:]
    items.kinds[item] = (kind, content.partition(b"\0")[0])


def _locations(body: bytes, items: _Items, findings: Findings) -> None:
    version = body[0]
    offset_size, length_size = body[4] >> 4, body[4] & 15
    base_size, index_size = body[5] >> 4, body[5] & 15 if version else 0
    wide = 4 if version == 2 else 2
    at = 6 + wide
    for _ in range(min(int.from_bytes(body[6 : 6 + wide], "big"), _MAX_ITEMS)):
        item = int.from_bytes(body[at : at + wide], "big")
        at += wide
        in_idat = bool(version and body[at + 1] & 15 == 1)
        at += (2 if version else 0) + 2
        base = int.from_bytes(body[at : at + base_size], "big")
        at += base_size
        (count,) = struct.unpack_from(">H", body, at)
        at += 2
        extents = []
        for _ in range(count):
            findings.budget.spend()
            at += index_size
            offset = int.from_bytes(body[at : at + offset_size], "big")
            length = int.from_bytes(body[at + offset_size : at + offset_size + length_size], "big")
            at += offset_size + length_size
            extents.append(_Extent(in_idat, base + offset, length))
        items.places.setdefault(item, extents)


def _property_sizes(data: Data, part: Box, items: _Items, findings: Findings) -> None:
    for each in boxes(data, part.start, part.end, findings):
        size = None
        if each.kind == b"ispe":
            size = struct.unpack_from(">II", data, each.start + 4)
        items.sizes.append((size[0], size[1]) if size else None)


def _associations(body: bytes, items: _Items, findings: Findings) -> None:
    wide_item, wide_index = body[0] > 0, bool(body[3] & 1)
    (count,) = struct.unpack_from(">I", body, 4)
    at = 8
    for _ in range(min(count, _MAX_ITEMS)):
        findings.budget.spend()
        (item,) = struct.unpack_from(">I" if wide_item else ">H", body, at)
        at += 4 if wide_item else 2
        number = body[at]
        at += 1
        step = 2 if wide_index else 1
        mask = 0x7FFF if wide_index else 0x7F
        parts = (body[place : place + step] for place in range(at, at + step * number, step))
        indexes = [int.from_bytes(part, "big") & mask for part in parts]
        items.properties.setdefault(item, indexes)
        at += step * number


def _size(items: _Items, findings: Findings) -> None:
    known = [size for size in items.sizes if size]
    indexes = items.properties.get(items.primary, [])
    own = [items.sizes[index - 1] for index in indexes if 0 < index <= len(items.sizes)]
    largest = max(known, key=lambda size: size[0] * size[1], default=None)
    chosen = next((size for size in own if size), largest)
    if chosen:
        findings.offer("width", chosen[0] or None, 5)
        findings.offer("height", chosen[1] or None, 5)


def _bytes(data: Data, items: _Items, item: int, limit: int, findings: Findings) -> bytes:
    """The item's content; FileFault when it is not in the file or larger than ``limit``."""
    block = bytearray()
    for extent in items.places.get(item, []):
        start = extent.offset + (items.idat if extent.in_idat else 0)
        if len(block) + extent.length > limit:
            raise FileFault("The EXIF or XMP item is larger than a real one; it was not read.")
        if start + extent.length > len(data):
            raise FileFault("The file ends before its EXIF or XMP item.")
        findings.budget.copy(extent.length)
        block += data[start : start + extent.length]
    if not block:
        raise FileFault("The file names an EXIF or XMP item that it does not hold.")
    return bytes(block)
