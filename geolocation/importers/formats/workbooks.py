"""The first sheet of an XLSX as rows: values instead of formulas, dates that stay dates, within limits."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from geolocation.importers.formats.containers import Line
from geolocation.importers.formats.row import FileUnreadable, Reason, RefusedRow

MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
MOST_MEMBERS = 2_000
# All parts unpacked, and the texts that openpyxl holds in memory at once.
MOST_BYTES = 512 << 20
MOST_TEXT_BYTES = 64 << 20
_WORKBOOK = "xl/workbook.xml"
_PIECE = 1 << 14


def is_workbook(path: Path) -> bool:
    """Whether a ZIP is an XLSX (a KMZ is a ZIP as well)."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileUnreadable("This file begins like a ZIP and is damaged.") from error


def sheet_rows(path: Path) -> Iterator[Line]:
    """Each row of the first sheet by its first row, numbered from 1; empty rows are left out.

    A formula gives the value it had when the file was saved, and nothing where it was saved without one.
    """
    _refuse_hostile(path)
    try:
        workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            yield from _rows(workbook.worksheets[0])
        finally:
            workbook.close()
    except FileUnreadable:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise FileUnreadable("This is not readable as an XLSX workbook with a sheet of rows.") from error
    except (AttributeError, TypeError, SyntaxError, OSError, EOFError) as error:
        # What openpyxl meets in parts that are not what they are called; its XML errors are SyntaxErrors.
        raise FileUnreadable("This workbook is damaged.") from error


def _rows(sheet: Any) -> Iterator[Line]:
    # What the sheet says of its own size is not believed.
    sheet.reset_dimensions()
    lines = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    header = [str(_value(cell) or "").strip() for cell in next(lines, ())]
    while header and not header[-1]:
        header.pop()
    if not any(header) or len(set(header)) != len(header):
        raise FileUnreadable("The first row has to name the columns, each name once.")
    number = 0
    for cells in lines:
        if all(cell is None for cell in cells):
            continue
        number += 1
        if number > MOST_ROWS:
            raise FileUnreadable(f"The sheet has more than {MOST_ROWS:,} rows. Cut it into several files.")
        if any(cell is not None for cell in cells[len(header) :]):
            shown = {"cells": [_value(cell) for cell in cells[: 2 * len(header)]]}
            yield RefusedRow(number, shown, (Reason.TOO_MANY_COLUMNS,))
        else:
            yield number, {name: _value(cell) for name, cell in zip(header, cells, strict=False) if name}


def _value(cell: Any) -> Any:
    """As JSON has it. A date without a time stays a date; workbooks know no offset from UTC."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return cell if cell is None or isinstance(cell, bool | int | float) else str(cell)


def _refuse_hostile(path: Path) -> None:
    """Before anything is unpacked: by what the ZIP says of itself, and by how its XML begins."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        texts = sum(member.file_size for member in members if member.filename.endswith("sharedStrings.xml"))
        total = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS or total > MOST_BYTES or texts > MOST_TEXT_BYTES:
            raise FileUnreadable("The workbook unpacks to more than is read here. Save the sheet as CSV.")
        for member in members:
            if member.filename.lower().endswith((".xml", ".rels")):
                _refuse_doctype(archive, member)


class _Begun(Exception):
    """The root element begins: no document type can follow."""


def _refuse_doctype(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    def declared(*_said: Any) -> None:
        raise FileUnreadable("A workbook with a document type declaration is not read.")

    def begun(*_said: Any) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, begun
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE):
                parser.Parse(piece, False)
    except _Begun:
        return
    except (expat.ExpatError, RuntimeError, NotImplementedError, EOFError) as error:
        raise FileUnreadable("A part of this workbook is not well-formed or is locked.") from error
