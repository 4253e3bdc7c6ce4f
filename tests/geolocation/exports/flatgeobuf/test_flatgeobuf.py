"""FlatGeobuf files, read back by GDAL with and without their index, and taken apart by the specification."""

from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
from pandas.testing import assert_frame_equal

from geolocation.exports import flatgeobuf
from geolocation.exports.arrow import SCHEMA
from geolocation.exports.flatgeobuf import flatgeobuf_write
from tests.geolocation.exports.flatgeobuf.batches import NODE, batch_of, parts_of, scattered
from tests.geolocation.exports.rows import CONTEXT

COUNTS = (0, 1, 15, 16, 17, 257, 3000)
BOXES = ((-180, -90, 180, 90), (0, 0, 180, 90), (-30, -20, 10, 40), (100, -60, 100.5, 60), (2, 2, 2, 2))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "points.fgb"


def in_batches(batch: pa.RecordBatch, size: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(batch), size):
        yield batch.slice(start, size)


@pytest.mark.parametrize("count", COUNTS)
def test_the_index_finds_what_reading_everything_finds(path: Path, count: int) -> None:
    positions = scattered(count)
    flatgeobuf_write(path, in_batches(batch_of(positions), 700), CONTEXT)
    everything = pyogrio.read_dataframe(path)
    assert sorted(everything["id"]) == sorted(f"point-{number}" for number in range(count))
    towns = [(x - 0.04, y - 0.04, x + 0.04, y + 0.04) for x, y in positions[:20]]
    for west, south, east, north in (*BOXES, *towns):
        found = pyogrio.read_dataframe(path, bbox=(west, south, east, north), columns=["id"])
        wanted = {
            f"point-{number}"
            for number, (x, y) in enumerate(positions)
            if west <= x <= east and south <= y <= north
        }
        assert len(found) == len(wanted)
        assert set(found["id"]) == wanted


@pytest.mark.parametrize("count", COUNTS[1:])
def test_leaves_say_where_each_feature_begins_and_lie_in_their_order(path: Path, count: int) -> None:
    flatgeobuf_write(path, in_batches(batch_of(scattered(count)), 100), CONTEXT)
    parts = parts_of(path, count)
    leaves = np.frombuffer(parts.index, NODE)[-count:]
    begin = 0
    for leaf in leaves:
        size, x, y = unpack_from("<I44x2d", parts.features, begin)
        assert (leaf["f4"], leaf["f0"], leaf["f1"]) == (begin, x, y)
        assert begin % 8 == 0
        begin += 4 + size
    assert begin == len(parts.features)
    assert (len(parts.header) + len(parts.index)) % 8 == 0


def test_neighbours_lie_together(path: Path) -> None:
    """From one feature to the next it is a small part of the way that it is in no order."""
    flatgeobuf_write(path, in_batches(batch_of(scattered(3000)), 100), CONTEXT)
    leaves = np.frombuffer(parts_of(path, 3000).index, NODE)[-3000:]
    along = np.hypot(np.diff(leaves["f0"]), np.diff(leaves["f1"])).mean()
    anywhere = np.hypot(*np.diff(np.array(scattered(3000)), axis=0).T).mean()
    assert along < anywhere / 20


def by_gdal(path: Path, batch: pa.RecordBatch) -> None:
    day = SCHEMA.get_field_index("captured_on")
    batch = batch.cast(SCHEMA.set(day, pa.field("captured_on", pa.string())))
    pyogrio.write_arrow(
        pa.Table.from_batches([batch]),
        path,
        driver="FlatGeobuf",
        layer="verified_points",
        geometry_name="geometry",
        geometry_type="Point",
        crs="EPSG:4326",
        layer_metadata=CONTEXT.members,
        layer_options={"TITLE": CONTEXT.title, "DESCRIPTION": CONTEXT.description},
    )


def described(path: Path) -> dict[str, Any]:
    found = pyogrio.read_info(path)
    found["layer_metadata"] = dict(sorted(found["layer_metadata"].items()))
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in found.items()}


