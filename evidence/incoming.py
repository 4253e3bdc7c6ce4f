"""Bytes on their way in: written to the storage's own disk and hashed in the same pass."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from evidence.errors import FileRefused
from evidence.integrity.hashing import Digests, HashingWriter

READ_ONLY = 0o440
HEAD_BYTES = 4096
_READ_BYTES = 1 << 20


class IncomingFile:
    """A file that is arriving under `folder`. Closing it removes it; whoever keeps it links it first.

    Written without a buffer of its own, so that what is hashed is what the kernel has taken.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        self.path = Path(name)
        self.handle = os.fdopen(descriptor, "w+b", buffering=0)
        self.head = b""
        self._writer = HashingWriter(self.handle)

    def write(self, chunk: bytes) -> None:
        """Take one chunk. Raises OSError when the disk does not take all of it."""
        self._writer.write(chunk)
        if len(self.head) < HEAD_BYTES:
            self.head += bytes(chunk[: HEAD_BYTES - len(self.head)])

    @property
    def digests(self) -> Digests:
        return self._writer.digests

    def seal(self) -> None:
        """On the disk and read-only: from here on it may be linked to its lasting name."""
        os.fsync(self.handle.fileno())
        os.fchmod(self.handle.fileno(), READ_ONLY)

    def chunks(self) -> Iterator[bytes]:
        """What was written, from its beginning."""
        self.handle.seek(0)
        yield from iter(lambda: self.handle.read(_READ_BYTES), b"")

    def close(self) -> None:
        self.handle.close()
        with suppress(FileNotFoundError):
            self.path.unlink()


class IncomingUpload(UploadedFile):
    """An uploaded file that lies beside the storage already, or the refusal it ended with.

    Django closes the files of a request when it has answered: what nobody kept is removed by that.
    """

    def __init__(self, incoming: IncomingFile, *, refusal: FileRefused | None = None, **told: Any) -> None:
        self.incoming = incoming
        self.refusal = refusal
        super().__init__(file=incoming.handle, size=incoming.digests.size_bytes, **told)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from self.incoming.chunks()

    def close(self) -> None:
        self.incoming.close()
