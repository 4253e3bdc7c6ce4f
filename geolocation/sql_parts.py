"""Pieces of SQL that Django has no words for, put together from its expressions."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, Q, Value

#: Square degrees. Of a wider box so many points are inside that walking along the keys meets a page of them
#: sooner than an index that has to be read and sorted.
WIDE_BOX_DEG2 = 3000.0


def sql(*expressions: Any, **how: Any) -> Func:
    return Func(*expressions, output_field=BooleanField(), **how)


def on_the_plane() -> Func:
    """The position in degrees on the plane, exactly as its index has it."""
    return sql(F("position"), template="(%(expressions)s)::geometry")


def infix(sign: str, left: Any, right: Any) -> Func:
    return sql(left, right, template="(%(expressions)s)", arg_joiner=f" {sign} ")


def joined(parts: list[Any], connective: str) -> Any:
    return sql(*parts, template="(%(expressions)s)", arg_joiner=connective)


#: Never true, in the words of the database.
FALSE = sql(template="FALSE")


def in_box(west: float, south: float, east: float, north: float) -> Q:
    """Points by their numbers, edges included; of a small box by the index first, in single precision."""
    numbers = Q(latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east)
    if (east - west) * (north - south) > WIDE_BOX_DEG2:
        return numbers
    edges = [Value(each) for each in (west, south, east, north, 4326)]
    return Q(infix("&&", on_the_plane(), sql(*edges, function="ST_MakeEnvelope"))) & numbers
