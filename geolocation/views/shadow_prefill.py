"""What the workbench begins with: the newest geolocation that the person may see, else what the file says."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from evidence.models import MediaItem
from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation
from geolocation.forms.shadow_marks import DEFAULTS
from geolocation.models import Geolocation, GeolocationRevision
from geolocation.review.states import State
from geolocation.shadows.record import marks_of
from geolocation.views.file_says import file_says
from geolocation.views.landmark_fields import picture_of
from geolocation.views.revision_changes import position_of

CLOSED = (State.REJECTED.value, State.WITHDRAWN.value, State.RETRACTED.value)
# The resection tells no error of its tilt; it is that of a horizon drawn by hand.
RESECTED_TILT_ERROR_DEG = 1.0


def starting_point(user: Any, item: MediaItem) -> Geolocation | None:
    """The item's newest open geolocation that this person may see: never one that is sealed for them."""
    found: Geolocation | None = (
        Geolocation.objects.visible_to(user)
        .filter(media_item=item, current_revision__isnull=False)
        .exclude(state__in=CLOSED)
        .select_related("current_revision", "author")
        .order_by("-updated_at", "-pk")
        .first()
    )
    return found


def prefilled(item: MediaItem, start: Geolocation | None) -> dict[str, Any]:
    """Initial values of the form; what nobody has said is absent."""
    revision = start.current_revision if start else None
    values = {**DEFAULTS, **picture_of(item), **_of_file(item)}
    if revision is not None and start is not None:
        values |= {"geolocation": start.reference, **_of_revision(revision)}
    return values


def _of_file(item: MediaItem) -> dict[str, Any]:
    says = file_says(item)
    if says is None:
        return {}
    values: dict[str, Any] = {"camera": says.position_text}
    if says.local_text:
        values["day_from"] = says.local_text[:10]
    if says.bearing_deg is not None:
        values["heading_deg"] = round(says.bearing_deg % 360.0, 2)
    return values


def _of_revision(revision: GeolocationRevision) -> dict[str, Any]:
    position = position_of(revision, "camera") or position_of(revision, "subject")
    values: dict[str, Any] = {"camera": format_position(position, Notation.DECIMAL, 7) if position else ""}
    if revision.bearing_deg is not None:
        values["heading_deg"] = revision.bearing_deg
    if revision.field_of_view_deg is not None:
        values["field_of_view_deg"] = revision.field_of_view_deg
    if revision.picture_width_px:
        values["picture_width_px"] = revision.picture_width_px
        values["picture_height_px"] = revision.picture_height_px
    return {**values, **_days_of(revision), **_resected(revision), **_measured(revision)}


def _days_of(revision: GeolocationRevision) -> dict[str, Any]:
    if revision.captured_on:
        return {"day_from": revision.captured_on}
    if revision.captured_from and revision.captured_to:
        shift = timezone(timedelta(minutes=revision.captured_offset_min or 0))
        first = revision.captured_from.astimezone(shift).date()
        last = revision.captured_to.astimezone(shift).date()
        return {"day_from": first, "day_to": last if last != first else None}
    return {}


def _resected(revision: GeolocationRevision) -> dict[str, Any]:
    """How the landmarks say that the camera was held, where they say it reliably."""
    result = (revision.resection or {}).get("result") or {}
    camera = result.get("camera")
    if not camera or result.get("status") != "solved" or revision.resection is None:
        return {}
    sightings = revision.resection["problem"]["sightings"]
    values = {
        "heading_deg": round(camera["heading_deg"] % 360.0, 3) % 360.0,
        "heading_error_deg": max(round(camera["heading_sigma_deg"], 3), 0.01),
        "field_of_view_deg": round(camera["field_of_view_deg"], 3),
        "field_of_view_error_deg": round(camera["field_of_view_sigma_deg"], 3),
        "pitch_deg": round(camera["pitch_deg"], 3),
        "pitch_error_deg": RESECTED_TILT_ERROR_DEG,
        "roll_deg": round(camera["roll_deg"], 3),
        "roll_error_deg": RESECTED_TILT_ERROR_DEG,
    }
    return values | {"frame_time_s": sightings[0].get("frame_time_s") if sightings else None}


def _measured(revision: GeolocationRevision) -> dict[str, Any]:
    """The marks of a shadow measured before; a shadow that was stated without marks as stated."""
    if revision.shadow_marks is None:
        names = ("azimuth_deg", "azimuth_error_deg", "length_ratio", "length_ratio_error")
        return {name: getattr(revision, f"shadow_{name}") for name in names}
    marks, pose, frame_time_s = marks_of(revision.shadow_marks)
    values: dict[str, Any] = {
        "picture_width_px": marks.width_px,
        "picture_height_px": marks.height_px,
        "horizon_y": marks.horizon_y,
        "pixel_sigma_px": marks.sigma_px,
        "frame_time_s": frame_time_s,
        "seen": "above" if pose.is_from_above else "ground",
    }
    for point in ("foot", "tip", "top"):
        pixel = getattr(marks, point)
        values |= {f"{point}_x": pixel and pixel.x, f"{point}_y": pixel and pixel.y}
    held = ("heading", "field_of_view", "pitch", "roll")
    return values | {
        f"{name}{end}": getattr(pose, f"{name}{end}") for name in held for end in ("_deg", "_error_deg")
    }
