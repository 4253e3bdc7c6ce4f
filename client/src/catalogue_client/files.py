"""Bytes to disk as a whole or not at all, with their SHA-256."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from catalogue_client.errors import LocalFileError, UnexpectedAnswer
from catalogue_client.multipart import Progress
from catalogue_client.transport import BROKEN, Transport

_CHUNK_BYTES = 256 * 1024
#: Files of the server, by the ending of their address; each is made by the server itself.
FORMATS = {
    "geojson": "geojson",
    "geojsons": "geojsons",
    "csv": "csv",
    "kml": "kml",
    "kmz": "kmz",
    "gpkg": "gpkg",
    "fgb": "fgb",
    "parquet": "parquet",
    "xlsx": "xlsx",
    "timemap": "timemap.zip",
}


@dataclass(frozen=True, kw_only=True)
class Downloaded:
    """What arrived: bytes, their digest, and what the server says beside every file."""

    size_bytes: int
    sha256: str
    attribution: str
    licence: str


Open = Callable[[], "contextlib.AbstractContextManager[BinaryIO]"]


def download(
    transport: Transport,
    path: str,
    params: dict[str, str],
    target: Open,
    *,
    restartable: bool,
    progress: Progress | None = None,
    sha256: str | None = None,
) -> Downloaded:
    """Stream an answer into what `target` opens; a connection that breaks is begun again if that is possible.

    An answer is whole when its announced length or its last chunk came; one that announces neither is only
    whole as far as the server closed it in order, which HTTP/1.0 cannot tell apart.
    With `sha256`, bytes that have another digest are not kept.
    """
    failed = 0
    while True:
        try:
            return _once(transport, path, params, target, progress, sha256)
        except BROKEN as broken:
            failed += 1
            if not restartable or not transport.pause(failed):
                raise transport.unreachable(broken) from broken


def _once(
    transport: Transport,
    path: str,
    params: dict[str, str],
    target: Open,
    progress: Progress | None,
    sha256: str | None,
) -> Downloaded:
    # A file that has an index is made before its first byte comes.
    patient_s = max(transport.timeout_s, 600.0)
    answer = transport.open("GET", path, params=params, stream=True, timeout_s=patient_s)
    total = _length(answer.headers.get("Content-Length"), answer.headers.get("Content-Encoding"))
    digest, size = hashlib.sha256(), 0
    with answer, target() as file:
        for chunk in answer.iter_content(_CHUNK_BYTES):
            try:
                file.write(chunk)
            except BrokenPipeError:
                raise
            except OSError as error:
                raise LocalFileError(f"The file could not be written ({error.strerror}).") from error
            digest.update(chunk)
            size += len(chunk)
            if progress is not None:
                progress(size, total)
        if total is not None and size != total:
            raise UnexpectedAnswer(f"The server announced {total} bytes and sent {size}. Nothing was kept.")
        if sha256 is not None and digest.hexdigest() != sha256:
            raise UnexpectedAnswer(f"The file does not have the digest that the server names ({sha256}).")
    return Downloaded(
        size_bytes=size,
        sha256=digest.hexdigest(),
        attribution=answer.headers.get("X-Attribution", ""),
        licence=answer.headers.get("X-Licence", ""),
    )


def _length(announced: str | None, encoding: str | None) -> int | None:
    """The size of the file, where it is announced; of a packed answer only the packed size is."""
    if announced is None or not announced.isdigit() or (encoding or "identity") != "identity":
        return None
    return int(announced)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when the block ends without an error; till then the old one stays."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise LocalFileError(f"{path.parent} cannot be written to ({error.strerror}).") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode_of(path))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _mode_of(path: Path) -> int:
    """The rights of the file that is replaced, else those that a new file gets here."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
