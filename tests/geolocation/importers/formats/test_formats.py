# ruff: noqa: E501  headers are one line
"""Each format reads its own file, and bad rows never stop or hide the others. All rows are made up."""

import json
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from geolocation.importers.formats.registry import format_guess, rows_read
from geolocation.importers.formats.row import FileUnreadable, ImportedRow, Reason, RefusedRow

ATLOS = """slug,inserted_at,latitude,longitude,description,sensitive,date,geolocation precision,source_1,source_2
A1,2023-01-01,39.8,46.7,Made-up bridge,Not Sensitive,2023-09-20,Vicinity (100 m),https://example.org/1,https://example.org/2
A2,2023-01-01,,46.7,No latitude,Not Sensitive,,,,
A3,2023-01-01,39.9,46.8,Made-up school,Graphic Violence,2023-09-21,Exact,https://example.org/3,
"""
PROOF = """File Path,File Hash SHA256,File Created,Location.Latitude,Location.Longitude,Location.Accuracy,DeviceID,Wifi MAC
/sd/a.jpg,aa11,2023-09-20T10:00:00+04:00,39.8,46.7,12.5,device-made-up,02:00:00:00:00:00
"""
TABLE = (
    "Date;Name;Faction;Origin;Latitude;Longitude;PlusCode;Description;Source;Geolocation;Id\n"
    "2023-09-20;One;;x;39,8;46,7;;Words;https://example.org/1;https://example.org/2;g1\n"
    "1527-01-01;Two;;x;39.8;46.7;;Words;;;g2\n"
)


