"""Celery tasks: they only call services."""

from __future__ import annotations

from celery import shared_task

from evidence.services.archived_copies import archived_copies_sweep, archived_copy_read
from evidence.services.ingest import incoming_sweep, readings_sweep
from evidence.services.intake import batches_sweep
from evidence.services.intake_zip import batch_run
from evidence.services.reading import reading_run


@shared_task(name="evidence.tasks.read_file", acks_late=True, reject_on_worker_lost=True)
def read_file(reading_id: int) -> None:
    """Run one reader on one file."""
    reading_run(reading_id=reading_id)


@shared_task(name="evidence.tasks.read_archived_copy", acks_late=True, reject_on_worker_lost=True)
def read_archived_copy(copy_id: int) -> None:
    """Read one archived copy."""
    archived_copy_read(copy_id=copy_id)


@shared_task(name="evidence.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Pick up readings, copies and batches that a lost broker or a dead worker left behind."""
    readings_sweep()
    archived_copies_sweep()
    batches_sweep()


@shared_task(name="evidence.tasks.bring_in", acks_late=True, reject_on_worker_lost=True)
def bring_in(batch_id: int) -> None:
    """Bring in the next files of a batch; it queues itself again until none is left."""
    batch_run(batch_id=batch_id)


@shared_task(name="evidence.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Remove what lies half arrived since long ago."""
    incoming_sweep()
