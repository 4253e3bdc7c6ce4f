"""CQL2 JSON (OGC 21-065r2) into a condition on verified points, over the queryables and nothing else.

Comparisons keep SQL's three values: what is not known fits neither a condition nor its negation. Django's own
lookups would let `NOT (captured_on = ...)` find points whose day is not known.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from geolocation.ogc.cql2_text import DEEPEST, cql2_text_read
from geolocation.ogc.crs import Pair, reader_of
from geolocation.ogc.operands import (
    alike,
    as_time,
    count_check,
    is_number,
    operand,
    operation,
    property_of,
    refuse,
    span,
)
from geolocation.sql_parts import FALSE, infix, joined, on_the_plane, sql

LONGEST_TEXT = 4_000
LONGEST_JSON = 16_000
_COMPARISONS = {"=": "=", "<>": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_disjoint": "ST_Disjoint",
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
}
_SHAPES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
_TEMPORAL = ("t_after", "t_before", "t_during", "t_equals", "t_intersects", "t_disjoint")


def condition_read(text: str, language: str, crs: str) -> Q:
    """The filter as a condition. Raises InvalidInput that says where it breaks."""
    return Q(_Conditions(reader_of(crs)).of(tree_read(text, language), 0))


def tree_read(text: str, language: str) -> Any:
    """The filter as the tree of CQL2 JSON; what its parts mean is not looked at. Raises InvalidInput."""
    longest = LONGEST_TEXT if language == "cql2-text" else LONGEST_JSON
    if len(text) > longest:
        refuse(_("is longer than %(most)d characters") % {"most": longest})
    if "\0" in text:
        refuse(_("holds a NUL character"))
    return cql2_text_read(text) if language == "cql2-text" else _json_read(text)


def _json_read(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        refuse(
            _("is not JSON: it breaks in line %(line)d at character %(at)d")
            % {"line": error.lineno, "at": error.colno}
        )
    except (RecursionError, ValueError):
        refuse(_("cannot be read as JSON"))


class _Conditions:
    def __init__(self, degrees: Callable[[float, float], Pair]) -> None:
        self.degrees = degrees

    def of(self, node: Any, depth: int) -> Any:
        """The condition of one node of the tree."""
        if depth > DEEPEST:
            refuse(_("is nested deeper than %(most)d") % {"most": DEEPEST})
        if isinstance(node, bool):
            return sql(template="TRUE") if node else FALSE
        op, args = operation(node)
        if op in ("and", "or"):
            if len(args) < 2:
                refuse(_("needs two conditions or more for %(op)s") % {"op": op})
            return joined([self.of(each, depth + 1) for each in args], f" {op.upper()} ")
        if op == "not":
            count_check(op, args, 1)
            return sql(self.of(args[0], depth + 1), template="(NOT %(expressions)s)")
        if op in _SPATIAL:
            return self._spatial(op, args)
        return self._scalar(op, args)

    def _scalar(self, op: str, args: list[Any]) -> Any:
        if op in _COMPARISONS:
            count_check(op, args, 2)
            return infix(_COMPARISONS[op], *alike(op, *args))
        if op == "isNull":
            count_check(op, args, 1)
            return sql(property_of(args[0]).sql, template="(%(expressions)s IS NULL)")
        if op == "like":
            return _like(args)
        if op == "between":
            return _between(args)
        if op == "in":
            return _one_of(args)
        if op in _TEMPORAL:
            return _temporal(op, args)
        return refuse(_("asks for “%(op)s”, which is not known here") % {"op": op[:40]})

    def _spatial(self, op: str, args: list[Any]) -> Any:
        count_check(op, args, 2)
        sides = [self._place(each) for each in args]
        if sum(side is None for side in sides) != 1:
            refuse(_("compares the property geometry with one geometry in %(op)s") % {"op": op})
        plane = on_the_plane()
        return sql(*(plane if side is None else side for side in sides), function=_SPATIAL[op])

    def _place(self, node: Any) -> Any:
        """A geometry in degrees, or None for the property."""
        if isinstance(node, dict) and "property" in node:
            if node["property"] != "geometry":
                refuse(_("compares places with geometry alone"))
            return None
        if isinstance(node, dict) and "bbox" in node:
            node = _box(node["bbox"])
        if not isinstance(node, dict) or node.get("type") not in _SHAPES:
            refuse(_("needs a geometry: one of %(known)s, or BBOX") % {"known": ", ".join(_SHAPES)})
        turned = {"type": node["type"], "coordinates": self._turned(node.get("coordinates"), 0)}
        try:
            # Read as text, so that what the library cannot read never reaches the database.
            shape = GEOSGeometry(json.dumps(turned), srid=4326)
        except (GEOSException, GDALException, ValueError, TypeError):
            refuse(_("holds a geometry that cannot be read"))
        if shape.empty:
            refuse(_("holds an empty geometry"))
        if not shape.valid:
            refuse(_("holds a geometry that crosses itself: %(why)s") % {"why": shape.valid_reason[:100]})
        return sql(Value(shape.wkt), Value(4326), function="ST_GeomFromText")

    def _turned(self, coordinates: Any, level: int) -> Any:
        if level > 4 or not isinstance(coordinates, list) or not coordinates:
            refuse(_("holds a geometry that cannot be read"))
        if all(is_number(each) for each in coordinates):
            if len(coordinates) not in (2, 3):
                refuse(_("holds a position that has not two numbers"))
            longitude, latitude = self.degrees(float(coordinates[0]), float(coordinates[1]))
            if abs(longitude) > 180.0001 or abs(latitude) > 90:
                refuse(_("holds a position outside of the world"))
            return [longitude, latitude]
        return [self._turned(each, level + 1) for each in coordinates]


def _like(args: list[Any]) -> Any:
    count_check("like", args, 2)
    text, pattern = operand(args[0]), operand(args[1])
    if (text.kind, pattern.kind) != ("text", "text"):
        refuse(_("compares something that is not text with like"))
    if isinstance(pattern.sql, F):
        refuse(_("needs a text as the pattern of like"))
    inner = args[1]
    while isinstance(inner, dict):
        inner = inner["args"][0]
    if (len(inner) - len(inner.rstrip("\\"))) % 2:
        refuse(_("ends a pattern of like in a lone backslash"))
    return infix("LIKE", text.sql, pattern.sql)


def _between(args: list[Any]) -> Any:
    if len(args) == 2 and isinstance(args[1], list):
        args = [args[0], *args[1]]
    count_check("between", args, 3)
    of, low, high = alike("between", *args)
    return joined([infix(">=", of, low), infix("<=", of, high)], " AND ")


def _one_of(args: list[Any]) -> Any:
    if len(args) != 2 or not isinstance(args[1], list) or not args[1]:
        refuse(_("needs a list of values for in"))
    of, *values = alike("in", args[0], *args[1])
    return joined([infix("=", of, value) for value in values], " OR ")


def _temporal(op: str, args: list[Any]) -> Any:
    count_check(op, args, 2)
    if isinstance(args[0], dict) and "property" not in args[0]:
        # The property stands on the right: the same said from its side.
        mirrored = {"t_after": "t_before", "t_before": "t_after"}
        if op == "t_during":
            refuse(_("needs the property first in t_during"))
        op, args = mirrored.get(op, op), args[::-1]
    of = property_of(args[0])
    if of.kind not in ("time", "day"):
        refuse(_("compares something that is no time with %(op)s") % {"op": op})
    moment = as_time(of).sql
    start, end = span(args[1])
    if op == "t_after":
        return FALSE if end is None else infix(">", moment, end)
    if op == "t_before":
        return FALSE if start is None else infix("<", moment, start)
    if op == "t_equals" and (start is None or end is None):
        refuse(_("compares with an open interval in t_equals"))
    low, high = (">", "<") if op == "t_during" else (">=", "<=")
    known = sql(moment, template="(%(expressions)s IS NOT NULL)")
    parts = [sql(template="TRUE")]
    parts += [infix(low, moment, start)] if start is not None else []
    parts += [infix(high, moment, end)] if end is not None else []
    inside = joined(parts, " AND ")
    if op == "t_disjoint":
        inside = sql(inside, template="(NOT %(expressions)s)")
    return joined([known, inside], " AND ")


def _box(numbers: Any) -> dict[str, Any]:
    if isinstance(numbers, list) and len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if not isinstance(numbers, list) or len(numbers) != 4 or not all(map(is_number, numbers)):
        refuse(_("needs four numbers in a BBOX"))
    west, south, east, north = numbers
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
