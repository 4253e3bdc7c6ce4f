"""The marks of a kept shadow for the pictures of pages that only show them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from geolocation.models import GeolocationRevision


def shadow_drawn(revision: GeolocationRevision) -> dict[str, Any] | None:
    """As `picture_marks.js` shows saved marks; None where a revision keeps no marks of a shadow."""
    record = revision.shadow_marks
    if record is None:
        return None
    points = (
        ("foot", _("Foot of the shadow")),
        ("tip", _("Tip of the shadow")),
        ("top", _("Top of what casts it")),
    )
    return {
        "picture": dict(zip(("width", "height"), record["picture"], strict=True)),
        "marks": [
            {
                "number": number,
                "label": label,
                "x_px": record[name][0],
                "y_px": record[name][1],
                "frame_time_s": record["frame_time_s"],
                "below": name != "top",
            }
            for number, (name, label) in enumerate(points, start=1)
            if record[name]
        ],
    }
