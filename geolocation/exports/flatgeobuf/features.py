"""Points as the features of a FlatGeobuf (src/fbs/feature.fbs), a whole batch at once in Arrow.

A feature is a FlatBuffer of one shape: what leads to the two coordinates and the properties is the same in
all of them, so that it is written as a record of numbers and constants. The properties follow: for every
value that is known the number of its column in two bytes, then the value; a text has its length before it.
"""

from __future__ import annotations

from itertools import chain
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geolocation.exports.arrow import COLUMNS, records_as_binary

# Distances within the constant part, in bytes from the size in front: the tables' vtables at 8 (feature:
# geometry and properties) and 16 (geometry: no ends of lines, coordinates), the feature's table at 24, the
# geometry's at 36, coordinates from 44 (their number, then the numbers at 48), properties from 64.
_TO_ROOT: Final = np.array([24 - 4], "<u4").tobytes()
_VTABLES: Final = np.array([8, 12, 4, 8, 8, 8, 0, 4], "<u2").tobytes()
_TABLES: Final = np.array([24 - 8, 36 - 28, 64 - 32, 36 - 16, 44 - 40], "<u4").tobytes()
_TWO_NUMBERS: Final = np.array([2], "<u4").tobytes()
_CONSTANT: Final = _TO_ROOT + _VTABLES + _TABLES + _TWO_NUMBERS
_HEAD: Final = np.dtype(
    [
        ("size", "<u4"),
        ("constant", f"V{len(_CONSTANT)}"),
        ("x", "<f8"),
        ("y", "<f8"),
        ("properties_bytes", "<u4"),
    ]
)
_ALIGNED_TO: Final = 8
_NOTHING: Final = pa.scalar(b"", pa.binary())
_PADDING: Final = pa.array([bytes(count) for count in range(_ALIGNED_TO)], pa.binary())


def features(batch: pa.RecordBatch) -> pa.BinaryArray:
    """One feature a row, with its size in front; each as long as a multiple of eight."""
    properties = _properties(batch)
    sizes = pc.binary_length(properties).to_numpy()
    padding = -(_HEAD.itemsize + sizes) % _ALIGNED_TO
    heads = np.empty(len(batch), _HEAD)
    heads["size"] = _HEAD.itemsize - 4 + sizes + padding
    heads["constant"] = np.void(_CONSTANT)
    heads["x"], heads["y"] = batch["longitude"], batch["latitude"]
    heads["properties_bytes"] = sizes
    return _joined(records_as_binary(heads), properties, _PADDING.take(pa.array(padding)))


def _properties(batch: pa.RecordBatch) -> pa.BinaryArray:
    pieces = (_pieces(number, batch[name]) for number, name in enumerate(COLUMNS))
    return _joined(*chain.from_iterable(pieces))


def _pieces(number: int, column: pa.Array) -> list[pa.Array]:
    """What a column gives to each row, one behind the other; null where its value is not known."""
    if column.null_count == len(column):
        return []
    if pa.types.is_floating(column.type):
        return [_numbered(number, column, "<f8")]
    if pa.types.is_integer(column.type):
        return [_numbered(number, column, "<i4")]
    texts = _texts(column).cast(pa.binary())
    return [_numbered(number, pc.binary_length(texts), "<u4"), texts]


def _texts(column: pa.Array) -> pa.Array:
    if not pa.types.is_timestamp(column.type):
        return column.cast(pa.string())
    # Without its zone, which is UTC: Arrow writes a moment with a zone some twenty times more slowly.
    moments = column.cast(pa.timestamp("ms"), safe=False).cast(pa.string())
    return pc.binary_join_element_wise(pc.replace_substring(moments, " ", "T", max_replacements=1), "Z", "")


def _numbered(number: int, values: pa.Array, kind: str) -> pa.Array:
    records = np.empty(len(values), [("column", "<u2"), ("value", kind)])
    records["column"] = number
    records["value"] = values.fill_null(0) if values.null_count else values
    pieces = records_as_binary(records)
    return pc.if_else(values.is_valid(), pieces, None) if values.null_count else pieces


def _joined(*pieces: pa.Array) -> pa.BinaryArray:
    return pc.binary_join_element_wise(*pieces, _NOTHING, null_handling="skip")
