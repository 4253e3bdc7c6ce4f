"""The file of an export job as an answer, for pages and API: to whom it belongs and who may still read it."""

from __future__ import annotations

import base64
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from evidence.errors import Conflict, NotFound
from evidence.file_answers import path_answer
from geolocation.errors import ExportGone
from geolocation.exports.base import ExportContext, utc_text
from geolocation.exports.csv_metadata import MEDIA_TYPE as CSV_METADATA
from geolocation.models import ExportJob, ExportState
from geolocation.services.export_jobs import export_format, export_of, file_path

log = structlog.get_logger(__name__)


def export_kept(request: HttpRequest, uid: UUID) -> ExportJob:
    """The job, if its file is there for this reader; Conflict while it is made, ExportGone afterwards."""
    job = export_of(reader=request.user, uid=uid)
    if job.is_kept:
        return job
    if job.is_unfinished:
        raise Conflict(_("The file is not ready yet. Ask again until its state is done."))
    if job.state in (ExportState.DONE, ExportState.EXPIRED):
        raise ExportGone(_("The file is not kept any more. Ask for it again: the points may have changed."))
    raise NotFound(_("No file came of this. Ask for it again."))


def export_answer(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The file with its digest; permission is asked anew each time."""
    job = export_kept(request, uid)
    path = file_path(job.uid, job.format)
    if not path.is_file():
        log.error("export_file_missing", job=str(job.uid))
        raise NotFound(_("This file is missing on the server. Ask for it again."))
    wanted = export_format(job)
    context = job_context(job)
    answer = path_answer(
        request, path=path, sha256=job.sha256, mime_type=wanted.media_type, name=job_file_name(job)
    )
    digest = base64.b64encode(bytes.fromhex(job.sha256)).decode()
    # RFC 9530, and what went before it (RFC 3230): of the whole file, also where a part of it is sent.
    answer["Repr-Digest"] = f"sha-256=:{digest}:"
    answer["Digest"] = f"SHA-256={digest}"
    answer["X-Generated-At"] = utc_text(context.generated_at_utc)
    if job.format == "csv":
        address = request.build_absolute_uri(reverse("api-export-metadata", args=[job.uid]))
        answer["Link"] = f'<{address}>; rel="describedby"; type="{CSV_METADATA}"'
    return answer


def job_file_name(job: ExportJob) -> str:
    """What the file is called when it is saved."""
    shown_at = job_context(job).generated_at_utc
    return export_format(job).file_name(code=job.wanted.get("investigation"), day=shown_at.date())


def job_context(job: ExportJob) -> ExportContext:
    """What the file of a finished job says of itself."""
    if job.shown_at is None:
        raise NotFound(_("No file came of this. Ask for it again."))
    return ExportContext(
        title=job.title,
        attribution=job.attribution,
        licence=job.licence,
        filter_text=job.filter_text,
        generated_at_utc=job.shown_at,
    )
