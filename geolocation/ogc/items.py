"""One page of a collection: what is asked for, the rows, how many there are, where the next page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from geolocation.forms.points import capture_edge_understand
from geolocation.models import VerifiedPoint
from geolocation.ogc.conditions import condition_read
from geolocation.ogc.crs import crs_understand, reader_of, to_crs
from geolocation.ogc.queryables import QUERYABLES
from geolocation.ogc.sorting import Edge, Sorting, sorting_read
from geolocation.querysets import VerifiedPointQuerySet
from geolocation.sql_parts import in_box

LIMIT_DEFAULT = 100
LIMIT_MOST = 10_000
#: Beyond this the points that match are not counted: the count would cost more than the page.
COUNTED_MOST = 10_000
PROPERTIES = (
    *(name for name in QUERYABLES if name != "geometry"),
    "camera_latitude",
    "camera_longitude",
    "subject_latitude",
    "subject_longitude",
    "claims",
    "verified_by",
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parameters of an address, understood."""

    condition: Q
    limit: int
    crs: str
    sorting: Sorting
    edge: Edge | None
    properties: tuple[str, ...] | None


class StoredPoint(NamedTuple):
    """A point as it is kept for pages: its properties are JSON, written by the database."""

    uid: UUID
    longitude: float
    latitude: float
    properties: str


@dataclass(frozen=True, kw_only=True)
class ItemPage:
    """`matched` is exact, up to COUNTED_MOST; beyond it `estimated` stands. Only the first page has one."""

    points: list[StoredPoint]
    next_cursor: str | None
    previous_cursor: str | None
    matched: int | None = None
    estimated: int | None = None


def asked_read(given: Mapping[str, str]) -> Asked:
    """Raises InvalidInput at the parameter that does not fit."""
    sorting = sorting_read(given.get("sortby", ""))
    return Asked(
        condition=_box(given) & _when(given.get("datetime")) & _filter(given),
        limit=_limit(given.get("limit")),
        crs=crs_understand(given.get("crs"), "crs"),
        sorting=sorting,
        edge=sorting.edge_read(given["cursor"]) if "cursor" in given else None,
        properties=_properties(given.get("properties")),
    )


def page_read(points: VerifiedPointQuerySet, asked: Asked) -> ItemPage:
    """The rows in the order asked for, ties by key, so that no row is on two pages or on none."""
    matching = points.filter(asked.condition)
    sorting, edge = asked.sorting, asked.edge
    is_backward = edge is not None and edge.is_backward
    page = matching if edge is None else sorting.beyond(matching, edge)
    # First the keys, from an index that holds what is mostly asked for, then their rows, which are wide.
    keys = sorting.order(page, is_backward=is_backward).values("pk")[: asked.limit + 1]
    rows = sorting.order(VerifiedPoint.objects.filter(pk__in=keys), is_backward=is_backward)
    found = list(rows.values_list(*StoredPoint._fields, *sorting.columns()))
    is_last = len(found) <= asked.limit
    counted: dict[str, int] = {}
    if edge is None:
        counted = {"matched": len(found)} if is_last else _counted(matching)
    kept = found[: asked.limit][:: -1 if is_backward else 1]
    # Whoever came from a page may go back to it; whether there is more in the other direction was asked.
    has_next, has_previous = (True, not is_last) if is_backward else (not is_last, edge is not None)
    return ItemPage(
        points=[StoredPoint(*each[: len(StoredPoint._fields)]) for each in kept],
        next_cursor=_cursor(sorting, kept[-1]) if kept and has_next else None,
        previous_cursor=_cursor(sorting, kept[0], is_backward=True) if kept and has_previous else None,
        **counted,
    )


def _cursor(sorting: Sorting, row: tuple[Any, ...], *, is_backward: bool = False) -> str:
    *values, pk = row[len(StoredPoint._fields) :]
    return sorting.edge_write(Edge(values=tuple(values), pk=pk, is_backward=is_backward))


def point_stored(points: VerifiedPointQuerySet, uid: UUID) -> StoredPoint | None:
    """The point with this id among these, or None."""
    found = points.filter(uid=uid).values_list(*StoredPoint._fields).first()
    return None if found is None else StoredPoint(*found)


