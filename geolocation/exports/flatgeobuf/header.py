"""The head of a FlatGeobuf: magic bytes and the table `Header` of its schema (src/fbs/header.fbs, 3.0)."""

from __future__ import annotations

from functools import cache
from typing import Final

import orjson
import pyarrow as pa
from pyproj import CRS

from geolocation.exports.arrow import COLUMNS, LAYER
from geolocation.exports.base import BoundingBox, ExportContext
from geolocation.exports.flatgeobuf.flatbuffer import Number, Numbers, Table, size_prefixed
from geolocation.exports.flatgeobuf.index import NODE_SIZE

#: Version 3 of the format, patch 1; eight bytes, so that what follows stays aligned.
MAGIC: Final = b"fgb\x03fgb\x01"
_POINT: Final = 1
_INT, _DOUBLE, _STRING, _DATE_TIME = 5, 10, 11, 13
#: FlatGeobuf has no type for days, so that a day is a text.
_TYPES: Final = {pa.int32(): _INT, pa.float64(): _DOUBLE, pa.string(): _STRING, pa.date32(): _STRING}


def header_bytes(context: ExportContext, count: int, box: BoundingBox | None) -> bytes:
    """Everything before the index, as long as a multiple of eight. `box` is None of no points."""
    said = {name: value for name, value in context.members.items() if name != "title"}
    fields = (
        LAYER,
        None if box is None else Numbers((box.west, box.south, box.east, box.north)),
        Number("B", _POINT),
        *(None, None, None, None),  # neither Z nor M, T, TM
        tuple(_column(name, kind) for name, kind in COLUMNS.items()),
        Number("Q", count),
        # No points have no index, and 16 stands for a field that is absent.
        Number("H", NODE_SIZE if count else 0),
        _crs(),
        context.title,
        context.description,
        orjson.dumps(said).decode(),
    )
    return MAGIC + size_prefixed(Table(fields))


def _column(name: str, kind: pa.DataType) -> Table:
    return Table((name, Number("B", _DATE_TIME if pa.types.is_timestamp(kind) else _TYPES[kind])))


@cache
def _crs() -> Table:
    wgs84 = CRS.from_epsg(4326)
    return Table(("EPSG", Number("i", 4326), wgs84.name, None, wgs84.to_wkt()))
