"""Fragments about media that any page may show."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any

from django import template
from django.utils.dateformat import format as date_format

from evidence.models import Appearance, PostedBasis
from evidence.views.file_when import offset_text

register = template.Library()


@register.inclusion_tag("components/_time.html")
def posted_time(appearance: Appearance) -> dict[str, Any]:
    """When it was posted, in the offset it was given in, with how that is known."""
    if appearance.posted_at is None:
        return {"value": appearance.posted_on, "is_date_only": appearance.posted_on is not None}
    zone = timezone(timedelta(minutes=appearance.posted_offset_min or 0))
    moment = appearance.posted_at.astimezone(zone)
    text = date_format(moment, "j M Y, H:i")
    # Seconds, and what is finer, only where they are known: a typed time has minutes.
    if appearance.posted_basis == PostedBasis.PLATFORM_ID or moment.second:
        text += date_format(moment, ":s")
    if appearance.posted_precision_s is not None and appearance.posted_precision_s < 1:
        text += f".{moment.microsecond // 1000:03d}"
    return {
        "value": moment if appearance.posted_offset_min else moment.astimezone(UTC),
        "text": f"{text} {offset_text(moment)}",
        "basis": appearance.get_posted_basis_display(),
    }
