"""The area of an investigation as people write it: GeoJSON, or one corner a line."""

from __future__ import annotations

import json
import math
from typing import Any

Ring = list[tuple[float, float]]

# Every run of the check on the area keeps the corners that it was judged by.
MOST_CORNERS = 500


class AreaRefused(ValueError):
    """The text is no area. `template % values` says why and what to write."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template % values if values else template)
        self.template, self.values = template, values


NOT_AN_AREA = "Write GeoJSON (a Polygon or MultiPolygon), or one corner a line as latitude, longitude."
TOO_FEW = "An area needs at least three corners."
TOO_MANY = "An area may have %(most)d corners at most; this one has %(count)d. Simplify it."
NO_CORNER = "Line %(line)d is not a corner: write latitude, longitude in decimal degrees, as 39.82, 46.75."
OUT_OF_RANGE = "%(latitude)s, %(longitude)s is not on earth: latitude comes first in lines, last in GeoJSON."
HOLES = "An area with holes is not understood; draw its parts side by side."


def read_area(text: str) -> list[Ring]:
    """The outer rings, each a closed list of (longitude, latitude). Raises AreaRefused with the reason."""
    stripped = text.strip()
    rings = _from_json(stripped) if stripped.startswith(("{", "[")) else [_from_lines(stripped)]
    count = sum(len(ring) for ring in rings)
    if count > MOST_CORNERS:
        raise AreaRefused(TOO_MANY, most=MOST_CORNERS, count=count)
    return [_closed(ring) for ring in rings]


def area_text(rings: list[Ring]) -> str:
    """An area as the form shows it again: corners a line if it is one ring, else GeoJSON."""
    if len(rings) == 1:
        corners = rings[0][:-1] if rings[0][0] == rings[0][-1] else rings[0]
        return "\n".join(f"{latitude:.7g}, {longitude:.7g}" for longitude, latitude in corners)
    return json.dumps({"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]})


def _from_lines(text: str) -> Ring:
    ring: Ring = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = line.replace(";", ",").split(",") if "," in line or ";" in line else line.split()
        try:
            latitude, longitude = (float(part) for part in parts)
        except ValueError:
            raise AreaRefused(NO_CORNER, line=number) from None
        ring.append(_corner(longitude, latitude))
    return ring


def _from_json(text: str) -> list[Ring]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise AreaRefused(NOT_AN_AREA) from None
    return [_ring(polygon) for polygon in _polygons(found)]


def _polygons(found: Any) -> list[Any]:
    """The coordinates of every polygon in a GeoJSON object."""
    if not isinstance(found, dict):
        raise AreaRefused(NOT_AN_AREA)
    kind, coordinates = found.get("type"), found.get("coordinates")
    geometry, features = found.get("geometry"), found.get("features")
    if kind == "Polygon":
        return [coordinates]
    if kind == "MultiPolygon" and isinstance(coordinates, list) and coordinates:
        return coordinates
    # A feature holds a geometry, a collection holds features: nothing nests without end.
    if (
        kind == "Feature"
        and isinstance(geometry, dict)
        and geometry.get("type") in {"Polygon", "MultiPolygon"}
    ):
        return _polygons(geometry)
    if kind == "FeatureCollection" and isinstance(features, list) and features:
        if any(not isinstance(each, dict) or each.get("type") != "Feature" for each in features):
            raise AreaRefused(NOT_AN_AREA)
        return [polygon for feature in features for polygon in _polygons(feature)]
    raise AreaRefused(NOT_AN_AREA)


def _ring(polygon: Any) -> Ring:
    if not isinstance(polygon, list) or not polygon or not isinstance(polygon[0], list):
        raise AreaRefused(NOT_AN_AREA)
    if len(polygon) > 1:
        raise AreaRefused(HOLES)
    ring: Ring = []
    for corner in polygon[0]:
        if not isinstance(corner, list) or len(corner) < 2:
            raise AreaRefused(NOT_AN_AREA)
        longitude, latitude = corner[:2]
        if not all(
            isinstance(number, (int, float)) and not isinstance(number, bool) for number in corner[:2]
        ):
            raise AreaRefused(NOT_AN_AREA)
        ring.append(_corner(float(longitude), float(latitude)))
    return ring


def _corner(longitude: float, latitude: float) -> tuple[float, float]:
    if (
        not (math.isfinite(latitude) and math.isfinite(longitude))
        or abs(latitude) > 90
        or abs(longitude) > 180
    ):
        raise AreaRefused(OUT_OF_RANGE, latitude=latitude, longitude=longitude)
    return longitude, latitude


def _closed(ring: Ring) -> Ring:
    if len(set(ring)) < 3:
        raise AreaRefused(TOO_FEW)
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]
