"""Judged rows into a staging table by COPY.

Points that are plainly points come as columns and go in PostgreSQL's binary form, in which nothing has to be
written as text and read again; all others go as text, with what is said about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geolocation.exports.arrow import records_as_binary
from geolocation.importers.formats.fields import Row
from geolocation.importers.formats.plain_columns import Judged, PlainPoints
from geolocation.importers.formats.row import ImportedRow, row_text
from geolocation.models import RowVerdict, StagedRow

# What is not named here has its default.
_POINT_COLUMNS: Final = 'id, batch_id, number, upstream_id, latitude, longitude, "row"'
_ROW_COLUMNS: Final = (
    'id, batch_id, number, upstream_id, own_digest, verdict, reasons, latitude, longitude, "row", private,'
    " payload, is_media_alone"
)
_ROWS_AT_ONCE: Final = 500
# As COPY writes texts.
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

# The binary form (PostgreSQL's manual, COPY): a signature with two empty words; each row the number of its
# values, each value its length in bytes before it, in network order; and -1 where the next row would begin.
_HEAD: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END: Final = b"\xff\xff"
_BEFORE_ID: Final = np.dtype(
    [
        ("values", ">i2"),
        ("id_bytes", ">i4"),
        ("id", ">i8"),
        ("batch_bytes", ">i4"),
        ("batch", ">i8"),
        ("number_bytes", ">i4"),
        ("number", ">i4"),
        ("upstream_bytes", ">i4"),
    ]
)
_BEFORE_TEXT: Final = np.dtype(
    [
        ("latitude_bytes", ">i4"),
        ("latitude", ">f8"),
        ("longitude_bytes", ">i4"),
        ("longitude", ">f8"),
        ("text_bytes", ">i4"),
    ]
)


class Copied:
    """What went into the table: the number of the last row, and whether an upstream id may be there twice.

    Of each id its hash is remembered, 8 bytes a row: two ids may have one, and the table has the last word.
    """

    def __init__(self) -> None:
        self.last_number = 0
        self._ids: list[Any] = []

    def note(self, upstream_ids: list[str], last_number: int) -> None:
        """These came in, and this is the last row now."""
        self._ids.append(np.fromiter(map(hash, upstream_ids), np.int64, len(upstream_ids)))
        self.last_number = last_number

    def may_repeat(self) -> bool:
        """False where each upstream id is certainly there once."""
        ids = np.concatenate(self._ids) if self._ids else np.empty(0, np.int64)
        return len(np.unique(ids)) < len(ids)


def pieces_copy(cursor: Any, table: str, batch_id: int, pieces: Iterator[Judged]) -> Copied:
    """Rows of a plain file that come in pieces, as new rows of a batch."""
    copied = Copied()
    for piece in pieces:
        stopped_at = _points_copy(cursor, table, batch_id, chain([piece], pieces), copied)
        if stopped_at.rows:
            _rows_copy(cursor, table, batch_id, stopped_at.rows, True, copied)
        copied.last_number = stopped_at.last_number
    return copied


def _points_copy(cursor: Any, table: str, batch_id: int, pieces: Iterator[Judged], copied: Copied) -> Judged:
    """The points of these pieces, up to and with the first that has other rows too, or else the last."""
    statement = f"COPY {table} ({_POINT_COLUMNS}) FROM STDIN (FORMAT binary)"
    # psycopg's own cursor: the wrapper that Django puts around it while DEBUG is on knows no COPY.
    with cursor.cursor.copy(statement) as incoming:
        incoming.write(_HEAD)
        for piece in pieces:
            if piece.points is not None:
                incoming.write(points_binary(batch_id, piece.points))
                copied.note(piece.points.upstream_ids.to_pylist(), piece.last_number)
            if piece.rows:
                break
        incoming.write(_END)
    return piece


def points_binary(batch_id: int, points: PlainPoints) -> memoryview:
    """The rows in COPY's binary form, without its head and end."""
    before_id = np.empty(len(points), _BEFORE_ID)
    before_id["values"] = 7
    before_id["id_bytes"], before_id["id"] = 8, StagedRow.key(batch_id, points.numbers)
    before_id["batch_bytes"], before_id["batch"] = 8, batch_id
    before_id["number_bytes"], before_id["number"] = 4, points.numbers
    before_id["upstream_bytes"] = pc.binary_length(points.upstream_ids).to_numpy()
    before_text = np.empty(len(points), _BEFORE_TEXT)
    before_text["latitude_bytes"], before_text["latitude"] = 8, points.latitudes
    before_text["longitude_bytes"], before_text["longitude"] = 8, points.longitudes
    before_text["text_bytes"] = pc.binary_length(points.texts).to_numpy()
    rows = pc.binary_join_element_wise(
        records_as_binary(before_id),
        points.upstream_ids.cast(pa.binary()),
        records_as_binary(before_text),
        points.texts.cast(pa.binary()),
        b"",
    )
    return memoryview(rows.buffers()[2])


def rows_copy(cursor: Any, table: str, batch_id: int, rows: Iterable[Row], *, is_plain: bool) -> Copied:
    """Rows as they were judged one by one. What a plain row says is read from it when it is wanted."""
    copied = Copied()
    _rows_copy(cursor, table, batch_id, rows, is_plain, copied)
    return copied


def _rows_copy(
    cursor: Any, table: str, batch_id: int, rows: Iterable[Row], is_plain: bool, copied: Copied
) -> None:
    with cursor.cursor.copy(f"COPY {table} ({_ROW_COLUMNS}) FROM STDIN") as incoming:
        left = iter(rows)
        while some := list(islice(left, _ROWS_AT_ONCE)):
            incoming.write("".join(_line(batch_id, row, is_plain) for row in some))
            ids = [row.upstream_id for row in some if isinstance(row, ImportedRow)]
            copied.note(ids, some[-1].number)


def _line(batch_id: int, row: Row, is_plain: bool) -> str:
    is_alone = isinstance(row, ImportedRow) and row.latitude is None
    cells = (
        StagedRow.key(batch_id, row.number),
        batch_id,
        row.number,
        *_judged(row, is_plain),
        "t" if is_alone else "f",
    )
    return "\t".join(map(_cell, cells)) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else repr(value)


def _judged(row: Row, is_plain: bool) -> tuple[Any, ...]:
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
        "{}" if is_plain else row_text(row_payload(row)),
    )


def row_payload(row: ImportedRow) -> dict[str, Any]:
    """What a row says besides its position."""
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