def feature_of(point: StoredPoint, crs: str, wanted: tuple[str, ...] | None = None) -> dict[str, Any]:
    """A GeoJSON feature for orjson; its position in `crs`, the others always in degrees."""
    coordinates = to_crs(point.longitude, point.latitude, crs)
    properties: Any = orjson.Fragment(point.properties)
    if wanted is not None:
        found = orjson.loads(point.properties)
        properties = {name: found[name] for name in wanted}
    return {
        "type": "Feature",
        "id": str(point.uid),
        "geometry": None if coordinates is None else {"type": "Point", "coordinates": coordinates},
        "properties": properties,
    }


def _counted(matching: VerifiedPointQuerySet) -> dict[str, int]:
    """Exactly where the planner expects few, else what it expects: counting costs more than the page."""
    unordered = matching.order_by().values("id")
    expected = int(orjson.loads(unordered.explain(format="json"))[0]["Plan"]["Plan Rows"])
    if expected > 2 * COUNTED_MOST:
        return {"estimated": expected}
    count = unordered[: COUNTED_MOST + 1].count()
    return {"matched": count} if count <= COUNTED_MOST else {"estimated": max(count, expected)}


def _limit(text: str | None) -> int:
    """A limit beyond the largest gives the largest, as the standard has it."""
    if text is None:
        return LIMIT_DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise InvalidInput(
            _("A limit is a whole number from 1 to %(most)d.") % {"most": LIMIT_MOST}, field="limit"
        )
    return min(int(text), LIMIT_MOST)


def _properties(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in PROPERTIES:
            raise InvalidInput(
                _("There is no property “%(name)s”. Known are: %(known)s.")
                % {"name": name[:80], "known": ", ".join(PROPERTIES)},
                field="properties",
            )
    return names


def _filter(given: Mapping[str, str]) -> Q:
    language = given.get("filter-lang", "cql2-text")
    if language not in ("cql2-text", "cql2-json"):
        raise InvalidInput(_("Write filter-lang=cql2-text or cql2-json."), field="filter-lang")
    crs = crs_understand(given.get("filter-crs"), "filter-crs")
    return condition_read(given["filter"], language, crs) if "filter" in given else Q()


def _box(given: Mapping[str, str]) -> Q:
    crs = crs_understand(given.get("bbox-crs"), "bbox-crs")
    if "bbox" not in given:
        return Q()
    try:
        numbers = [float(part) for part in given["bbox"].split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    # Not a number is not equal to itself; nothing reaches beyond the last bound.
    if len(numbers) != 4 or not all(abs(each) <= 1e9 for each in numbers):
        raise InvalidInput(_("Write bbox as four numbers: lower corner, then upper corner."), field="bbox")
    read = reader_of(crs)
    (west, south), (east, north) = read(*numbers[:2]), read(*numbers[2:])
    if south > north or max(abs(south), abs(north)) > 90.0001 or max(abs(west), abs(east)) > 180.0001:
        raise InvalidInput(
            _("The corners of bbox are west, south, east, north in the order of its reference system."),
            field="bbox",
        )
    if west <= east:
        return in_box(west, south, east, north)
    return in_box(west, south, 180.0, north) | in_box(-180.0, south, east, north)


def _when(text: str | None) -> Q:
    """An instant, a day, or two of them with / between; .. or nothing is an open end."""
    if text is None:
        return Q()
    ends = text.split("/")
    if len(ends) > 2:
        raise InvalidInput(_("Write datetime as one time, or as two with / between."), field="datetime")
    try:
        start = _end(ends[0], time.min)
        end = _end(ends[-1], time.max)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], field="datetime") from None
    if start is None and end is None and len(ends) == 1:
        raise InvalidInput(_("Write a time with its offset, as 2023-09-20T14:00:00Z."), field="datetime")
    if start is not None and end is not None and start > end:
        raise InvalidInput(_("The end of datetime lies before its beginning."), field="datetime")
    wanted = Q(captured_on__isnull=False) | Q(captured_from__isnull=False)
    # As the filter of the other exports: a recording known only by its day is compared by the day.
    if start is not None:
        wanted &= Q(captured_to__gte=start) | Q(captured_on__gte=start.date())
    if end is not None:
        wanted &= Q(captured_from__lte=end) | Q(captured_on__lte=end.date())
    return wanted


def _end(text: str, at: time) -> datetime | None:
    return None if text.strip() in ("", "..") else capture_edge_understand(text, at=at)
