"""Verified points on their way out: rows for JSON pages, CSV and KML, and whole GeoJSON files.

The points of a stream come from one statement in one transaction: a file is one moment's view however long
it takes to read, and one chunk of it is in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import orjson
from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from evidence.models import Investigation
from geolocation.exports.base import BoundingBox, ExportContext, PointRow, in_chunks
from geolocation.models import VerifiedPoint
from geolocation.querysets import VerifiedPointQuerySet

T = TypeVar("T")
#: Told how many points have been written; never asked to use the database, which is busy meanwhile.
Seen = Callable[[int], None]
#: Makes the COPY of some points: the statement and its parameters.
StatementOf = Callable[[VerifiedPointQuerySet], tuple[str, tuple[Any, ...]]]

_ROWS_AT_ONCE = 2000
_TOLD_EVERY = 5000
_FIRST_ROWS = 200
# What PointRow takes, in the order of its fields. `claims` and `verified_by` are arrays.
_COLUMNS = (
    "uid",
    "investigation__code",
    "geolocation__reference",
    "media_reference",
    "title",
    "media_kind",
    "latitude",
    "longitude",
    "uncertainty_m",
    "position_role",
    "disclosure",
    "camera_latitude",
    "camera_longitude",
    "subject_latitude",
    "subject_longitude",
    "place_name",
    "captured_from",
    "captured_to",
    "captured_on",
    "claim_references",
    "source_url",
    "licence",
    "attribution",
    "revision__number",
    "verified_at",
    "verified_by",
    "updated_at",
)
# What the statement below takes from the points themselves; the rest it joins.
_OWN_COLUMNS = (
    "investigation_id",
    "geolocation_id",
    "revision_id",
    *(name for name in _COLUMNS if "__" not in name),
)


#: For readers that join the points to something of their own.
POINT_COLUMNS = _COLUMNS

# PostgreSQL writes the JSON, which is several times faster than making objects of every row.
_FEATURES = (Path(__file__).parent / "point_features.sql").read_text()


def point_rows(points: VerifiedPointQuerySet) -> list[PointRow]:
    """One page of points, in the order of the queryset."""
    return [_row(values) for values in points.values_list(*_COLUMNS)]


def point_rows_stream(points: VerifiedPointQuerySet, *, seen: Seen | None = None) -> Iterator[PointRow]:
    """Every point through a cursor on the server; close the iterator to give it back early."""
    with transaction.atomic():
        values = points.order_by("pk").values_list(*_COLUMNS)
        yield from counted((_row(each) for each in values.iterator(chunk_size=_ROWS_AT_ONCE)), seen)


def geojson_stream(
    points: VerifiedPointQuerySet, context: ExportContext, *, seen: Seen | None = None
) -> Iterator[bytes]:
    """One FeatureCollection with its bounding box: its head at once, then chunks of at least 64 kB."""
    head = {"type": "FeatureCollection", **context.members}
    # The object stays open. It goes out before the box is asked for: the client hears at once.
    yield orjson.dumps(head)[:-1]
    with one_moment(), closing(_geojson_pieces(points, seen)) as pieces:
        yield from in_chunks(pieces)


def _geojson_pieces(points: VerifiedPointQuerySet, seen: Seen | None) -> Generator[bytes, None, None]:
    box = bounding_box(points)
    if box is not None:
        yield b',"bbox":' + orjson.dumps((box.west, box.south, box.east, box.north))
    yield b',"features":[\n'
    separator = b""
    for line in copy_points(features_statement, points, seen=seen):
        # Each block is one whole row with its line feed: the comma goes before the next one.
        yield separator + line[:-1]
        separator = b",\n"
    yield b"\n]}\n"


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction whose statements all see the database as the first of them did.

    Inside of another one, that one decides.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def copy_points(
    statement_of: StatementOf, points: VerifiedPointQuerySet, *, seen: Seen | None = None
) -> Iterator[bytes]:
    """The rows of a COPY of these points as they arrive; only in `one_moment`.

    The first few come from a statement of their own: to join all of them the server reads its tables before
    it has a row, and a client would wait for that.
    """
    first = list(points.order_by("pk").values_list("pk", flat=True)[:_FIRST_ROWS])
    if len(first) < _FIRST_ROWS:
        parts = [VerifiedPoint.objects.filter(pk__in=first)] if first else []
    else:
        parts = [points.filter(pk__lte=first[-1]), points.filter(pk__gt=first[-1])]
    yield from counted(chain.from_iterable(copy_lines(*statement_of(part)) for part in parts), seen)


def copy_lines(statement: str, params: tuple[Any, ...]) -> Iterator[bytes]:
    """The rows of one COPY TO STDOUT as they arrive; only inside a transaction."""
    # psycopg's own cursor: the wrapper that Django puts around it while DEBUG is on takes no parameters here.
    with connection.cursor() as cursor, cursor.cursor.copy(statement, params) as lines:
        yield from map(bytes, lines)


def counted(each: Iterable[T], seen: Seen | None) -> Iterable[T]:
    """The same things; `seen` is told every few thousand how many there were."""
    return each if seen is None else _counted(each, seen)


def _counted(each: Iterable[T], seen: Seen) -> Iterator[T]:
    for number, one in enumerate(each, start=1):
        if number % _TOLD_EVERY == 0:
            seen(number)
        yield one


def features_statement(points: VerifiedPointQuerySet) -> tuple[str, tuple[Any, ...]]:
    """The COPY that writes one feature a line, and its parameters."""
    sql, params = (
        points.order_by().values("uid", "longitude", "latitude", "properties").query.sql_with_params()
    )
    return _FEATURES.replace("(POINTS)", f"({sql})"), params


def with_points(statement: str, points: VerifiedPointQuerySet) -> tuple[str, tuple[Any, ...]]:
    """A statement that reads (POINTS), with the query of these points in its place, and its parameters."""
    sql, params = points.order_by().values(*_OWN_COLUMNS).query.sql_with_params()
    return statement.replace("(POINTS)", f"({sql})"), params


def bounding_box(points: VerifiedPointQuerySet) -> BoundingBox | None:
    """The smallest box west to east around the points, or None without any."""
    edges = points.order_by().aggregate(
        west=Min("longitude"), south=Min("latitude"), east=Max("longitude"), north=Max("latitude")
    )
    return None if edges["west"] is None else BoundingBox(**edges)


def export_context(*, investigation: Investigation | None, filter_text: str, now: datetime) -> ExportContext:
    """Whose points these are: the investigation's own words, or that each point carries its own."""
    if investigation is None:
        each = _("See the properties of each point.")
        return ExportContext(
            title=_("Verified points"),
            attribution=each,
            licence=each,
            filter_text=filter_text,
            generated_at_utc=now,
        )
    return ExportContext(
        title=_("Verified points of %(title)s") % {"title": investigation.title},
        attribution=investigation.attribution,
        licence=investigation.licence,
        filter_text=filter_text,
        generated_at_utc=now,
    )


def export_context_for(*, reader: Any, code: str | None, filter_text: str, now: datetime) -> ExportContext:
    """As `export_context`, of the investigation with this code where the reader may know of it."""
    investigation = None
    if code:
        readable = Investigation.objects.published() | Investigation.objects.filter(
            pk__in=Investigation.objects.for_user(reader).values("pk")
        )
        investigation = readable.filter(code=code).first()
    return export_context(investigation=investigation, filter_text=filter_text, now=now)


def point_row(point: VerifiedPoint) -> PointRow:
    """One point."""
    return point_rows(VerifiedPoint.objects.filter(pk=point.pk))[0]


def point_row_of(values: tuple[Any, ...]) -> PointRow:
    """A point from its columns, in the order of `POINT_COLUMNS`."""
    return _row(values)


def _row(values: tuple[Any, ...]) -> PointRow:
    # In the order of PointRow's fields; arrays become tuples and the id text.
    uid, *others = (tuple(value) if isinstance(value, list) else value for value in values)
    columns: Any = (str(uid), *others)
    return PointRow(*columns)
