"""Export jobs that a dead worker left, and files that were kept long enough."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.models import Investigation
from evidence.services.ingest import ATTEMPTS, lane_holds_work
from evidence.services.readers import Lane
from geolocation.models import ExportJob, ExportState
from geolocation.services.export_formats import exports_root
from geolocation.services.export_jobs import export_enqueue, file_remove, kept_root

log = structlog.get_logger(__name__)

_SWEEP_AFTER = timedelta(seconds=45)
# What lies in the folder without a row that knows it: nothing is made for so long.
_LEFT_OVER_S = 24 * 3600.0


def exports_sweep() -> int:
    """Queue what a lost broker or a dead worker left; give up what failed too often. Returns how many.

    What waits in a queue that still holds work is not lost.
    """
    now = timezone.now()
    waiting = Q(state=ExportState.QUEUED, queued_at__lt=now - _SWEEP_AFTER)
    silent = Q(state=ExportState.RUNNING, lease_until__lt=now)
    ExportJob.objects.filter(silent, attempts__gte=ATTEMPTS).update(
        state=ExportState.FAILED,
        finished_at=now,
        lease_until=None,
        sentence=_(
            "Making it stopped %(count)d times before it ended. Ask for it again, or narrow the filter."
        )
        % {"count": ATTEMPTS},
    )
    lost = silent if lane_holds_work(Lane.LONG) else waiting | silent
    found = list(ExportJob.objects.filter(lost).order_by("queued_at")[:100])
    ExportJob.objects.filter(pk__in=[job.pk for job in found]).update(queued_at=now)
    return sum(map(export_enqueue, found))


def exports_expire() -> int:
    """Remove files whose time is over, and what nobody knows any more. Returns how many files of jobs."""
    over = list(ExportJob.objects.filter(state=ExportState.DONE, expires_at__lte=timezone.now()))
    for job in over:
        # The row first: a file that is left behind is found below, a row without its file would lie.
        if ExportJob.objects.filter(pk=job.pk, state=ExportState.DONE).update(state=ExportState.EXPIRED):
            file_remove(job.uid, job.format)
    _left_over_remove()
    return len(over)


def exports_overtake(*, investigation: Investigation) -> None:
    """Keep no file that shows a position as it is not given out any more; make anew what is being made.

    For the caller's transaction: from its commit on nobody downloads such a file; the next sweep removes it.
    """
    now = timezone.now()
    ExportJob.objects.filter(state=ExportState.DONE, holds=investigation).update(expires_at=now)
    # What a job will hold is not known before it ends.
    ExportJob.objects.filter(state=ExportState.RUNNING).update(
        state=ExportState.QUEUED, queued_at=now, lease_until=None
    )


def _left_over_remove() -> None:
    """What a killed process left: half-made files, and kept ones without a job."""
    known = set(ExportJob.objects.filter(state=ExportState.DONE).values_list("uid", flat=True))
    before = time.time() - _LEFT_OVER_S
    kept = kept_root()
    for path in [*exports_root().iterdir(), *kept.iterdir()]:
        if path == kept or (path.parent == kept and _uid_of(path) in known):
            continue
        if path.lstat().st_mtime < before:
            log.info("export_left_over_removed", name=path.name)
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _uid_of(path: Path) -> UUID | None:
    try:
        return UUID(path.name.partition(".")[0])
    except ValueError:
        return None
