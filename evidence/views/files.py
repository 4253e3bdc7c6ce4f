"""Hand out stored files: to members only, never sniffed, never run, in ranges, in constant memory."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import structlog
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from evidence.errors import NotFound
from evidence.models import Investigation, MediaFile
from evidence.models.media import COLLECTED_ROLES
from evidence.services import custody
from evidence.services.custody import custody_record
from evidence.storage import media_storage
from evidence.views.base import investigation_page
from evidence.views.ranges import ByteRange, Unsatisfiable, range_parse, range_read

log = structlog.get_logger(__name__)

# What browsers show without running anything in it. Everything else is only ever saved to disk.
SHOWN_INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "image/avif",
        "video/mp4",
        "video/webm",
        "video/quicktime",
        "video/x-matroska",
    }
)
_NEVER_RUN = "sandbox; default-src 'none'"
_KEPT_FOR = "private, max-age=31536000, immutable"
_NOT_KEPT = "private, no-store"


@require_safe
@investigation_page("evidence.view")
def file(request: HttpRequest, investigation: Investigation, sha256: str) -> HttpResponseBase:
    """One stored file by its digest. `?download=1` saves it under its own name, and the log says who did."""
    media_file = _find(investigation, sha256)
    path = media_storage().path_of(sha256)
    if not path.is_file():
        log.error("file_missing", sha256=sha256, investigation=investigation.code)
        raise NotFound(
            _(
                "This file is catalogued but its bytes are not in the storage. "
                "Tell whoever runs this server; the digest is %(digest)s."
            )
            % {"digest": sha256}
        )
    is_inline = media_file.mime_type in SHOWN_INLINE and "download" not in request.GET
    response = condition(etag_func=lambda _request: f'"{sha256}"')(
        lambda _request: _answer(_request, path, media_file.mime_type)
    )(request)
    if not is_inline and response.status_code == 200 and request.method == "GET":
        _record_download(request, media_file)
    response["Content-Disposition"] = content_disposition_header(not is_inline, _name(media_file)) or "inline"
    response["Content-Security-Policy"] = _NEVER_RUN
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # A download that came out of the browser's cache would leave no line in the log.
    response["Cache-Control"] = _KEPT_FOR if is_inline else _NOT_KEPT
    response["Accept-Ranges"] = "bytes"
    return response


def _find(investigation: Investigation, sha256: str) -> MediaFile:
    """The file in this investigation; where a derivative has the same bytes, the collected one goes first."""
    found = list(
        MediaFile.objects.select_related("media_item").filter(investigation=investigation, sha256=sha256)
    )
    if not found:
        raise NotFound(_("There is no such file in this investigation."))
    return min(found, key=lambda each: (each.role not in COLLECTED_ROLES, each.pk))


def _answer(request: HttpRequest, path: Path, mime_type: str) -> HttpResponseBase:
    size_bytes = path.stat().st_size
    try:
        wanted = _wanted(request, size_bytes, path.name)
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


def _record_download(request: HttpRequest, media_file: MediaFile) -> None:
    """Originals only, and whole ones: a player that asks for ranges is looking, not downloading."""
    if media_file.role not in COLLECTED_ROLES:
        return
    custody_record(
        investigation=media_file.investigation,
        actor=request.user,
        action=custody.FILE_DOWNLOADED,
        object_type="media",
        object_reference=media_file.media_item.reference,
        details={"sha256": media_file.sha256, "name": media_file.original_name},
    )


def _name(media_file: MediaFile) -> str:
    """The name it came with; a derivative is named after its role."""
    if media_file.original_name:
        return Path(media_file.original_name.replace("\\", "/")).name
    extension = mimetypes.guess_extension(media_file.mime_type) or ""
    return f"{media_file.media_item.reference}_{media_file.role}{extension}"
