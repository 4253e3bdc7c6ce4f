"""Workers read and bring in: a row with a lease, in slices, so that a killed worker loses seconds.

See docs/decisions/0006 and 0020. A task carries the number of a batch; its state says what is to be done.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import CatalogueError, Conflict, InvalidInput
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record, investigation_lock
from geolocation.importers.formats import plain
from geolocation.importers.formats.row import FileUnreadable
from geolocation.models import ImportBatch, ImportState
from geolocation.services.importing import import_check, import_failed
from geolocation.services.importing_apply import rights_require, rows_retry
from geolocation.services.importing_pieces import pieces_apply
from geolocation.services.importing_row import rows_due

log = structlog.get_logger(__name__)

ASKED = action_register("import.asked", gettext_lazy("began to bring in"))
CANCELLED = action_register("import.cancelled", gettext_lazy("stopped bringing in"))
FINISHED = action_register("import.finished", gettext_lazy("finished bringing in"))

ATTEMPTS = 3
TASK = "geolocation.tasks.work_on_import"
# Rows are brought in for so long before others have their turn.
_SLICE_SECONDS = 4.0
_RENEWED_EVERY_S = 1.0
# A piece takes a second or two; a worker that says nothing for so long is dead.
_SILENCE = timedelta(seconds=90)
# Checking is one transaction and says nothing meanwhile: a million rows take some minutes.
_LONGEST_CHECK = timedelta(minutes=15)
_SWEEP_AFTER = timedelta(seconds=45)
_BEFORE_APPLYING = (ImportState.CHECKED, ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)


@transaction.atomic
def import_check_ask(*, actor: Any, batch: ImportBatch, mapping: Mapping[str, str] | None = None) -> None:
    """Have the file read by a worker, its columns as `mapping` says where it is a plain one.

    Raises InvalidInput for a mapping that cannot be, Conflict while a worker is at this batch.
    """
    require(actor, "geolocation.propose", batch.investigation)
    if batch.format == plain.NAME:
        _mapping_refuse(batch, mapping or {})
    # Until it is checked again nothing may be brought in: the rows would be read by another mapping.
    _begin(batch, ImportState.CHECKING, mapping=dict(mapping or {}), staged_at=None, asked_by=actor)


def _mapping_refuse(batch: ImportBatch, mapping: Mapping[str, str]) -> None:
    from_file = {name: mapping[name] for name in plain.GUESSES if mapping.get(name)}
    for field, named in from_file.items():
        for column in named.split("\n"):
            if column not in batch.columns:
                raise InvalidInput(
                    _("There is no column “%(name)s” in this file.") % {"name": column[:80]}, field=field
                )
    try:
        plain.fields_of(mapping)
    except FileUnreadable as error:
        raise InvalidInput(str(error), field=_field_of(mapping)) from error


def _field_of(mapping: Mapping[str, str]) -> str:
    has_position = bool(mapping.get("position") or (mapping.get("latitude") and mapping.get("longitude")))
    return plain.DEFAULT_M if has_position else "latitude"


@transaction.atomic
def import_apply_ask(*, actor: Any, batch: ImportBatch) -> None:
    """Have workers bring in what is new, changed or let in, in the name of this person."""
    rights_require(actor, batch)
    investigation_lock(batch.investigation)
    rows_retry(batch)
    _begin(batch, ImportState.APPLYING, allowed=_BEFORE_APPLYING, asked_by=actor)
    _record(actor, batch, ASKED, {"rows": rows_due(batch).count()})


def _begin(
    batch: ImportBatch, state: ImportState, *, allowed: tuple[str, ...] | None = None, **columns: Any
) -> None:
    at_work = Q(state__in=[ImportState.CHECKING, ImportState.APPLYING])
    free = Q(state__in=allowed, staged_at__isnull=False) if allowed else ~at_work
    begun = ImportBatch.objects.filter(free, pk=batch.pk).update(
        state=state,
        sentence="",
        attempts=0,
        queued_at=timezone.now(),
        lease_until=None,
        finished_at=None,
        **columns,
    )
    if not begun:
        raise Conflict(
            _("%(reference)s is at work, or not checked yet. Wait until it has ended.")
            % {"reference": batch.reference}
        )
    transaction.on_commit(partial(import_enqueue, batch.pk))


def import_enqueue(batch_id: int) -> bool:
    """Hand a batch to the queue. False if the broker is down: the row waits, and the sweep finds it."""
    try:
        current_app.send_task(TASK, args=[batch_id], ignore_result=True)
    except Exception as error:
        log.warning("import_not_queued", batch_id=batch_id, error=str(error))
        return False
    return True


@transaction.atomic
def import_cancel(*, actor: Any, batch: ImportBatch) -> None:
    """Stop bringing in. What is in stays; the rest can come in later. Conflict if nothing is at work."""
    require(actor, "geolocation.propose", batch.investigation)
    investigation_lock(batch.investigation)
    stopped = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.APPLYING).update(
        state=ImportState.CANCELLED, lease_until=None, finished_at=timezone.now()
    )
    if not stopped:
        raise Conflict(_("Nothing of %(reference)s is being brought in.") % {"reference": batch.reference})
    _record(actor, batch, CANCELLED, {"rows_left": rows_due(batch).count()})


def import_run(*, batch_id: int) -> None:
    """Claim a batch and do the next piece of its work. Delivered twice, it is done once."""
    batch = _claim(batch_id)
    if batch is None:
        return
    if batch.state == ImportState.CHECKING:
        _check(batch)
        return
    try:
        rights_require(batch.asked_by, batch)
    except CatalogueError as refusal:
        import_failed(batch, refusal.sentence)
        return
    if _slice(batch):
        _finish(batch)
    elif _claimed(batch).update(attempts=0, lease_until=None, queued_at=timezone.now()):
        import_enqueue(batch.pk)


def _claim(batch_id: int) -> ImportBatch | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    for state, lease in ((ImportState.CHECKING, _LONGEST_CHECK), (ImportState.APPLYING, _SILENCE)):
        claimed = ImportBatch.objects.filter(free, pk=batch_id, state=state).update(
            attempts=F("attempts") + 1, lease_until=now + lease
        )
        if claimed:
            batches = ImportBatch.objects.select_related("investigation", "asked_by")
            found: ImportBatch = batches.get(pk=batch_id)
            return found
    return None


def _claimed(batch: ImportBatch) -> Any:
    """This batch, if this worker's claim still stands."""
    return ImportBatch.objects.filter(
        pk=batch.pk, state=batch.state, attempts=batch.attempts, lease_until__isnull=False
    )


