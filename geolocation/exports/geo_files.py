"""GeoPackage (OGC 12-128), FlatGeobuf and GeoParquet 1.1: files written from record batches.

Coordinates are WGS 84 (EPSG:4326; in GeoParquet OGC:CRS84), longitude before latitude. GeoPackage and
FlatGeobuf keep moments to the millisecond, GeoParquet to the microsecond. FlatGeobuf has no type for days:
there `captured_on` is a text such as 2023-09-19, for a moment would claim a time that nobody knows.

Whose the points are stands in the file: in GeoPackage as the layer's identifier, description and metadata, in
FlatGeobuf as title, description and metadata, in GeoParquet as key-value metadata of the file.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
from pyarrow import parquet

from geolocation.exports.arrow import GEOMETRY, SCHEMA
from geolocation.exports.base import ExportContext

#: The table or layer in the file.
LAYER: Final = "verified_points"
#: Rows that lie together in a GeoParquet file, and the most that are in memory at once.
_ROW_GROUP: Final = 50_000
_DAY: Final = SCHEMA.get_field_index("captured_on")
_WITH_DAYS_AS_TEXT: Final = SCHEMA.set(_DAY, pa.field("captured_on", pa.string()))


def geopackage_write(path: Path, batches: Iterable[pa.RecordBatch], context: ExportContext) -> None:
    """A GeoPackage with one layer and its spatial index; `path` ends in .gpkg and is not there yet."""
    _gdal_write(
        path,
        batches,
        driver="GPKG",
        layer_metadata=context.members,
        layer_options={"IDENTIFIER": context.title, "DESCRIPTION": _description(context), "FID": "fid"},
    )


def flatgeobuf_write(path: Path, batches: Iterable[pa.RecordBatch], context: ExportContext) -> None:
    """A FlatGeobuf with its packed index; `path` ends in .fgb. The index is made in a file beside it."""
    _gdal_write(
        path,
        (_days_as_text(batch) for batch in batches),
        schema=_WITH_DAYS_AS_TEXT,
        driver="FlatGeobuf",
        layer_metadata=context.members,
        layer_options={
            "TITLE": context.title,
            "DESCRIPTION": _description(context),
            "TEMPORARY_DIR": str(path.parent),
        },
    )


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


def _gdal_write(
    path: Path,
    batches: Iterable[pa.RecordBatch],
    *,
    driver: str,
    layer_metadata: dict[str, str],
    layer_options: dict[str, str],
    schema: pa.Schema = SCHEMA,
) -> None:
    source = _Source(batches)
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, iter(source)),
            path,
            layer=LAYER,
            driver=driver,
            geometry_name=GEOMETRY,
            geometry_type="Point",
            crs="EPSG:4326",
            layer_metadata=layer_metadata,
            layer_options=layer_options,
        )
    # GDAL's errors have no class in common; the cause is told apart and raised again below.
    except Exception as stopped:
        if source.failure is None:
            raise
        # GDAL only knows that no batch came. Why is what the caller has to hear, and to find in the log.
        source.failure.add_note(f"{driver} stopped because of it: {stopped}")
        raise source.failure from stopped


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


def _days_as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.set_column(_DAY, _WITH_DAYS_AS_TEXT.field(_DAY), batch.column(_DAY).cast(pa.string()))


def _description(context: ExportContext) -> str:
    return "\n".join(f"{name}: {value}" for name, value in context.members.items() if name != "title")


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
