"""The frames of a video to choose from, as its contact sheet shows them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from evidence.models import FileRole, MediaFile, MediaItem
from evidence.models.media import COLLECTED_ROLES
from evidence.sheet_layout import frames_on


def frames_of(item: MediaItem) -> dict[str, Any] | None:
    """The contact sheet, its frames, and the video they are of; None where there is none to choose from."""
    files = list(item.files.all())
    original = next((each for each in files if each.role in COLLECTED_ROLES), None)
    sheet = next((each for each in files if each.role == FileRole.CONTACT_SHEET), None)
    if original is None or sheet is None or sheet.parent_id != original.pk:
        return None
    lasts_s = _duration_s(original)
    if lasts_s is None or not sheet.width or not sheet.height:
        return None
    proxy = next((each for each in files if each.role == FileRole.PROXY), None)
    found = frames_on(sheet.width, sheet.height, lasts_s)
    return {"sheet": sheet, "frames": found, "video_url": _url(item, proxy or original)} if found else None


def _duration_s(original: MediaFile) -> float | None:
    said = [(reading.fields or {}).get("duration_s") for reading in original.readings.all()]
    return next((float(each) for each in said if each), None)


def _url(item: MediaItem, stored: MediaFile) -> str:
    return reverse("evidence:file", args=[item.investigation.code, stored.sha256])
