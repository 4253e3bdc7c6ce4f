"""The rows of a file into the staging table: each judged by itself, then compared with what is known in sets.

A batch without rows is copied straight into its place. One that has some is copied beside them and merged:
what came in, and what people decided, stays where the row is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from orjson import loads

from evidence.services.custody import investigation_lock
from evidence.storage import media_storage
from geolocation.exports.ahead import read_ahead
from geolocation.importers.formats import plain
from geolocation.importers.formats.plain_columns import csv_judged, is_csv
from geolocation.importers.formats.registry import rows_read
from geolocation.importers.formats.row import ImportedRow, Reason, row_text
from geolocation.models import ImportBatch, RowVerdict, StagedRow
from geolocation.services.importing_copy import Copied, pieces_copy, row_payload, rows_copy

_STAGED, _BESIDE = "geolocation_stagedrow", "import_incoming"
_TO_BESIDE = (
    f"DROP TABLE IF EXISTS pg_temp.{_BESIDE}",
    f"CREATE TEMPORARY TABLE {_BESIDE} (LIKE {_STAGED} INCLUDING DEFAULTS) ON COMMIT DROP",
)
_SQL = Path(__file__).parent
_JUDGE = (_SQL / "importing_judge.sql").read_text()
_IS_SAME = " = ".join(
    f'geolocation_staged_digest({each}.own_digest, {each}."row")' for each in ("kept", "excluded")
)
_MERGE = (_SQL / "importing_merge.sql").read_text().format(is_same=_IS_SAME)
_IS_KNOWN = """
SELECT 1 FROM geolocation_importedpoint
WHERE investigation_id = %(investigation)s AND format = %(format)s LIMIT 1
"""


def rows_stage(batch: ImportBatch, mapping: Mapping[str, str]) -> int:
    """Judge every row of the file of a batch and keep it. Returns how many; FileUnreadable if none can be."""
    target = _BESIDE if batch.rows.exists() else _STAGED
    values: dict[str, int | str] = {
        "first": StagedRow.key(batch.pk, 0),
        "beyond": StagedRow.key(batch.pk + 1, 0),
        "investigation": batch.investigation_id,
        "format": batch.format,
        "twice": Reason.ID_TWICE.value,
    }
    with connection.cursor() as cursor:
        # What a statement's triggers see, and what is compared in sets, stays in memory.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        if target == _BESIDE:
            for statement in _TO_BESIDE:
                cursor.execute(statement)
        # Reading comes before the lock: nobody has to wait for it.
        copied = _copy(cursor, target, batch, mapping)
        investigation_lock(batch.investigation)
        _judge(cursor, target, values, copied)
        if target == _BESIDE:
            cursor.execute(_MERGE, values)
    return copied.last_number


def _judge(cursor: Any, target: str, values: dict[str, int | str], copied: Copied) -> None:
    """Rows that are known, or come twice, in two statements over all of them: where there are any."""
    twice, known = _JUDGE.format(rows=target).split(";\n")
    # The table's statistics are of the time before the rows came: PostgreSQL takes it for empty, and would
    # look through all rows once for each. In one pass of each table it does not matter.
    cursor.execute("SET LOCAL enable_nestloop = off")
    if copied.may_repeat():
        cursor.execute(twice, values)
    cursor.execute(_IS_KNOWN, values)
    if cursor.fetchone():
        cursor.execute(known, values)
    cursor.execute("SET LOCAL enable_nestloop = on")


def _copy(cursor: Any, target: str, batch: ImportBatch, mapping: Mapping[str, str]) -> Copied:
    path, is_plain = media_storage().path_of(batch.sha256), batch.format == plain.NAME
    if is_plain and is_csv(path):
        # The next block is judged while the server takes the last.
        with closing(read_ahead(csv_judged(path, mapping or None))) as pieces:
            return pieces_copy(cursor, target, batch.pk, pieces)
    rows = rows_read(path, format_name=batch.format, mapping=mapping or None)
    return rows_copy(cursor, target, batch.pk, rows, is_plain=is_plain)


def row_said(batch: ImportBatch, row: StagedRow) -> dict[str, Any]:
    """What a row says besides its position. Of a plain file it is read from the row when it is wanted."""
    if batch.format != plain.NAME or row.verdict == RowVerdict.REFUSED:
        return dict(row.payload)
    read = plain.row_read(row.number, row.row, batch.mapping)
    return loads(row_text(row_payload(read))) if isinstance(read, ImportedRow) else {}
