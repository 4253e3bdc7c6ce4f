"""Stored bytes as an answer: never sniffed, never run, in ranges, in constant memory. For pages and API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import condition

from evidence.errors import NotFound
from evidence.models import ArchivedCopy, CopyKind
from evidence.ranges import ByteRange, Unsatisfiable, range_parse, range_read
from evidence.services.archived_copies import archived_copy_downloaded
from evidence.storage import media_storage

log = structlog.get_logger(__name__)

_NEVER_RUN = "sandbox; default-src 'none'"
_KEPT_FOR = "private, max-age=31536000, immutable"
_NOT_KEPT = "private, no-store"


def stored_answer(
    request: HttpRequest, *, sha256: str, mime_type: str, name: str, is_inline: bool
) -> HttpResponseBase:
    """The stored bytes with this digest, in ranges, never sniffed, never run; NotFound without them."""
    path = media_storage().path_of(sha256)
    if not path.is_file():
        log.error("file_missing", sha256=sha256)
        raise NotFound(
            _(
                "This file is catalogued but its bytes are not in the storage. "
                "Tell whoever runs this server; the digest is %(digest)s."
            )
            % {"digest": sha256}
        )
    return path_answer(request, path=path, sha256=sha256, mime_type=mime_type, name=name, is_inline=is_inline)


def path_answer(
    request: HttpRequest, *, path: Path, sha256: str, mime_type: str, name: str, is_inline: bool = False
) -> HttpResponseBase:
    """The bytes of a file that is there, with this digest as its ETag; otherwise as `stored_answer`."""
    response = condition(etag_func=lambda _request: f'"{sha256}"')(
        lambda _request: _answer(_request, path, mime_type, sha256)
    )(request)
    response["Content-Disposition"] = content_disposition_header(not is_inline, name) or "inline"
    response["Content-Security-Policy"] = _NEVER_RUN
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # A download that came out of the browser's cache would leave no line in the log.
    response["Cache-Control"] = _KEPT_FOR if is_inline else _NOT_KEPT
    response["Accept-Ranges"] = "bytes"
    return response


def copy_answer(request: Any, copy: ArchivedCopy, *, is_inline: bool = False) -> HttpResponseBase:
    """The bytes of an archived copy; whoever takes all of them away stands in the log."""
    response = stored_answer(
        request,
        sha256=copy.sha256,
        # A saved page is never given out as a page, not even to be saved as one.
        mime_type="application/octet-stream" if copy.kind == CopyKind.PAGE else copy.mime_type,
        name=copy.original_name or f"{copy.appearance.media_item.reference}_{copy.kind}",
        is_inline=is_inline,
    )
    if not is_inline and response.status_code == 200 and request.method == "GET":
        archived_copy_downloaded(actor=request.user, copy=copy)
    return response


def _answer(request: HttpRequest, path: Path, mime_type: str, sha256: str) -> HttpResponseBase:
    size_bytes = path.stat().st_size
    try:
        wanted = _wanted(request, size_bytes, sha256)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size_bytes}"})
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(content_type=mime_type)
    elif wanted is None:
        response = FileResponse(path.open("rb"), content_type=mime_type)
    else:
        stream = path.open("rb")
        response = StreamingHttpResponse(range_read(stream, wanted), content_type=mime_type, status=206)
        response._resource_closers.append(stream.close)  # type: ignore[attr-defined]  # as FileResponse does
    if wanted is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{size_bytes}"
    response["Content-Length"] = str(wanted.length if wanted else size_bytes)
    return response


def _wanted(request: HttpRequest, size_bytes: int, sha256: str) -> ByteRange | None:
    """The range asked for, unless the client's copy is of something else (If-Range)."""
    header = request.headers.get("Range", "")
    condition_tag = request.headers.get("If-Range")
    if not header or (condition_tag is not None and condition_tag.strip() != f'"{sha256}"'):
        return None
    return range_parse(header, size_bytes=size_bytes)
