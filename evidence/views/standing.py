"""Where an investigation stands: what waits, for whom and how long. Reads only.

Geolocations belong to the app above this one. Its rows are reached through the relations that it adds to
ours, so nothing of it is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from evidence.models import Assessment, Claim, Investigation, MediaItem, MetadataReading, ReadingState
from evidence.views.links import page_url

UNFINISHED = [ReadingState.WAITING, ReadingState.READING]
STALE_AFTER = timedelta(days=14)
_STANDING = ["draft", "in_review", "changes_requested", "verified", "supporting"]
# A sealed proposal is hidden from whoever may still place its item blind, so no number here counts it.
_UNSEALED = {"is_sealed": False}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One line of what waits: the status whose icon it bears, a sentence with its number, where to go."""

    key: str
    status: str
    count: int
    sentence: str
    url: str
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AssessedClaims:
    """How many claims have one assessment; `share` and `before` in percent, for the bar."""

    assessment: str
    word: str
    count: int
    share: float
    before: float


def placed_items(investigation: Any) -> QuerySet[MediaItem]:
    """Items for which a geolocation stands: any but a rejected, withdrawn or retracted one."""
    items: QuerySet[MediaItem] = MediaItem.objects.filter(investigation=investigation)
    return items.filter(geolocations__state__in=_STANDING, geolocations__is_sealed=False).distinct()


def with_counts(investigations: QuerySet[Investigation]) -> QuerySet[Any]:
    """Annotates `media`, `not_placed`, `in_review`, `in_review_since`, `changes_requested` and `verified`."""
    return investigations.annotate(
        media=_count("media_items"),
        in_review=_count("geolocations", geolocations__state="in_review"),
        in_review_since=Subquery(
            _of_outer()
            .annotate(found=Min("geolocations__submitted_at", filter=Q(geolocations__state="in_review")))
            .values("found")
        ),
        changes_requested=_count("geolocations", geolocations__state="changes_requested"),
        verified=_count("verified_points"),
        not_placed=F("media")
        - _count(
            "media_items",
            media_items__geolocations__state__in=_STANDING,
            media_items__geolocations__is_sealed=False,
        ),
    )


def _of_outer() -> QuerySet[Any]:
    return Investigation.objects.filter(pk=OuterRef("pk")).order_by().values("pk")


def _count(relation: str, **wanted: Any) -> Coalesce:
    # Each count in a subquery of its own: joined together they would multiply each other.
    counted = _of_outer().annotate(found=Count(relation, filter=Q(**wanted), distinct=True)).values("found")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def waiting_in(investigation: Any, *, now: datetime, decides_rounds: bool = False) -> list[Waiting]:
    """Everything that waits for somebody, the most pressing first; empty when nothing does.

    `decides_rounds`: with the blind rounds that wait for an editor. That one does would tell everybody else
    that two people disagree, and one of them may be asked to place the item as the third.
    """
    lines = [
        *([_rounds(investigation)] if decides_rounds else []),
        _second_looks(investigation),
        _in_review(investigation),
        _disputed(investigation),
        _changes_requested(investigation),
        _stale(investigation, now=now),
        _failed(investigation),
        _unfinished(investigation),
        _not_placed(investigation),
        _unassessed(investigation),
    ]
    return [line for line in lines if line.count]


def _in_review(investigation: Any) -> Waiting:
    found = investigation.geolocations.filter(state="in_review").aggregate(
        count=Count("pk"), since=Min("submitted_at")
    )
    return Waiting(
        key="in_review",
        status="in_review",
        sentence=ngettext(
            "%(n)d geolocation waits for review", "%(n)d geolocations wait for review", found["count"]
        )
        % {"n": found["count"]},
        url=page_url("geolocation:review-queue", investigation.code),
        **found,
    )


def _second_looks(investigation: Any) -> Waiting:
    found = investigation.blind_rounds.filter(state="open").aggregate(count=Count("pk"))
    return Waiting(
        key="second_looks",
        status="awaiting_second",
        sentence=ngettext(
            "%(n)d recording wants a blind second look",
            "%(n)d recordings want a blind second look",
            found["count"],
        )
        % {"n": found["count"]},
        url=page_url("geolocation:second-looks", investigation.code),
        **found,
    )


def _rounds(investigation: Any) -> Waiting:
    found = investigation.blind_rounds.filter(state="with_editor").aggregate(
        count=Count("pk"), since=Min("opened_at")
    )
    return Waiting(
        key="rounds",
        status="disputed",
        sentence=ngettext(
            "%(n)d blind round waits for an editor", "%(n)d blind rounds wait for an editor", found["count"]
        )
        % {"n": found["count"]},
        url=page_url("geolocation:second-looks", investigation.code),
        **found,
    )


