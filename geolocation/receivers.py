"""Follow what happens to evidence: checks run again when an input changes, points follow descriptions."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from evidence.models import Investigation, MediaItem
from evidence.signals import (
    appearance_added,
    claim_links_changed,
    investigation_changed,
    likeness_changed,
    media_changed,
    reading_finished,
)
from geolocation.services.checks import checks_request_for_investigation, checks_request_for_item
from geolocation.services.verified_points import points_refresh, points_refresh_all


@receiver([appearance_added, claim_links_changed, likeness_changed, media_changed, reading_finished])
def check_again(sender: Any, item: MediaItem, **kwargs: Any) -> None:
    """The item's file, posts, place, claims or look-alikes changed."""
    checks_request_for_item(item=item)


@receiver([appearance_added, claim_links_changed, media_changed])
def describe_again(sender: Any, item: MediaItem, **kwargs: Any) -> None:
    """The words around a verified point changed; its position did not."""
    points_refresh(item=item)


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
