"""Bring staged rows into the catalogue as drafts: nothing is verified, and nothing is overwritten."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from evidence.permissions import require
from evidence.services.custody import investigation_lock
from geolocation.models import ImportBatch, ImportState
from geolocation.services.importing_pieces import pieces_apply


def import_apply(*, actor: Any, batch: ImportBatch) -> int:
    """Every new, changed or let-in row that is not in yet, in pieces of some hundred rows.

    Returns how many came in. A row the catalogue refuses keeps its sentence and the others go on; a run
    that was stopped is simply started again.
    """
    rights_require(actor, batch)
    rows_retry(batch)
    brought = sum(pieces_apply(actor=actor, batch=batch))
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportState.DONE, asked_by=actor, finished_at=timezone.now()
    )
    return brought


def rights_require(actor: Any, batch: ImportBatch) -> None:
    """Who brings rows in logs media and proposes where it was made."""
    require(actor, "geolocation.propose", batch.investigation)
    require(actor, "evidence.log_media", batch.investigation)


@transaction.atomic
def rows_retry(batch: ImportBatch) -> int:
    """What the catalogue refused before has its turn again. Returns how many rows."""
    # Not beside a piece that writes the same rows in another order.
    investigation_lock(batch.investigation)
    return int(batch.rows.filter(applied_at__isnull=True).exclude(sentence="").update(sentence=""))
