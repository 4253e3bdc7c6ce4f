"""XLSX (ECMA-376): a sheet of points and one that says whose they are, written row by row.

Days are days and moments are UTC without an offset, as spreadsheets have them; what lies before 1900-03-01,
which spreadsheets count wrongly or not at all, stays text. No text is a formula, whatever it begins with: it
is stored as text and kept as it was written, without the characters that XML cannot hold.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from geolocation.exports.base import ExportContext, PointRow, in_chunks, utc_text
from geolocation.exports.csv import COLUMNS, LIST_SEPARATOR
from geolocation.exports.limits import MOST_POINTS

POINTS_SHEET: Final = "Verified points"
ABOUT_SHEET: Final = "About"
_DAY_FORMAT: Final = "yyyy-mm-dd"
_MOMENT_FORMAT: Final = "yyyy-mm-dd hh:mm:ss.000"
# Day 60 of the spreadsheets' calendar is a 29 February 1900 that never was.
_FIRST_DAY: Final = date(1900, 3, 1)
# Spreadsheets count days from here on.
_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  a calendar of days, in no zone
_ONE_DAY: Final = timedelta(days=1)
_LETTERS: Final = tuple(get_column_letter(number) for number in range(1, len(COLUMNS) + 1))
_POINTS_MEMBER: Final = "xl/worksheets/sheet1.xml"
_NO_ROWS: Final = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")
_SURROGATE_OR_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def xlsx_write(path: Path, rows: Iterable[PointRow], context: ExportContext) -> None:
    """Write the workbook. The caller has counted: more than MOST_POINTS raise ValueError.

    openpyxl makes the workbook with everything but the points. Their rows are written as text where its empty
    sheet has none: an object for each cell, as openpyxl makes them, takes many times as long.
    """
    frame, styles = _frame(context)
    with (
        zipfile.ZipFile(io.BytesIO(frame)) as made,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for member in made.infolist():
            octets = made.read(member)
            if member.filename != _POINTS_MEMBER:
                book.writestr(member.filename, octets)
                continue
            before, after = _NO_ROWS.split(octets)
            with book.open(member.filename, "w", force_zip64=True) as sheet:
                for chunk in in_chunks(chain([before, b"<sheetData>"], _rows(rows, styles))):
                    sheet.write(chunk)
                sheet.write(b"</sheetData>" + after)


def _frame(context: ExportContext) -> tuple[bytes, Styles]:
    """The workbook without its points, and the numbers of its styles."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(POINTS_SHEET)
    sheet.freeze_panes = "A2"
    styles = Styles(day=_style(sheet, _DAY_FORMAT), moment=_style(sheet, _MOMENT_FORMAT))
    about = book.create_sheet(ABOUT_SHEET)
    for name, value in _about(context):
        about.append([name, _text_cell(about, value)])
    octets = io.BytesIO()
    book.save(octets)
    return octets.getvalue(), styles


@dataclass(frozen=True, kw_only=True)
class Styles:
    """Numbers of cell formats in the workbook's list of them."""

    day: int
    moment: int


def _style(sheet: Any, number_format: str) -> int:
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    number: int = cell.style_id
    return number


def _rows(rows: Iterable[PointRow], styles: Styles) -> Iterator[bytes]:
    yield _row(1, COLUMNS, styles)
    for number, row in enumerate(rows, start=2):
        if number > MOST_POINTS + 1:
            raise ValueError("A sheet has no more rows.")
        yield _row(number, _values(row), styles)


def _row(number: int, values: Iterable[object], styles: Styles) -> bytes:
    cells = (
        _cell(f"{letter}{number}", value, styles) for letter, value in zip(_LETTERS, values, strict=True)
    )
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


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


def _cell(place: str, value: object, styles: Styles) -> str:
    """One cell (ECMA-376, part 1, 18.3.1.4); nothing for what is not known."""
    if isinstance(value, str):
        return _text(place, value)
    if isinstance(value, datetime):
        utc = value.astimezone(UTC).replace(tzinfo=None)
        if utc.date() < _FIRST_DAY:
            return _text(place, utc_text(value))
        return f'<c r="{place}" s="{styles.moment}"><v>{(utc - _DAY_ZERO) / _ONE_DAY!r}</v></c>'
    if isinstance(value, date):
        if value < _FIRST_DAY:
            return _text(place, value.isoformat())
        return f'<c r="{place}" s="{styles.day}"><v>{(value - _DAY_ZERO.date()).days}</v></c>'
    return "" if value is None else f'<c r="{place}"><v>{value!r}</v></c>'


def _text(place: str, text: str) -> str:
    """A text that stays in its cell and is never a formula. Line ends are kept: parsers change a bare CR."""
    legal = _legal(text)
    if not legal:
        return ""
    escaped = escape(legal, {"\r": "&#13;"})
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


def _legal(text: str) -> str:
    # Most texts have nothing of the kind, and isprintable is by far the cheapest to ask.
    if text.isprintable():
        return text
    return _SURROGATE_OR_NOT_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, _legal(text))
    # openpyxl makes a formula of what begins with "=", and an error of "#N/A".
    cell.data_type = "s"
    return cell


def _about(context: ExportContext) -> tuple[tuple[str, str], ...]:
    return (
        *context.members.items(),
        ("times", "UTC"),
        ("positions", "WGS 84, degrees"),
    )