def _check(batch: ImportBatch) -> None:
    try:
        import_check(actor=batch.asked_by, batch=batch, mapping=batch.mapping)
    except CatalogueError as refusal:
        import_failed(batch, refusal.sentence)


def _slice(batch: ImportBatch) -> bool:
    """Some seconds of rows. True if none is left."""
    ends = time.monotonic() + _SLICE_SECONDS
    renewed = 0.0
    pieces = pieces_apply(actor=batch.asked_by, batch=batch)
    while (now := time.monotonic()) <= ends:
        if now > renewed + _RENEWED_EVERY_S:
            renewed = now
            if not _claimed(batch).update(lease_until=timezone.now() + _SILENCE):
                return False
        if next(pieces, None) is None:
            return not rows_due(batch).exists()
    return False


@transaction.atomic
def _finish(batch: ImportBatch) -> None:
    investigation_lock(batch.investigation)
    if _claimed(batch).update(state=ImportState.DONE, lease_until=None, finished_at=timezone.now()):
        refused = batch.rows.exclude(sentence="").count()
        brought = batch.rows.filter(applied_at__isnull=False).count()
        _record(batch.asked_by, batch, FINISHED, {"rows": brought, "not_taken": refused})


def _record(actor: Any, batch: ImportBatch, action: str, details: dict[str, Any]) -> None:
    custody_record(
        investigation=batch.investigation,
        actor=actor,
        action=action,
        object_type="import",
        object_reference=batch.reference,
        details=details,
    )


def imports_sweep() -> int:
    """Queue batches that a lost broker or a dead worker left; give up those that stopped too often."""
    now = timezone.now()
    stale = Q(lease_until__isnull=True, queued_at__lt=now - _SWEEP_AFTER) | Q(lease_until__lt=now)
    left = ImportBatch.objects.filter(stale, state__in=[ImportState.CHECKING, ImportState.APPLYING])
    left.filter(attempts__gte=ATTEMPTS).update(
        state=ImportState.FAILED,
        finished_at=now,
        lease_until=None,
        sentence=_("The work stopped %(count)d times. What is in stays, and you can try again.")
        % {"count": ATTEMPTS},
    )
    found = list(left.filter(attempts__lt=ATTEMPTS).values_list("pk", flat=True)[:100])
    ImportBatch.objects.filter(pk__in=found).update(queued_at=now)
    return sum(map(import_enqueue, found))
