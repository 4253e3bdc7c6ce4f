"""Hand out stored files, to members only."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evidence.errors import NotFound
from evidence.file_answers import stored_answer
from evidence.models import Investigation, MediaFile
from evidence.models.media import COLLECTED_ROLES
from evidence.services import custody
from evidence.services.custody import custody_record
from evidence.views.base import investigation_page

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


@require_safe
@investigation_page("evidence.view")
def file(request: HttpRequest, investigation: Investigation, sha256: str) -> HttpResponseBase:
    """One stored file by its digest. `?download=1` saves it under its own name, and the log says who did."""
    media_file = _find(investigation, sha256)
    is_inline = media_file.mime_type in SHOWN_INLINE and "download" not in request.GET
    response = stored_answer(
        request, sha256=sha256, mime_type=media_file.mime_type, name=_name(media_file), is_inline=is_inline
    )
    if not is_inline and response.status_code == 200 and request.method == "GET":
        _record_download(request, media_file)
    return response


def _find(investigation: Investigation, sha256: str) -> MediaFile:
    """The file in this investigation; where a derivative has the same bytes, the collected one goes first."""
    found = list(
        MediaFile.objects.select_related("media_item").filter(investigation=investigation, sha256=sha256)
    )
    if not found:
        raise NotFound(_("There is no such file in this investigation."))
    return min(found, key=lambda each: (each.role not in COLLECTED_ROLES, each.pk))


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
