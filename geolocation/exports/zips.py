"""A ZIP archive as a stream: members are compressed while they are written, and nothing is kept of them."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from geolocation.exports.base import in_chunks


class _Outlet(io.RawIOBase):
    """What zipfile writes to: it cannot be sought, so sizes follow each member; `taken` empties it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        # zipfile hands over whatever has the buffer protocol, which its stubs do not name.
        written = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(written)
        return len(written)

    def taken(self) -> bytes:
        joined = b"".join(self._pieces)
        self._pieces.clear()
        return joined


def zip_chunks(
    members: Iterable[tuple[str, Iterable[bytes]]], *, at: datetime, beyond_2_gib: bool = False
) -> Iterator[bytes]:
    """The archive of these (name, chunks) in their order, dated `at`.

    A member of more than 2 GiB needs `beyond_2_gib`, which older readers do not know; without it such a
    member raises RuntimeError.
    """
    pieces = _pieces(members, at, beyond_2_gib)
    yield next(pieces)
    yield from in_chunks(pieces)


def _pieces(
    members: Iterable[tuple[str, Iterable[bytes]]], at: datetime, beyond_2_gib: bool
) -> Iterator[bytes]:
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, chunks in members:
            about = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            about.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(about, "w", force_zip64=beyond_2_gib) as member:
                # What stands before the member leaves before its first chunk is asked for.
                yield outlet.taken()
                for chunk in chunks:
                    member.write(chunk)
                    yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()
