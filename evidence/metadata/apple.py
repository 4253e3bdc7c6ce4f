"""Apple's maker note: the identifier that a Live Photo's picture shares with its video."""

from __future__ import annotations

import struct

from .findings import Findings
from .tiff import Entry, TiffBlock, decode_text

_CONTENT_IDENTIFIER = 0x0011
_HEAD = b"Apple iOS\0"


def apple_maker_note(block: TiffBlock, entry: Entry, findings: Findings) -> None:
    """Offer ``content_identifier`` when the maker note is Apple's and holds one."""
    note = block.data[entry.offset : entry.offset + min(entry.length, 65_536)]
    if not note.startswith(_HEAD) or note[12:14] != b"MM":
        return
    with findings.guard("Apple's maker note"):
        (count,) = struct.unpack_from(">H", note, 14)
        for index in range(min(count, 200)):
            tag, kind, length, offset = struct.unpack_from(">HHII", note, 16 + 12 * index)
            if tag == _CONTENT_IDENTIFIER and kind == 2 and 4 < length < 200:
                findings.offer("content_identifier", decode_text(note[offset : offset + length]))
