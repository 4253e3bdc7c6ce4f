"""Which geolocations wait for whom: the reads behind the review queue. Nothing here writes."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from evidence.models import Investigation
from evidence.permissions import may
from geolocation.checks.base import Verdict
from geolocation.models import BlindEntry, CheckRun, Decision, Geolocation, Review
from geolocation.review.states import State

# Rows carry the annotations of `queue_of`, which the type of a model does not know.
Queue = QuerySet[Any]

_SPEAKS_AGAINST = [Verdict.FLAGGED.value, Verdict.FAILED.value]
_STANDING = [State.IN_REVIEW.value, State.CHANGES_REQUESTED.value, State.VERIFIED.value]


def queue_of(*, investigation: Investigation, user: Any) -> Queue:
    """Every geolocation of the investigation that somebody has to do something about.

    Annotated: `flags` (newest runs that flagged or failed), `approvals` of the current revision, `is_mine`
    (the person wrote the current revision), `is_decided` (the person has decided on it), `is_disputed`
    (another geolocation of the item contradicts it beyond any error), `is_beside` (the person placed the item
    in a blind round with it). What is sealed for the person is not in it.
    """
    approvals = Count(
        "current_revision__reviews",
        filter=Q(current_revision__reviews__decision=Decision.APPROVE),
        distinct=True,
    )
    beside = BlindEntry.objects.filter(author=user, round__entries__geolocation=OuterRef("pk"))
    decided = Review.objects.filter(revision=OuterRef("current_revision"), reviewer=user)
    queue: Queue = (
        Geolocation.objects.visible_to(user)
        .filter(investigation=investigation)
        .annotate(
            flags=_flags(),
            approvals=approvals,
            is_mine=Q(current_revision__author=user),
            is_decided=Exists(decided),
            is_beside=Exists(beside),
            is_disputed=Exists(_newest_runs().filter(key="siblings", verdict=Verdict.FAILED.value)),
        )
        .select_related("media_item__place", "current_revision__author", "author", "investigation")
    )
    return queue


def waiting(queue: Queue) -> Queue:
    """Those in review, the one that has waited longest first."""
    return queue.filter(state=State.IN_REVIEW.value).order_by("submitted_at", "pk")


def decidable(queue: Queue) -> Queue:
    """Those in review that this person did not write and has not decided on."""
    return waiting(queue).filter(is_mine=False, is_decided=False, is_beside=False)


def changes_requested(queue: Queue) -> Queue:
    """Those sent back to their author, the one sent back longest ago first."""
    return queue.filter(state=State.CHANGES_REQUESTED.value).order_by("updated_at", "pk")


def disputed(queue: Queue) -> Queue:
    """Those that another geolocation of the same item contradicts; of one item, side by side."""
    return queue.filter(state__in=_STANDING, is_disputed=True).order_by("media_item__reference", "pk")


def next_to_review(*, investigation: Investigation, user: Any) -> Geolocation | None:
    """The oldest one that this person may decide on, or None."""
    if not may(user, "geolocation.review", investigation):
        return None
    return decidable(queue_of(investigation=investigation, user=user)).first()


def _newest_runs() -> QuerySet[CheckRun]:
    """The newest run of each check on the current revision of the outer geolocation."""
    newer = CheckRun.objects.filter(revision=OuterRef("revision"), key=OuterRef("key"), pk__gt=OuterRef("pk"))
    return CheckRun.objects.filter(revision=OuterRef("current_revision")).filter(~Exists(newer))


def _flags() -> Coalesce:
    counted = (
        _newest_runs()
        .filter(verdict__in=_SPEAKS_AGAINST)
        .order_by()
        .values("revision")
        .annotate(found=Count("pk"))
        .values("found")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


SORTS: dict[str, F] = {
    "reference": F("reference"),
    "author": F("author__name"),
    "waiting": F("submitted_at"),
    "flags": F("flags"),
}


def queue_sorted(queue: Queue, wanted: str) -> Queue:
    """In the order of a column of the table, `-` before its name for descending; else as it is."""
    column = SORTS.get(wanted.removeprefix("-"))
    if column is None:
        return queue
    return queue.order_by(column.desc() if wanted.startswith("-") else column.asc(), "pk")
