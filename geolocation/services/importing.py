"""Stage a file of other people's points: kept, read, judged row by row; nothing enters the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import InvalidInput, NotFound
from evidence.models import Investigation
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record, investigation_lock
from evidence.services.references import reference_next
from evidence.storage import StoredBytes, media_storage
from geolocation.importers.formats.fields import Row
from geolocation.importers.formats.registry import NAMES, format_guess, rows_read
from geolocation.importers.formats.row import FileUnreadable, ImportedRow, Reason, row_text
from geolocation.models import ImportBatch, RowVerdict, StagedRow

STAGED = action_register("import.staged", gettext_lazy("staged the import"))
LET_IN = action_register("import.let_in", gettext_lazy("let a doubtful row in from"))
AUTO = "auto"

_PIECE_BYTES = 1 << 20
_STATEMENT = (Path(__file__).parent / "importing.sql").read_text()
_INCOMING = """
CREATE TEMPORARY TABLE import_incoming (
    number integer, upstream_id varchar(200), digest varchar(64), is_refused boolean, reasons varchar[],
    latitude double precision, longitude double precision, "row" jsonb, private jsonb, payload jsonb
) ON COMMIT DROP
"""


def import_stage(
    *,
    actor: Any,
    investigation: Investigation,
    path: Path,
    name: str,
    format_name: str = AUTO,
    mapping: Mapping[str, str] | None = None,
) -> ImportBatch:
    """Read the whole file and judge each row against what was brought in before: this is the dry run.

    The same file in the same format is the same batch, judged again. InvalidInput if the file as a whole
    cannot be read; nothing is staged then.
    """
    require(actor, "geolocation.propose", investigation)
    format_name = format_guess(path, name) if format_name == AUTO else format_name
    if format_name not in NAMES:
        raise InvalidInput(
            _("Choose one of these formats: %(names)s.") % {"names": ", ".join(NAMES)}, field="format"
        )
    with path.open("rb") as stream:
        stored = media_storage().put(iter(lambda: stream.read(_PIECE_BYTES), b""))
    try:
        return _stage(actor, investigation, stored, name, format_name, mapping)
    except FileUnreadable as error:
        raise InvalidInput(str(error), field="file") from error


@transaction.atomic
def _stage(
    actor: Any,
    investigation: Investigation,
    stored: StoredBytes,
    name: str,
    format_name: str,
    mapping: Mapping[str, str] | None,
) -> ImportBatch:
    rows = rows_read(stored.path, format_name=format_name, mapping=mapping)
    with connection.cursor() as cursor:
        # Reading comes before the lock: nobody has to wait for it.
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_incoming")
        cursor.execute(_INCOMING)
        count = _copy(cursor, rows)
        batch = _batch(actor, investigation, stored, name, format_name)
        cursor.execute(
            _STATEMENT,
            {
                "batch": batch.pk,
                "investigation": investigation.pk,
                "format": format_name,
                "twice": Reason.ID_TWICE.value,
            },
        )
    batch.rows.filter(number__gt=count, applied_at__isnull=True).delete()
    batch.mapping, batch.row_count, batch.staged_at = dict(mapping or {}), count, timezone.now()
    batch.save(update_fields=["mapping", "row_count", "staged_at"])
    custody_record(
        investigation=investigation,
        actor=actor,
        action=STAGED,
        object_type="import",
        object_reference=batch.reference,
        details={"name": name[:255], "sha256": stored.sha256, "format": format_name, "rows": count},
    )
    return batch


def _batch(
    actor: Any, investigation: Investigation, stored: StoredBytes, name: str, format_name: str
) -> ImportBatch:
    investigation_lock(investigation)
    same_file = {"investigation": investigation, "sha256": stored.sha256, "format": format_name}
    known: ImportBatch | None = ImportBatch.objects.filter(**same_file).first()
    if known is not None:
        return known
    made: ImportBatch = ImportBatch.objects.create(
        **same_file,
        reference=reference_next(model=ImportBatch, investigation=investigation, letter="I"),
        source_name=name[:500],
        size_bytes=stored.size_bytes,
        created_by=actor,
    )
    return made


def _copy(cursor: Any, rows: Iterator[Row]) -> int:
    count = 0
    # psycopg's own cursor: the wrapper that Django puts around it while DEBUG is on knows no COPY.
    with cursor.cursor.copy("COPY import_incoming FROM STDIN") as incoming:
        for row in rows:
            incoming.write_row(_columns(row))
            count = row.number
    return count


def _columns(row: Row) -> tuple[Any, ...]:
    if not isinstance(row, ImportedRow):
        # A refused row may hold what the database does not: NUL characters are left out of what is shown.
        shown = row_text(row.row).replace("\\u0000", "")
        return (row.number, "", "", True, list(row.reasons), None, None, shown, None, "{}")
    payload = {
        "title": row.title,
        "description": row.description,
        "links": row.links,
        "source_name": row.source_name,
        "tags": row.tags,
        "is_sensitive": row.is_sensitive,
        "uncertainty_m": row.uncertainty_m,
        "captured_on": row.captured_on and row.captured_on.isoformat(),
        "captured_at": row.captured_at and row.captured_at.isoformat(),
        "as_typed": row.as_typed,
    }
    return (
        row.number,
        row.upstream_id,
        row.digest,
        False,
        list(row.doubts),
        row.latitude,
        row.longitude,
        row_text(row.row),
        row_text(row.private) if row.private else None,
        row_text(payload),
    )


def import_counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows have each verdict, none left out."""
    found = Counter(dict(batch.rows.order_by().values_list("verdict").annotate(count=Count("pk"))))
    return {verdict: found[verdict] for verdict in RowVerdict.values}


@transaction.atomic
def import_let_in(*, actor: Any, batch: ImportBatch, number: int) -> StagedRow:
    """Let one doubtful row out of quarantine: the next application brings it in."""
    require(actor, "geolocation.propose", batch.investigation)
    investigation_lock(batch.investigation)
    row = batch.rows.filter(number=number, verdict=RowVerdict.DOUBTFUL).first()
    if row is None:
        raise NotFound(_("There is no doubtful row with this number."))
    row.let_in_by = actor
    row.save(update_fields=["let_in_by"])
    custody_record(
        investigation=batch.investigation,
        actor=actor,
        action=LET_IN,
        object_type="import",
        object_reference=batch.reference,
        details={"row": number, "reasons": list(row.reasons)},
    )
    return row
