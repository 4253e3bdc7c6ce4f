"""Arithmetic of vector tiles in the usual pyramid (Web Mercator, XYZ): which tile, which box, which periods.

Zooms 0 to 8 are counted in a grid of 16 by 16 cells a tile; above that tiles hold the points themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import atan, degrees, pi, sinh
from typing import Final

GRID_ZOOM_MOST: Final = 8
#: Zooms beyond it are drawn from its tiles, whose units are 0.15 m at the equator.
ZOOM_MOST: Final = 16
CELLS_ACROSS: Final = 16
#: Units across a tile, as MVT counts them.
EXTENT: Final = 4096
#: The most features in a tile, and the most of which each says what it is.
FEATURES_MOST: Final = 10_000
DESCRIBED_MOST: Final = 500
BYTES_MOST: Final = 200_000
#: (low, high), both inclusive, as `TileCell.period` counts: 0, years and months.
Span = tuple[int, int]
ALL_TIME: Final[tuple[Span, ...]] = ((0, 0),)


@dataclass(frozen=True)
class Tile:
    """One tile; x counts from 180° W eastwards, y from the north."""

    zoom: int
    x: int
    y: int

    @property
    def is_grid(self) -> bool:
        """Whether it holds counted cells instead of points."""
        return self.zoom <= GRID_ZOOM_MOST

    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees. The outermost tiles reach to the poles."""
        across = 2**self.zoom
        west, east = (number / across * 360 - 180 for number in (self.x, self.x + 1))
        north = 90.0 if self.y == 0 else latitude_at(self.y / across)
        south = -90.0 if self.y == across - 1 else latitude_at((self.y + 1) / across)
        return west, south, east, north


def tile_at(zoom: int, x: int, y: int) -> Tile | None:
    """The tile with these numbers, or None if the pyramid has none."""
    across = 1 << zoom if 0 <= zoom <= ZOOM_MOST else 0
    return Tile(zoom, x, y) if 0 <= x < across and 0 <= y < across else None


def latitude_at(down: float) -> float:
    """The latitude in degrees, `down` of the way (0 to 1) from the northern edge to the southern."""
    return degrees(atan(sinh(pi * (1 - 2 * down))))


def spans(start: date | None, end: date | None) -> tuple[Span, ...]:
    """The periods of the grid that make up these days, in whole months: as few years and months as will do.

    A month counts as a whole as soon as one of its days is asked for.
    """
    if start is None and end is None:
        return ALL_TIME
    first = (start.year, start.month) if start else (1, 1)
    last = (end.year, end.month) if end else (9999, 12)
    if first > last:
        return ()
    first_year = first[0] + (first[1] > 1)
    last_year = last[0] - (last[1] < 12)
    if first_year > last_year:
        return ((_month(first), _month(last)),)
    found = []
    if first[1] > 1:
        found.append((_month(first), _month((first[0], 12))))
    found.append((first_year, last_year))
    if last[1] < 12:
        found.append((_month((last[0], 1)), _month(last)))
    return tuple(found)


def _month(month: tuple[int, int]) -> int:
    return month[0] * 100 + month[1]