def read(tmp_path, content, name="points.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = format_guess(path, name)
    return found, list(rows_read(path, format_name=found))


def test_atlos_precision_is_uncertainty_and_a_bad_row_hides_no_other(tmp_path):
    found, rows = read(tmp_path, ATLOS)
    assert found == "atlos"
    first, second, third = rows
    assert (first.upstream_id, first.uncertainty_m, first.captured_on) == ("A1", 100, date(2023, 9, 20))
    assert first.captured_at is None
    assert first.links == ("https://example.org/1", "https://example.org/2")
    assert not first.is_sensitive
    assert second == RefusedRow(2, second.row, (Reason.NO_POSITION,))
    assert third.is_sensitive
    assert third.uncertainty_m == 10


def test_timemap_events_with_their_sources(tmp_path):
    event = {"id": "e1", "date": "9/20/2023", "latitude": "39,8", "longitude": "46,7", "time_display": ""}
    content = {
        "sources": {"s1": {"paths": ["https://example.org/1"]}},
        "events": [
            {**event, "sources": ["s1"]},
            "nothing",
            {**event, "id": "e2", "latitude": "39.8", "longitude": "46.7", "sources": ["gone"]},
        ],
    }
    found, rows = read(tmp_path, json.dumps(content), "events.json")
    assert found == "timemap"
    assert rows[0].doubts == (Reason.DECIMAL_COMMA,)
    assert (rows[0].latitude, rows[0].captured_on) == (39.8, date(2023, 9, 20))
    assert rows[0].uncertainty_m == 150
    assert rows[0].links == ("https://example.org/1",)
    assert rows[1].reasons == (Reason.NOT_A_ROW,)
    assert rows[2].doubts == (Reason.SOURCE_DANGLING,)


def test_geo_extractor_fallbacks_are_doubts(tmp_path):
    entry = {"id": 1, "date": "2023-09-20", "latitude": 39.8, "longitude": 46.7, "place_desc": "x"}
    entries = [entry, {**entry, "date": "2022-02-24"}, {**entry, "latitude": 0, "longitude": 0}]
    found, rows = read(tmp_path, json.dumps(entries), "x.json")
    assert found == "geo_extractor"
    expected = [(), (Reason.DATE_FALLBACK,), (Reason.ZERO_POSITION,)]
    assert [row.doubts for row in rows] == expected


def test_geoconfirmed_table_and_map(tmp_path):
    found, rows = read(tmp_path, TABLE)
    assert found == "geoconfirmed"
    assert rows[0].doubts == (Reason.DECIMAL_COMMA,)
    assert len(rows[0].links) == 2
    assert rows[1].doubts == (Reason.YEAR_UNLIKELY,)
    assert rows[1].captured_on is None
    found, rows = read(tmp_path, '[{"id":"a","date":"2023-09-20","la":39.8,"lo":46.7,"icon":"x"}]', "j.json")
    assert (found, rows[0].upstream_id) == ("geoconfirmed", "a")


KML = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>"""
MARK = (
    "<Folder><name>f</name><Placemark><name>20 SEP 2023</name><description><![CDATA[Seen "
    "https://example.org/1]]></description><Point><coordinates>46.7,39.8,0</coordinates></Point>"
    "</Placemark></Folder>"
)


def kmz(tmp_path, text):
    path = tmp_path / "geoconfirmed.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", text)
    return path


def test_the_same_placemark_in_two_folders_is_the_same_row(tmp_path):
    path = kmz(tmp_path, KML.format(MARK + MARK))
    assert format_guess(path, path.name) == "geoconfirmed"
    first, second = rows_read(path, format_name="geoconfirmed")
    assert (first.latitude, first.longitude) == (39.8, 46.7)
    assert first.captured_on == date(2023, 9, 20)
    assert first.links == ("https://example.org/1",)
    assert (first.digest, first.upstream_id) == (second.digest, second.upstream_id)


def test_a_document_type_or_a_bomb_is_refused(tmp_path, monkeypatch):
    path = kmz(tmp_path, '<!DOCTYPE a [<!ENTITY b "c">]>' + KML.format(MARK))
    with pytest.raises(FileUnreadable, match="document type"):
        list(rows_read(path, format_name="geoconfirmed"))
    monkeypatch.setattr("geolocation.importers.formats.containers.MOST_KML_BYTES", 1000)
    path = kmz(tmp_path, KML.format(" " * 100_000))
    with pytest.raises(FileUnreadable, match="MiB"):
        list(rows_read(path, format_name="geoconfirmed"))


def test_eyes_on_russia(tmp_path):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [46.7, 39.8]},
        "properties": {"id": 7, "verifiedDate": "2023-09-20", "url": "https://example.org/1"},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature, {"geometry": None}]})
    found, rows = read(tmp_path, text, "e.geojson")
    assert (found, rows[0].upstream_id, rows[0].latitude) == ("eyes_on_russia", "7", 39.8)
    assert rows[0].captured_on is None  # the day of verification is not the day of the event
    assert rows[1].reasons == (Reason.NO_POSITION,)


def test_proofmode_keeps_device_and_network_apart(tmp_path):
    found, (row,) = read(tmp_path, PROOF)
    assert (found, row.uncertainty_m) == ("proofmode", 12.5)
    assert "device-made-up" not in json.dumps(dict(row.row))
    assert row.private["DeviceID"] == "device-made-up"
    assert row.captured_at.isoformat() == "2023-09-20T10:00:00+04:00"


def test_plain_rows_each_judged_by_itself(tmp_path):
    text = (
        "id,lat,lon,date,note\n"
        "1,39.8,46.7,2023-09-20T14:00,fine\n"
        "2,139.8,46.7,,swapped\n"
        "3,abc,46.7,,words\n"
        '4,"39°49\'16""N","46°45\'30""E",,degrees\n'
        "5,39.8,46.7,yesterday,date\n"
        "6,39.8,46.7,,too,many\n"
        "7,39.8,46.7,,a\x00b\n"
        "8,39.8,46.7,,last\n"
    )
    found, rows = read(tmp_path, text)
    assert found == "plain"
    assert [row.number for row in rows] == list(range(1, 9))
    # A time without an offset is no moment: its date is kept, and no midnight is made up.
    assert (rows[0].captured_on, rows[0].captured_at) == (date(2023, 9, 20), None)
    assert rows[1].reasons == (Reason.AXES_SWAPPED,)
    assert rows[2].reasons == (Reason.POSITION_UNREADABLE,)
    assert rows[3].latitude == pytest.approx(39.8211, abs=1e-4)
    assert rows[4].doubts == (Reason.DATE_UNREADABLE,)
    assert rows[5].reasons == (Reason.TOO_MANY_COLUMNS,)
    assert rows[6].reasons == (Reason.NUL_CHARACTER,)
    assert isinstance(rows[7], ImportedRow)


def test_half_a_surrogate_and_infinite_numbers_refuse_their_row_alone(tmp_path):
    text = '[{"la":1,"lo":2,"t":"\\ud800"},{"la":1e999,"lo":2},{"la":NaN,"lo":2},{"la":1.5,"lo":2.5}]'
    _found, rows = read(tmp_path, text, "x.json")
    assert [isinstance(row, ImportedRow) for row in rows] == [False, False, False, True]


def test_a_file_without_positions_says_so(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FileUnreadable, match="latitude and longitude"):
        list(rows_read(path, format_name="plain"))


ARCHIVED = (
    "Link,Archive Status,Archive Location,Upload Timestamp,Upload Title,Text Content,Hash,Latitude,Longitude\n"
    "https://t.me/example/101,telethon: success,https://archive.example.org/a/101.html,2023-09-20T10:00:00+00:00,"
    "Made-up bridge,Words,SHA-256:aa,,\n"
    "https://t.me/example/102,nothing archived,local/folder,,Made-up school,,,39.8,46.7\n"
    ",,,,No link,,,,\n"
    "https://t.me/example/103,,,,Too far,,,99,46.7\n"
)


def test_auto_archiver_gives_recordings_and_points_where_it_has_some(tmp_path):
    found, rows = read(tmp_path, ARCHIVED)
    assert found == "auto_archiver"
    first, second, third, fourth = rows
    assert (first.latitude, first.links, first.title) == (
        None,
        ("https://t.me/example/101",),
        "Made-up bridge",
    )
    assert first.archived_url == "https://archive.example.org/a/101.html"
    # Its "UTC" is a label: the time stays in the row.
    assert (first.captured_at, first.captured_on) == (None, None)
    assert first.row["upload timestamp"] == "2023-09-20T10:00:00+00:00"
    assert (second.latitude, second.archived_url) == (39.8, "")
    assert third.reasons == (Reason.NO_LINK,)
    assert fourth.reasons == (Reason.AXES_SWAPPED,)


def test_auto_archiver_as_a_workbook(tmp_path):
    path = tmp_path / "sheet.xlsx"
    made = Workbook()
    made.active.append(["Link", "Archive Status", "Upload Title"])
    made.active.append(["https://t.me/example/101", "success", "Made-up bridge"])
    made.save(path)
    (row,) = rows_read(path, format_name="auto_archiver")
    assert (row.latitude, row.title) == (None, "Made-up bridge")


def test_a_timemap_bundle_is_read_with_its_sources(tmp_path):
    path = tmp_path / "bundle.zip"
    event = {"id": "e1", "latitude": "39.8", "longitude": "46.7", "sources": ["s1"]}
    source = {"paths": ["https://example.org/1"], "author": "Made-up Channel"}
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("map/events.json", json.dumps([event]))
        made.writestr("map/sources.json", json.dumps({"s1": source}))
    assert format_guess(path, path.name) == "timemap"
    (row,) = rows_read(path, format_name="timemap")
    assert row.publishers == (("https://example.org/1", "Made-up Channel"),)
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("nothing.json", "[]")
    with pytest.raises(FileUnreadable, match=r"holds no events\.json"):
        list(rows_read(path, format_name="timemap"))
