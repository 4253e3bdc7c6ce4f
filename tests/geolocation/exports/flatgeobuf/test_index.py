"""The curve against its definition, the nodes against those of GDAL."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pytest

from geolocation.exports.flatgeobuf import index
from geolocation.exports.flatgeobuf.index import hilbert, index_write, places_on_curve
from tests.geolocation.exports.flatgeobuf.batches import NODE, batch_of, parts_of, scattered


def test_the_curve_meets_every_cell_once_and_goes_on_to_one_beside_it() -> None:
    x, y = (axis.ravel() for axis in np.meshgrid(*[np.arange(32, dtype=np.uint32)] * 2))
    places = hilbert(x, y, 5)
    assert sorted(places) == list(range(1024))
    order = np.argsort(places)
    steps = np.abs(np.diff(x[order].astype(int))) + np.abs(np.diff(y[order].astype(int)))
    assert set(steps) == {1}


def test_the_first_cells_are_those_of_the_definition() -> None:
    """Hilbert's curve of the first order goes up, right and down again, from the lower left."""
    x, y = np.array([0, 0, 1, 1], np.uint32), np.array([0, 1, 1, 0], np.uint32)
    assert list(hilbert(x, y, 1)) == [0, 1, 2, 3]


def test_the_edges_of_the_globe_are_on_the_curve() -> None:
    places = places_on_curve(np.array([-180.0, 180, -180, 180]), np.array([-90.0, -90, 90, 90]))
    assert places[0] == 0
    assert places[1] == 4**index.CURVE_BITS - 1
    assert len(set(places)) == 4


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 255, 256, 257, 3000])
def test_the_nodes_are_those_that_gdal_makes_of_the_same_leaves(tmp_path: Path, count: int) -> None:
    path = tmp_path / "gdal.fgb"
    batch = batch_of(scattered(count)).select(["id", "geometry"])
    pyogrio.write_arrow(
        pa.Table.from_batches([batch]),
        path,
        driver="FlatGeobuf",
        geometry_name="geometry",
        geometry_type="Point",
        crs="EPSG:4326",
    )
    theirs = parts_of(path, count).index
    leaves = np.frombuffer(theirs, NODE)[-count:]
    ours = io.BytesIO()
    index_write(ours, leaves["f0"], leaves["f1"], leaves["f4"])
    assert ours.getvalue() == theirs


def test_nodes_are_the_same_however_many_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = np.array(scattered(300)).T
    whole, in_parts = io.BytesIO(), io.BytesIO()
    index_write(whole, x, y, np.arange(300))
    monkeypatch.setattr(index, "_NODES", 7)
    index_write(in_parts, x, y, np.arange(300))
    assert in_parts.getvalue() == whole.getvalue()
