"""Content-addressed storage: a file's name is its SHA-256, and what is there is never overwritten."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, storages

from evidence.incoming import READ_ONLY, IncomingFile
from evidence.integrity.hashing import hash_stream

_READ_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class StoredBytes:
    """Bytes that are safely kept: their digest, size, and where a child process can read them."""

    sha256: str
    size_bytes: int
    path: Path


class ContentAddressedStorage(FileSystemStorage):
    """`sha256/ab/cd/<digest>` under MEDIA_ROOT; written beside, hashed on the way, then linked in place."""

    @property
    def incoming(self) -> Path:
        """Where files lie while they arrive or are made: on the same disk, so that keeping one is a link."""
        return Path(self.location) / "incoming"

    def receive(self) -> IncomingFile:
        """A file to write an upload into, chunk by chunk; `keep` it, or close it and it is gone."""
        return IncomingFile(self.incoming)

    def keep(self, incoming: IncomingFile) -> StoredBytes:
        """Make what has arrived safe under its digest. Keeping the same bytes twice keeps the first file."""
        digests = incoming.digests
        incoming.seal()
        target = self._link(incoming.path, digests.sha256)
        return StoredBytes(sha256=digests.sha256, size_bytes=digests.size_bytes, path=target)

    def put(self, chunks: Iterable[bytes]) -> StoredBytes:
        """Store a stream in constant memory. Storing the same bytes twice keeps the first file."""
        with contextlib.closing(self.receive()) as incoming:
            for chunk in chunks:
                incoming.write(chunk)
            return self.keep(incoming)

    def put_path(self, path: Path) -> StoredBytes:
        """Keep a file that was made under `incoming`: hashed by one reading, not copied."""
        with path.open("rb") as stream:
            digests = hash_stream(iter(lambda: stream.read(_READ_BYTES), b""))
            os.fsync(stream.fileno())
            os.fchmod(stream.fileno(), READ_ONLY)
        target = self._link(path, digests.sha256)
        return StoredBytes(sha256=digests.sha256, size_bytes=digests.size_bytes, path=target)

    def _link(self, source: Path, sha256: str) -> Path:
        target = self.path_of(sha256)
        folders = [folder for folder in target.parents if not folder.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        # A hard link fails if the target exists: two writers cannot overwrite each other.
        if not target.exists():
            with contextlib.suppress(FileExistsError):
                os.link(source, target)
        # A name is only safe once the folders that lead to it are.
        for folder in (target.parent, *(folder.parent for folder in folders)):
            _sync_folder(folder)
        return target

    def sweep(self, *, older_than_s: float) -> int:
        """Remove what lies in `incoming` and was not written to for so long. Returns how many entries."""
        before = time.time() - older_than_s
        left = [entry for entry in _entries(self.incoming) if _written_at(entry) < before]
        for entry in left:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
        return len(left)

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this digest are, or would be."""
        return Path(self.path(f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"))

    def probe(self) -> None:
        """Write, sync and remove one small file; raises OSError if files cannot be kept here."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.incoming) as probe:
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


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _written_at(entry: Path) -> float:
    """When anything in it was written last; now for what goes away while it is looked at."""
    try:
        inside = entry.rglob("*") if entry.is_dir() and not entry.is_symlink() else ()
        return float(max(each.lstat().st_mtime for each in (entry, *inside)))
    except FileNotFoundError:
        return time.time()
