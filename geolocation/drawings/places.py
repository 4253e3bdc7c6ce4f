"""Distances as circles to scale, an edge with a point beside it, and directions as a compass rose."""

from __future__ import annotations

from typing import Any

from geolocation.checks.wording import azimuth, degrees, metres
from geolocation.drawings.picture import WIDTH, Part, Picture, dot, label, on_circle, part

# The least that a circle's radius may be and still be seen.
SMALLEST = 2.5
ROSE = 38.0


def distance(drawing: dict[str, Any]) -> Picture:
    """Two circles, each as large as its uncertainty, and the line between their middles."""
    first, second = drawing["points"]
    reach_1, reach_2 = (float(each.get("uncertainty_m") or 0) for each in (first, second))
    apart_m = float(drawing["distance_m"])
    left_m, right_m = min(-reach_1, apart_m - reach_2), max(reach_1, apart_m + reach_2)
    tallest = max(2 * reach_1, 2 * reach_2, 1e-6)
    scale = min((WIDTH - 12) / max(right_m - left_m, tallest), 56 / tallest)
    middle_m, y = (left_m + right_m) / 2, 34.0
    x_1, x_2 = (WIDTH / 2 + (at - middle_m) * scale for at in (0.0, apart_m))
    parts = (
        part("circle", "reach", cx=x_1, cy=y, r=max(reach_1 * scale, SMALLEST)),
        part("circle", "reach", cx=x_2, cy=y, r=max(reach_2 * scale, SMALLEST)),
        part("line", "measure", x1=x_1, y1=y, x2=x_2, y2=y),
        dot(x_1, y),
        dot(x_2, y, measured=True),
        label(metres(apart_m), WIDTH / 2, 79, "middle", "value"),
    )
    names = [str(each.get("role", "")).replace("_", " ") for each in (first, second)]
    words = (
        f"Two circles to scale: {names[0]} ± {metres(reach_1)}, {names[1]} ± {metres(reach_2)}; their "
        f"middles are "
        f"{metres(apart_m)} apart."
    )
    return Picture(84, parts, words)


def edge(drawing: dict[str, Any]) -> Picture:
    """The edge of an area as a line, its inside shaded, and the point with its uncertainty beside it."""
    outside_m, reach_m = float(drawing["outside_m"]), float(drawing["uncertainty_m"])
    scale = min(56 / max(abs(outside_m) + reach_m, 1e-6), 28 / max(reach_m, 1e-6))
    middle, y = WIDTH / 2, 34.0
    x = middle + outside_m * scale
    parts = (
        part("rect", "wedge", x=0.0, y=4.0, width=middle, height=60.0),
        part("line", "guide", x1=middle, y1=4.0, x2=middle, y2=64.0),
        part("circle", "reach", cx=x, cy=y, r=max(reach_m * scale, SMALLEST)),
        part("line", "measure", x1=middle, y1=y, x2=x, y2=y),
        dot(x, y, measured=True),
        label(metres(abs(outside_m)), middle, 79, "middle", "value"),
    )
    side = "outside" if outside_m > 0 else "inside"
    words = f"A point ± {metres(reach_m)}, {metres(abs(outside_m))} {side} the edge of the area."
    return Picture(84, parts, words)


def compass(drawing: dict[str, Any]) -> Picture:
    """A rose: the field of view as a wedge about its axis, and the direction that was computed."""
    cx, cy = WIDTH / 2, 52.0
    axis_deg, measured_deg = float(drawing["axis_deg"]), float(drawing["azimuth_deg"])
    half_deg = min(float(drawing.get("half_field_deg") or drawing.get("tolerance_deg") or 0), 179.9)
    end_x, end_y = on_circle(cx, cy, ROSE, measured_deg)
    axis_x, axis_y = on_circle(cx, cy, ROSE - 3, axis_deg)
    parts = [
        _wedge(cx, cy, axis_deg - half_deg, axis_deg + half_deg),
        part("circle", "guide", cx=cx, cy=cy, r=ROSE),
    ]
    for turn in range(0, 360, 30):
        x1, y1 = on_circle(cx, cy, ROSE, turn)
        x2, y2 = on_circle(cx, cy, ROSE - (3 if turn % 90 else 6), turn)
        parts.append(part("line", "guide", x1=x1, y1=y1, x2=x2, y2=y2))
    for letter, turn in (("N", 0), ("E", 90), ("S", 180), ("W", 270)):
        x, y = on_circle(cx, cy, ROSE + 8, turn)
        parts.append(label(letter, x, y + 4, "middle"))
    parts += [
        part("line", "stated", x1=cx, y1=cy, x2=axis_x, y2=axis_y),
        part("line", "measure", x1=cx, y1=cy, x2=end_x, y2=end_y),
        dot(end_x, end_y, 3.5, measured=True),
        dot(cx, cy),
    ]
    words = (
        f"A compass rose: the axis of view at {azimuth(axis_deg)}, half a field of view of "
        f"{degrees(half_deg)} to each"
        f" side, and the subject at {azimuth(measured_deg)}."
    )
    return Picture(104, tuple(parts), words)


def _wedge(cx: float, cy: float, from_deg: float, to_deg: float) -> Part:
    x1, y1 = on_circle(cx, cy, ROSE, from_deg)
    x2, y2 = on_circle(cx, cy, ROSE, to_deg)
    large = 1 if to_deg - from_deg > 180 else 0
    path = f"M{cx:.2f} {cy:.2f}L{x1:.2f} {y1:.2f}A{ROSE:g} {ROSE:g} 0 {large} 1 {x2:.2f} {y2:.2f}Z"
    return part("path", "wedge", d=path)
