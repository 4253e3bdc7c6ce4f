"""Which reader reads which kind."""

from __future__ import annotations

from pathlib import Path

from evidence.archives.auto_archiver import MAX_BYTES, read_auto_archiver
from evidence.archives.base import CopyReading, Refused, Wanted
from evidence.archives.kinds import CopyKind
from evidence.archives.picture import read_picture
from evidence.archives.saved_page import MAX_READ_BYTES, TAIL_BYTES, read_page
from evidence.archives.streams import DAMAGE, Budget, unpacked
from evidence.archives.wacz import read_wacz
from evidence.archives.warc import read_warc

VERSION = 2


def read_copy(path: Path, kind: CopyKind, wanted: Wanted) -> CopyReading:
    """Read one copy of a known kind. Raises Refused with a sentence; the file is never changed."""
    if kind is CopyKind.wacz:
        return read_wacz(path, wanted)
    if kind is CopyKind.picture:
        return read_picture(path)
    with path.open("rb") as stream:
        if kind is CopyKind.page:
            body = stream.read(MAX_READ_BYTES)
            stream.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return read_page(body, wanted, stream.read(TAIL_BYTES))
        if kind is CopyKind.auto_archiver:
            return read_auto_archiver(stream.read(MAX_BYTES + 1), wanted)
        try:
            return read_warc(unpacked(stream, Budget(path.stat().st_size)), wanted)
        except DAMAGE:
            raise Refused("This file is damaged: no record can be read in it.") from None
