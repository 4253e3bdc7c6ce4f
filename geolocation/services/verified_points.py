"""Put an approved revision into the one table that leaves, and take it out again with a tombstone."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from evidence.models import Investigation, MediaItem
from geolocation.models import (
    Decision,
    Geolocation,
    PositionRole,
    Tombstone,
    TombstoneReason,
    VerifiedPoint,
    WebhookEvent,
)
from geolocation.services.webhooks import points_tell

_LEAVING = {
    TombstoneReason.RETRACTED: WebhookEvent.RETRACTED,
    TombstoneReason.REOPENED: WebhookEvent.REOPENED,
}


def point_publish(*, geolocation: Geolocation) -> VerifiedPoint:
    """Copy the current, approved revision. The database refuses it at commit if the gate does not hold.

    The camera position is the point where it is known; otherwise the subject is.
    """
    revision = geolocation.current_revision
    assert revision is not None  # noqa: S101  a geolocation in review has a revision
    if revision.camera_latitude is not None:
        role, prefix = PositionRole.CAMERA, "camera"
    else:
        role, prefix = PositionRole.SUBJECT, "subject"
    approvals = revision.reviews.filter(decision=Decision.APPROVE).select_related("reviewer")
    now = timezone.now()
    point = VerifiedPoint.objects.create(
        geolocation=geolocation,
        revision=revision,
        investigation=geolocation.investigation,
        uid=geolocation.uid,
        position_role=role,
        latitude=getattr(revision, f"{prefix}_latitude"),
        longitude=getattr(revision, f"{prefix}_longitude"),
        uncertainty_m=getattr(revision, f"{prefix}_uncertainty_m"),
        captured_on=revision.captured_on,
        captured_from=revision.captured_from,
        captured_to=revision.captured_to,
        verified_by=[str(review.reviewer) for review in approvals],
        verified_at=now,
        updated_at=now,
        media_item=geolocation.media_item,
        **_described(geolocation.media_item),
    )
    points_tell(event=WebhookEvent.VERIFIED, points=[point])
    return point


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
    items = MediaItem.objects.filter(
        pk__in=VerifiedPoint.objects.filter(investigation=investigation).values("media_item")
    )
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
