"""XLSX (ECMA-376): a sheet of points and one that says whose they are, written row by row.

Days are days and moments are UTC without an offset, as spreadsheets have them; what lies before 1900-03-01,
which spreadsheets count wrongly or not at all, stays text. No text is a formula, whatever it begins with: it
is stored as text and kept as it was written, without the characters that XML cannot hold.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from geolocation.exports.base import ExportContext, PointRow, utc_text
from geolocation.exports.csv import COLUMNS, LIST_SEPARATOR

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The rows of a sheet are 1,048,576; the first has the names of the columns.
MOST_POINTS: Final = 1_048_575
POINTS_SHEET: Final = "Verified points"
ABOUT_SHEET: Final = "About"
_DAY_FORMAT: Final = "yyyy-mm-dd"
_MOMENT_FORMAT: Final = "yyyy-mm-dd hh:mm:ss.000"
# Day 60 of the spreadsheets' calendar is a 29 February 1900 that never was.
_FIRST_DAY: Final = date(1900, 3, 1)
_SURROGATE_OR_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def xlsx_write(path: Path, rows: Iterable[PointRow], context: ExportContext) -> None:
    """Write the workbook. The caller has counted: more than MOST_POINTS raise ValueError."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(POINTS_SHEET)
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    try:
        for number, row in enumerate(rows, start=1):
            if number > MOST_POINTS:
                raise ValueError("A sheet has no more rows.")
            sheet.append([_cell(sheet, value) for value in _values(row)])
    finally:
        # Also where the rows break off: its half-written file would stay open otherwise.
        sheet.close()
    about = book.create_sheet(ABOUT_SHEET)
    for name, value in _about(context):
        about.append([name, _cell(about, value)])
    book.save(path)


def _values(row: PointRow) -> tuple[object, ...]:
    """In the order of COLUMNS."""
    return (
        row.id,
        row.investigation,
        row.reference,
        row.media_reference,
        row.title,
        row.kind,
        row.latitude,
        row.longitude,
        row.uncertainty_m,
        row.position_role,
        row.disclosure,
        row.camera_latitude,
        row.camera_longitude,
        row.subject_latitude,
        row.subject_longitude,
        row.place_name,
        row.captured_from_utc,
        row.captured_to_utc,
        row.captured_on,
        LIST_SEPARATOR.join(row.claims),
        row.source_url,
        row.licence,
        row.attribution,
        row.revision,
        row.verified_at_utc,
        LIST_SEPARATOR.join(row.verified_by),
        row.updated_at_utc,
    )


def _cell(sheet: Any, value: object) -> Any:
    if isinstance(value, str):
        return _text(sheet, value)
    if isinstance(value, datetime):
        utc = value.astimezone(UTC).replace(tzinfo=None)
        return _dated(sheet, utc, _MOMENT_FORMAT) if utc.date() >= _FIRST_DAY else utc_text(value)
    if isinstance(value, date):
        return _dated(sheet, value, _DAY_FORMAT) if value >= _FIRST_DAY else value.isoformat()
    return value


def _text(sheet: Any, text: str) -> Any:
    legal = _SURROGATE_OR_NOT_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))
    if not legal:
        return None
    cell = WriteOnlyCell(sheet, legal)
    # openpyxl makes a formula of what begins with "=", and an error of "#N/A".
    cell.data_type = "s"
    return cell


def _dated(sheet: Any, value: date, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    return cell


def _about(context: ExportContext) -> tuple[tuple[str, str], ...]:
    return (
        ("title", context.title),
        ("attribution", context.attribution),
        ("licence", context.licence),
        ("filter", context.filter_text),
        ("generated_at", utc_text(context.generated_at_utc)),
        ("times", "UTC"),
        ("positions", "WGS 84, degrees"),
    )
