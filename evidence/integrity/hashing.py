"""SHA-256 of a stream, in constant memory.

Source: FIPS 180-4, through the standard library.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

#: What a stored digest looks like, in Python and in the database's CHECK constraints alike.
SHA256_PATTERN: Final = r"^[0-9a-f]{64}$"


@dataclass(frozen=True, slots=True)
class Digests:
    """What identifies one sequence of bytes: 64 lower-case hexadecimal digits, and its length in bytes."""

    sha256: str
    size_bytes: int


class ByteSink(Protocol):
    """Where a HashingWriter passes bytes on to: an open file, a socket, a buffer."""

    def write(self, chunk: bytes, /) -> object: ...


def hash_stream(chunks: Iterable[bytes]) -> Digests:
    """Digest the chunks in their order; how the bytes were cut into chunks makes no difference."""
    digest, size_bytes = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size_bytes += len(chunk)
    return Digests(sha256=digest.hexdigest(), size_bytes=size_bytes)


class HashingWriter:
    """Pass every chunk on to `sink` and digest it on the way, so that an upload is read once.

    A chunk is counted only after the sink has taken it: when the sink raises (a full disk), the digest still
    describes exactly what was written before.
    """

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    def write(self, chunk: bytes) -> int:
        """Write one chunk and return its length in bytes.

        Raises OSError when the sink says that it took only a part of it, as an unbuffered file may.
        """
        taken = self._sink.write(chunk)
        if isinstance(taken, int) and taken != len(chunk):
            raise OSError(f"Only {taken} of {len(chunk)} bytes were written.")
        self._digest.update(chunk)
        self._size_bytes += len(chunk)
        return len(chunk)

    @property
    def digests(self) -> Digests:
        """The digest of all that was written so far."""
        return Digests(sha256=self._digest.hexdigest(), size_bytes=self._size_bytes)
