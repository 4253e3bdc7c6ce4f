"""The files of a filter: the same points as the pages, streamed, in every format."""

import csv
import html
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter, itemgetter
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import geopandas
import openpyxl
import orjson
import pandas
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from evidence.models import Investigation
from geolocation.exports.csv import csv_chunks, escape
from geolocation.exports.geojson import feature
from geolocation.exports.kml import kml_chunks, legal_octets
from geolocation.models import VerifiedPoint
from geolocation.services.export_formats import FORMATS
from geolocation.services.export_placemarks import html_text, xml_text
from geolocation.services.export_rows import csv_cell
from geolocation.services.exporting import export_context, point_rows
from geolocation.services.geolocations import Captured

FILES = "/api/v1/verified-points"
KML_END = b"</Document>\n</kml>\n"
#: Texts at the edge of what a spreadsheet runs: apostrophes, signs, numbers, line ends.
FORMULAS = r"\A'{0,2}[=+@\t\r\n＝＋－＠-]{0,2}[0-9]{0,2}\.?[0-9]?(e[+-]?[0-9])?\n?\Z"


def body(answer) -> bytes:
    assert answer.status_code == 200
    assert answer.streaming
    return b"".join(answer.streaming_content)


@pytest.fixture
def awkward(verified, published):
    """Points with whatever breaks a format: quotes, line feeds, control characters, other scripts."""
    moment = datetime(2023, 9, 21, 5, 43, 29, 922_000, UTC)
    verified(
        39.8, 46.7, title='Quote " backslash \\ tab \t and\nline', captured=Captured(on=date(2023, 9, 19))
    )
    verified(-0.1, -179.999999, title="=HYPERLINK(1)", captured=Captured(start=moment, end=moment))
    fine = datetime(2023, 9, 21, 5, 43, 29, 922_001, UTC)
    verified(1e-7, 1e-7, title="Ստեփանակերտ \x01\x02 🛰", captured=Captured(start=moment, end=fine))
    whole = datetime(2023, 9, 21, 5, 43, 29, 0, UTC)
    verified(90, 180, title="\\.", captured=Captured(start=whole, end=whole))


def test_the_database_writes_the_same_features_as_the_pure_writer(client_of, awkward):
    # A file promises no order, and the database may join in another.
    written = orjson.loads(body(client_of(None).get(f"{FILES}.geojson")))["features"]
    written.sort(key=itemgetter("id"))
    rows = sorted(point_rows(VerifiedPoint.objects.all()), key=attrgetter("id"))
    assert written == [orjson.loads(orjson.dumps(feature(row))) for row in rows]
    assert [list(each["properties"]) for each in written] == [list(feature(rows[0])["properties"])] * 4


def test_a_geojson_file_says_what_it_is(client_of, awkward, investigation):
    answer = client_of(None).get(f"{FILES}.geojson", {"investigation": "test1", "q": "quote"})
    assert answer["Content-Type"] == "application/geo+json"
    assert answer["Content-Disposition"].startswith('attachment; filename="verified-points-test1-')
    collection = orjson.loads(body(answer))
    assert collection["title"] == "Verified points of Harbour fire"
    assert collection["filter"] == "investigation=test1; q=quote"
    assert collection["bbox"] == [46.7, 39.8, 46.7, 39.8]
    assert len(collection["features"]) == 1


def test_an_empty_filter_result_is_a_valid_empty_file(client_of, awkward):
    collection = orjson.loads(body(client_of(None).get(f"{FILES}.geojson", {"q": "no such words"})))
    assert collection["features"] == []
    assert "bbox" not in collection
    table = body(client_of(None).get(f"{FILES}.csv", {"q": "no such words"})).decode()
    assert len(table.splitlines()) == 1


def test_a_csv_file_is_safe_in_a_spreadsheet(client_of, awkward):
    answer = client_of(None).get(f"{FILES}.csv")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(body(answer).decode(), newline="")))
    by_title = {row["title"]: row for row in rows}
    assert by_title["'=HYPERLINK(1)"]["captured_from"] == "2023-09-21T05:43:29.922Z"
    assert by_title['Quote " backslash \\ tab \t and\nline']["captured_on"] == "2023-09-19"


def test_a_kml_file_is_well_formed(client_of, awkward):
    root = ElementTree.fromstring(body(client_of(None).get(f"{FILES}.kml")))
    assert len(root.findall(".//{http://www.opengis.net/kml/2.2}Placemark")) == 4


def saved(answer, tmp_path: Path, extension: str) -> Path:
    """A download as a file, for readers that want one."""
    path = tmp_path / f"download.{extension}"
    path.write_bytes(body(answer))
    return path


