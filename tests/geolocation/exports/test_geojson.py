"""GeoJSON against RFC 7946, and read back by the readers people use (GDAL through geopandas, shapely)."""

import io
import json
import tracemalloc
from collections.abc import Iterator

import geopandas
import pytest
import shapely
from shapely.geometry import shape

from geolocation.exports.base import BoundingBox, PointRow
from geolocation.exports.geojson import feature_collection_chunks, feature_sequence_chunks
from tests.geolocation.exports.rows import CONTEXT, ROW, TEXTS, a_row, rows_everywhere

TOLERANCE_DEG = 1e-7


def collection(rows: list[PointRow], **options: BoundingBox) -> bytes:
    return b"".join(feature_collection_chunks(rows, CONTEXT, **options))


def test_a_feature_has_its_id_and_longitude_before_latitude() -> None:
    (feature,) = json.loads(collection([ROW]))["features"]
    assert feature["type"] == "Feature"
    assert feature["id"] == ROW.id
    assert feature["geometry"] == {"type": "Point", "coordinates": [46.758423, 39.821232]}


def test_properties_hold_every_value_with_utc_times() -> None:
    (feature,) = json.loads(collection([ROW]))["features"]
    assert feature["properties"] == {
        "investigation": "TRAIN",
        "reference": "G01",
        "media_reference": "M01",
        "title": "Column on the avenue",
        "kind": "video",
        "uncertainty_m": 10.0,
        "position_role": "camera",
        "disclosure": "exact",
        "camera_latitude": 39.821232,
        "camera_longitude": 46.758423,
        "subject_latitude": 39.899226,
        "subject_longitude": 46.787836,
        "place_name": "Stepanakert / Xankəndi / Ստեփանակերտ",
        "captured_from": "2023-09-19T09:00:00Z",
        "captured_to": "2023-09-19T10:30:00.500Z",
        "captured_on": None,
        "claims": ["C01", "C02"],
        "source_url": "https://example.org/post?a=1&b=2",
        "licence": "CC BY 4.0",
        "attribution": "Training desk",
        "revision": 2,
        "verified_at": "2023-09-22T08:00:00Z",
        "verified_by": ["reviewer.one", "reviewer.two"],
        "updated_at": "2023-09-22T08:00:01Z",
    }


def test_a_day_without_a_time_stays_a_day() -> None:
    properties = json.loads(collection(rows_everywhere()[:1]))["features"][0]["properties"]
    assert properties["captured_on"] == "2023-09-19"
    assert properties["captured_from"] is None
    assert properties["captured_to"] is None


def test_the_context_and_the_box_stand_before_the_features() -> None:
    box = BoundingBox(west=46.0, south=39.0, east=47.0, north=40.0)
    read = json.loads(collection([ROW], bounding_box=box))
    assert list(read) == [
        "type", "bbox", "title", "attribution", "licence", "filter", "generated_at", "features",
    ]  # fmt: skip
    assert read["bbox"] == [46.0, 39.0, 47.0, 40.0]
    assert read["attribution"] == CONTEXT.attribution
    assert read["generated_at"] == "2023-10-01T12:00:00Z"
    assert "bbox" not in json.loads(collection([ROW]))


def test_geopandas_reads_the_same_positions_and_texts() -> None:
    rows = rows_everywhere()
    frame = geopandas.read_file(io.BytesIO(collection(rows)))
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == len(rows)
    for row, point, title, place in zip(
        rows, frame.geometry, frame["title"], frame["place_name"], strict=True
    ):
        assert point.x == pytest.approx(row.longitude, abs=TOLERANCE_DEG)
        assert point.y == pytest.approx(row.latitude, abs=TOLERANCE_DEG)
        assert (title, place) == (row.title, row.place_name)
    assert list(frame["title"]) == list(TEXTS)
    assert list(frame["id"]) == [row.id for row in rows]


def test_shapely_reads_exactly_the_stored_positions() -> None:
    rows = rows_everywhere()
    data = collection(rows)
    points = [shape(feature["geometry"]) for feature in json.loads(data)["features"]]
    assert [(point.y, point.x) for point in points] == [(row.latitude, row.longitude) for row in rows]
    assert len(shapely.from_geojson(data).geoms) == len(rows)


def test_an_empty_collection_is_valid() -> None:
    data = collection([])
    assert json.loads(data)["features"] == []
    assert len(geopandas.read_file(io.BytesIO(data))) == 0
    assert b"".join(feature_sequence_chunks([])) == b""


@pytest.mark.parametrize("record_separators", [True, False])
def test_a_sequence_is_read_by_line_and_by_geopandas(record_separators: bool) -> None:
    rows = rows_everywhere()
    data = b"".join(feature_sequence_chunks(rows, record_separators=record_separators))
    lines = data.decode().removesuffix("\n").split("\n")
    assert all(line.startswith("\x1e") is record_separators for line in lines)
    read = [json.loads(line.lstrip("\x1e")) for line in lines]
    assert read == json.loads(collection(rows))["features"]
    frame = geopandas.read_file(io.BytesIO(data), driver="GeoJSONSeq")
    assert list(frame["title"]) == list(TEXTS)


def test_many_rows_are_streamed_in_constant_memory() -> None:
    taken = 0

    def many() -> Iterator[PointRow]:
        nonlocal taken
        row = a_row()
        for _ in range(20_000):
            taken += 1
            yield row

    chunks = feature_collection_chunks(many(), CONTEXT)
    next(chunks)
    assert 0 < taken < 200
    tracemalloc.start()
    size_bytes = sum(len(chunk) for chunk in chunks)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size_bytes > 10_000_000
    assert peak_bytes < 1_000_000
