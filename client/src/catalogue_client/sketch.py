"""A small map of points as SVG, without any package: for a notebook, or a report, on the spot.

Longitude is shortened by the cosine of the middle latitude, so that shapes are right in a small area; this is
a drawing and no projection to measure in. geopandas' own `plot` needs matplotlib, which is not needed here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

# Okabe and Ito: tellable apart by people who see few colours.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_MARGIN_PX, _LEGEND_PX = 56.0, 22.0
_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One point of a sketch, in degrees, with the group that gives its colour and its label."""

    latitude: float
    longitude: float
    group: str
    label: str


@dataclass(frozen=True, repr=False)
class Sketch:
    """An SVG that notebooks show by themselves."""

    svg: str

    def __repr__(self) -> str:
        return f"<Sketch, {len(self.svg)} characters of SVG>"

    def _repr_svg_(self) -> str:
        return self.svg


def sketch(marks: Iterable[Mark], *, title: str, width_px: int = 720) -> Sketch:
    """Draw marks with a grid of degrees and a legend of their groups; the label is shown on pointing."""
    shown = list(marks)
    view = _View.around(shown, float(width_px))
    groups = sorted({mark.group for mark in shown})
    colour = {group: _COLOURS[number % len(_COLOURS)] for number, group in enumerate(groups)}
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_px} {view.full_height:.0f}" '
        f'width="{width_px}" role="img" font-family="sans-serif" font-size="12" fill="#333">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width_px}" height="{view.full_height:.0f}" fill="#fff"/>',
        f'<text x="{_MARGIN_PX}" y="24" font-size="15" font-weight="600">{escape(title)}</text>',
        *view.grid(),
        *(view.dot(mark, colour[mark.group]) for mark in shown),
        *_legend(colour, view.bottom + 40),
        "</svg>",
    ]
    return Sketch("\n".join(pieces))


@dataclass(frozen=True, kw_only=True)
class _View:
    """From degrees to pixels of the drawing."""

    west: float
    north: float
    east: float
    south: float
    width: float
    scale: float
    shortened: float
    legend: float

    @classmethod
    def around(cls, marks: Sequence[Mark], width: float) -> _View:
        latitudes = [mark.latitude for mark in marks] or [0.0]
        longitudes = [mark.longitude for mark in marks] or [0.0]
        middle, across = _middle(latitudes), _middle(longitudes)
        shortened = max(0.01, math.cos(math.radians(middle)))
        # Never narrower than some 200 m, and with room around the outermost.
        wide = max((max(longitudes) - min(longitudes)) * 1.2, 0.002 / shortened)
        high = max((max(latitudes) - min(latitudes)) * 1.2, wide * shortened * 0.4)
        wide = max(wide, high / shortened * 0.9)
        return cls(
            west=across - wide / 2, east=across + wide / 2, south=middle - high / 2, north=middle + high / 2,
            width=width, scale=(width - 2 * _MARGIN_PX) / wide, shortened=shortened,
            legend=_LEGEND_PX * len({mark.group for mark in marks}),
        )  # fmt: skip

    @property
    def bottom(self) -> float:
        return self.y(self.south)

    @property
    def full_height(self) -> float:
        return self.bottom + 44 + self.legend

    def x(self, longitude: float) -> float:
        return _MARGIN_PX + (longitude - self.west) * self.scale

    def y(self, latitude: float) -> float:
        return 40 + (self.north - latitude) * self.scale / self.shortened

    def grid(self) -> list[str]:
        """Lines at round degrees, each with its number, inside a frame."""
        step = _step((self.east - self.west) / 6)
        places = max(0, -math.floor(math.log10(step)))
        right, lines = self.x(self.east), []
        for longitude in _rounds(self.west, self.east, step):
            x = self.x(longitude)
            lines.append(f'<path d="M{x:.1f} 40V{self.bottom:.1f}" stroke="#ddd"/>')
            lines.append(
                f'<text x="{x:.1f}" y="{self.bottom + 16:.1f}" text-anchor="middle">'
                f"{longitude:.{places}f}°</text>"
            )
        for latitude in _rounds(self.south, self.north, step):
            y = self.y(latitude)
            lines.append(f'<path d="M{_MARGIN_PX} {y:.1f}H{right:.1f}" stroke="#ddd"/>')
            lines.append(
                f'<text x="{_MARGIN_PX - 6}" y="{y + 4:.1f}" text-anchor="end">{latitude:.{places}f}°</text>'
            )
        height = self.bottom - 40
        lines.append(
            f'<rect x="{_MARGIN_PX}" y="40" width="{right - _MARGIN_PX:.1f}" '
            f'height="{height:.1f}" fill="none" stroke="#999"/>'
        )
        return lines

    def dot(self, mark: Mark, colour: str) -> str:
        return (
            f'<circle cx="{self.x(mark.longitude):.1f}" cy="{self.y(mark.latitude):.1f}" r="6" '
            f'fill="{colour}" fill-opacity="0.75" stroke="#fff"><title>{escape(mark.label)}</title></circle>'
        )


def _legend(colour: dict[str, str], top: float) -> list[str]:
    return [
        f'<circle cx="{_MARGIN_PX + 6}" cy="{top + number * _LEGEND_PX:.1f}" r="6" fill="{shade}"/>'
        f'<text x="{_MARGIN_PX + 20}" y="{top + number * _LEGEND_PX + 4:.1f}">{escape(group)}</text>'
        for number, (group, shade) in enumerate(colour.items())
    ]


def _middle(values: Sequence[float]) -> float:
    return (min(values) + max(values)) / 2


def _step(wanted: float) -> float:
    """The next round number from `wanted` on: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(wanted))
    return next((each * power for each in _STEPS if each * power >= wanted), 10 * power)


def _rounds(low: float, high: float, step: float) -> list[float]:
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
