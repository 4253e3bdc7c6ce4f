"""The band of the earth where a shadow is possible at a moment, on a map of the world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from geolocation.coordinates.position import Position
from geolocation.drawings.chart import Chart, box_path
from geolocation.drawings.picture import Part, label, part
from geolocation.land.outline import HEIGHT, UNITS_PER_DEGREE, WIDTH, land_path
from geolocation.shadows.band import Band

BELOW = 20.0
# An area smaller than this on the map is marked by a ring around it as well.
SMALL = 10.0
RING = 7.0

# Corners as (longitude, latitude), as geometries have them.
Ring = Sequence[Sequence[float]]


def world(
    band: Band, moment: datetime, *, sun: Position, area: Sequence[Ring] = (), place: Position | None = None
) -> Chart:
    """`sun` is where it stands overhead; `area` the rings of an area to mark; `place` a place to mark."""
    parts: list[Part] = [
        part("rect", "water", x=0.0, y=0.0, width=WIDTH, height=HEIGHT),
        part("path", "land", d=land_path()),
        *_grid(),
        part("path", "possible", d=_cells(band)),
        *_area(area),
        *_mark(sun, "sun", "sun overhead"),
    ]
    if place is not None:
        parts += _mark(place, "place", "camera")
    words = (
        f"A map of the world at {moment:%Y-%m-%d %H:%M} UTC. The band in which the shadow is possible covers "
        f"{band.share * 100:.1f} % of the earth's surface; the table below has it by latitude."
    )
    return Chart(WIDTH, HEIGHT + BELOW, tuple(parts), words)


def _x(longitude: float) -> float:
    return (longitude + 180.0) * UNITS_PER_DEGREE


def _y(latitude: float) -> float:
    return (90.0 - latitude) * UNITS_PER_DEGREE


def _cells(band: Band) -> str:
    half = band.step_deg / 2
    return "".join(
        box_path(
            _x(west - half),
            _y(latitude + half),
            (east - west + 2 * half) * UNITS_PER_DEGREE,
            2 * half * UNITS_PER_DEGREE + 0.05,
        )
        for latitude, west, east in band.runs
    )


def _grid() -> list[Part]:
    parts = []
    for longitude in range(-120, 180, 60):
        x = _x(longitude)
        parts += [
            part("line", "guide", x1=x, y1=0.0, x2=x, y2=HEIGHT),
            label(_degrees(longitude, "E", "W"), x, HEIGHT + 14, "middle"),
        ]
    for latitude in (-60, -30, 0, 30, 60):
        y = _y(latitude)
        parts += [
            part("line", "guide", x1=0.0, y1=y, x2=WIDTH, y2=y),
            label(_degrees(latitude, "N", "S"), 4, y - 3, css_class="faint"),
        ]
    return parts


def _degrees(value: int, positive: str, negative: str) -> str:
    return f"{abs(value)}°{positive if value > 0 else negative if value < 0 else ''}"


def _area(rings: Sequence[Ring]) -> list[Part]:
    if not rings:
        return []
    path = "".join(
        "M" + "L".join(f"{_x(corner[0]):.2f} {_y(corner[1]):.2f}" for corner in ring) + "z" for ring in rings
    )
    parts = [part("path", "area", d=path)]
    xs = [_x(corner[0]) for ring in rings for corner in ring]
    ys = [_y(corner[1]) for ring in rings for corner in ring]
    if max(xs) - min(xs) < SMALL and max(ys) - min(ys) < SMALL:
        middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        parts.append(part("circle", "area", cx=middle[0], cy=middle[1], r=RING))
    return parts


def _mark(at: Position, css_class: str, words: str) -> list[Part]:
    x, y = _x(at.longitude), _y(at.latitude)
    anchor = "end" if x > WIDTH - 80 else "start"
    aside = -9 if anchor == "end" else 9
    return [part("circle", css_class, cx=x, cy=y, r=4.0), label(words, x + aside, y + 4, anchor, "value")]
