"""CSV: read back by Python's csv module and by geopandas, and harmless in a spreadsheet."""

import csv
import io

import geopandas
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolocation.exports.base import PointRow
from geolocation.exports.csv import BYTE_ORDER_MARK, COLUMNS, csv_chunks, escape, unescape
from tests.geolocation.exports.rows import ROW, TEXTS, a_row, rows_everywhere

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
texts = st.text(st.characters(exclude_categories=["Cs"]))
tricky_texts = st.builds(
    str.__add__, st.text("'=+-@\t\r\n0123456789.e", max_size=6), st.text("'=1ա", max_size=3)
)


def read(rows: list[PointRow]) -> list[dict[str, str]]:
    text = b"".join(csv_chunks(rows)).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_header_names_latitude_before_longitude() -> None:
    first_line = b"".join(csv_chunks([])).decode().removesuffix("\r\n")
    assert tuple(first_line.split(",")) == COLUMNS
    assert COLUMNS.index("longitude") == COLUMNS.index("latitude") + 1


def test_a_line_holds_every_value() -> None:
    (line,) = read([ROW])
    assert (line["latitude"], line["longitude"]) == ("39.821232", "46.758423")
    assert (line["captured_from"], line["captured_to"]) == (
        "2023-09-19T09:00:00Z",
        "2023-09-19T10:30:00.500Z",
    )
    assert line["captured_on"] == ""
    assert (line["claims"], line["verified_by"]) == ("C01; C02", "reviewer.one; reviewer.two")
    assert (line["uncertainty_m"], line["revision"]) == ("10.0", "2")
    assert line["place_name"] == "Stepanakert / Xankəndi / Ստեփանակերտ"


def test_a_day_without_a_time_stays_a_day() -> None:
    line = read(rows_everywhere())[0]
    assert (line["captured_on"], line["captured_from"], line["captured_to"]) == ("2023-09-19", "", "")


def test_every_script_and_line_break_comes_back() -> None:
    lines = read(rows_everywhere())
    assert [unescape(line["title"]) for line in lines] == list(TEXTS)
    assert lines[-1]["title"] == "'=1+1"


def test_geopandas_makes_the_same_points_of_it() -> None:
    rows = rows_everywhere()
    frame = pandas.read_csv(io.BytesIO(b"".join(csv_chunks(rows))))
    points = geopandas.points_from_xy(frame["longitude"], frame["latitude"], crs=4326)
    for row, point in zip(rows, points, strict=True):
        assert point.y == pytest.approx(row.latitude, abs=1e-7)
        assert point.x == pytest.approx(row.longitude, abs=1e-7)


def test_negative_numbers_are_not_escaped() -> None:
    (line,) = read([a_row(latitude=-33.5, longitude=-70.25, title="-5", place_name="-1e-7")])
    assert (line["latitude"], line["longitude"]) == ("-33.5", "-70.25")
    assert (line["title"], line["place_name"]) == ("-5", "-1e-7")


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-1\n=2"]
)
def test_a_formula_is_escaped(text: str) -> None:
    assert escape(text) == f"'{text}"
    (line,) = read([a_row(title=text)])
    assert line["title"] == f"'{text}"


@given(texts | tricky_texts)
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape(escape(text)) == text


@given(texts | tricky_texts)
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = escape(text)
    if cell.startswith(DANGEROUS):
        assert float(cell) == float(text)


@given(texts | tricky_texts, texts)
def test_any_text_comes_back_through_the_csv_module(title: str, place_name: str) -> None:
    (line,) = read([a_row(title=title, place_name=place_name)])
    assert (unescape(line["title"]), unescape(line["place_name"])) == (title, place_name)


def test_an_empty_export_is_its_header_and_a_byte_order_mark_comes_only_when_asked_for() -> None:
    assert read([]) == []
    plain = b"".join(csv_chunks([ROW]))
    assert plain.startswith(b"id,")
    assert b"".join(csv_chunks([ROW], byte_order_mark=True)) == BYTE_ORDER_MARK + plain
