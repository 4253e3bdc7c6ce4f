"""GeoPackage (OGC 12-128) and GeoParquet 1.1: files written from record batches by GDAL and Arrow.

Coordinates are WGS 84 (EPSG:4326; in GeoParquet OGC:CRS84), longitude before latitude. GeoPackage keeps
moments to the millisecond, GeoParquet to the microsecond. FlatGeobuf is in `geolocation.exports.flatgeobuf`.

Whose the points are stands in the file: in GeoPackage as the layer's identifier, description and metadata, in
GeoParquet as key-value metadata of the file.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
from pyarrow import parquet

from geolocation.exports.arrow import GEOMETRY, LAYER, SCHEMA
from geolocation.exports.base import ExportContext

#: Rows that lie together in a GeoParquet file, and the most that are in memory at once.
_ROW_GROUP: Final = 50_000


def geopackage_write(path: Path, batches: Iterable[pa.RecordBatch], context: ExportContext) -> None:
    """A GeoPackage with one layer and its spatial index; `path` ends in .gpkg and is not there yet."""
    source = _Source(batches)
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(SCHEMA, iter(source)),
            path,
            layer=LAYER,
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type="Point",
            crs="EPSG:4326",
            layer_metadata=context.members,
            layer_options={
                "IDENTIFIER": context.title,
                "DESCRIPTION": context.description,
                "FID": "fid",
            },
        )
    # GDAL's errors have no class in common; the cause is told apart and raised again below.
    except Exception as stopped:
        if source.failure is None:
            raise
        # GDAL only knows that no batch came. Why is what the caller has to hear, and to find in the log.
        source.failure.add_note(f"GDAL stopped because of it: {stopped}")
        raise source.failure from stopped


def geoparquet_write(path: Path, batches: Iterable[pa.RecordBatch], context: ExportContext) -> None:
    """A GeoParquet file, 1.1 metadata, with the box around its points where it has any."""
    box: list[float] = []
    with parquet.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for table in _row_groups(batches):
            box = _box(box, table)
            writer.write_table(table, row_group_size=_ROW_GROUP)
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
        if box:
            column["bbox"] = box
        geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
        writer.add_key_value_metadata({"geo": orjson.dumps(geo).decode(), **context.members})


class _Source:
    """Batches on their way through GDAL, which forgets what went wrong while they were made."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = batches
        self.failure: Exception | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._batches
        # Kept, because GDAL swallows what stops its source; raised again by the writer.
        except Exception as failure:
            self.failure = failure
            raise


def _row_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    gathered: list[pa.RecordBatch] = []
    for batch in batches:
        gathered.append(batch)
        if sum(len(each) for each in gathered) >= _ROW_GROUP:
            yield pa.Table.from_batches(gathered)
            gathered.clear()
    if gathered:
        yield pa.Table.from_batches(gathered)


def _box(known: list[float], table: pa.Table) -> list[float]:
    """West, south, east, north of what is known already and of these points."""
    x, y = pc.min_max(table["longitude"]).as_py(), pc.min_max(table["latitude"]).as_py()
    here = [x["min"], y["min"], x["max"], y["max"]]
    if not known:
        return here
    return [*map(min, known[:2], here[:2]), *map(max, known[2:], here[2:])]
