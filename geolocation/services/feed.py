"""The corrections feed: every change of a point, in an order in which nothing is missed and nothing repeated.

A number that a writer takes is no order to read by: a transaction with a lower one may commit later, and a
reader who is past it never sees it. So writers take none. Their triggers mark the point as changed, and
`changes_order` numbers what is marked *and committed*, one caller at a time. Numbers become readable
in their own order: whoever has read up to n has read everything up to n. A point has one row for each
audience and keeps its newest number alone, so several changes between two readings are told once, as the
state they led to. State and number are read in one statement, so they belong together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from evidence.models import Visibility
from geolocation.exports.base import PointRow
from geolocation.models import Audience, PointChange, Tombstone, TombstoneReason
from geolocation.querysets_feed import PointChangeQuerySet
from geolocation.services.exporting import POINT_COLUMNS, point_row_of

_POINT = "geolocation__verified_point__"
_HEAD = (
    "place",
    "kind",
    "changed_at",
    "geolocation__uid",
    "investigation__code",
    "investigation__visibility",
)
# Only what is committed can be selected; what somebody is changing at this moment is left for the next time.
# Numbered in the order of the first list: an UPDATE would take its rows in any order.
_ORDER = """
WITH waiting AS MATERIALIZED (
    SELECT id FROM geolocation_pointchange WHERE place IS NULL
    ORDER BY changed_at, id LIMIT %s FOR UPDATE SKIP LOCKED
), numbered AS MATERIALIZED (
    SELECT id, nextval('geolocation_pointchange_place') AS place FROM waiting
)
UPDATE geolocation_pointchange AS change SET place = numbered.place, ordered_at = clock_timestamp()
FROM numbered WHERE change.id = numbered.id
"""
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('geolocation_pointchange', 0))"
_MOST_AT_ONCE = 20_000
Point = TypeVar("Point")


class StoredPoint(NamedTuple):
    """A point as the database keeps it said: `properties` is the JSON object of a GeoJSON feature."""

    uid: UUID
    latitude: float
    longitude: float
    properties: str


@dataclass(frozen=True, kw_only=True)
class FeedEntry(Generic[Point]):
    """What one reader is told of one point: the `point` as it is now, or why there is none."""

    place: int
    kind: str
    changed_at: datetime
    uid: UUID
    investigation: str
    point: Point | None
    reason: str = ""
    sentence: str = ""
    removed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """Entries in their order, the place to continue after, and whether more stand behind it already."""

    entries: list[FeedEntry[StoredPoint]]
    place: int
    has_more: bool


def changes_order() -> int:
    """Number the committed changes that have no number yet. Returns how many; 0 if somebody else is at it.

    The lock is held until the numbers are readable, so the next caller's are higher than all of them.
    """
    if not PointChange.objects.filter(place=None).exists():
        return 0
    # The second statement has a snapshot of its own, taken after the lock.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_ORDER, [_MOST_AT_ONCE])
        return int(cursor.rowcount)


def feed_page(*, audience: Audience, code: str | None, after: int, limit: int) -> FeedPage:
    """What the audience is told after a place, of one investigation or of all that it may read."""
    rows = PointChange.objects.told_to(audience, code=code).filter(place__gt=after).order_by("place")
    entries = _entries(rows[: limit + 1], StoredPoint._fields, StoredPoint._make)
    kept = entries[:limit]
    return FeedPage(entries=kept, place=kept[-1].place if kept else after, has_more=len(entries) > len(kept))


def feed_newest(*, audience: Audience, code: str | None, limit: int) -> list[FeedEntry[PointRow]]:
    """The newest entries, the newest first, for people."""
    rows = PointChange.objects.told_to(audience, code=code).order_by("-place")
    return _entries(rows[:limit], POINT_COLUMNS, point_row_of)


def feed_start(*, audience: Audience, code: str | None, since: datetime | None) -> int:
    """The place from which a reader has everything that became readable at `since` or later."""
    if since is None:
        return 0
    return PointChange.objects.told_to(audience, code=code).place_before(since)


def _entries(
    changes: PointChangeQuerySet, columns: tuple[str, ...], read: Callable[[tuple[Any, ...]], Point]
) -> list[FeedEntry[Point]]:
    """In one statement: a state that is newer than its place would be told twice."""
    stones = Tombstone.objects.filter(geolocation=OuterRef("geolocation")).order_by("-pk")
    newest = stones.values(
        found=JSONObject(reason=F("reason"), explanation=F("explanation"), removed_at=F("removed_at"))
    )
    values = changes.annotate(stone=Subquery(newest[:1])).values_list(
        *_HEAD, "audience", "stone", *(_POINT + name for name in columns)
    )
    return [_entry(each, read) for each in values]


def _entry(values: tuple[Any, ...], read: Callable[[tuple[Any, ...]], Point]) -> FeedEntry[Point]:
    place, kind, changed_at, uid, code, visibility, audience, stone, *point = values
    entry = {"place": place, "kind": kind, "changed_at": changed_at, "uid": uid, "investigation": code}
    if audience == Audience.PUBLIC and visibility != Visibility.PUBLISHED:
        return FeedEntry(
            **entry,
            point=None,
            reason=TombstoneReason.WITHHELD,
            sentence=_("This point is not open to the public any more."),
            removed_at=changed_at,
        )
    if point[0] is not None:
        return FeedEntry(**entry, point=read(tuple(point)))
    told = Tombstone(reason=stone["reason"], explanation=stone["explanation"]) if stone else None
    return FeedEntry(
        **entry,
        point=None,
        reason=told.reason if told else TombstoneReason.WITHHELD,
        sentence=told.sentence if told else _("This point is not among the verified ones any more."),
        removed_at=datetime.fromisoformat(stone["removed_at"]) if stone else changed_at,
    )
