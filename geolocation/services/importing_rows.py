"""The rows of a file into the staging table: read and judged one by one, compared with what is known in sets.

A batch without rows is copied straight into its place. One that has some is copied beside them and merged:
what came in, and what people decided, stays where the row is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from orjson import loads

from evidence.services.custody import investigation_lock
from evidence.storage import media_storage
from geolocation.importers.formats import plain
from geolocation.importers.formats.fields import Row
from geolocation.importers.formats.plain_lines import PlainPoint, csv_points, is_csv
from geolocation.importers.formats.registry import rows_read
from geolocation.importers.formats.row import ImportedRow, Reason, row_text
from geolocation.models import ImportBatch, RowVerdict, StagedRow

_COLUMNS = (
    'batch_id, number, upstream_id, digest, verdict, reasons, latitude, longitude, "row", private, payload,'
    " sentence, is_media_alone"
)
_STAGED, _BESIDE = "geolocation_stagedrow", "import_incoming"
_TO_BESIDE = (
    f"DROP TABLE IF EXISTS pg_temp.{_BESIDE}",
    f"CREATE TEMPORARY TABLE {_BESIDE} (LIKE {_STAGED}) ON COMMIT DROP",
    f"ALTER TABLE {_BESIDE} ALTER COLUMN id DROP NOT NULL",
)
_SQL = Path(__file__).parent
_JUDGE = (_SQL / "importing_judge.sql").read_text()
_MERGE = (_SQL / "importing_merge.sql").read_text()
_IS_TWICE = """
SELECT 1 FROM {rows} WHERE batch_id = %(batch)s AND verdict <> 'refused'
GROUP BY upstream_id HAVING count(*) > 1 LIMIT 1
"""
_IS_KNOWN = """
SELECT 1 FROM geolocation_importedpoint
WHERE investigation_id = %(investigation)s AND format = %(format)s LIMIT 1
"""
_AT_ONCE_CHARACTERS = 1 << 18
# As COPY writes texts.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def rows_stage(batch: ImportBatch, mapping: Mapping[str, str]) -> int:
    """Judge every row of the file of a batch and keep it. Returns how many; FileUnreadable if none can be."""
    target = _BESIDE if batch.rows.exists() else _STAGED
    values: dict[str, int | str] = {
        "batch": batch.pk,
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
        count = _copy(cursor, target, batch, _read(batch, mapping))
        investigation_lock(batch.investigation)
        _judge(cursor, target, values)
        if target == _BESIDE:
            cursor.execute(_MERGE, values)
    return count


def _judge(cursor: Any, target: str, values: dict[str, int | str]) -> None:
    """Rows that are known, or come twice, in two statements over all of them: where there are any."""
    twice, known = _JUDGE.format(rows=target).split(";\n")
    # The table's statistics are of the time before the rows came: PostgreSQL takes it for empty, and would
    # look through all rows once for each. In one pass of each table it does not matter.
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute(_IS_TWICE.format(rows=target), values)
    if cursor.fetchone():
        cursor.execute(twice, values)
    cursor.execute(_IS_KNOWN, values)
    if cursor.fetchone():
        cursor.execute(known, values)
    cursor.execute("SET LOCAL enable_nestloop = on")


def _read(batch: ImportBatch, mapping: Mapping[str, str]) -> Iterable[PlainPoint | Row]:
    path = media_storage().path_of(batch.sha256)
    if batch.format == plain.NAME:
        with path.open("rb") as stream:
            if is_csv(stream.read(64)):
                return csv_points(path, mapping or None)
    return rows_read(path, format_name=batch.format, mapping=mapping or None)


def _copy(cursor: Any, target: str, batch: ImportBatch, rows: Iterable[PlainPoint | Row]) -> int:
    count = 0
    # psycopg's own cursor: the wrapper that Django puts around it while DEBUG is on knows no COPY.
    with cursor.cursor.copy(f"COPY {target} ({_COLUMNS}) FROM STDIN") as incoming:
        for piece, last in _pieces(_lines(f"{batch.pk}\t", rows, batch.format == plain.NAME)):
            incoming.write(piece)
            count = last
    return count


def _pieces(lines: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Some hundred rows at once, with the number of the last."""
    held: list[str] = []
    size = number = 0
    for line, number in lines:
        held.append(line)
        size += len(line)
        if size > _AT_ONCE_CHARACTERS:
            yield "".join(held), number
            held, size = [], 0
    yield "".join(held), number


def _lines(start: str, rows: Iterable[PlainPoint | Row], is_plain: bool) -> Iterator[tuple[str, int]]:
    new = f"{RowVerdict.NEW}\t{{}}"
    for row in rows:
        if isinstance(row, PlainPoint):
            number, upstream_id, digest, latitude, longitude, text = row
            if "\\" in text:
                text, upstream_id = text.replace("\\", "\\\\"), upstream_id.translate(_ESCAPES)
            yield (
                f"{start}{number}\t{upstream_id}\t{digest}\t{new}\t{latitude!r}\t{longitude!r}"
                f"\t{text}\t\\N\t{{}}\t\tf\n",
                number,
            )
        else:
            cells = (row.number, *_cells(row, is_plain))
            is_alone = "t" if isinstance(row, ImportedRow) and row.latitude is None else "f"
            yield start + "\t".join([*map(_cell, cells), "", is_alone]) + "\n", row.number


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else repr(value)


def _cells(row: Row, is_plain: bool) -> tuple[Any, ...]:
    reasons = "{" + ",".join(row.doubts if isinstance(row, ImportedRow) else row.reasons) + "}"
    if not isinstance(row, ImportedRow):
        # A refused row may hold what the database does not: NUL characters are left out of what is shown.
        shown = row_text(row.row).replace("\\u0000", "")
        return ("", "", str(RowVerdict.REFUSED), reasons, None, None, shown, None, "{}")
    return (
        row.upstream_id,
        row.digest,
        str(RowVerdict.DOUBTFUL if row.doubts else RowVerdict.NEW),
        reasons,
        row.latitude,
        row.longitude,
        row_text(row.row),
        row_text(row.private) if row.private else None,
        "{}" if is_plain else row_text(_payload(row)),
    )


def _payload(row: ImportedRow) -> dict[str, Any]:
    return {
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
        "archived_url": row.archived_url,
        "publishers": row.publishers,
    }


def row_said(batch: ImportBatch, row: StagedRow) -> dict[str, Any]:
    """What a row says besides its position. Of a plain file it is read from the row when it is wanted."""
    if batch.format != plain.NAME or row.verdict == RowVerdict.REFUSED:
        return dict(row.payload)
    read = plain.row_read(row.number, row.row, batch.mapping)
    return loads(row_text(_payload(read))) if isinstance(read, ImportedRow) else {}
