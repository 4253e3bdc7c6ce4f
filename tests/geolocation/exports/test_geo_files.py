"""GeoPackage, FlatGeobuf and GeoParquet, read back by GDAL, geopandas and pyarrow."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas
import orjson
import pyogrio
import pytest
from pyarrow import parquet

from geolocation.exports.arrow import record_batches
from geolocation.exports.base import PointRow
from geolocation.exports.flatgeobuf import flatgeobuf_write
from geolocation.exports.geo_files import geopackage_write, geoparquet_write
from geolocation.exports.geojson import feature
from tests.geolocation.exports.rows import CONTEXT, ROW, TEXTS, a_row, rows_everywhere

WRITERS = {".gpkg": geopackage_write, ".fgb": flatgeobuf_write, ".parquet": geoparquet_write}
Written = Callable[[str, list[PointRow]], Path]


def lines(rows: list[PointRow]) -> list[bytes]:
    """The rows as features, one a line, as the database writes them."""
    return [orjson.dumps(feature(row)) + b"\n" for row in rows]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(extension: str, rows: list[PointRow]) -> Path:
        path = tmp_path / f"points{extension}"
        WRITERS[extension](path, record_batches(lines(rows)), CONTEXT)
        return path

    return write


def read(path: Path) -> Any:
    return geopandas.read_parquet(path) if path.suffix == ".parquet" else geopandas.read_file(path)


@pytest.mark.parametrize("extension", WRITERS)
def test_positions_days_and_texts_come_back(written: Written, extension: str) -> None:
    rows = rows_everywhere()
    frame = read(written(extension, rows)).set_index("id").loc[[row.id for row in rows]]
    assert frame.crs.to_authority() in (("EPSG", "4326"), ("OGC", "CRS84"))
    assert [point.x for point in frame.geometry] == [row.longitude for row in rows]
    assert [point.y for point in frame.geometry] == [row.latitude for row in rows]
    assert list(frame["title"]) == list(TEXTS)
    assert list(frame["place_name"]) == [row.place_name for row in rows]
    assert [_day(each) for each in frame["captured_on"]] == [row.captured_on for row in rows]
    assert frame["captured_from"].isna().all()
    assert list(frame["claims"]) == ["C01; C02"] * len(rows)
    assert list(frame["revision"]) == [2] * len(rows)


def _day(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value.date() if isinstance(value, datetime) else value


@pytest.mark.parametrize("extension", WRITERS)
def test_moments_come_back_with_their_fraction_and_in_utc(written: Written, extension: str) -> None:
    frame = read(written(extension, [ROW]))
    moment = frame["captured_to"][0].to_pydatetime()
    assert moment == datetime(2023, 9, 19, 10, 30, 0, 500_000, tzinfo=UTC)
    assert frame["captured_on"].isna().all()


@pytest.mark.parametrize("extension", WRITERS)
def test_days_and_moments_have_types_of_their_own(written: Written, extension: str) -> None:
    path = written(extension, [ROW])
    if extension == ".parquet":
        types = {field.name: str(field.type) for field in parquet.read_schema(path)}
        assert types["captured_on"] == "date32[day]"
        assert types["captured_from"] == "timestamp[us, tz=UTC]"
    else:
        info = pyogrio.read_info(path)
        types = dict(zip(info["fields"], info["ogr_types"], strict=True))
        # FlatGeobuf has no type for days; a moment at midnight would be a time that nobody knows.
        assert types["captured_on"] == {".gpkg": "OFTDate", ".fgb": "OFTString"}[extension]
        assert types["captured_from"] == "OFTDateTime"
        assert info["geometry_type"] == "Point"


@pytest.mark.parametrize("extension", WRITERS)
def test_unknown_is_not_an_empty_text_and_not_a_zero(written: Written, extension: str) -> None:
    rows = [a_row(uncertainty_m=None, camera_latitude=None, place_name="")]
    frame = read(written(extension, rows))
    assert frame["uncertainty_m"].isna().all()
    assert frame["camera_latitude"].isna().all()
    assert list(frame["place_name"]) == [""]


@pytest.mark.parametrize("extension", WRITERS)
def test_no_points_are_a_valid_file(written: Written, extension: str) -> None:
    frame = read(written(extension, []))
    assert len(frame) == 0
    assert "verified_by" in frame.columns


@pytest.mark.parametrize("extension", WRITERS)
def test_the_file_says_whose_it_is(written: Written, extension: str) -> None:
    path = written(extension, [ROW])
    if extension == ".parquet":
        said = {key.decode(): value.decode() for key, value in parquet.read_metadata(path).metadata.items()}
    else:
        said = pyogrio.read_info(path)["layer_metadata"]
    assert said["attribution"] == CONTEXT.attribution
    assert said["licence"] == "CC BY 4.0"
    assert said["filter"] == "investigation=TRAIN"
    assert said["generated_at"] == "2023-10-01T12:00:00Z"


def test_geoparquet_has_the_metadata_of_its_version(written: Written) -> None:
    rows = rows_everywhere()
    geo = orjson.loads(parquet.read_metadata(written(".parquet", rows)).metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert geo["version"] == "1.1.0"
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert column["bbox"] == [-180.0, -90.0, 180.0, 90.0]
    empty = orjson.loads(parquet.read_metadata(written(".parquet", [])).metadata[b"geo"])
    assert "bbox" not in empty["columns"]["geometry"]


def test_many_blocks_are_one_file(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geolocation.exports.arrow.BLOCK_BYTES", 100)
    monkeypatch.setattr("geolocation.exports.geo_files._ROW_GROUP", 4)
    rows = [a_row(id=str(number), latitude=float(number)) for number in range(10)]
    for extension in WRITERS:
        frame = read(written(extension, rows))
        assert sorted(frame["latitude"]) == [float(number) for number in range(10)]


@pytest.mark.parametrize("extension", WRITERS)
def test_what_broke_the_rows_off_is_what_is_raised(tmp_path: Path, extension: str) -> None:
    """Of GeoPackage GDAL only says that it got no batch; the lost connection is what has to be mended."""
    batches = record_batches(lines(rows_everywhere()))

    def broken() -> Any:
        yield next(batches)
        raise ConnectionError("the server closed the connection")

    with pytest.raises(ConnectionError, match="closed the connection") as raised:
        WRITERS[extension](tmp_path / f"points{extension}", broken(), CONTEXT)
    if extension == ".gpkg":
        assert raised.value.__cause__ is not None
        assert "stopped because of it" in raised.value.__notes__[0]


def test_what_gdal_itself_refuses_is_raised_as_it_says_it(tmp_path: Path) -> None:
    with pytest.raises(pyogrio.errors.DataSourceError):
        geopackage_write(tmp_path / "missing" / "points.gpkg", record_batches(lines([ROW])), CONTEXT)
