"""Make the file of an export job: one moment's view of the points, with progress, under a lease.

The points, their number and the place in the corrections feed are read in one REPEATABLE READ transaction,
so that they belong to one moment. While it runs its connection is busy, so that progress is written by a
thread with a connection of its own. The lease is renewed only when there is progress: a job is taken for dead
by its silence (docs/decisions/0020).
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import CatalogueError, Conflict
from evidence.integrity.hashing import Digests, hash_stream
from geolocation.exports.base import ExportContext
from geolocation.models import Audience, ExportJob, ExportState, PointChange, VerifiedPoint
from geolocation.querysets import PointFilter
from geolocation.services.export_formats import FORMATS, FileChunks, export_write, exports_root
from geolocation.services.export_jobs import file_path, file_remove, points_keep, points_path, room_left
from geolocation.services.exporting import export_context_for
from geolocation.services.feed import changes_order

log = structlog.get_logger(__name__)

_NOTED_EVERY_S = 1.0


class ExportStopped(Exception):
    """The job was cancelled, or another worker has it: nothing more is to be written."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was written, of which moment."""

    digests: Digests
    rows: int
    context: ExportContext
    feed_place: int
    holds: list[int]


def export_run(*, job_id: int) -> None:
    """Make the file of one job, unless it is finished or another worker is at it."""
    job = export_claim(job_id=job_id)
    if job is None:
        return
    folder = exports_root() / f"making-{job.uid}-{job.attempts}"
    folder.mkdir()
    try:
        _make_and_keep(job, folder)
    except ExportStopped:
        log.info("export_stopped", job=str(job.uid))
    except CatalogueError as refusal:
        _fail(job, refusal.sentence)
    except Exception:
        # Whatever went wrong is in the log with its cause; the person is told what to do.
        log.exception("export_failed", job=str(job.uid), format=job.format)
        _fail(
            job,
            _("The file could not be made. Ask for it again; if it fails again, tell who runs this server."),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def export_claim(*, job_id: int) -> ExportJob | None:
    """Take a job for this worker, or None if it is finished or another worker has it."""
    now = timezone.now()
    free = Q(state=ExportState.QUEUED) | Q(state=ExportState.RUNNING, lease_until__lt=now)
    claimed = ExportJob.objects.filter(free, pk=job_id).update(
        state=ExportState.RUNNING,
        attempts=F("attempts") + 1,
        rows_done=0,
        rows_of=None,
        lease_until=now + _lease(),
    )
    return ExportJob.objects.select_related("asked_by").get(pk=job_id) if claimed else None


def _lease() -> timedelta:
    return timedelta(seconds=settings.LONG_READER_SILENCE_SECONDS + 60)


def _claimed(job: ExportJob) -> Any:
    return ExportJob.objects.filter(pk=job.pk, state=ExportState.RUNNING, attempts=job.attempts)


def _make_and_keep(job: ExportJob, folder: Path) -> None:
    wanted = FORMATS[job.format]
    file, points = folder / f"points.{wanted.extension}", folder / "points.numbers"
    changes_order()
    with _reported(job, folder) as report:
        made = _make(job, file, points, report)
    target = file_path(job.uid, job.format)
    os.replace(points, points_path(job.uid))
    os.replace(file, target)
    if not _finish(job, made):
        file_remove(job.uid, job.format)
        raise ExportStopped


def _make(job: ExportJob, file: Path, points_file: Path, report: Report) -> Made:
    if not job.asked_by.is_active:
        raise ExportStopped
    asked = PointFilter.from_json(job.wanted)
    with transaction.atomic(durable=True):
        moment = _moment_begin()
        points = VerifiedPoint.objects.readable_by(job.asked_by).matching(asked)
        place = PointChange.objects.told_to(Audience.MEMBERS).place_last()
        numbers = points.order_by("geolocation").values_list("geolocation", flat=True)
        rows = points_keep(points_file, numbers.iterator(chunk_size=10_000))
        holds = list(points.order_by().values_list("investigation", flat=True).distinct())
        report.begin(rows)
        context = export_context_for(
            reader=job.asked_by, code=asked.investigation, filter_text=job.filter_text, now=moment
        )
        export_write(FORMATS[job.format], points, context, file, report.seen)
    with file.open("rb") as stream:
        digests = hash_stream(FileChunks(stream))
    return Made(digests=digests, rows=rows, context=context, feed_place=place, holds=holds)


def _moment_begin() -> datetime:
    """From here on the transaction sees the database as it is at this moment, which is returned."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


@transaction.atomic
def _finish(job: ExportJob, made: Made) -> bool:
    """Write down what was made, unless the claim stands no more. True if this call wrote it."""
    now = timezone.now()
    written = _claimed(job).update(
        state=ExportState.DONE,
        rows_done=made.rows,
        rows_of=made.rows,
        size_bytes=made.digests.size_bytes,
        sha256=made.digests.sha256,
        title=made.context.title[:300],
        attribution=made.context.attribution,
        licence=made.context.licence,
        shown_at=made.context.generated_at_utc,
        feed_place=made.feed_place,
        lease_until=None,
        finished_at=now,
        expires_at=now + timedelta(days=settings.EXPORTS_KEPT_DAYS),
    )
    if written:
        job.holds.add(*made.holds)
    return bool(written)


def _fail(job: ExportJob, sentence: str) -> None:
    _claimed(job).update(
        state=ExportState.FAILED, sentence=sentence, lease_until=None, finished_at=timezone.now()
    )


class Report:
    """How far a job is: its writer tells, a thread writes it down and asks whether it is still wanted."""

    def __init__(self, job: ExportJob, folder: Path) -> None:
        self._job, self._folder = job, folder
        self._room = room_left()
        self._rows = self._noted = 0
        self._of: int | None = None
        self._stop: Exception | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._note_on, name=f"export-{job.uid}", daemon=True)

    def begin(self, rows_of: int) -> None:
        """So many there will be."""
        self._of, self._noted = rows_of, -1

    def seen(self, rows: int) -> None:
        """So many are written. Raises what stops the job, if something does."""
        if self._stop is not None:
            raise self._stop
        self._rows = rows

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _note_on(self) -> None:
        try:
            while not self._is_over.wait(_NOTED_EVERY_S):
                self.note()
        finally:
            connection.close()

    def note(self) -> None:
        """Write down what is new; find out whether the job has to stop."""
        claimed = _claimed(self._job)
        if self._rows != self._noted:
            self._noted = self._rows
            still_wanted = claimed.update(
                rows_done=self._rows, rows_of=self._of, lease_until=timezone.now() + _lease()
            )
        else:
            still_wanted = claimed.exists()
        if not still_wanted:
            self._stop = ExportStopped()
        elif sum(path.stat().st_size for path in self._folder.iterdir()) > self._room:
            self._stop = Conflict(
                _(
                    "The file grew beyond the room that is left for such files. Narrow the filter, or delete "
                    "files that you have downloaded."
                )
            )


@contextmanager
def _reported(job: ExportJob, folder: Path) -> Iterator[Report]:
    report = Report(job, folder)
    report.start()
    try:
        yield report
    finally:
        report.end()
