"""How files are taken out of a request: straight to the storage's disk, hashed on the way, if allowed.

A view that takes files says so (`takes_files` of `investigation_page`, `InvestigationView.file_handler`).
Every other address takes none, whoever asks: nobody can fill the disk through a form that has no file.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

from evidence.errors import FileRefused
from evidence.incoming import HEAD_BYTES, IncomingFile, IncomingUpload
from evidence.services.ingest import file_not_stored, file_too_large, media_refuse
from evidence.storage import media_storage

# What a multipart request carries around its file: boundaries and the details.
_AROUND_THE_FILE_BYTES = 1_000_000
# A refused file is read this much further, so that its sender can still be told why: a browser that is cut
# off in the middle of sending shows no answer.
_DRAINED_BYTES = 64 * 1024 * 1024

# The name and the first bytes of a file; the refusal, or None.
Judge = Callable[[str, bytes], FileRefused | None]


class IncomingUploadHandler(FileUploadHandler):
    """Writes each file of a request into `incoming`; a refused or broken request leaves nothing there."""

    # Larger pieces make Django's search for boundaries faster, and cost this much memory.
    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest | None = None, *, judge: Judge = media_refuse) -> None:
        super().__init__(request)
        self.judge = judge
        self.arrived: list[IncomingFile] = []
        self.refusal: FileRefused | None = None
        self.drained_bytes = 0
        self.is_judged = False
        self.is_parsing = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        """Refuse by the announced length, before any of it is read; else have Django's parser read it.

        It is called from here because it tells no handler when a request breaks off: the part of a file that
        has come would stay.
        """
        if content_length > settings.MAX_UPLOAD_BYTES + _AROUND_THE_FILE_BYTES:
            raise file_too_large("")
        if self.is_parsing:
            return None
        self.is_parsing = True
        try:
            return MultiPartParser(META, input_data, [self], encoding).parse()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove all that came with this request."""
        for incoming in self.arrived:
            incoming.close()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.refusal, self.drained_bytes, self.is_judged = None, 0, False
        self.arrived.append(media_storage().receive())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        incoming = self.arrived[-1]
        if self.refusal is not None:
            self._drain(raw_data)
            return
        try:
            incoming.write(raw_data)
        except OSError as error:
            self._refuse(file_not_stored(self._name, error))
            return
        if incoming.digests.size_bytes > settings.MAX_UPLOAD_BYTES:
            self._refuse(file_too_large(self._name))
        elif len(incoming.head) == HEAD_BYTES and not self.is_judged:
            self._judge()

    def file_complete(self, file_size: int) -> IncomingUpload:
        if not self.is_judged and self.refusal is None and file_size:
            self._judge()
        return IncomingUpload(
            self.arrived[-1],
            refusal=self.refusal,
            name=self.file_name,
            content_type=self.content_type,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        self.close()

    @property
    def _name(self) -> str:
        return self.file_name or ""

    def _judge(self) -> None:
        """By the first bytes, as soon as they are there: 8 GB of what is not kept are not written first."""
        self.is_judged = True
        refusal = self.judge(self._name, self.arrived[-1].head)
        if refusal is not None:
            self._refuse(refusal)

    def _refuse(self, refusal: FileRefused) -> None:
        self.refusal = refusal
        self.arrived[-1].close()

    def _drain(self, raw_data: bytes) -> None:
        self.drained_bytes += len(raw_data)
        if self.drained_bytes > _DRAINED_BYTES and self.refusal is not None:
            raise self.refusal


class NoFilesHandler(FileUploadHandler):
    """For every address that takes no files: the request ends where its first file begins."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def without_body(request: HttpRequest) -> HttpRequest:
    """The same request as if its body were empty, for a check that is to look at the headers only."""
    headers_only = copy.copy(request)
    bodiless: Mapping[str, Any] = {"_post": QueryDict(), "_files": MultiValueDict()}
    for name, value in bodiless.items():
        setattr(headers_only, name, value)
    return headers_only
