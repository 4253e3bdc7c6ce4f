"""XLSX and GPX as plain files: values, dates, waypoints; hostile ones are refused with a sentence.

The workbooks are written here by openpyxl, the GPX by hand; all their rows are made up.
"""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from geolocation.importers.formats import workbooks
from geolocation.importers.formats.plain import preview, rows
from geolocation.importers.formats.registry import format_guess
from geolocation.importers.formats.row import FileUnreadable, Reason, RefusedRow

GPX = """<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="39.8" lon="46.7"><name>Made-up bridge</name><desc>Խանքենդի / Xankəndi</desc>
<time>2023-09-20T10:00:00Z</time><link href="https://example.org/1"><text>x</text></link></wpt>
<trk><name>A walk</name><trkseg><trkpt lat="1" lon="2"><time>2023-09-20T10:00:00Z</time></trkpt>
<trkpt lat="1" lon="2"/></trkseg></trk>
<rte><rtept lat="1" lon="2"><name>turn</name></rtept></rte>
<wpt lat="99" lon="46.7"><name>Too far</name></wpt>
</gpx>"""


def workbook(path, *lines):
    made = Workbook()
    for line in lines:
        made.active.append(line)
    made.save(path)
    return path


def test_a_workbook_gives_numbers_dates_and_the_values_of_formulas(tmp_path):
    path = workbook(
        tmp_path / "points.xlsx",
        ["id", "lat", "lon", "date", "title"],
        [7, 39.8, 46.7, date(2023, 9, 20), "Made-up bridge 🎯 خان‌کندی"],
        [None, None, None, None, None],
        ["b", "39.9", "46.8", datetime(2023, 9, 20, 14, 5), "Made-up school"],
        ["c", "=1+1", 46.7, None, "A formula that was saved without its value"],
    )
    assert format_guess(path, path.name) == "plain"
    assert preview(path).columns == ("id", "lat", "lon", "date", "title")
    first, second, third = rows(path)
    assert (first.upstream_id, first.latitude, first.longitude) == ("7", 39.8, 46.7)
    assert (first.captured_on, first.captured_at) == (date(2023, 9, 20), None)
    assert first.row["date"] == "2023-09-20"
    assert first.title == "Made-up bridge 🎯 خان‌کندی"
    assert (second.number, second.captured_on, second.captured_at) == (2, date(2023, 9, 20), None)
    assert third == RefusedRow(3, third.row, (Reason.NO_POSITION,))


def test_a_cell_beyond_the_named_columns_refuses_its_row_alone(tmp_path):
    path = workbook(tmp_path / "p.xlsx", ["lat", "lon"], [1, 2, "beyond"], [3, 4])
    found = list(rows(path))
    assert found[0].reasons == (Reason.TOO_MANY_COLUMNS,)
    assert found[1].latitude == 3


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    path = workbook(tmp_path / "p.xlsx", ["lat", "lon"], [1, 2], [3, 4], [5, 6])
    with pytest.raises(FileUnreadable, match="more than 2 rows"):
        list(rows(path))


def changed(path, name, content):
    """The same workbook with one part replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    path.write_bytes(made.getvalue())
    return path


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is(tmp_path):
    path = workbook(tmp_path / "p.xlsx", ["lat", "lon"], [1, 2])
    changed(path, "xl/worksheets/sheet1.xml", b"<a>" + b" " * (workbooks.MOST_BYTES + 1))
    assert path.stat().st_size < 2_000_000
    with pytest.raises(FileUnreadable, match="unpacks to more"):
        list(rows(path))


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize("content", [LAUGHS, LAUGHS.decode().encode("utf-16")])
def test_a_document_type_in_a_workbook_is_refused(tmp_path, content):
    path = workbook(tmp_path / "p.xlsx", ["lat", "lon"], [1, 2])
    with pytest.raises(FileUnreadable, match="document type"):
        list(rows(changed(path, "xl/worksheets/sheet1.xml", content)))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>", b"\xff\xfe\x00"])
def test_a_damaged_workbook_is_refused_with_a_sentence(tmp_path, part, content):
    path = workbook(tmp_path / "p.xlsx", ["lat", "lon"], [1, 2])
    with pytest.raises(FileUnreadable):
        list(rows(changed(path, part, content)))


def test_a_cut_off_workbook_is_refused_with_a_sentence(tmp_path):
    path = workbook(tmp_path / "p.xlsx", ["lat", "lon"], [1, 2])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileUnreadable):
        list(rows(path))


def test_waypoints_are_points_and_paths_are_refused_as_one_row_each(tmp_path):
    path = tmp_path / "walk.gpx"
    path.write_text(GPX)
    first, track, route, last = rows(path)
    assert (first.latitude, first.longitude, first.title) == (39.8, 46.7, "Made-up bridge")
    assert first.captured_at == datetime(2023, 9, 20, 10, tzinfo=UTC)
    assert first.description == "Խանքենդի / Xankəndi"
    assert first.links == ("https://example.org/1",)
    assert (track.reasons, track.row["name"], track.row["points"]) == ((Reason.PATH,), "A walk", "2")
    assert (route.reasons, route.row["kind"]) == ((Reason.PATH,), "route")
    assert last.reasons == (Reason.AXES_SWAPPED,)


def test_a_gpx_with_a_document_type_is_refused(tmp_path):
    path = tmp_path / "walk.gpx"
    path.write_text(GPX.replace("<gpx", '<!DOCTYPE gpx [<!ENTITY a "b">]><gpx', 1))
    with pytest.raises(FileUnreadable, match="document type"):
        list(rows(path))
