"""The packed Hilbert R-tree of a FlatGeobuf: boxes around 16 neighbours, around 16 of those boxes, and so on.

Neighbours are so along Hilbert's curve, which goes through all cells of a grid from one to an adjacent one.
The nodes lie in the file from the root down. A leaf is a feature's box with where it begins, in bytes from
the first one; any other node has the number of its first child. One level stands above the leaves at least.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import numpy as np

NODE_SIZE: Final = 16
#: Cells of the grid to each axis as a power of two: 2.4 m of longitude at the equator, 1.2 m of latitude.
CURVE_BITS: Final = 24
_NODE: Final = np.dtype(
    [("west", "<f8"), ("south", "<f8"), ("east", "<f8"), ("north", "<f8"), ("offset", "<u8")]
)
#: Nodes that are written at once.
_NODES: Final = 16_384

#: West, south, east and north of each node of one level.
Edges = tuple[Any, Any, Any, Any]


def places_on_curve(longitudes: Any, latitudes: Any) -> Any:
    """Where positions in degrees lie along the curve over the whole globe, as uint64."""
    last_cell = 2**CURVE_BITS - 1
    x = ((longitudes + 180) / 360 * last_cell).astype(np.uint32)
    y = ((latitudes + 90) / 180 * last_cell).astype(np.uint32)
    return hilbert(x, y, CURVE_BITS)


def hilbert(x: Any, y: Any, bits: int) -> Any:
    """Where cells of a grid of 2^bits by 2^bits lie along Hilbert's curve; x and y are uint32."""
    one = np.uint32(1)
    places = np.zeros(len(x), np.uint64)
    for bit in reversed(range(bits)):
        right, upper = (x >> np.uint32(bit)) & one, (y >> np.uint32(bit)) & one
        places = (places << np.uint64(2)) | ((np.uint32(3) * right) ^ upper)
        # The lower quarters are turned: on the right mirrored, then x and y swapped. Masks are ones or zeros.
        lower = upper - one
        mirrored = (np.uint32(0) - right) & lower
        x, y = x ^ mirrored, y ^ mirrored
        swapped = (x ^ y) & lower
        x, y = x ^ swapped, y ^ swapped
    return places


def index_write(file: BinaryIO, x: Any, y: Any, offsets: Any) -> None:
    """Write the nodes over points at x, y, of which there is at least one, in the order of the features."""
    levels: list[Edges] = [(x, y, x, y)]
    while len(levels) == 1 or len(levels[-1][0]) > 1:
        levels.append(_parents(levels[-1]))
    first_child = 0
    for level in reversed(levels):
        count = len(level[0])
        first_child += count
        is_of_leaves = level is levels[0]
        for part in _parts(count):
            nodes = np.empty(part.stop - part.start, _NODE)
            for name, edge in zip(("west", "south", "east", "north"), level, strict=True):
                nodes[name] = edge[part]
            children = first_child + NODE_SIZE * np.arange(part.start, part.stop)
            nodes["offset"] = offsets[part] if is_of_leaves else children
            file.write(nodes.data)


def _parents(level: Edges) -> Edges:
    west, south, east, north = level
    firsts = np.arange(0, len(west), NODE_SIZE)
    return (
        np.minimum.reduceat(west, firsts),
        np.minimum.reduceat(south, firsts),
        np.maximum.reduceat(east, firsts),
        np.maximum.reduceat(north, firsts),
    )


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _NODES):
        yield slice(start, min(start + _NODES, count))
