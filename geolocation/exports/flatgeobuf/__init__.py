"""FlatGeobuf 3 (https://flatgeobuf.org): points in the order of their spatial index, which lies before them.

The index is known only when the last point is, so that the features are put into a file beside the target
first, each batch in the order of the curve already, and merged from there. In memory there are a batch and
some 50 bytes a point. Why it is not GDAL that writes is in docs/decisions/0028.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geolocation.exports.base import BoundingBox, ExportContext
from geolocation.exports.flatgeobuf.features import features
from geolocation.exports.flatgeobuf.header import header_bytes
from geolocation.exports.flatgeobuf.index import index_write, places_on_curve

#: Features of so many bytes are copied before the pages that they came from are given back.
_COPIED_BYTES: Final = 2 * 1024 * 1024


def flatgeobuf_write(path: Path, batches: Iterable[pa.RecordBatch], context: ExportContext) -> None:
    """Write a FlatGeobuf with its index to `path`, from batches of `geolocation.exports.arrow.SCHEMA`.

    Until it is whole there is `path` with `.features` behind its name too. What the batches raise is raised
    before anything is at `path`.
    """
    beside = path.with_name(f"{path.name}.features")
    try:
        with beside.open("w+b") as spool:
            points = _Points()
            for batch in batches:
                points.add(batch, spool)
            with path.open("wb") as file:
                points.write(file, spool, context)
    finally:
        beside.unlink(missing_ok=True)


class _Points:
    """What is kept of the points while they are in the spool, in its order."""

    def __init__(self) -> None:
        self._places, self._sizes = array("Q"), array("I")
        self._x, self._y = array("d"), array("d")

    def add(self, batch: pa.RecordBatch, spool: BinaryIO) -> None:
        x, y = batch["longitude"].to_numpy(), batch["latitude"].to_numpy()
        places = places_on_curve(x, y)
        order = np.argsort(places)
        ordered = features(batch).take(pa.array(order))
        sizes = pc.binary_length(ordered).to_numpy()
        spool.write(_values(ordered, sizes.sum(dtype=int)))
        self._places.frombytes(places[order].tobytes())
        self._sizes.frombytes(sizes.astype(np.uint32).tobytes())
        self._x.frombytes(x[order].tobytes())
        self._y.frombytes(y[order].tobytes())

    def write(self, file: BinaryIO, spool: BinaryIO, context: ExportContext) -> None:
        count = len(self._places)
        x, y, sizes = np.frombuffer(self._x), np.frombuffer(self._y), np.frombuffer(self._sizes, np.uint32)
        box = BoundingBox(*map(float, (x.min(), y.min(), x.max(), y.max()))) if count else None
        file.write(header_bytes(context, count, box))
        if not count:
            return
        order = np.argsort(np.frombuffer(self._places, np.uint64), kind="stable")
        offsets = _offsets(sizes[order])
        index_write(file, x[order], y[order], offsets[:-1])
        spool.flush()
        for piece in _merged(spool, _offsets(sizes), order, offsets):
            file.write(piece)


def _offsets(sizes: Any) -> Any:
    """Where each of some pieces begins, one behind the other, and where the last one ends, in bytes."""
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


def _merged(spool: BinaryIO, there: Any, order: Any, offsets: Any) -> Iterator[memoryview]:
    """The features, which begin `there` in the spool, in their order; in the file they begin at `offsets`."""
    pages = mmap.mmap(spool.fileno(), 0, access=mmap.ACCESS_READ)
    buffers = [None, pa.py_buffer(there), pa.py_buffer(pages)]
    spooled = pa.Array.from_buffers(pa.large_binary(), len(order), buffers)
    bounds = np.searchsorted(offsets, np.arange(0, offsets[-1] + _COPIED_BYTES, _COPIED_BYTES))
    for start, end in pairwise(np.unique(bounds.clip(max=len(order)))):
        yield _values(spooled.take(pa.array(order[start:end])), offsets[end] - offsets[start])
        # Each batch was put in order before it came here: what was read of it is not read again.
        pages.madvise(mmap.MADV_DONTNEED)


def _values(texts: pa.Array, size_bytes: int) -> memoryview:
    """The bytes of an array that was made just now, one value behind the other."""
    return memoryview(texts.buffers()[2])[:size_bytes]