@pytest.mark.parametrize("count", [1, 300])
def test_gdal_reads_what_it_reads_of_a_file_of_its_own(tmp_path: Path, path: Path, count: int) -> None:
    """Name, system, columns with their types, box, words about the layer, and every value."""
    unknown = [None if number % 3 else float(number) for number in range(count)]
    batch = batch_of(scattered(count), uncertainty_m=unknown, captured_from=[None] * count)
    by_gdal(tmp_path / "gdal.fgb", batch)
    flatgeobuf_write(path, [batch], CONTEXT)
    assert described(path) == described(tmp_path / "gdal.fgb")
    ours, theirs = (
        pyogrio.read_dataframe(each).sort_values("id", ignore_index=True)
        for each in (path, tmp_path / "gdal.fgb")
    )
    assert ours.geometry.equals(theirs.geometry)
    assert_frame_equal(ours.drop(columns="geometry"), theirs.drop(columns="geometry"))


@pytest.mark.parametrize(
    "name", [name for name in SCHEMA.names[:-1] if name not in ("latitude", "longitude")]
)
def test_what_is_not_known_is_null_and_nothing_else_is(path: Path, name: str) -> None:
    batch = batch_of([(1, 1), (2, 2), (3, 3)])
    values = batch[name].to_pylist()
    values[1] = None
    batch = batch.set_column(
        SCHEMA.get_field_index(name), SCHEMA.field(name), pa.array(values, SCHEMA.field(name).type)
    )
    flatgeobuf_write(path, [batch], CONTEXT)
    frame = pyogrio.read_dataframe(path)
    frame = frame.loc[frame.geometry.x.argsort()]
    assert frame[name].isna().tolist() == [False, True, False]
    assert frame.drop(columns=name).notna().all(axis=None)


def test_a_column_without_any_value_is_there(path: Path) -> None:
    flatgeobuf_write(path, [batch_of([(1, 1)], captured_from=[None], title=[None], revision=[None])], CONTEXT)
    frame = pyogrio.read_dataframe(path)
    assert frame[["captured_from", "title", "revision"]].isna().all(axis=None)
    assert list(frame.columns) == SCHEMA.names


def test_long_and_empty_texts_come_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flatgeobuf, "_MERGED_BYTES", 150_000)
    texts = ["Ստեփանակերտ 📍 " * 5_000, "", "x" * 100_000, "خوجالي، مطار", "y" * 400_001]
    positions = [(float(number), 0.0) for number in range(len(texts))]
    flatgeobuf_write(path, in_batches(batch_of(positions, title=texts), 2), CONTEXT)
    frame = pyogrio.read_dataframe(path)
    assert frame.sort_values("id")["title"].tolist() == texts


def test_points_at_the_poles_and_the_antimeridian_are_found_there(path: Path) -> None:
    positions = [(-180.0, -90.0), (180.0, 90.0), (180.0, 0.0), (-180.0, 0.0), (0.0, 90.0), (-180.0, 90.0)]
    flatgeobuf_write(path, [batch_of(positions)], CONTEXT)
    for number, (x, y) in enumerate(positions):
        found = pyogrio.read_dataframe(path, bbox=(x, y, x, y))
        assert found["id"].tolist() == [f"point-{number}"]
        assert (found.geometry.x[0], found.geometry.y[0]) == (x, y)


def test_many_points_at_one_place_are_all_found(path: Path) -> None:
    flatgeobuf_write(path, in_batches(batch_of([(46.75, 39.82)] * 100), 30), CONTEXT)
    found = pyogrio.read_dataframe(path, bbox=(46, 39, 47, 40))
    assert len(set(found["id"])) == 100


def test_nothing_is_left_when_the_source_breaks_off(path: Path) -> None:
    def broken() -> Iterator[pa.RecordBatch]:
        yield batch_of(scattered(20))
        raise ConnectionError("the server closed the connection")

    with pytest.raises(ConnectionError, match="closed the connection"):
        flatgeobuf_write(path, broken(), CONTEXT)
    assert list(path.parent.iterdir()) == []


def test_nothing_is_left_beside_the_file(path: Path) -> None:
    flatgeobuf_write(path, [batch_of(scattered(20))], CONTEXT)
    assert list(path.parent.iterdir()) == [path]
