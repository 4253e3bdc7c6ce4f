"""Land, water, or too near a coast to tell: Natural Earth's 1:10 million coastlines on a grid of 0.1 degrees.

`mask.bin` is made by `scripts/build_land_mask.py`. It knows oceans, seas and the Caspian, but no lakes and
rivers, no ice shelves, and no islands that are too small for a map of the world. Within about 10 km of every
coast that it has it answers `NEAR_COAST`, and what it calls water may hold a reef or a platform.
"""

from __future__ import annotations

import zlib
from enum import IntEnum
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geolocation.coordinates.position import Position

MASK = Path(__file__).parent / "mask.bin"
CELLS_PER_DEGREE = 10
ROWS, COLUMNS = 180 * CELLS_PER_DEGREE, 360 * CELLS_PER_DEGREE
# Nearer than this to a coastline the mask does not tell.
COARSENESS_M = 10_000.0


class Surface(IntEnum):
    """What the mask says of a cell; the numbers are those in the file."""

    WATER = 0
    LAND = 1
    NEAR_COAST = 2


def surface_at(position: Position) -> Surface:
    """What lies at a position. Latitude 90 and longitude 180 belong to the last cell."""
    row = min(int((90.0 - position.latitude) * CELLS_PER_DEGREE), ROWS - 1)
    column = min(int((position.longitude + 180.0) * CELLS_PER_DEGREE), COLUMNS - 1)
    return Surface(int(_cells()[row, column]))


@cache
def _cells() -> npt.NDArray[np.uint8]:
    """One number a cell, rows from north to south, columns from 180 west."""
    packed = np.frombuffer(zlib.decompress(MASK.read_bytes()), dtype=np.uint8)
    pairs = np.stack([(packed >> shift) & 3 for shift in (0, 2, 4, 6)], axis=1)
    return pairs.reshape(ROWS, COLUMNS)
