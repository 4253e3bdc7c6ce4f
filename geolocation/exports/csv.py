"""CSV (RFC 4180, UTF-8), streamed, safe to open in a spreadsheet, and readable back without loss.

A spreadsheet runs a cell that begins with `= + - @`, a tab or a line break as a formula. Such a cell gets
a leading apostrophe; `unescape` takes it off again. Numbers are left alone: a negative latitude is not a
formula.

There is no byte order mark unless it is asked for: it would become part of the first column's name in
Python's csv module, pandas and most scripts. Only Excel needs one, to show other scripts right when a file
is double-clicked.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

from geolocation.exports.base import PointRow, in_chunks, optional_utc_text, utc_text

MEDIA_TYPE: Final = "text/csv; charset=utf-8; header=present"
BYTE_ORDER_MARK: Final = "\ufeff".encode()
#: Between the values of a cell that holds several (claims, verified_by).
LIST_SEPARATOR: Final = "; "

COLUMNS: Final = (
    "id",
    "investigation",
    "reference",
    "media_reference",
    "title",
    "kind",
    "latitude",
    "longitude",
    "uncertainty_m",
    "position_role",
    "disclosure",
    "camera_latitude",
    "camera_longitude",
    "subject_latitude",
    "subject_longitude",
    "place_name",
    "captured_from",
    "captured_to",
    "captured_on",
    "claims",
    "source_url",
    "licence",
    "attribution",
    "revision",
    "verified_at",
    "verified_by",
    "updated_at",
)

# The full-width forms count as well: some spreadsheets take them for the plain ones.
_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"
# A text that has apostrophes before such a character of its own is escaped too, or unescaping would eat
# one of them.
_TO_ESCAPE = re.compile(rf"'*{_FORMULA}")
_ESCAPED = re.compile(rf"'+{_FORMULA}")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def escape(text: str) -> str:
    """The text of a cell that no spreadsheet runs. A text that is a plain number stays as it is."""
    return f"'{text}" if _TO_ESCAPE.match(text) and not _NUMBER.fullmatch(text) else text


def unescape(cell: str) -> str:
    """What `escape` was given."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def csv_chunks(rows: Iterable[PointRow], *, byte_order_mark: bool = False) -> Iterator[bytes]:
    """A header and one line a point, in the order of COLUMNS; unknown is an empty cell."""
    return in_chunks(_pieces(rows, byte_order_mark))


class _Line:
    """What csv.writer writes to: it keeps the one line that was written last."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _pieces(rows: Iterable[PointRow], byte_order_mark: bool) -> Iterator[bytes]:
    line = _Line()
    writer = csv.writer(line, lineterminator="\r\n")
    if byte_order_mark:
        yield BYTE_ORDER_MARK
    writer.writerow(COLUMNS)
    yield line.text.encode()
    for row in rows:
        writer.writerow(_cells(row))
        yield line.text.encode()


def _cells(row: PointRow) -> tuple[object, ...]:
    return (
        escape(row.id),
        escape(row.investigation),
        escape(row.reference),
        escape(row.media_reference),
        escape(row.title),
        escape(row.kind),
        row.latitude,
        row.longitude,
        row.uncertainty_m,
        row.position_role,
        row.disclosure,
        row.camera_latitude,
        row.camera_longitude,
        row.subject_latitude,
        row.subject_longitude,
        escape(row.place_name),
        optional_utc_text(row.captured_from_utc),
        optional_utc_text(row.captured_to_utc),
        None if row.captured_on is None else row.captured_on.isoformat(),
        escape(LIST_SEPARATOR.join(row.claims)),
        escape(row.source_url),
        escape(row.licence),
        escape(row.attribution),
        row.revision,
        utc_text(row.verified_at_utc),
        escape(LIST_SEPARATOR.join(row.verified_by)),
        utc_text(row.updated_at_utc),
    )
