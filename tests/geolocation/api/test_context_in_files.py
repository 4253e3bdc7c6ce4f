"""Every file says whose it is, under which licence, what was asked for and when; read by readers not ours."""

import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import openpyxl
import orjson
import pyogrio
import pytest
from pyarrow import parquet

from evidence.models import Investigation
from geolocation.services.export_formats import FORMATS

FILES = "/api/v1/verified-points"
ATTRIBUTION = 'Ստեփանակերտ · خانكندي 🛰 <b> & "so on"'
LICENCE = "CC BY 4.0"


def _geojson(path: Path) -> dict[str, str]:
    return orjson.loads(path.read_bytes())


def _kml_data(octets: bytes) -> dict[str, str]:
    document = ElementTree.fromstring(octets).find("{*}Document")
    assert document is not None
    data = document.findall("{*}ExtendedData/{*}Data")
    return {each.attrib["name"]: each.findtext("{*}value") or "" for each in data}


def _layer(path: Path) -> dict[str, str]:
    return pyogrio.read_info(path)["layer_metadata"]


def _geoparquet(path: Path) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in parquet.read_metadata(path).metadata.items()}


def _xlsx(path: Path) -> dict[str, str]:
    return dict(openpyxl.load_workbook(path)["About"].iter_rows(values_only=True))


#: What a file says, by a reader of its format. CSV and GeoJSONSeq have no place for it.
READERS: dict[str, Callable[[Path], dict[str, str]]] = {
    "geojson": _geojson,
    "kml": lambda path: _kml_data(path.read_bytes()),
    "kmz": lambda path: _kml_data(zipfile.ZipFile(path).read("doc.kml")),
    "gpkg": _layer,
    "fgb": _layer,
    "geoparquet": _geoparquet,
    "xlsx": _xlsx,
    "timemap": lambda path: orjson.loads(zipfile.ZipFile(path).read("about.json")),
}


@pytest.fixture
def asked(client_of, verified, published):
    Investigation.objects.update(attribution=ATTRIBUTION, licence=LICENCE)
    verified(39.8, 46.7, title="Ստեփանակերտ خانكندي 🛰")
    return lambda key, **more: client_of(None).get(
        f"{FILES}.{FORMATS[key].extension}", {"investigation": "test1", "q": "🛰", **more}
    )


@pytest.mark.parametrize("key", READERS)
def test_the_file_says_it_itself(asked, tmp_path, key):
    answer = asked(key)
    path = tmp_path / f"points.{FORMATS[key].extension}"
    path.write_bytes(b"".join(answer.streaming_content))
    said = READERS[key](path)
    assert said["attribution"] == ATTRIBUTION
    assert said["licence"] == LICENCE
    assert said["filter"] == "investigation=test1; q=🛰"
    assert said["generated_at"] == answer["X-Generated-At"]


def test_a_geopackage_says_it_where_qgis_shows_it(asked, tmp_path):
    path = tmp_path / "points.gpkg"
    path.write_bytes(b"".join(asked("gpkg").streaming_content))
    connection = sqlite3.connect(path)
    (identifier, description), *others = connection.execute(
        "SELECT identifier, description FROM gpkg_contents"
    )
    connection.close()
    assert not others
    assert identifier == "Verified points of Harbour fire"
    assert f"attribution: {ATTRIBUTION}" in description.splitlines()


@pytest.mark.parametrize("key", ["csv", "geojsonseq"])
def test_formats_without_a_place_for_it_say_it_in_the_headers(asked, key):
    answer = asked(key)
    answer.close()
    assert unquote(answer["X-Attribution"]) == ATTRIBUTION
    assert unquote(answer["X-Licence"]) == LICENCE
    assert unquote(answer["X-Filter"]) == "investigation=test1; q=🛰"
    assert answer["X-Generated-At"].endswith("Z")


def test_the_csv_leads_to_what_describes_it(asked, client_of):
    answer = asked("csv")
    head = io.TextIOWrapper(io.BytesIO(b"".join(answer.streaming_content)), newline="").readline()
    address, _, what = answer["Link"].partition(">; ")
    assert what == 'rel="describedby"; type="application/csvm+json"'
    described = client_of(None).get(address.removeprefix("<"))
    assert described["Content-Type"] == "application/csvm+json"
    document = described.json()
    assert document["@context"][0] == "http://www.w3.org/ns/csvw"
    assert document["dc:rights"] == ATTRIBUTION
    assert document["dc:license"] == {"@value": LICENCE}
    assert document["notes"][0]["filter"] == "investigation=test1; q=🛰"
    assert document["dc:created"]["@value"] >= answer["X-Generated-At"]
    assert document["url"].endswith("/verified-points.csv?investigation=test1&q=%F0%9F%9B%B0")
    columns = document["tableSchema"]["columns"]
    assert [column["titles"] for column in columns] == head.strip().split(",")


def test_the_description_of_a_csv_keeps_to_what_the_reader_may_know(client_of, verified, stranger):
    verified(39.8, 46.7)
    document = client_of(stranger).get(f"{FILES}.csv-metadata.json", {"investigation": "TEST1"}).json()
    assert "Harbour fire" not in document["dc:title"]


def test_a_filter_that_is_refused_describes_nothing(client_of, db):
    assert client_of(None).get(f"{FILES}.csv-metadata.json", {"bbox": "1"}).status_code == 400
