"""Put an approved revision into the one table that leaves, and take it out again with a tombstone."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, QuerySet
from django.utils import timezone

from evidence.models import Investigation, MediaItem
from geolocation.models import (
    Decision,
    Geolocation,
    Tombstone,
    TombstoneReason,
    VerifiedPoint,
    WebhookEvent,
)
from geolocation.review.states import State
from geolocation.services.disclosed import disclosed_columns
from geolocation.services.webhooks import points_tell

_LEAVING = {
    TombstoneReason.RETRACTED: WebhookEvent.RETRACTED,
    TombstoneReason.REOPENED: WebhookEvent.REOPENED,
    TombstoneReason.WITHHELD: WebhookEvent.WITHHELD,
}


def point_publish(*, geolocation: Geolocation) -> VerifiedPoint | None:
    """Copy the current, approved revision as an editor lets it out; None where it is withheld.

    The database refuses it at commit if the gate does not hold. The camera position is the point where it is
    known; otherwise the subject is.
    """
    columns = disclosed_columns(geolocation)
    if columns is None:
        return None
    revision = geolocation.current_revision
    assert revision is not None  # noqa: S101  a geolocation in review has a revision
    approvals = list(revision.reviews.filter(decision=Decision.APPROVE).select_related("reviewer"))
    point = VerifiedPoint.objects.create(
        geolocation=geolocation,
        revision=revision,
        investigation=geolocation.investigation,
        uid=geolocation.uid,
        **columns,
        captured_on=revision.captured_on,
        captured_from=revision.captured_from,
        captured_to=revision.captured_to,
        verified_by=[str(review.reviewer) for review in approvals],
        verified_at=max(review.created_at for review in approvals),
        updated_at=timezone.now(),
        media_item=geolocation.media_item,
        **_described(geolocation.media_item),
    )
    points_tell(event=WebhookEvent.VERIFIED, points=[point])
    return point


def point_follow_disclosure(*, geolocation: Geolocation) -> None:
    """Give a verified point out as was decided now: changed, gone with a tombstone, or back."""
    if geolocation.state != State.VERIFIED:
        return
    columns = disclosed_columns(geolocation)
    if columns is None:
        point_remove(geolocation=geolocation, reason=TombstoneReason.WITHHELD, explanation="")
        return
    point = VerifiedPoint.objects.filter(geolocation=geolocation).select_related("investigation").first()
    if point is None:
        point_publish(geolocation=geolocation)
    elif any(getattr(point, name) != value for name, value in columns.items()):
        points_tell(event=WebhookEvent.CHANGED, points=[point])
        VerifiedPoint.objects.filter(pk=point.pk).update(**columns, updated_at=timezone.now())


def point_remove(*, geolocation: Geolocation, reason: TombstoneReason, explanation: str) -> None:
    """Delete the point and leave a tombstone, in the caller's transaction."""
    point = (
        VerifiedPoint.objects.filter(geolocation=geolocation)
        .select_related("investigation", "revision")
        .first()
    )
    if point is None:
        return
    Tombstone.objects.create(
        uid=point.uid,
        investigation=geolocation.investigation,
        geolocation=geolocation,
        revision=point.revision,
        reason=reason,
        explanation=explanation,
    )
    points_tell(event=_LEAVING[reason], points=[point])
    point.delete()


def points_refresh(*, item: MediaItem) -> int:
    """Follow changes of title, place, link or claims; positions follow approved revisions alone."""
    described = _described(item)
    others = VerifiedPoint.objects.filter(media_item=item).exclude(**described)
    points = list(others.select_related("investigation", "revision"))
    changed = VerifiedPoint.objects.filter(pk__in=[point.pk for point in points])
    points_tell(event=WebhookEvent.CHANGED, points=points)
    return changed.update(**described, updated_at=timezone.now())


def points_refresh_all(*, investigation: Investigation) -> int:
    """Follow a change of the investigation's licence or attribution."""
    return _refresh_of(VerifiedPoint.objects.filter(investigation=investigation))


def points_refresh_many(*, items: Sequence[MediaItem]) -> int:
    """As `points_refresh`, for those of many items that have points."""
    return _refresh_of(VerifiedPoint.objects.filter(media_item__in=items))


def _refresh_of(points: QuerySet[VerifiedPoint]) -> int:
    items = MediaItem.objects.filter(pk__in=points.values("media_item"))
    return sum(points_refresh(item=item) for item in items.select_related("investigation", "place"))


def _described(item: MediaItem) -> dict[str, object]:
    appearances = item.appearances.exclude(canonical_url="").order_by(
        F("is_earliest_known").desc(), F("posted_at").asc(nulls_last=True), "pk"
    )
    first = appearances.first()
    return {
        "media_reference": item.reference,
        "media_kind": item.kind,
        "title": item.title,
        "place_name": item.place.display_name if item.place else "",
        "source_url": first.canonical_url if first else "",
        "licence": item.licence or item.investigation.licence,
        "attribution": item.attribution or item.investigation.attribution,
        "claim_references": sorted(item.claim_links.values_list("claim__reference", flat=True)),
    }
