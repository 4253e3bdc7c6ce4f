"""The files of a filter: the same points as the pages, streamed, in every format."""

import csv
import io
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import orjson
import pytest

from geolocation.exports.geojson import feature
from geolocation.models import VerifiedPoint
from geolocation.services.exporting import point_rows
from geolocation.services.geolocations import Captured

FILES = "/api/v1/verified-points"


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
    written = orjson.loads(body(client_of(None).get(f"{FILES}.geojson")))["features"]
    rows = point_rows(VerifiedPoint.objects.order_by("pk"))
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
    assert [row["title"] for row in rows][1] == "'=HYPERLINK(1)"
    assert rows[1]["captured_from"] == "2023-09-21T05:43:29.922Z"
    assert rows[0]["captured_on"] == "2023-09-19"


def test_a_kml_file_is_well_formed(client_of, awkward):
    root = ElementTree.fromstring(body(client_of(None).get(f"{FILES}.kml")))
    assert len(root.findall(".//{http://www.opengis.net/kml/2.2}Placemark")) == 4


@pytest.mark.parametrize("extension", ["geojson", "csv", "kml"])
def test_a_file_holds_no_point_that_the_reader_may_not_read(client_of, verified, stranger, extension):
    point = verified(39.8, 46.7)
    for reader in (None, stranger):
        assert str(point.uid) not in body(client_of(reader).get(f"{FILES}.{extension}")).decode()


@pytest.mark.parametrize("extension", ["geojson", "csv", "kml"])
def test_a_refused_filter_is_json_and_no_file(client_of, db, extension):
    answer = client_of(None).get(f"{FILES}.{extension}", {"bbox": "1"}, HTTP_ACCEPT="text/csv")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert "Content-Disposition" not in answer


def test_the_title_of_a_private_investigation_is_not_told_to_strangers(client_of, verified, stranger):
    verified(39.8, 46.7)
    text = body(client_of(stranger).get(f"{FILES}.geojson", {"investigation": "TEST1"})).decode()
    assert "Harbour fire" not in text
