"""Points as Arrow record batches: what GeoPackage, FlatGeobuf and GeoParquet are written from.

A batch is parsed by Arrow itself from features of GeoJSON, one a line, which the database has ready: no
Python object is made of any value. The geometry is WKB, little-endian, x before y.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json

from geolocation.exports.ahead import read_ahead
from geolocation.exports.csv import LIST_SEPARATOR

#: Rows that are turned into one batch: large enough for Arrow, small enough to forget.
BLOCK_BYTES: Final = 2 * 1024 * 1024
GEOMETRY: Final = "geometry"
#: The table or layer in a file.
LAYER: Final = "verified_points"
_MOMENT: Final = pa.timestamp("us", tz="UTC")

#: The columns, in their order. Lists (claims, verified_by) are joined by "; ".
COLUMNS: Final = {
    "id": pa.string(),
    "investigation": pa.string(),
    "reference": pa.string(),
    "media_reference": pa.string(),
    "title": pa.string(),
    "kind": pa.string(),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "uncertainty_m": pa.float64(),
    "position_role": pa.string(),
    "disclosure": pa.string(),
    "camera_latitude": pa.float64(),
    "camera_longitude": pa.float64(),
    "subject_latitude": pa.float64(),
    "subject_longitude": pa.float64(),
    "place_name": pa.string(),
    "captured_from": _MOMENT,
    "captured_to": _MOMENT,
    "captured_on": pa.date32(),
    "claims": pa.string(),
    "source_url": pa.string(),
    "licence": pa.string(),
    "attribution": pa.string(),
    "revision": pa.int32(),
    "verified_at": _MOMENT,
    "verified_by": pa.string(),
    "updated_at": _MOMENT,
}
SCHEMA: Final = pa.schema(
    [*COLUMNS.items(), pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})]
)

_WKB: Final = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
#: Columns that do not come from the properties of a feature.
_OWN: Final = ("id", "latitude", "longitude")
_LISTS: Final = ("claims", "verified_by")


def _as_written(name: str, kind: pa.DataType) -> pa.DataType:
    """The type that a property is read as."""
    if name in _LISTS:
        return pa.list_(pa.string())
    return pa.string() if pa.types.is_date(kind) else kind


_PROPERTIES: Final = {name: _as_written(name, kind) for name, kind in COLUMNS.items() if name not in _OWN}
_FEATURES: Final = json.ParseOptions(
    explicit_schema=pa.schema(
        [
            ("id", pa.string()),
            ("geometry", pa.struct([("coordinates", pa.list_(pa.float64()))])),
            ("properties", pa.struct(list(_PROPERTIES.items()))),
        ]
    ),
    unexpected_field_behavior="ignore",
)


def record_batches(lines: Iterable[Any]) -> Iterator[pa.RecordBatch]:
    """Batches of the SCHEMA out of features of GeoJSON, each a line.

    While a batch is written the next is parsed, and the server's lines after it are read already.
    """
    with closing(read_ahead(_blocks(lines))) as blocks, closing(read_ahead(map(_parsed, blocks))) as tables:
        for table in tables:
            yield from map(_batch, table.to_batches())


def _parsed(block: bytes) -> pa.Table:
    # One block is one piece for the reader, so that a batch is one chunk.
    options = json.ReadOptions(use_threads=False, block_size=len(block) + 1)
    return json.read_json(pa.BufferReader(block), read_options=options, parse_options=_FEATURES)


def _batch(features: pa.RecordBatch) -> pa.RecordBatch:
    place = features["geometry"].field("coordinates").flatten().to_numpy().reshape(-1, 2)
    longitudes, latitudes = place[:, 0].copy(), place[:, 1].copy()
    columns: dict[str, Any] = {
        "id": features["id"],
        "latitude": pa.array(latitudes),
        "longitude": pa.array(longitudes),
        GEOMETRY: wkb_points(longitudes, latitudes),
    }
    for name, values in zip(_PROPERTIES, features["properties"].flatten(), strict=True):
        columns[name] = pc.binary_join(values, LIST_SEPARATOR) if name in _LISTS else values
    return pa.RecordBatch.from_arrays(
        [columns[field.name].cast(field.type) for field in SCHEMA], schema=SCHEMA
    )


def wkb_points(longitudes: Any, latitudes: Any) -> pa.Array:
    """Points as WKB, 21 bytes each: byte order, type 1, x, y."""
    points = np.empty(len(longitudes), _WKB)
    points["order"], points["type"] = 1, 1
    points["x"], points["y"] = longitudes, latitudes
    return records_as_binary(points)


def records_as_binary(records: Any) -> pa.BinaryArray:
    """Each record of a numpy array as its bytes, without a copy."""
    count, size = len(records), records.dtype.itemsize
    offsets = np.arange(0, (count + 1) * size, size, dtype=np.int32)
    return pa.Array.from_buffers(pa.binary(), count, [None, pa.py_buffer(offsets), pa.py_buffer(records)])


def _blocks(lines: Iterable[Any]) -> Iterator[bytes]:
    gathered = bytearray()
    for line in lines:
        gathered += line
        if len(gathered) >= BLOCK_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)
