"""Columns for positions: two numbers as given, and the geography that PostgreSQL derives from them.

A geography column alone cannot refuse a latitude of 133: PostGIS moves it silently. So the numbers are
kept in columns of their own under CHECK constraints, and the geography is generated from them and can
never say anything else.
"""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models import PointField
from django.db import models
from django.db.models import F, Func, Q


class PointFromNumbers(Func):
    """`ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)::geography`: immutable, so it may be generated."""

    function = "ST_MakePoint"
    template = "(ST_SetSRID(%(function)s(%(expressions)s), 4326)::geography)"
    output_field = PointField(geography=True)


def generated_point(prefix: str = "") -> models.GeneratedField:
    """A `geography(Point, 4326)` that follows `<prefix>latitude` and `<prefix>longitude`."""
    return models.GeneratedField(
        expression=PointFromNumbers(F(f"{prefix}longitude"), F(f"{prefix}latitude")),
        output_field=PointField(geography=True, null=True, blank=True),
        db_persist=True,
    )


def position_constraints(table: str, prefix: str = "") -> list[models.BaseConstraint]:
    """CHECKs: latitude in [-90, 90], longitude in [-180, 180], and both or neither."""
    latitude, longitude = f"{prefix}latitude", f"{prefix}longitude"
    empty: dict[str, Any] = {f"{latitude}__isnull": True, f"{longitude}__isnull": True}
    full: dict[str, Any] = {f"{latitude}__isnull": False, f"{longitude}__isnull": False}
    return [
        models.CheckConstraint(
            condition=Q(**{f"{latitude}__gte": -90, f"{latitude}__lte": 90})
            | Q(**{f"{latitude}__isnull": True}),
            name=f"{table}_{latitude}_in_range",
        ),
        models.CheckConstraint(
            condition=Q(**{f"{longitude}__gte": -180, f"{longitude}__lte": 180})
            | Q(**{f"{longitude}__isnull": True}),
            name=f"{table}_{longitude}_in_range",
        ),
        models.CheckConstraint(condition=Q(**empty) | Q(**full), name=f"{table}_{prefix}position_is_whole"),
    ]


def known_values(table: str, field: str, values: list[Any]) -> models.CheckConstraint:
    """CHECK: the column holds one of its choices."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"{table}_{field}_is_known")
