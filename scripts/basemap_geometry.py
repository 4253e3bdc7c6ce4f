"""Land and lines for the tiles of the offline base map: laid flat, simplified, cut, in a tile's whole units.

World coordinates here are web Mercator with the world as the square 0..1: x grows eastward, y southward.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

EXTENT = 8192  # units along a tile's side, MapLibre's own; at zoom 6 one unit is 76 m at the equator
BUFFER = 128  # units drawn beyond a tile's side, so that no seam shows
MOST_LATITUDE_DEG = 86.5  # beyond the square world, by more than the buffer of the one tile of zoom 0
MOST_LONGITUDE_DEG = 186.0
Position = tuple[float, float]
Tile = tuple[int, int, int]


def unwrap(ring: Sequence[Position]) -> list[Position]:
    """A ring of (longitude, latitude) without jumps from 180 to -180; longitudes may pass 180.

    A ring that goes once around a pole is closed along that pole. Sources that were joined across the
    antimeridian (world-atlas is) have both kinds; read as they are, they sweep bands over the whole map.
    """
    unwrapped = [ring[0]]
    turns = 0
    for (before, _), (longitude, latitude) in pairwise(ring):
        turns -= round((longitude - before) / 360)
        unwrapped.append((longitude + 360 * turns, latitude))
    if not turns:
        return unwrapped
    pole = math.copysign(90, sum(latitude for _, latitude in ring))
    return [*unwrapped, (unwrapped[-1][0], pole), (unwrapped[0][0], pole), unwrapped[0]]


def plane_land(polygons: Sequence[Sequence[Sequence[Position]]]) -> BaseGeometry:
    """The polygons of a GeoJSON MultiPolygon as one valid area in degrees, a little wider than the world."""
    frame = shapely.box(-MOST_LONGITUDE_DEG, -90, MOST_LONGITUDE_DEG, 90)
    pieces = []
    for exterior, *holes in polygons:
        area = _copies(exterior)
        if holes:
            area = area.difference(shapely.union_all([_copies(hole) for hole in holes]))
        pieces.append(area.intersection(frame))
    return shapely.union_all(pieces)


def _copies(ring: Sequence[Position]) -> BaseGeometry:
    """A ring's area, and the same one world to the west and to the east."""
    area = shapely.make_valid(shapely.Polygon(unwrap(ring)))
    moved = [affine_transform(area, [1, 0, 0, 1, shift, 0]) for shift in (-360, 0, 360)]
    return shapely.union_all(moved)


def project(degrees: np.ndarray) -> np.ndarray:
    """Rows of (longitude, latitude) in degrees to rows of world (x, y); latitudes stop beyond the square."""
    latitude = np.radians(np.clip(degrees[:, 1], -MOST_LATITUDE_DEG, MOST_LATITUDE_DEG))
    x = degrees[:, 0] / 360 + 0.5
    y = 0.5 - np.arcsinh(np.tan(latitude)) / (2 * math.pi)
    return np.column_stack([x, y])


def project_areas(degrees: BaseGeometry) -> BaseGeometry:
    """Areas in degrees in world coordinates, valid."""
    return only(shapely.make_valid(shapely.transform(degrees, project)), 2)


def project_lines(lines: Sequence[Sequence[Position]]) -> BaseGeometry:
    """The lines of a GeoJSON MultiLineString in world coordinates."""
    return shapely.multilinestrings([shapely.linestrings(project(np.array(line))) for line in lines])


def simplify(geometry: BaseGeometry, zoom: int, *, tolerance: float, least_area: float = 0) -> BaseGeometry:
    """World geometry without what `zoom` does not show; both limits in a tile's units."""
    unit = 1 / (EXTENT * 2**zoom)
    simpler = shapely.simplify(geometry, tolerance * unit, preserve_topology=True)
    if not least_area:
        return simpler
    parts = shapely.get_parts(only(shapely.make_valid(simpler), 2))
    return shapely.multipolygons(parts[shapely.area(parts) >= least_area * unit**2])


def cut(geometry: BaseGeometry, zoom: int) -> Iterator[tuple[Tile, BaseGeometry]]:
    """Every tile (zoom, x, y) of `zoom` that `geometry` touches, with its part in the tile's units."""
    yield from _quarter(geometry, (0, 0, 0), zoom)


def _quarter(geometry: BaseGeometry, tile: Tile, zoom: int) -> Iterator[tuple[Tile, BaseGeometry]]:
    level, x, y = tile
    # The buffer is that of the tiles asked for, so that no part of one is lost on the way down.
    margin = BUFFER / (EXTENT * 2**zoom)
    size = 1 / 2**level
    frame = shapely.box(
        x * size - margin, y * size - margin, (x + 1) * size + margin, (y + 1) * size + margin
    )
    part = geometry.intersection(frame)
    if part.is_empty:
        return
    if level < zoom:
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            yield from _quarter(part, (level + 1, 2 * x + dx, 2 * y + dy), zoom)
        return
    scale = EXTENT * 2**zoom
    units = affine_transform(part, [scale, 0, 0, scale, -x * EXTENT, -y * EXTENT])
    whole = only(shapely.set_precision(units, 1), shapely.get_dimensions(geometry))
    if not whole.is_empty:
        yield tile, whole


def only(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """The areas (2) or the lines (1) of a geometry: cutting along an edge leaves points and lines behind."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    kept = parts[shapely.get_dimensions(parts) == dimension]
    if dimension == 2:
        return shapely.multipolygons(kept)
    return shapely.line_merge(shapely.multilinestrings(kept))
