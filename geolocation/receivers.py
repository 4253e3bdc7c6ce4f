"""Follow what happens to evidence: checks run again when an input changes, points follow descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from evidence.models import Investigation, MediaItem
from evidence.signals import (
    appearance_added,
    appearances_added,
    blind_changed,
    claim_links_changed,
    investigation_changed,
    likeness_changed,
    media_changed,
    member_changed,
    reading_finished,
)
from geolocation.services.blind_decisions import rounds_stop
from geolocation.services.blind_rounds import sightings_record
from geolocation.services.checks import (
    checks_request_for_investigation,
    checks_request_for_item,
    checks_request_for_items,
)
from geolocation.services.verified_points import points_refresh, points_refresh_all, points_refresh_many


@receiver([appearance_added, claim_links_changed, likeness_changed, media_changed, reading_finished])
def check_again(sender: Any, item: MediaItem, **kwargs: Any) -> None:
    """The item's file, posts, place, claims or look-alikes changed."""
    checks_request_for_item(item=item)


@receiver([appearance_added, claim_links_changed, media_changed])
def describe_again(sender: Any, item: MediaItem, **kwargs: Any) -> None:
    """The words around a verified point changed; its position did not."""
    points_refresh(item=item)


@receiver(appearances_added)
def follow_many(sender: Any, items: Sequence[MediaItem], **kwargs: Any) -> None:
    """Both, for many items whose posts changed at once."""
    checks_request_for_items(items=items)
    points_refresh_many(items=items)


@receiver(investigation_changed)
def check_area_again(
    sender: Any, investigation: Investigation, changed: frozenset[str] = frozenset(), **kwargs: Any
) -> None:
    """Every geolocation is compared with the area."""
    if "area" in changed:
        checks_request_for_investigation(investigation=investigation)


@receiver(investigation_changed)
def credit_again(sender: Any, investigation: Investigation, **kwargs: Any) -> None:
    """A point without a licence or attribution of its own carries the investigation's."""
    points_refresh_all(investigation=investigation)


@receiver(blind_changed)
def stop_rounds(sender: Any, actor: Any, investigation: Investigation, **kwargs: Any) -> None:
    """Switched off: nobody is asked for a second look any more."""
    if investigation.blind_since is None:
        rounds_stop(actor=actor, investigation=investigation)


@receiver(member_changed)
def remember_what_was_seen(
    sender: Any, investigation: Investigation, user: Any, role_before: str, **kwargs: Any
) -> None:
    """An editor sees sealed proposals; whoever stops being one has seen them all the same."""
    sightings_record(investigation=investigation, user=user, role_before=role_before)
