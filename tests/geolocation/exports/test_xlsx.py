"""XLSX, read back by openpyxl: types, scripts, and that nothing is a formula."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest

from geolocation.exports.base import PointRow
from geolocation.exports.csv import COLUMNS
from geolocation.exports.xlsx import xlsx_write
from tests.geolocation.exports.rows import CONTEXT, ROW, TEXTS, a_row, rows_everywhere


def sheets(path: Path, rows: list[PointRow]) -> Any:
    xlsx_write(path / "points.xlsx", rows, CONTEXT)
    return openpyxl.load_workbook(path / "points.xlsx")


def as_dicts(book: Any) -> list[dict[str, Any]]:
    head, *rows = book["Verified points"].iter_rows(values_only=True)
    assert head == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def test_positions_days_moments_and_texts_come_back(tmp_path: Path) -> None:
    rows = rows_everywhere()
    found = as_dicts(sheets(tmp_path, [*rows, ROW]))
    for row, cells in zip(rows, found, strict=False):
        assert cells["latitude"] == pytest.approx(row.latitude, abs=1e-12)
        assert cells["longitude"] == pytest.approx(row.longitude, abs=1e-12)
        assert cells["captured_on"].date() == row.captured_on
    assert [cells["title"] for cells in found[:-1]] == list(TEXTS)
    assert found[-1]["captured_to"] == datetime(2023, 9, 19, 10, 30, 0, 500_000)
    assert found[-1]["captured_on"] is None
    assert found[-1]["verified_by"] == "reviewer.one; reviewer.two"


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(1)", "#N/A", "+1", "@SUM(1)", "-2+3", "\t=1", "=1\n"])
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    sheet = sheets(tmp_path, [a_row(title=text)])["Verified points"]
    cell = sheet.cell(2, COLUMNS.index("title") + 1)
    assert cell.data_type == "s"
    assert cell.value == text


def test_characters_that_xml_cannot_hold_are_dropped(tmp_path: Path) -> None:
    assert as_dicts(sheets(tmp_path, [a_row(title="a\x01b\ufffec😀")]))[0]["title"] == "abc😀"


def test_what_a_spreadsheet_cannot_count_stays_text(tmp_path: Path) -> None:
    old = a_row(captured_from_utc=None, captured_to_utc=None, captured_on=date(1899, 12, 1))
    assert as_dicts(sheets(tmp_path, [old]))[0]["captured_on"] == "1899-12-01"


def test_the_second_sheet_says_whose_it_is(tmp_path: Path) -> None:
    said = dict(sheets(tmp_path, [])["About"].iter_rows(values_only=True))
    assert said["attribution"] == CONTEXT.attribution
    assert said["licence"] == "CC BY 4.0"
    assert said["filter"] == "investigation=TRAIN"
    assert said["generated_at"] == "2023-10-01T12:00:00Z"


def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geolocation.exports.xlsx.MOST_POINTS", 2)
    with pytest.raises(ValueError, match="no more rows"):
        sheets(tmp_path, [ROW] * 3)


def test_gdal_reads_the_same_rows(tmp_path: Path) -> None:
    """A second reader, for what openpyxl reads the way openpyxl writes it."""
    rows = rows_everywhere()
    path = tmp_path / "points.xlsx"
    xlsx_write(path, rows, CONTEXT)
    frame = pyogrio.read_dataframe(path, layer="Verified points")
    assert list(frame.columns) == list(COLUMNS)
    assert list(frame["title"]) == [row.title for row in rows]
    assert list(frame["latitude"]) == [row.latitude for row in rows]
    assert [str(day)[:10] for day in frame["captured_on"]] == [str(row.captured_on) for row in rows]


def test_a_carriage_return_comes_back(tmp_path: Path) -> None:
    assert as_dicts(sheets(tmp_path, [a_row(title="one\r\ntwo")]))[0]["title"] == "one\r\ntwo"