def test_a_sequence_has_the_features_of_the_collection(client_of, awkward):
    collection = orjson.loads(body(client_of(None).get(f"{FILES}.geojson")))
    answer = client_of(None).get(f"{FILES}.geojsons")
    assert answer["Content-Type"] == "application/geo+json-seq"
    texts = body(answer).split(b"\x1e")
    assert texts.pop(0) == b""
    assert [orjson.loads(text) for text in texts] == collection["features"]


def test_the_database_writes_the_same_csv_as_the_pure_writer(client_of, awkward):
    written = list(csv.reader(io.StringIO(body(client_of(None).get(f"{FILES}.csv")).decode(), newline="")))
    pure = b"".join(csv_chunks(point_rows(VerifiedPoint.objects.order_by("pk")))).decode()
    expected = list(csv.reader(io.StringIO(pure, newline="")))
    assert written[0] == expected[0]
    written.sort()
    expected.sort()
    assert [[_number(cell) for cell in line] for line in written] == [
        [_number(cell) for cell in line] for line in expected
    ]


def test_the_database_writes_the_same_kml_as_the_pure_writer(client_of, awkward):
    answer = client_of(None).get(f"{FILES}.kml", {"published": "true"})
    written = body(answer)
    moment = datetime.fromisoformat(answer["X-Generated-At"])
    context = export_context(investigation=None, filter_text="published=true", now=moment)
    rows = point_rows(VerifiedPoint.objects.order_by("pk"))
    start = b"<Placemark "
    pure = b"".join(kml_chunks(rows, context)).removesuffix(KML_END)
    assert sorted(written.removesuffix(KML_END).split(start)) == sorted(pure.split(start))


@pytest.mark.parametrize("how", ["xml", "html"])
@given(st.text(st.characters(blacklist_characters="\0", codec="utf-8")) | st.sampled_from(["&amp;'", '<"']))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_the_database_escapes_a_text_of_kml_as_the_pure_writer_does(db, how, text):
    sql = xml_text("typed") if how == "xml" else html_text("typed")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql} FROM (SELECT %s::text AS typed) AS given", [text])
        written = legal_octets(cursor.fetchone()[0].encode()).decode()
    assert html.unescape(written) == (xml_legal(text) if how == "xml" else html.escape(xml_legal(text)))


def xml_legal(text: str) -> str:
    """The characters that XML 1.0 can hold, by its production 2."""
    return "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))


def _number(cell: str) -> str | float:
    """10.0 and 10 are one number written in two ways."""
    try:
        return float(cell)
    except ValueError:
        return cell


