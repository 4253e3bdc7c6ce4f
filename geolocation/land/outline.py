"""The outline of the world's land at 1:110 million, for a picture of the whole world."""

from __future__ import annotations

from functools import cache
from pathlib import Path

OUTLINE = Path(__file__).parent / "outline.txt"
UNITS_PER_DEGREE = 2.0
WIDTH, HEIGHT = 360 * UNITS_PER_DEGREE, 180 * UNITS_PER_DEGREE


@cache
def land_path() -> str:
    """The path of an SVG, in units of half a degree from 180 west and 90 north."""
    return OUTLINE.read_text(encoding="ascii").strip()
