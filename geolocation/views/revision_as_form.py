"""A saved revision as the form shows it again: positions as typed, times in their own offset."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation, Parsed
from geolocation.coordinates.parse import parse_position
from geolocation.coordinates.position import Position
from geolocation.forms.proposal import ROLES, CaptureKind
from geolocation.local_time import offset_text
from geolocation.models import GeolocationRevision


def initial_of(revision: GeolocationRevision | None) -> dict[str, Any]:
    """A revision as the form shows it: positions as they were typed, times in their own offset."""
    if revision is None:
        return {}
    values: dict[str, Any] = {
        "based_on": revision.number,
        "capture_kind": CaptureKind.UNKNOWN,
        "captured_basis": revision.captured_basis,
        **{
            name: getattr(revision, name)
            for name in (
                "camera_uncertainty_m",
                "subject_uncertainty_m",
                "bearing_deg",
                "field_of_view_deg",
                "light_seen",
                "shadow_azimuth_deg",
                "shadow_azimuth_error_deg",
                "shadow_length_ratio",
                "shadow_length_ratio_error",
                "shadow_marks",
                "method",
                "reasoning",
                "references",
            )
        },
    }
    for role in ROLES:
        values[role] = _typed_again(revision, role)
    if revision.places_area_alone:
        values |= {"subject": "", "subject_uncertainty_m": None}
    if revision.captured_on:
        values |= {"capture_kind": CaptureKind.DATE, "captured_on": revision.captured_on}
    elif revision.captured_from:
        values |= _interval_of(revision)
    return values


def _interval_of(revision: GeolocationRevision) -> dict[str, Any]:
    # Read back from the database the times are in UTC; the person wrote them in the offset kept beside them.
    offset_min = revision.captured_offset_min or 0
    shift = timezone(timedelta(minutes=offset_min))
    start, end = revision.captured_from, revision.captured_to
    return {
        "capture_kind": CaptureKind.INTERVAL,
        "captured_from": start.astimezone(shift).replace(tzinfo=None) if start else None,
        "captured_to": end.astimezone(shift).replace(tzinfo=None) if end and end != start else None,
        "captured_offset": offset_text(offset_min),
    }


def _typed_again(revision: GeolocationRevision, role: str) -> str:
    """The text as typed if it still reads as the same place, otherwise the numbers."""
    latitude, longitude = getattr(revision, f"{role}_latitude"), getattr(revision, f"{role}_longitude")
    if latitude is None:
        return ""
    position = Position(latitude, longitude)
    typed: str = getattr(revision, f"{role}_as_typed")
    outcome = parse_position(typed)
    if isinstance(outcome, Parsed) and outcome.position == position:
        return typed
    return format_position(position, Notation.DECIMAL, 9)
