"""Exports as jobs: asked for by a member, made by a worker of the long lane, kept for a while.

The points are read in one statement that keeps the database's connection busy, so progress and the sign of
life stand in the cache meanwhile. A job whose worker fell silent is begun again; a job that was made twice
all the same is kept once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import CatalogueError, InvalidInput, NotFound
from evidence.models import Investigation
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record
from geolocation.models import ExportJob, ExportState, VerifiedPoint
from geolocation.querysets import PointFilter
from geolocation.services.export_formats import FORMATS, export_write, exports_root
from geolocation.services.exporting import export_context

log = structlog.get_logger(__name__)

ASKED = action_register("geolocation.export_asked", gettext_lazy("asked for an export of the points of"))
DOWNLOADED = action_register("geolocation.export_downloaded", gettext_lazy("downloaded an export of"))

KEPT = timedelta(days=7)
ATTEMPTS = 3
_SWEEP_AFTER = timedelta(seconds=45)
_LEASE = timedelta(minutes=5)
_HASH_BYTES = 1024 * 1024


@transaction.atomic
def export_ask(
    *, actor: Any, investigation: Investigation, key: str, asked_filter: Mapping[str, str]
) -> ExportJob:
    """Ask for a file. The same one that is still waiting or being made for this person is that job."""
    require(actor, "evidence.view", investigation)
    if key not in FORMATS:
        raise InvalidInput(
            _("There is no format “%(key)s”. Write one of: %(known)s.")
            % {"key": key, "known": ", ".join(FORMATS)},
            field="format",
        )
    same = ExportJob.objects.filter(
        investigation=investigation,
        asked_by=actor,
        format=key,
        asked_filter=dict(asked_filter),
        state__in=[ExportState.WAITING, ExportState.RUNNING],
    ).first()
    if same is not None:
        return same
    job = ExportJob.objects.create(
        investigation=investigation, asked_by=actor, format=key, asked_filter=dict(asked_filter)
    )
    _record(job, actor, ASKED)
    transaction.on_commit(partial(_enqueue, job.pk))
    return job


def export_run(*, job_id: int, wanted: PointFilter, filter_text: str) -> None:
    """Claim a job, write its file, keep its size and digest. Delivered twice, it does its work once."""
    job = _claim(job_id)
    if job is None:
        return
    made = export_path(job).with_name(f"{job.uid}.{job.attempts}.{FORMATS[job.format].extension}")
    try:
        made.unlink(missing_ok=True)
        points = _write(job, made, wanted, filter_text)
        _keep(job, made, points)
    except CatalogueError as refusal:
        _fail(job, refusal.sentence)
    except Exception as error:
        log.exception("export_failed", job_id=job.pk, error=str(error))
        _fail(job, _("The file could not be made. Ask again; if it fails again, tell whoever runs this server."))
    finally:
        made.unlink(missing_ok=True)
        cache.delete(_progress_key(job))


def export_progress(job: ExportJob) -> int:
    """How many points are written, as far as is known."""
    if job.state == ExportState.RUNNING:
        return int(cache.get(_progress_key(job)) or 0)
    return (job.points or 0) if job.state == ExportState.DONE else 0


def export_path(job: ExportJob) -> Path:
    """Where the file of a job lies once it is made."""
    return exports_root() / f"{job.uid}.{FORMATS[job.format].extension}"


def export_downloaded(*, actor: Any, job: ExportJob) -> Path:
    """The file of a job for somebody who may read its points; the log says who took it."""
    require(actor, "evidence.view", job.investigation)
    path = export_path(job)
    if job.state != ExportState.DONE or not path.exists():
        raise NotFound(_("This file is not made yet, or no longer kept. Ask for it again."))
    _record(job, actor, DOWNLOADED)
    return path


def exports_sweep() -> int:
    """Queue what a lost broker or a dead worker left, give up what failed too often, delete what expired."""
    now = timezone.now()
    _delete_expired(now)
    left = ExportJob.objects.filter(
        Q(state=ExportState.WAITING, queued_at__lt=now - _SWEEP_AFTER)
        | Q(state=ExportState.RUNNING, lease_until__lt=now)
    )
    found = [job for job in left.order_by("queued_at")[:100] if cache.get(_progress_key(job)) is None]
    given_up = [job.pk for job in found if job.attempts >= ATTEMPTS]
    again = [job.pk for job in found if job.attempts < ATTEMPTS]
    ExportJob.objects.filter(pk__in=given_up).update(
        state=ExportState.FAILED,
        lease_until=None,
        sentence=_("The file could not be made in %(count)d attempts.") % {"count": ATTEMPTS},
    )
    ExportJob.objects.filter(pk__in=again).update(
        state=ExportState.WAITING, lease_until=None, queued_at=now
    )
    return sum(_enqueue(pk) for pk in again)


def _delete_expired(now: Any) -> None:
    for job in ExportJob.objects.filter(state=ExportState.DONE, expires_at__lt=now)[:100]:
        export_path(job).unlink(missing_ok=True)
        ExportJob.objects.filter(pk=job.pk).update(state=ExportState.EXPIRED)


def _write(job: ExportJob, made: Path, wanted: PointFilter, filter_text: str) -> int:
    points = VerifiedPoint.objects.filter(investigation=job.investigation_id).matching(wanted)
    now = timezone.now()
    context = export_context(investigation=job.investigation, filter_text=filter_text, now=now)
    count = points.count()
    ExportJob.objects.filter(pk=job.pk, attempts=job.attempts).update(points=count)
    _tell(job, 0)
    export_write(FORMATS[job.format], points, context, made, partial(_tell, job))
    return count


def _tell(job: ExportJob, written: int) -> None:
    cache.set(_progress_key(job), written, timeout=_LEASE.total_seconds())


def _keep(job: ExportJob, made: Path, points: int) -> None:
    with made.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(_HASH_BYTES):
            digest.update(chunk)
    size_bytes, now = made.stat().st_size, timezone.now()
    with transaction.atomic():
        kept = _mine(job).update(
            state=ExportState.DONE,
            sentence="",
            lease_until=None,
            points=points,
            size_bytes=size_bytes,
            sha256=digest.hexdigest(),
            made_at=now,
            expires_at=now + KEPT,
        )
        if kept:
            made.replace(export_path(job))


def _fail(job: ExportJob, sentence: str) -> None:
    _mine(job).update(state=ExportState.FAILED, sentence=sentence, lease_until=None)


def _claim(job_id: int) -> ExportJob | None:
    now = timezone.now()
    claimed = ExportJob.objects.filter(pk=job_id, state=ExportState.WAITING).update(
        state=ExportState.RUNNING, attempts=F("attempts") + 1, lease_until=now + _LEASE
    )
    return ExportJob.objects.select_related("investigation").get(pk=job_id) if claimed else None


def _mine(job: ExportJob) -> Any:
    """The job, unless somebody else has taken it up or finished it meanwhile."""
    return ExportJob.objects.filter(pk=job.pk, state=ExportState.RUNNING, attempts=job.attempts)


def _enqueue(job_id: int) -> bool:
    """Hand a job to the queue. False if the broker is down: the row waits, and the sweep finds it."""
    try:
        current_app.send_task(
            "geolocation.tasks.make_export", args=[job_id], queue="long", ignore_result=True
        )
    except Exception as error:
        log.warning("export_not_queued", job_id=job_id, error=str(error))
        return False
    return True


def _progress_key(job: ExportJob) -> str:
    return f"export-progress-{job.uid}"


def _record(job: ExportJob, actor: Any, action: str) -> None:
    custody_record(
        investigation=job.investigation,
        actor=actor,
        action=action,
        object_type="export",
        object_reference=str(job.uid),
        details={"format": job.format, "filter": job.asked_filter, "sha256": job.sha256},
    )
