"""Pieces of geolocations for other pages: an item's geolocations, and its picture or video for looking at."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from evidence.models import FileRole, Investigation, MediaFile, MediaItem
from evidence.models.media import COLLECTED_ROLES
from evidence.permissions import may
from geolocation.geodesy import Geodesic, angular_difference_deg
from geolocation.models import BlindRound, Geolocation, GeolocationRevision, RoundState
from geolocation.services.blind_rounds import live_round, obstacle
from geolocation.services.review_queue import decidable, queue_of
from geolocation.views.resection_drawing import area_corners, resection_of

register = template.Library()

# Kinds that every current browser shows by itself; anything else is shown by its preview or poster.
SHOWN_PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}


@register.inclusion_tag("geolocation/_of_item.html", takes_context=True)
def geolocations_of(context: dict[str, Any], item: MediaItem) -> dict[str, Any]:
    """The item's geolocations with status and coordinates, and the button that begins one."""
    user = context["request"].user
    found = (
        Geolocation.objects.visible_to(user)
        .filter(media_item=item)
        .select_related("current_revision", "author")
        .order_by("reference")
    )
    placed = live_round(item)
    return {
        "item": item,
        "blind_round": placed,
        "blind_obstacle": obstacle(user, item) if placed is not None else "",
        "sees_round": BlindRound.objects.visible_to(user).filter(media_item=item).exists(),
        "investigation": item.investigation,
        "geolocations": list(found),
        "may_geolocate": may(user, "geolocation.propose", item.investigation),
    }


@register.simple_tag
def waiting_for(user: Any, investigation: Any) -> int:
    """How many geolocations wait for a decision of this person; 0 for who may not decide."""
    if not isinstance(investigation, Investigation) or not may(user, "geolocation.review", investigation):
        return 0
    return decidable(queue_of(investigation=investigation, user=user)).count()


@register.simple_tag
def second_looks_in(investigation: Any) -> int:
    """How many recordings of the investigation want a blind second look."""
    return BlindRound.objects.filter(investigation=investigation, state=RoundState.OPEN).count()


@register.inclusion_tag("geolocation/_media.html")
def media_to_look_at(item: MediaItem) -> dict[str, Any]:
    """The item's video with native controls or its picture, blurred while marked sensitive."""
    files = list(MediaFile.objects.filter(media_item=item).order_by("pk"))
    original = next((each for each in files if each.role in COLLECTED_ROLES), None)
    by_role = {each.role: each for each in files}
    preview = by_role.get(FileRole.PREVIEW) or by_role.get(FileRole.POSTER) or by_role.get(FileRole.THUMBNAIL)
    # Where browsers do not play the original, a worker has made a copy that they do.
    proxy = next((each for each in files if each.role == FileRole.PROXY and each.parent == original), None)
    is_video = original is not None and original.mime_type.startswith("video/")
    picture = preview or (original if original and original.mime_type in SHOWN_PICTURES else None)
    return {
        "item": item,
        "investigation": item.investigation,
        "has_file": original is not None,
        "original_url": _file_url(item, original),
        "video_url": _file_url(item, proxy or original) if is_video else "",
        "is_viewing_copy": is_video and proxy is not None,
        "picture_url": _file_url(item, picture),
        "appearances": list(item.appearances.all()[:3]),
    }


@register.inclusion_tag("geolocation/_landmarks_shown.html")
def landmarks_of(revision: GeolocationRevision) -> dict[str, Any]:
    """The landmarks, the subject's area and the resection of a saved revision, read-only."""
    return {
        "landmarks": list(revision.landmarks.all()),
        "area": max(len(area_corners(revision)) - 1, 0),
        "resection": resection_of(revision),
    }


@register.simple_tag
def bearing_against_sight(revision: GeolocationRevision, sight: Geodesic | None) -> str:
    """How far the subject lies from the stated bearing, and whether it is in the field of view."""
    if sight is None or revision.bearing_deg is None:
        return ""
    off_deg = angular_difference_deg(revision.bearing_deg, sight.azimuth_deg)
    values = {"off": f"{abs(off_deg):.1f}"}
    side = (
        _("%(off)s° right of the bearing") if off_deg >= 0 else _("%(off)s° left of the bearing")
    ) % values
    if revision.field_of_view_deg is None:
        return side
    inside = abs(off_deg) <= revision.field_of_view_deg / 2
    return f"{side}, {_('in the field of view') if inside else _('outside the field of view')}"


@register.filter
def in_offset(moment: datetime | None, offset_min: int | None) -> datetime | None:
    """The same moment on a clock that shows this offset from UTC."""
    return moment.astimezone(timezone(timedelta(minutes=offset_min or 0))) if moment else None


def _file_url(item: MediaItem, stored: MediaFile | None) -> str:
    if stored is None:
        return ""
    try:
        return reverse("evidence:file", args=[item.investigation.code, stored.sha256])
    except NoReverseMatch:
        return ""
