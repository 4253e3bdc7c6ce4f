"""KML: well-formed, read back by GDAL and by a plain XML parser, and with honest times."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import geopandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolocation.exports.base import PointRow
from geolocation.exports.kml import NAMESPACE, kml_chunks, kmz_chunks
from tests.geolocation.exports.rows import CONTEXT, ROW, TEXTS, a_row, rows_everywhere

NAMES = {"k": NAMESPACE}


def document(rows: list[PointRow]) -> ElementTree.Element:
    found = ElementTree.fromstring(b"".join(kml_chunks(rows, CONTEXT))).find("k:Document", NAMES)
    assert found is not None
    return found


def placemark(row: PointRow) -> ElementTree.Element:
    (found,) = document([row]).findall("k:Placemark", NAMES)
    return found


def extended(element: ElementTree.Element) -> dict[str, str | None]:
    pairs = element.findall("k:ExtendedData/k:Data", NAMES)
    return {pair.attrib["name"]: pair.findtext("k:value", None, NAMES) for pair in pairs}


def test_a_placemark_stands_at_longitude_latitude() -> None:
    assert placemark(ROW).findtext("k:Point/k:coordinates", None, NAMES) == "46.758423,39.821232"


def test_all_values_stand_in_extended_data() -> None:
    values = extended(placemark(ROW))
    assert values["id"] == ROW.id
    assert values["claims"] == "C01; C02"
    assert values["uncertainty_m"] == "10"
    assert values["source_url"] == ROW.source_url
    assert "captured_on" not in values
    assert extended(document([]))["attribution"] == "Training desk & friends <made up>"


def test_elements_stand_in_the_order_of_the_schema() -> None:
    order = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in placemark(ROW)]
    assert order == ["name", "description", "TimeSpan", "styleUrl", "ExtendedData", "Point"]


def test_an_interval_becomes_a_time_span() -> None:
    span = placemark(ROW).find("k:TimeSpan", NAMES)
    assert span is not None
    assert span.findtext("k:begin", None, NAMES) == "2023-09-19T09:00:00Z"
    assert span.findtext("k:end", None, NAMES) == "2023-09-19T10:30:00.500Z"


def test_an_open_interval_keeps_its_one_edge() -> None:
    after = placemark(a_row(captured_to_utc=None)).find("k:TimeSpan", NAMES)
    before = placemark(a_row(captured_from_utc=None)).find("k:TimeSpan", NAMES)
    assert after is not None
    assert before is not None
    assert [child.tag for child in after] == [f"{{{NAMESPACE}}}begin"]
    assert [child.tag for child in before] == [f"{{{NAMESPACE}}}end"]


def test_a_moment_becomes_a_time_stamp_and_a_day_stays_a_day() -> None:
    moment = placemark(a_row(captured_to_utc=ROW.captured_from_utc))
    assert moment.findtext("k:TimeStamp/k:when", None, NAMES) == "2023-09-19T09:00:00Z"
    day = placemark(rows_everywhere()[0])
    assert day.findtext("k:TimeStamp/k:when", None, NAMES) == "2023-09-19"
    unknown = placemark(a_row(captured_from_utc=None, captured_to_utc=None))
    assert unknown.find("k:TimeStamp", NAMES) is None
    assert unknown.find("k:TimeSpan", NAMES) is None


def test_gdal_reads_the_same_positions_and_names() -> None:
    rows = rows_everywhere()
    frame = geopandas.read_file(io.BytesIO(b"".join(kml_chunks(rows, CONTEXT))), driver="KML")
    for row, point in zip(rows, frame.geometry, strict=True):
        assert point.x == pytest.approx(row.longitude, abs=1e-7)
        assert point.y == pytest.approx(row.latitude, abs=1e-7)
    assert list(frame["Name"]) == list(TEXTS)


def test_what_people_typed_is_not_html_in_google_earth() -> None:
    description = placemark(a_row(place_name="<img src=x>")).findtext("k:description", "", NAMES)
    assert "<img" not in description
    assert "&lt;img src=x&gt;" in description


def test_characters_that_xml_cannot_hold_are_dropped() -> None:
    row = a_row(title="a\0b\x0b\ufffec\x1f😀", id='x\x01"<&')
    assert placemark(row).findtext("k:name", None, NAMES) == "abc😀"
    assert placemark(row).attrib["id"] == 'p-x"<&'


@given(st.text(), st.text())
def test_any_text_gives_a_well_formed_document(title: str, place_name: str) -> None:
    assert len(document([a_row(title=title, place_name=place_name)]).findall("k:Placemark", NAMES)) == 1


def test_a_web_address_is_a_link_and_nothing_else_is() -> None:
    description = placemark(ROW).findtext("k:description", "", NAMES)
    assert '<a href="https://example.org/post?a=1&amp;b=2">' in description
    for other in ("javascript:alert(1)", "file:///etc/passwd", "word"):
        assert "<a " not in placemark(a_row(source_url=other)).findtext("k:description", "", NAMES)


def test_each_kind_has_its_style_and_an_unknown_one_the_style_of_the_others() -> None:
    styles = {style.attrib["id"] for style in document([]).findall("k:Style", NAMES)}
    assert styles == {"video", "photo", "satellite", "other"}
    assert placemark(ROW).findtext("k:styleUrl", None, NAMES) == "#video"
    assert placemark(a_row(kind="unknown")).findtext("k:styleUrl", None, NAMES) == "#other"


def test_a_kmz_holds_the_same_document(tmp_path: Path) -> None:
    rows = rows_everywhere()
    for beyond_2_gib in (False, True):
        file = tmp_path / f"{beyond_2_gib}.kmz"
        file.write_bytes(b"".join(kmz_chunks(rows, CONTEXT, beyond_2_gib=beyond_2_gib)))
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["doc.kml"]
            assert archive.read("doc.kml") == b"".join(kml_chunks(rows, CONTEXT))
        frame = geopandas.read_file(file)
        assert list(frame["Name"]) == list(TEXTS)
        assert [point.x for point in frame.geometry] == pytest.approx(
            [row.longitude for row in rows], abs=1e-7
        )


def test_an_empty_document_is_valid() -> None:
    assert document([]).findtext("k:name", None, NAMES) == CONTEXT.title
    assert document([]).findall("k:Placemark", NAMES) == []
