"""What templates/styleguide.html shows: every component in its states. Only reached while DEBUG is on.

``TemplateView.as_view(template_name="styleguide.html", extra_context=styleguide_context())``
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

MOMENT = datetime(2023, 9, 20, 14, 0, tzinfo=timezone(timedelta(hours=4)))
STATUSES = {
    "Geolocations": (
        "draft", "awaiting_second", "in_review", "changes_requested", "verified", "supporting",
        "rejected", "disputed", "retracted", "withdrawn",
    ),
    "Disclosure": ("exact", "generalised", "withheld", "not_placed"),
    "Claims": ("unverified", "supported", "partly_supported", "contradicted", "inconclusive"),
    "Reading": ("waiting", "reading", "done", "nothing_found", "failed"),
    "Checks": ("passed", "flagged", "failed", "inapplicable", "error"),
}  # fmt: skip
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 10'%3E"
    "%3Crect width='16' height='10' fill='%23879aa3'/%3E"
    "%3Cpath d='M0 7l4-2 3 1 4-3 5 3v4H0z' fill='%23545f57'/%3E"
    "%3Cpath d='M9 6h3v2H9z' fill='%23c9c3b4'/%3E%3C/svg%3E"
)


class ExampleForm(forms.Form):
    """One field of each kind that pages use."""

    link = forms.URLField(
        label="Link to the post",
        help_text="The address of the post, not of the picture in it.",
        assume_scheme="https",
    )
    position = forms.CharField(
        label="Camera position", help_text="Latitude, longitude: decimal degrees, MGRS or a Plus Code."
    )
    method = forms.ChoiceField(label="Method", choices=[("eye", "Landmarks matched by eye")])
    reasoning = forms.CharField(
        widget=forms.Textarea,
        required=False,
        label="Reasoning",
        help_text="What in the picture is where on the ground, and what else it could be.",
    )
    sensitive = forms.BooleanField(
        required=False, label="Mark as sensitive", help_text="Blurred until somebody asks to see it."
    )
    kind = forms.ChoiceField(
        label="Kind", widget=forms.RadioSelect, choices=[("video", "Video"), ("photo", "Photo")]
    )


def _check(
    name: str, verdict: str, sentence: str, threshold_text: str, drawing: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "verdict": verdict,
        "sentence": sentence,
        "threshold_text": threshold_text,
        "drawing": drawing,
    }


def _separation(distance_m: float, first_m: float, second_m: float) -> dict[str, Any]:
    return {
        "kind": "distance",
        "points": [{"role": "camera", "uncertainty_m": first_m}, {"role": "file", "uncertainty_m": second_m}],
        "distance_m": distance_m,
    }


def _sun() -> dict[str, Any]:
    altitudes_deg = (44, 40, 35, 30, 24, 18, 12, 6, 1, -4)
    samples = [
        {
            "at_utc": (MOMENT + index * timedelta(minutes=30)).astimezone(UTC).isoformat(),
            "altitude_deg": altitude,
        }
        for index, altitude in enumerate(altitudes_deg)
    ]
    return {"kind": "sun", "samples": samples}


def _checks() -> list[dict[str, Any]]:
    compass = {"kind": "compass", "axis_deg": 21, "azimuth_deg": 16.2, "half_field_deg": 20}
    timeline = {
        "kind": "timeline",
        "spans": [
            {"role": "captured", "start_utc": "2023-09-20T10:00:00Z", "end_utc": "2023-09-20T11:30:00Z"},
            {"role": "posted", "start_utc": "2023-09-20T06:40:00Z", "end_utc": None},
        ],
        "date_only": False,
    }
    near, far = (
        "The file's position is 9.4 m from the camera.",
        "The camera is 572 m from the place of the claim.",
    )
    return [
        _check("Position in the file", "passed", near, "allowed: 21 m", _separation(9.4, 15, 6)),
        _check("Place of the claim", "flagged", far, "allowed: 250 m", _separation(572.4, 50, 200)),
        _check("Direction", "passed", "The azimuth is 16.2°, 4.8° from the axis.", "allowed: 20°", compass),
        _check("Daylight", "flagged", "The sun sinks from 44° to 4° below the horizon.", "", _sun()),
        _check("Order of posting", "failed", "The first posting is 3 h 20 min too early.", "", timeline),
        _check("Heading in the file", "inapplicable", "The file holds no heading.", "", {"kind": "none"}),
    ]


def _cards() -> list[dict[str, Any]]:
    cut = "The file ends in the middle of its video track. Upload it again from the original."
    filmed = {"kind": "video", "duration": "0:42", "thumbnail_url": PICTURE, "by": "Anahit"}
    return [
        {"reference": "NK23-0007", "title": "Smoke behind the terminal", "status": "verified", **filmed},
        {
            "reference": "NK23-0009",
            "title": "Vehicle by the road",
            "status": "in_review",
            "is_sensitive": True,
            **filmed,
        },
        {"reference": "NK23-0012", "title": "Post by a journalist", "kind": "link", "by": "Leyla"},
        {
            "reference": "NK23-0013",
            "title": "IMG_2210.MOV",
            "kind": "video",
            "problem": cut,
            "by": "Leyla",
            "status": "draft",
        },
    ]


def styleguide_context() -> dict[str, Any]:
    """Everything styleguide.html reads."""
    investigation = SimpleNamespace(code="NK23", title="Nagorno-Karabakh, September 2023", is_training=True)
    return {
        "investigation": investigation,
        "my_investigations": [investigation],
        "statuses": STATUSES,
        "checks": _checks(),
        "cards": _cards(),
        "form": ExampleForm(),
        "form_with_errors": ExampleForm({"link": "not a link", "method": "eye", "kind": "video"}),
        "moment": MOMENT,
        "day": date(2023, 9, 19),
        "page_obj": Paginator(range(137), 25).page(2),
    }
