"""A person decides on doubtful rows: let in, keep out, or leave open; one row, or all of one reason."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import NotFound
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record, investigation_lock
from geolocation.models import ImportBatch, RowVerdict, StagedRow

LET_IN = action_register("import.let_in", gettext_lazy("let a doubtful row in from"))
KEPT_OUT = action_register("import.kept_out", gettext_lazy("kept a doubtful row out from"))
REOPENED = action_register("import.reopened", gettext_lazy("took back a decision on a doubtful row from"))


class RowDecision(StrEnum):
    """What becomes of a doubtful row."""

    LET_IN = "let_in"
    KEEP_OUT = "keep_out"
    OPEN = "open"


_ACTIONS = {RowDecision.LET_IN: LET_IN, RowDecision.KEEP_OUT: KEPT_OUT, RowDecision.OPEN: REOPENED}


@transaction.atomic
def import_decide(
    *, actor: Any, batch: ImportBatch, decision: RowDecision, number: int | None = None, reason: str = ""
) -> int:
    """Decide on the row with this number, or on every open row with this reason. Returns how many.

    A row that is in already is not decided on again. NotFound where there is no such row.
    """
    require(actor, "geolocation.propose", batch.investigation)
    investigation_lock(batch.investigation)
    rows = batch.rows.filter(verdict=RowVerdict.DOUBTFUL, applied_at__isnull=True)
    if number is not None:
        rows = rows.filter(pk=StagedRow.key(batch.pk, number))
    else:
        # What somebody decided on singly stays decided, and rows with a second doubt stay open.
        rows = rows.filter(reasons=[reason], let_in_by__isnull=True, kept_out_by__isnull=True)
    found = list(rows.order_by("pk").values_list("number", flat=True))
    if not found:
        raise NotFound(_("There is no doubtful row to decide on here."))
    rows.update(
        let_in_by=actor if decision == RowDecision.LET_IN else None,
        kept_out_by=actor if decision == RowDecision.KEEP_OUT else None,
        decided_at=None if decision == RowDecision.OPEN else timezone.now(),
    )
    what = {"row": number} if number is not None else {"reason": reason}
    custody_record(
        investigation=batch.investigation,
        actor=actor,
        action=_ACTIONS[decision],
        object_type="import",
        object_reference=batch.reference,
        details={**what, "count": len(found), "rows": found[:1000]},
    )
    return len(found)


def import_let_in(*, actor: Any, batch: ImportBatch, number: int) -> StagedRow:
    """Let one doubtful row out of quarantine: the next application brings it in."""
    import_decide(actor=actor, batch=batch, decision=RowDecision.LET_IN, number=number)
    row: StagedRow = batch.rows.get(pk=StagedRow.key(batch.pk, number))
    return row
