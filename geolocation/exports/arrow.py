"""Points as Arrow record batches: what GeoPackage, FlatGeobuf and GeoParquet are written from.

A batch is parsed from rows of CSV as PostgreSQL's COPY writes them (NULL is an empty cell, an empty text is
""), by Arrow itself: no Python object is made of any value. The geometry is WKB, little-endian, x before y.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import csv

from geolocation.exports.ahead import read_ahead

#: Rows that are turned into one batch: large enough for Arrow, small enough to forget.
BLOCK_BYTES: Final = 2 * 1024 * 1024
GEOMETRY: Final = "geometry"
#: The table or layer in a file.
LAYER: Final = "verified_points"
_MOMENT: Final = pa.timestamp("us", tz="UTC")

#: The columns of the CSV, in their order. Lists (claims, verified_by) are joined by "; ".
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
_PARSE: Final = csv.ParseOptions(newlines_in_values=True)
_CONVERT: Final = csv.ConvertOptions(
    column_types=COLUMNS, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
)


def record_batches(lines: Iterable[Any]) -> Iterator[pa.RecordBatch]:
    """Batches of the SCHEMA out of the lines of a COPY, each line a whole row.

    While a batch is written the server's next lines are read already.
    """
    for block in read_ahead(_blocks(lines)):
        table = csv.read_csv(
            pa.BufferReader(block),
            # One block is one piece for the reader, so that a batch is one chunk.
            read_options=_read_options(len(block)),
            parse_options=_PARSE,
            convert_options=_CONVERT,
        )
        longitudes, latitudes = table["longitude"].to_numpy(), table["latitude"].to_numpy()
        geometry = wkb_points(longitudes, latitudes)
        whole = table.append_column(SCHEMA.field(GEOMETRY), geometry).cast(SCHEMA)
        yield from whole.combine_chunks().to_batches()


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


def _read_options(size_bytes: int) -> csv.ReadOptions:
    return csv.ReadOptions(column_names=list(COLUMNS), use_threads=False, block_size=size_bytes + 1)
