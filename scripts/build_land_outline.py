"""Build geolocation/land/outline.txt from Natural Earth's coastlines (npm package world-atlas).

    uv run scripts/build_land_outline.py        (or: .venv/bin/python scripts/build_land_outline.py)

Needs npm and shapely, and what build_land_mask.py needs. The land of the world at 1:110 million as the path
of an SVG: two units a degree, from 180 west and 90 north, so 720 by 360. The same input gives the same bytes.
"""

# /// script
# dependencies = ["numpy", "pillow", "scipy", "shapely"]
# ///

from __future__ import annotations

from itertools import pairwise

import build_land_mask
from build_land_mask import Ring
from shapely import Polygon, box, unary_union
from shapely.affinity import translate

MEMBER = "package/land-110m.json"
TARGET = build_land_mask.TARGET.parent / "outline.txt"
UNITS_PER_DEGREE = 2
WORLD = box(-180, -90, 180, 90)


def path_of(ring: Ring) -> str:
    """A closed ring with steps between its points, one decimal each."""
    places = [
        (round((x + 180) * UNITS_PER_DEGREE * 10), round((90 - y) * UNITS_PER_DEGREE * 10)) for x, y in ring
    ]
    steps = [
        f"{number(bx - ax)}{',' if by >= ay else ''}{number(by - ay)}"
        for (ax, ay), (bx, by) in pairwise(places[:-1])
        if (ax, ay) != (bx, by)
    ]
    return f"M{number(places[0][0])},{number(places[0][1])}l{' '.join(steps)}z" if len(steps) > 1 else ""


def number(tenths: int) -> str:
    return f"{tenths / 10:g}"


def main() -> None:
    build_land_mask.MEMBER = MEMBER
    shapes = []
    for outer, *holes in build_land_mask.rings_of(build_land_mask.topology()):
        whole = Polygon(outer, holes).buffer(0)
        shapes += [translate(whole, turn).intersection(WORLD) for turn in (-360, 0, 360)]
    land = unary_union([shape for shape in shapes if not shape.is_empty])
    pieces = [piece for piece in getattr(land, "geoms", [land]) if piece.geom_type == "Polygon"]
    rings = [ring for piece in pieces for ring in (piece.exterior, *piece.interiors)]
    TARGET.write_text("".join(path_of(list(ring.coords)) for ring in rings) + "\n", encoding="ascii")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(rings)} rings")


if __name__ == "__main__":
    main()
