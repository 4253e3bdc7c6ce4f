"""FlatGeobuf 3 (https://flatgeobuf.org): points in the order of their spatial index, which lies before them.

The index is known only when the last point is, so that the features are put into a file beside the target
first, each batch in the order of the curve already, and merged from there. In memory there are a batch and
some 50 bytes a point. Why it is not GDAL that writes is in docs/decisions/0028.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geolocation.exports.base import BoundingBox, ExportContext
from geolocation.exports.flatgeobuf.features import features
from geolocation.exports.flatgeobuf.header import header_bytes
from geolocation.exports.flatgeobuf.index import index_write, places_on_curve

#: Features of so many bytes are merged at once.
_MERGED_BYTES: Final = 2 * 1024 * 1024


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
        self._kept: dict[str, array[Any]] = {
            "place": array("Q"),
            "size": array("I"),
            "x": array("d"),
            "y": array("d"),
        }

    def add(self, batch: pa.RecordBatch, spool: BinaryIO) -> None:
        x, y = batch["longitude"].to_numpy(), batch["latitude"].to_numpy()
        places = places_on_curve(x, y)
        order = np.argsort(places)
        ordered = features(batch).take(pa.array(order))
        sizes = pc.binary_length(ordered).to_numpy()
        spool.write(_values(ordered, sizes.sum(dtype=int)))
        kept = {"place": places[order], "size": sizes.astype(np.uint32), "x": x[order], "y": y[order]}
        for name, values in kept.items():
            self._kept[name].frombytes(values.tobytes())

    def write(self, file: BinaryIO, spool: BinaryIO, context: ExportContext) -> None:
        """Write everything, once: what is not needed any more is given up on the way."""
        if not self._kept["place"]:
            file.write(header_bytes(context, 0, None))
            return
        order = np.argsort(self._take("place"), kind="stable")
        sizes, x, y = self._take("size"), self._take("x")[order], self._take("y")[order]
        box = BoundingBox(*map(float, (x.min(), y.min(), x.max(), y.max())))
        file.write(header_bytes(context, len(order), box))
        offsets = _offsets(sizes[order])
        index_write(file, x, y, offsets[:-1])
        del x, y
        spool.flush()
        for piece in _merged(spool, _offsets(sizes), order, offsets):
            file.write(piece)

    def _take(self, name: str) -> Any:
        kept = self._kept.pop(name)
        return np.frombuffer(kept, kept.typecode)


def _offsets(sizes: Any) -> Any:
    """Where each of some pieces begins, one behind the other, and where the last one ends, in bytes."""
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


def _merged(spool: BinaryIO, there: Any, order: Any, offsets: Any) -> Iterator[memoryview]:
    """The features, which begin `there` in the spool, in their order; in the file they begin at `offsets`."""
    bounds = np.searchsorted(offsets, np.arange(0, offsets[-1] + _MERGED_BYTES, _MERGED_BYTES))
    for start, end in pairwise(np.unique(bounds.clip(max=len(order)))):
        chosen = order[start:end]
        as_spooled = np.argsort(chosen)
        sizes = np.diff(offsets[start : end + 1])
        content = b"".join(_runs(spool, there, chosen[as_spooled]))
        buffers = [None, pa.py_buffer(_offsets(sizes[as_spooled])), pa.py_buffer(content)]
        spooled = pa.Array.from_buffers(pa.large_binary(), len(chosen), buffers)
        yield _values(spooled.take(pa.array(np.argsort(as_spooled))), sizes.sum())


def _runs(spool: BinaryIO, there: Any, numbers: Any) -> Iterator[bytes]:
    """The features of these numbers, which ascend, by as many readings as there are gaps between them.

    Each batch was spooled in the order of the curve, so that the part of the curve that is written next is
    one run of each batch.
    """
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    firsts = there[numbers[np.concatenate(([0], breaks + 1))]]
    ends = there[numbers[np.concatenate((breaks, [len(numbers) - 1]))] + 1]
    return map(os.pread, repeat(spool.fileno()), (ends - firsts).tolist(), firsts.tolist())


def _values(texts: pa.Array, size_bytes: int) -> memoryview:
    """The bytes of an array that was made just now, one value behind the other."""
    return memoryview(texts.buffers()[2])[:size_bytes]