@given(st.text(st.characters(blacklist_characters="\0", codec="utf-8")) | st.from_regex(FORMULAS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_database_escapes_a_cell_as_the_pure_writer_does(db, text):
    if "\0" in text:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {csv_cell('typed')} FROM (SELECT %s::text AS typed) AS given", [text])
        assert cursor.fetchone()[0] == escape(text)


@pytest.mark.parametrize("extension", ["gpkg", "fgb", "parquet"])
def test_a_file_of_a_geographic_system_has_the_points_of_the_database(
    client_of, awkward, tmp_path, extension
):
    answer = client_of(None).get(f"{FILES}.{extension}")
    path = saved(answer, tmp_path, extension)
    assert int(answer["Content-Length"]) == path.stat().st_size
    frame = geopandas.read_parquet(path) if extension == "parquet" else geopandas.read_file(path)
    by_id = {row.id: row for row in point_rows(VerifiedPoint.objects.all())}
    assert set(frame["id"]) == set(by_id)
    for _index, found in frame.iterrows():
        row = by_id[found["id"]]
        assert found.geometry.x == pytest.approx(row.longitude, abs=1e-7)
        assert found.geometry.y == pytest.approx(row.latitude, abs=1e-7)
        assert found["title"] == row.title
        assert found["verified_by"] == "; ".join(row.verified_by)
        assert str(found["captured_on"])[:10] == str(row.captured_on) or pandas.isna(found["captured_on"])
        within = timedelta(0) if extension == "parquet" else timedelta(milliseconds=1)
        assert abs(found["verified_at"].to_pydatetime() - row.verified_at_utc) <= within


def test_a_workbook_has_the_points_of_the_database(client_of, awkward, tmp_path):
    book = openpyxl.load_workbook(saved(client_of(None).get(f"{FILES}.xlsx"), tmp_path, "xlsx"))
    titles = [cell.value for cell in book["Verified points"]["E"]][1:]
    assert titles[1:] == ["=HYPERLINK(1)", "Ստեփանակերտ  🛰", "\\."]
    assert book["Verified points"]["S2"].value == datetime(2023, 9, 19)


def test_a_workbook_that_would_overflow_is_refused_with_a_way_out(client_of, awkward, monkeypatch):
    small = replace(FORMATS["xlsx"], most_points=3)
    monkeypatch.setitem(FORMATS, "xlsx", small)
    answer = client_of(None).get(f"{FILES}.xlsx")
    assert answer.status_code == 400
    assert "3 points at most" in answer.json()["error"]["sentence"]


def test_the_zipped_formats_hold_the_points(client_of, awkward):
    kmz = zipfile.ZipFile(io.BytesIO(body(client_of(None).get(f"{FILES}.kmz"))))
    assert len(ElementTree.fromstring(kmz.read("doc.kml")).findall(".//{*}Placemark")) == 4
    bundle = zipfile.ZipFile(io.BytesIO(body(client_of(None).get(f"{FILES}.timemap.zip"))))
    assert len(orjson.loads(bundle.read("events.json"))) == 4


@pytest.mark.parametrize("key", FORMATS)
def test_every_format_keeps_to_the_filter_and_is_a_valid_file_without_points(
    client_of, awkward, tmp_path, key
):
    extension = FORMATS[key].extension
    full = client_of(None).get(f"{FILES}.{extension}", {"q": "quote"})
    empty = client_of(None).get(f"{FILES}.{extension}", {"q": "no such words"})
    assert full["X-Filter"] == "q=quote"
    assert count(saved(full, tmp_path, extension)) == 1
    assert count(saved(empty, tmp_path, extension)) == 0


def count(path: Path) -> int:
    """The points of a file, by a reader that is not ours."""
    if path.name.endswith("timemap.zip"):
        return len(orjson.loads(zipfile.ZipFile(path).read("events.json")))
    if path.suffix == ".xlsx":
        return openpyxl.load_workbook(path)["Verified points"].max_row - 1
    if path.suffix == ".csv":
        return len(list(csv.DictReader(io.StringIO(path.read_text(), newline=""))))
    if path.suffix == ".parquet":
        return parquet.read_metadata(path).num_rows
    if path.suffix == ".geojsons" and not path.stat().st_size:
        return 0
    if path.suffix == ".kmz":
        return len(ElementTree.fromstring(zipfile.ZipFile(path).read("doc.kml")).findall(".//{*}Placemark"))
    if path.suffix == ".kml":
        return len(ElementTree.parse(path).findall(".//{*}Placemark"))
    return len(geopandas.read_file(path))


def test_what_is_made_on_disk_is_gone_with_the_answer(client_of, awkward, settings):
    body(client_of(None).get(f"{FILES}.gpkg"))
    assert list(settings.EXPORTS_ROOT.iterdir()) == []


def test_names_of_other_scripts_stand_in_the_headers_encoded(client_of, verified, published):
    Investigation.objects.update(attribution="Ստեփանակերտ")
    answer = client_of(None).get(f"{FILES}.csv", {"investigation": "TEST1"})
    assert unquote(answer["X-Attribution"]) == "Ստեփանակերտ"
    assert answer["X-Generated-At"].endswith("Z")


@pytest.mark.parametrize("extension", ["geojson", "csv", "kml"])
def test_a_file_holds_no_point_that_the_reader_may_not_read(client_of, verified, stranger, extension):
    point = verified(39.8, 46.7)
    for reader in (None, stranger):
        assert str(point.uid) not in body(client_of(reader).get(f"{FILES}.{extension}")).decode()


@pytest.mark.parametrize("key", FORMATS)
def test_no_format_holds_a_point_that_the_reader_may_not_read(client_of, verified, stranger, tmp_path, key):
    verified(39.8, 46.7)
    extension = FORMATS[key].extension
    for reader in (None, stranger):
        assert count(saved(client_of(reader).get(f"{FILES}.{extension}"), tmp_path, extension)) == 0


@pytest.mark.parametrize("extension", [each.extension for each in FORMATS.values()])
def test_a_refused_filter_is_json_and_no_file(client_of, db, extension):
    answer = client_of(None).get(f"{FILES}.{extension}", {"bbox": "1"}, HTTP_ACCEPT="text/csv")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert "Content-Disposition" not in answer


def test_the_title_of_a_private_investigation_is_not_told_to_strangers(client_of, verified, stranger):
    verified(39.8, 46.7)
    text = body(client_of(stranger).get(f"{FILES}.geojson", {"investigation": "TEST1"})).decode()
    assert "Harbour fire" not in text
