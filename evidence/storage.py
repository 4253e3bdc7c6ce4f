"""Content-addressed storage: a file's name is its SHA-256, and what is there is never overwritten."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, storages

from evidence.integrity.hashing import hash_stream

_READ_ONLY = 0o440


@dataclass(frozen=True, kw_only=True)
class StoredBytes:
    """Bytes that are safely kept: their digest, size, and where a child process can read them."""

    sha256: str
    size_bytes: int
    path: Path


class ContentAddressedStorage(FileSystemStorage):
    """`sha256/ab/cd/<digest>` under MEDIA_ROOT; written beside, hashed on the way, then linked in place."""

    def put(self, chunks: Iterable[bytes]) -> StoredBytes:
        """Store a stream in constant memory. Storing the same bytes twice keeps the first file."""
        incoming = Path(self.location) / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as temporary:
                digests = hash_stream(_written(chunks, temporary))
                temporary.flush()
                os.fsync(temporary.fileno())
            os.chmod(name, _READ_ONLY)
            target = self.path_of(digests.sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            # A hard link fails if the target exists: two writers cannot overwrite each other.
            if not target.exists():
                with contextlib.suppress(FileExistsError):
                    os.link(name, target)
        finally:
            os.unlink(name)
        return StoredBytes(sha256=digests.sha256, size_bytes=digests.size_bytes, path=target)

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this digest are, or would be."""
        return Path(self.path(f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"))

    def probe(self) -> None:
        """Write, sync and remove one small file; raises OSError if files cannot be kept here."""
        incoming = Path(self.location) / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=incoming) as probe:
            probe.write(b"ready")
            probe.flush()
            os.fsync(probe.fileno())

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        raise SuspiciousFileOperation("Use put(): files here are named by their SHA-256.")

    def delete(self, name: str) -> None:
        raise SuspiciousFileOperation(f"{name} is evidence and is not deleted.")


def media_storage() -> ContentAddressedStorage:
    """Where originals and derivatives are kept."""
    storage = storages["default"]
    assert isinstance(storage, ContentAddressedStorage)  # noqa: S101  system check catalogue.E001 says so first
    return storage


def _written(chunks: Iterable[bytes], to: IO[bytes]) -> Iterable[bytes]:
    for chunk in chunks:
        to.write(chunk)
        yield chunk
