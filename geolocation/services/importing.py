"""Stage a file of other people's points: kept, read, judged row by row; nothing enters the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
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
from geolocation.importers.formats.registry import NAMES, format_guess
from geolocation.importers.formats.row import FileUnreadable
from geolocation.models import ImportBatch, ImportState, RowVerdict, StagedRow
from geolocation.services.importing_rows import rows_stage

STAGED = action_register("import.staged", gettext_lazy("staged the import"))
AUTO = "auto"

_PIECE_BYTES = 1 << 20


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
    if batch.format == plain.NAME and not mapping:
        mapping = plain.mapping_guess(import_preview(media_storage().path_of(batch.sha256)).columns)
    try:
        count = rows_stage(batch, mapping)
    except FileUnreadable as error:
        raise InvalidInput(str(error), field="file") from error
    batch.rows.filter(pk__gt=StagedRow.key(batch.pk, count), applied_at__isnull=True).delete()
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


def import_counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows have each verdict, none left out."""
    found = Counter(dict(batch.rows.order_by().values_list("verdict").annotate(count=Count("pk"))))
    return {verdict: found[verdict] for verdict in RowVerdict.values}
