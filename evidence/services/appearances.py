"""Appearances: where a recording was published, when, and how that time is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evidence.errors import LinkRefused
from evidence.models import Appearance, Investigation, MediaItem, PostedBasis, Source
from evidence.permissions import require
from evidence.platforms import Link, RefusedLink, read_link
from evidence.services import custody
from evidence.services.custody import CustodyEntry, custody_record, investigation_lock
from evidence.signals import appearance_added


@dataclass(frozen=True, kw_only=True)
class PostedTime:
    """When a recording was published, and how that is known. A date stays a date."""

    posted_at: datetime | None = None
    posted_on: date | None = None
    offset_min: int | None = None
    basis: str = PostedBasis.UNKNOWN
    precision_s: float | None = None
    derivation: str = ""


def appearance_find(*, investigation: Investigation, canonical_url: str) -> Appearance | None:
    """The appearance of this post in the investigation, if it was logged before."""
    return (
        Appearance.objects.select_related("media_item")
        .filter(investigation=investigation, canonical_url=canonical_url)
        .first()
    )


@transaction.atomic
def appearance_add(
    *,
    actor: Any,
    item: MediaItem,
    url: str = "",
    platform: str = "",
    posted: PostedTime | None = None,
    posted_by: Source | None = None,
    archived_url: str = "",
) -> Appearance:
    """One more place where the recording was published. The time in a post's id goes before a typed one.

    `platform` is for a post whose link is not known.
    """
    require(actor, "evidence.log_media", item.investigation)
    investigation_lock(item.investigation)
    link = _understood(url)
    _refuse_elsewhere(item, link)
    appearance = appearance_unsaved(
        actor=actor,
        item=item,
        link=link,
        platform=platform,
        posted=posted,
        posted_by=posted_by,
        archived_url=archived_url,
    )
    appearance.full_clean()
    appearance.save()
    _mark_earliest(item)
    custody_record(investigation=item.investigation, actor=actor, **vars(appearance_logged(appearance)))
    appearance_added.send(sender=Appearance, item=item)
    return appearance


def appearance_unsaved(
    *,
    actor: Any,
    item: MediaItem,
    link: Link | None,
    platform: str = "",
    posted: PostedTime | None = None,
    posted_by: Source | None = None,
    archived_url: str = "",
) -> Appearance:
    """The row of an appearance, neither judged nor saved. The time in the post's id goes before `posted`."""
    posted = _time_of(link, posted)
    return Appearance(
        investigation=item.investigation,
        media_item=item,
        url=link.given if link else "",
        canonical_url=link.canonical if link else "",
        platform=link.platform if link else platform,
        post_id=(link.post_id or "") if link else "",
        posted_on=posted.posted_on,
        posted_at=posted.posted_at,
        posted_offset_min=posted.offset_min,
        posted_basis=posted.basis,
        posted_precision_s=posted.precision_s,
        derivation=posted.derivation,
        posted_by=posted_by,
        archived_url=archived_url,
        added_by=actor,
    )


def appearance_logged(appearance: Appearance) -> CustodyEntry:
    """That it was added to its item, as the log says it."""
    return CustodyEntry(
        action=custody.APPEARANCE_ADDED,
        object_type="media",
        object_reference=appearance.media_item.reference,
        details={"url": appearance.canonical_url, "posted_basis": appearance.posted_basis},
    )


def appearances_find(*, investigation: Investigation, canonical_urls: Iterable[str]) -> dict[str, Appearance]:
    """The appearances of these posts that were logged before, by their canonical link."""
    found = Appearance.objects.select_related("media_item").filter(
        investigation=investigation, canonical_url__in=set(canonical_urls)
    )
    # Said once more in the words of the index, which PostgreSQL does not conclude from a long list.
    return {appearance.canonical_url: appearance for appearance in found.exclude(canonical_url="")}


def appearance_earliest(appearances: QuerySet[Appearance]) -> Appearance | None:
    """The earliest by its moment, or by its date where that lies before every moment."""
    timed = appearances.filter(posted_at__isnull=False).order_by("posted_at", "pk").first()
    dated = appearances.filter(posted_on__isnull=False).order_by("posted_on", "pk").first()
    if timed and dated and timed.posted_at and dated.posted_on and dated.posted_on < timed.posted_at.date():
        return dated
    return timed or dated


def _understood(url: str) -> Link | None:
    if not url:
        return None
    link = read_link(url)
    if isinstance(link, RefusedLink):
        raise LinkRefused(link.reason, field="url")
    return link


def _refuse_elsewhere(item: MediaItem, link: Link | None) -> None:
    if link is None:
        return
    known = appearance_find(investigation=item.investigation, canonical_url=link.canonical)
    if known is not None:
        raise LinkRefused(
            _("This post is logged already, as an appearance of %(reference)s.")
            % {"reference": known.media_item.reference},
            field="url",
        )


def _time_of(link: Link | None, typed: PostedTime | None) -> PostedTime:
    if link is not None and link.posted_at_utc is not None:
        return PostedTime(
            posted_at=link.posted_at_utc,
            basis=PostedBasis.PLATFORM_ID,
            precision_s=link.precision_s,
            derivation=link.derivation,
        )
    return typed or PostedTime()


def _mark_earliest(item: MediaItem) -> None:
    """Mark the earliest appearance of the item."""
    earliest = appearance_earliest(item.appearances.all())
    item.appearances.filter(is_earliest_known=True).update(is_earliest_known=False)
    if earliest is not None:
        item.appearances.filter(pk=earliest.pk).update(is_earliest_known=True)
