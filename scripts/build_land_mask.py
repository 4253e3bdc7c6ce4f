"""Build geolocation/land/mask.bin from Natural Earth's coastlines (npm package world-atlas).

    uv run scripts/build_land_mask.py        (or: .venv/bin/python scripts/build_land_mask.py)

Needs npm, Pillow, numpy and scipy. Coastlines are drawn on a grid of 0.02 degrees, widened by ten kilometres
on the ground, and gathered to cells of 0.1 degrees: land, water, or near a coast. The same input gives the
same bytes.
"""

# /// script
# dependencies = ["numpy", "pillow", "scipy"]
# ///

from __future__ import annotations

import json
import math
import subprocess
import tarfile
import tempfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import maximum_filter1d

PACKAGE = "world-atlas@2.0.2"
MEMBER = "package/land-10m.json"
TARGET = Path(__file__).resolve().parent.parent / "geolocation" / "land" / "mask.bin"

FINE = 50  # pixels a degree while drawing
COARSE = 10  # cells a degree in the file
REACH_M = 10_000.0
METRES_PER_DEGREE = 111_000.0
BAND = 180 * FINE // 180  # rows that are widened together: one degree

Ring = list[tuple[float, float]]


def topology() -> dict:
    """The land of the world as TopoJSON."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            member = archive.extractfile(MEMBER)
            if member is None:
                raise FileNotFoundError(MEMBER)
            return json.load(member)


def arcs_of(land: dict) -> list[Ring]:
    """Every arc in degrees."""
    (scale_x, scale_y), (shift_x, shift_y) = land["transform"]["scale"], land["transform"]["translate"]
    arcs = []
    for arc in land["arcs"]:
        x = y = 0
        points = []
        for dx, dy, *_rest in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    return arcs


def rings_of(land: dict) -> list[list[Ring]]:
    """Every polygon as its rings, longitudes unwrapped: neighbours never jump by more than half a turn."""
    arcs = arcs_of(land)

    def ring(indices: list[int]) -> Ring:
        points: Ring = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += arc if not points else arc[1:]
        return unwrapped(points)

    found = []
    for geometry in land["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        found += [[ring(indices) for indices in polygon] for polygon in polygons]
    return [polygon for polygon in found if not is_null_island(polygon)]


def is_null_island(polygon: list[Ring]) -> bool:
    """Natural Earth draws a metre of land at 0, 0 to catch lost coordinates; here it would be a coast."""
    return all(abs(x) < 0.1 and abs(y) < 0.1 for x, y in polygon[0])


def unwrapped(points: Ring) -> Ring:
    """The ring without jumps; one that goes around the pole is closed along it."""
    flat = [points[0]]
    for longitude, latitude in points[1:]:
        before = flat[-1][0]
        flat.append((before + (longitude - before + 180) % 360 - 180, latitude))
    if abs(flat[-1][0] - flat[0][0]) > 180:
        pole = math.copysign(90, flat[0][1])
        flat += [(flat[-1][0], pole), (flat[0][0], pole)]
    return flat


def size_of(polygon: list[Ring]) -> float:
    longitudes, latitudes = zip(*polygon[0], strict=True)
    return (max(longitudes) - min(longitudes)) * (max(latitudes) - min(latitudes))


def drawn(polygons: list[list[Ring]]) -> tuple[np.ndarray, np.ndarray]:
    """Land and coastline on the fine grid, each (rows, columns) of 0 and 1."""
    size = (360 * FINE, 180 * FINE)
    land, coast = Image.new("L", size), Image.new("L", size)
    on_land, on_coast = ImageDraw.Draw(land), ImageDraw.Draw(coast)
    # The largest first: a lake's island is a polygon of its own and must not be drowned by the lake.
    for polygon in sorted(polygons, key=size_of, reverse=True):
        for place, ring in enumerate(polygon):
            for turn in (-360, 0, 360):
                pixels = [((x + turn + 180) * FINE, (90 - y) * FINE) for x, y in ring]
                if max(x for x, _y in pixels) < 0 or min(x for x, _y in pixels) > size[0]:
                    continue
                on_land.polygon(pixels, fill=0 if place else 1)
                shore = [(x, y) for x, y in pixels if 0 < y < size[1]]
                # A ring around the pole was closed along it, where there is no coast.
                around = len(shore) < len(pixels)
                on_coast.line(shore if around else [*shore, shore[0]], fill=1)
    return np.asarray(land), np.asarray(coast)


def widened(coast: np.ndarray) -> np.ndarray:
    """Everything within ten kilometres of a coastline, a little more towards the corners."""
    up = math.ceil(REACH_M / METRES_PER_DEGREE * FINE)
    tall = maximum_filter1d(coast, 2 * up + 1, axis=0, mode="constant")
    wide = np.empty_like(tall)
    for top in range(0, coast.shape[0], BAND):
        # The narrowest row of the band decides; at a pole everything is one place.
        northmost, southmost = 90 - top / FINE, 90 - (top + BAND) / FINE
        shrink = max(math.cos(math.radians(max(abs(northmost), abs(southmost)))), 0.005)
        across = min(math.ceil(REACH_M / METRES_PER_DEGREE / shrink * FINE), coast.shape[1] // 2 - 1)
        wide[top : top + BAND] = maximum_filter1d(tall[top : top + BAND], 2 * across + 1, axis=1, mode="wrap")
    return wide


def gathered(land: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Cells of the file: 0 water, 1 land, 2 where the fine cells differ or a coast is near."""
    step = FINE // COARSE
    blocks = (land.shape[0] // step, step, land.shape[1] // step, step)
    share = land.reshape(blocks).mean(axis=(1, 3))
    coastal = near.reshape(blocks).max(axis=(1, 3)) > 0
    return np.where(coastal | ((share > 0) & (share < 1)), 2, (share == 1).astype(np.uint8)).astype(np.uint8)


def main() -> None:
    land, coast = drawn(rings_of(topology()))
    cells = gathered(land, widened(coast)).reshape(-1, 4)
    packed = cells[:, 0] | cells[:, 1] << 2 | cells[:, 2] << 4 | cells[:, 3] << 6
    TARGET.write_bytes(zlib.compress(packed.astype(np.uint8).tobytes(), 9))
    counts = np.bincount(cells.ravel(), minlength=3)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes; water, land, near a coast: {counts.tolist()}")


if __name__ == "__main__":
    main()
