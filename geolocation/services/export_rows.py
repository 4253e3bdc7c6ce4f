"""Points as PostgreSQL writes them: CSV, GeoJSON text sequences and Arrow batches, without an object a row.

Each is read in one transaction that sees one moment: a file is one view however long it takes to read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from geolocation.exports.base import in_chunks
from geolocation.exports.csv import COLUMNS, LIST_SEPARATOR
from geolocation.exports.geojson import RECORD_SEPARATOR
from geolocation.querysets import VerifiedPointQuerySet
from geolocation.services.exporting import (
    Seen,
    copy_lines,
    copy_points,
    counted,
    features_statement,
    one_moment,
    with_points,
)

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = (Path(__file__).parent / "point_rows.sql").read_text()

# Where each column comes from; those that are absent are the point's own column of that name.
_SOURCES = {
    "id": "point.uid",
    "investigation": "investigation.code",
    "reference": "proposal.reference",
    "kind": "point.media_kind",
    "claims": f"array_to_string(point.claim_references, '{LIST_SEPARATOR}')",
    "revision": "wording.number",
    "verified_by": f"array_to_string(point.verified_by, '{LIST_SEPARATOR}')",
}
MOMENTS = ("captured_from", "captured_to", "verified_at", "updated_at")
# Code points that an escaped cell may begin with: those of the pattern below, and the apostrophe.
_ESCAPED_STARTS = ", ".join(str(ord(each)) for each in "'=+@\t\r\n＝＋－＠-")
# What people typed. Everything else is written by the catalogue, in characters that no spreadsheet runs.
_TYPED = ("title", "place_name", "claims", "source_url", "licence", "attribution", "verified_by")


def csv_stream(points: VerifiedPointQuerySet, *, seen: Seen | None = None) -> Iterator[bytes]:
    """The file of `geolocation.exports.csv.csv_chunks`, its cells escaped by the database: header at once."""
    head = io.StringIO()
    csv.writer(head, lineterminator="\r\n").writerow(COLUMNS)
    yield head.getvalue().encode()
    with one_moment():
        lines = copy_points(csv_statement, points, seen=seen)
        # RFC 4180 ends lines with CR LF, PostgreSQL with LF.
        yield from in_chunks(line[:-1] + b"\r\n" for line in lines)


def csv_statement(points: VerifiedPointQuerySet) -> tuple[str, tuple[object, ...]]:
    """The COPY that writes one line of CSV a point, and its parameters."""
    return with_points(_ROWS.replace("VALUES", ", ".join(map(_csv_value, COLUMNS)), 1), points)


def csv_cell(text: str) -> str:
    """SQL that does to the text of this SQL what `geolocation.exports.csv.escape` does; a test compares."""
    # The first character decides for nearly every cell, and costs far less than the two patterns.
    return (
        f"CASE WHEN ascii({text}) NOT IN ({_ESCAPED_STARTS}) THEN {text}"
        rf" WHEN {text} ~ E'^\'*[=+@\t\r\n＝＋－＠-]'"
        rf" AND {text} !~ '^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$'"
        rf" THEN '''' || {text} ELSE {text} END"
    )


def geojson_sequence_stream(points: VerifiedPointQuerySet, *, seen: Seen | None = None) -> Iterator[bytes]:
    """One feature a line, each after a record separator (RFC 8142)."""
    with one_moment():
        lines = copy_points(features_statement, points, seen=seen)
        yield from in_chunks(RECORD_SEPARATOR + line for line in lines)


def arrow_batches(points: VerifiedPointQuerySet, *, seen: Seen | None = None) -> Iterator[pa.RecordBatch]:
    """The points in batches of `geolocation.exports.arrow.SCHEMA`."""
    # Here, for Arrow takes a third of a second to import and most processes never write such a file.
    from geolocation.exports.arrow import record_batches

    with one_moment():
        # One statement: a thread reads its lines ahead, and could not begin another on this connection.
        yield from record_batches(counted(copy_lines(*features_statement(points)), seen))


def _csv_value(column: str) -> str:
    if column in MOMENTS:
        return f"utc_text({column_source(column)})"
    return csv_cell(column_source(column)) if column in _TYPED else column_source(column)


def column_source(column: str) -> str:
    """SQL of one column of `geolocation.exports.csv.COLUMNS`, of the tables that the statements join."""
    return _SOURCES.get(column, f"point.{column}")
