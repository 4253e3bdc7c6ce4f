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

from evidence.errors import InvalidInput
from evidence.models import Investigation
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record, investigation_lock
from evidence.services.references import reference_next
from evidence.storage import StoredBytes, media_storage
from geolocation.importers.formats import plain
from geolocation.importers.formats.fields import Row
from geolocation.importers.formats.registry import NAMES, format_guess, rows_read
from geolocation.importers.formats.row import FileUnreadable, ImportedRow, Reason, row_text
from geolocation.models import ImportBatch, ImportState, RowVerdict

STAGED = action_register("import.staged", gettext_lazy("staged the import"))
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
    with path.open("rb") as stream:
        stored = media_storage().put(iter(lambda: stream.read(_PIECE_BYTES), b""))
    batch, _existed = import_receive(
        actor=actor, investigation=investigation, stored=stored, name=name, format_name=format_name
    )
    try:
        return import_check(actor=actor, batch=batch, mapping=mapping or {})
    except InvalidInput as refusal:
        import_failed(batch, refusal.sentence)
        raise


def import_failed(batch: ImportBatch, sentence: str) -> None:
    """The file cannot be read: said where somebody looks at it."""
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportState.FAILED, sentence=sentence, lease_until=None, finished_at=timezone.now()
    )


@transaction.atomic
def import_receive(
    *, actor: Any, investigation: Investigation, stored: StoredBytes, name: str, format_name: str = AUTO
) -> tuple[ImportBatch, bool]:
    """The batch of a stored file, and whether it was there before. Of a plain file the columns are read.

    Raises InvalidInput at `format` for one that is not known, at `file` for a file that shows no rows.
    """
    require(actor, "geolocation.propose", investigation)
    format_name = format_guess(stored.path, name) if format_name == AUTO else format_name
    if format_name not in NAMES:
        raise InvalidInput(
            _("Choose one of these formats: %(names)s.") % {"names": ", ".join(NAMES)}, field="format"
        )
    columns = sorted(import_preview(stored.path).columns) if format_name == plain.NAME else []
    investigation_lock(investigation)
    same_file = {"investigation": investigation, "sha256": stored.sha256, "format": format_name}
    known: ImportBatch | None = ImportBatch.objects.filter(**same_file).first()
    if known is not None:
        return known, True
    made: ImportBatch = ImportBatch.objects.create(
        **same_file,
        reference=reference_next(model=ImportBatch, investigation=investigation, letter="I"),
        source_name=name[:500],
        size_bytes=stored.size_bytes,
        columns=columns,
        created_by=actor,
    )
    return made, False


def import_preview(path: Path) -> plain.Preview:
    """The columns and first rows of a plain file; InvalidInput at `file` where there are none."""
    try:
        return plain.preview(path)
    except FileUnreadable as error:
        raise InvalidInput(str(error), field="file") from error


def mapping_remembered(*, batch: ImportBatch) -> dict[str, str]:
    """How these columns were read in this investigation the last time; else guessed from their names."""
    like = ImportBatch.objects.filter(investigation=batch.investigation_id, columns=batch.columns)
    last = like.exclude(mapping={}).exclude(staged_at=None).order_by("-staged_at").first()
    return dict(last.mapping) if last is not None else plain.mapping_guess(batch.columns)


@transaction.atomic
def import_check(*, actor: Any, batch: ImportBatch, mapping: Mapping[str, str]) -> ImportBatch:
    """Judge every row of a batch that was received: again, if it was judged before."""
    require(actor, "geolocation.propose", batch.investigation)
    try:
        count = _rows_judged(batch, mapping)
    except FileUnreadable as error:
        raise InvalidInput(str(error), field="file") from error
    batch.rows.filter(number__gt=count, applied_at__isnull=True).delete()
    batch.mapping, batch.row_count, batch.staged_at = dict(mapping), count, timezone.now()
    batch.state, batch.sentence, batch.lease_until = ImportState.CHECKED, "", None
    batch.finished_at = None
    batch.save(
        update_fields=[
            "mapping",
            "row_count",
            "staged_at",
            "state",
            "sentence",
            "lease_until",
            "finished_at",
        ]
    )
    custody_record(
        investigation=batch.investigation,
        actor=actor,
        action=STAGED,
        object_type="import",
        object_reference=batch.reference,
        details={
            "name": batch.source_name[:255],
            "sha256": batch.sha256,
            "format": batch.format,
            "rows": count,
        },
    )
    return batch


def _rows_judged(batch: ImportBatch, mapping: Mapping[str, str]) -> int:
    path = media_storage().path_of(batch.sha256)
    rows = rows_read(path, format_name=batch.format, mapping=mapping or None)
    with connection.cursor() as cursor:
        # Reading comes before the lock: nobody has to wait for it.
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_incoming")
        cursor.execute(_INCOMING)
        count = _copy(cursor, rows)
        investigation_lock(batch.investigation)
        cursor.execute(
            _STATEMENT,
            {
                "batch": batch.pk,
                "investigation": batch.investigation_id,
                "format": batch.format,
                "twice": Reason.ID_TWICE.value,
            },
        )
    return count


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
