"""A picture as parts of an SVG: names, classes and attributes, never a style."""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH = 152.0


@dataclass(frozen=True, slots=True)
class Part:
    """One element: its name, its class (empty: none), attributes, and the text inside."""

    name: str
    css_class: str
    attributes: tuple[tuple[str, str], ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing `WIDTH` wide; `words` says the same to who cannot see it."""

    height: float
    parts: tuple[Part, ...]
    words: str

    @property
    def view_box(self) -> str:
        """For the attribute of that name."""
        return f"0 0 {WIDTH:g} {self.height:g}"


def part(name: str, css_class: str = "", text: str = "", **attributes: float | str) -> Part:
    """An element; numbers are written with two decimals, `text_anchor` becomes `text-anchor`."""
    written = tuple(
        (key.replace("_", "-"), value if isinstance(value, str) else f"{value:.2f}")
        for key, value in attributes.items()
    )
    return Part(name, css_class, written, text)


def label(text: str, x: float, y: float, anchor: str = "start", css_class: str = "") -> Part:
    """Words at a place."""
    return part("text", css_class, text, x=x, y=y, text_anchor=anchor)


def dot(x: float, y: float, radius: float = 2.5, *, measured: bool = False) -> Part:
    """A point that was stated, or one that was measured."""
    return part("circle", "point point--measured" if measured else "point", cx=x, cy=y, r=radius)


def on_circle(cx: float, cy: float, radius: float, azimuth_deg: float) -> tuple[float, float]:
    """A point on a circle, clockwise from the top."""
    turn = math.radians(azimuth_deg)
    return cx + radius * math.sin(turn), cy - radius * math.cos(turn)
