"""A multipart/form-data body (RFC 7578) that is read from disk while it is sent, and hashed on the way."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from catalogue_client.errors import LocalFileError

#: How many bytes of a file have been sent, and how many it has.
Progress = Callable[[int, int | None], None]


class MultipartFile(io.RawIOBase):
    """Fields and one file as a stream of known length; memory does not depend on the size of the file.

    Once it was read to its end, `sha256` is the digest of the file's bytes that were sent. A file that
    changes its length meanwhile raises LocalFileError, so that no half of it is ever stored as the whole.
    """

    def __init__(
        self, path: Path, *, fields: Mapping[str, str], boundary: str, progress: Progress | None = None
    ) -> None:
        self._path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise LocalFileError(f"{path} cannot be read ({error.strerror}).") from error
        self._size = os.fstat(self._file.fileno()).st_size
        self._head = _head(path.name, fields, boundary)
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._at = 0
        self._digest = hashlib.sha256()
        self._progress = progress

    def __len__(self) -> int:
        """The length of the whole body in bytes; the HTTP client announces it."""
        return len(self._head) + self._size + len(self._tail)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        # The HTTP client takes the rest from here on for the length of the body.
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes: of the head, then of the file, then of the end."""
        wanted = len(self) - self._at if size is None or size < 0 else size
        start, end = len(self._head), len(self._head) + self._size
        if self._at < start:
            piece = self._head[self._at : self._at + wanted]
        elif self._at < end:
            piece = self._of_file(min(wanted, end - self._at))
        else:
            piece = self._tail[self._at - end : self._at - end + wanted]
        self._at += len(piece)
        return piece

    def close(self) -> None:
        self._file.close()
        super().close()

    def _of_file(self, wanted: int) -> bytes:
        piece = self._file.read(wanted)
        if not piece or os.fstat(self._file.fileno()).st_size != self._size:
            raise LocalFileError(f"{self._path} changed while it was sent. Send it again once it rests.")
        self._digest.update(piece)
        if self._progress is not None:
            self._progress(self._at - len(self._head) + len(piece), self._size)
        return piece


def new_boundary() -> str:
    """A line that no file holds."""
    return f"catalogue-{secrets.token_hex(16)}"


def _head(name: str, fields: Mapping[str, str], boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(field)}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(name)}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return "".join(parts).encode("utf-8", "surrogateescape")


def _quoted(text: str) -> str:
    """As browsers write it (HTML, multipart/form-data): three characters percent-encoded, else UTF-8."""
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