def _changes_requested(investigation: Any) -> Waiting:
    found = investigation.geolocations.filter(state="changes_requested").aggregate(
        count=Count("pk"), since=Min("updated_at")
    )
    return Waiting(
        key="changes_requested",
        status="changes_requested",
        sentence=ngettext(
            "%(n)d geolocation was sent back to its author",
            "%(n)d geolocations were sent back to their authors",
            found["count"],
        )
        % {"n": found["count"]},
        url=page_url("geolocation:review-queue", investigation.code) + "?show=changes",
        **found,
    )


def _disputed(investigation: Any) -> Waiting:
    """Those whose newest comparison with the item's other geolocations failed."""
    runs = "current_revision__check_runs"
    compared = investigation.geolocations.filter(state__in=_STANDING[1:], **_UNSEALED).annotate(
        newest=Max(f"{runs}__pk", filter=Q(**{f"{runs}__key": "siblings"}))
    )
    count = compared.filter(**{f"{runs}__pk": F("newest"), f"{runs}__verdict": "failed"}).count()
    return Waiting(
        key="disputed",
        status="disputed",
        count=count,
        sentence=ngettext(
            "%(n)d geolocation contradicts another of the same item",
            "%(n)d geolocations contradict another of the same item",
            count,
        )
        % {"n": count},
        url=page_url("geolocation:review-queue", investigation.code) + "?show=disputed",
    )


def _stale(investigation: Any, *, now: datetime) -> Waiting:
    found = investigation.geolocations.filter(
        state="draft", updated_at__lt=now - STALE_AFTER, **_UNSEALED
    ).aggregate(count=Count("pk"), since=Min("updated_at"))
    return Waiting(
        key="stale",
        status="draft",
        sentence=ngettext(
            "%(n)d draft was not touched for two weeks",
            "%(n)d drafts were not touched for two weeks",
            found["count"],
        )
        % {"n": found["count"]},
        url=page_url("geolocation:map", investigation.code) + "?state=draft",
        **found,
    )


def _readings(investigation: Any, states: list[ReadingState]) -> dict[str, Any]:
    return MetadataReading.objects.filter(
        media_file__investigation=investigation, state__in=states
    ).aggregate(count=Count("media_file", distinct=True), since=Min("queued_at"))


def _failed(investigation: Any) -> Waiting:
    found = _readings(investigation, [ReadingState.FAILED])
    return Waiting(
        key="failed",
        status="failed",
        sentence=ngettext("%(n)d file could not be read", "%(n)d files could not be read", found["count"])
        % {"n": found["count"]},
        url=page_url("evidence:media-list", investigation.code),
        **found,
    )


def _unfinished(investigation: Any) -> Waiting:
    found = _readings(investigation, UNFINISHED)
    return Waiting(
        key="unfinished",
        status="waiting",
        sentence=ngettext(
            "%(n)d file waits to be read by a worker",
            "%(n)d files wait to be read by a worker",
            found["count"],
        )
        % {"n": found["count"]},
        url=page_url("evidence:media-list", investigation.code),
        **found,
    )


def _not_placed(investigation: Any) -> Waiting:
    items = MediaItem.objects.filter(investigation=investigation)
    found = items.exclude(pk__in=placed_items(investigation).values("pk")).aggregate(
        count=Count("pk"), since=Min("created_at")
    )
    return Waiting(
        key="not_placed",
        status="not_placed",
        sentence=ngettext(
            "%(n)d media item is not placed", "%(n)d media items are not placed", found["count"]
        )
        % {"n": found["count"]},
        url=page_url("evidence:media-list", investigation.code) + "?placed=no",
        **found,
    )


def _unassessed(investigation: Any) -> Waiting:
    count = Claim.objects.filter(investigation=investigation, assessment=Assessment.UNVERIFIED).count()
    return Waiting(
        key="unassessed",
        status="unverified",
        count=count,
        sentence=ngettext("%(n)d claim is not assessed yet", "%(n)d claims are not assessed yet", count)
        % {"n": count},
        url=page_url("evidence:claim-list", investigation.code) + "?assessment=unverified",
    )


def claims_by_assessment(investigation: Investigation) -> list[AssessedClaims]:
    """Every assessment that some claim has, in the order of the choices."""
    rows = Claim.objects.filter(investigation=investigation).order_by()
    counts = dict(rows.values_list("assessment").annotate(found=Count("pk")))
    total, before = sum(counts.values()), 0.0
    lines = []
    for assessment in Assessment:
        if count := counts.get(assessment.value, 0):
            share = 100 * count / total
            lines.append(
                AssessedClaims(
                    assessment=assessment.value,
                    word=str(assessment.label),
                    count=count,
                    share=round(share, 3),
                    before=round(before, 3),
                )
            )
            before += share
    return lines
