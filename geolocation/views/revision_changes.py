"""What a revision changed, in sentences with figures, so that nobody compares columns of numbers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from geolocation.coordinates.position import Position
from geolocation.geodesy import inverse
from geolocation.models import GeolocationRevision


def position_of(revision: GeolocationRevision, role: str) -> Position | None:
    """Where the revision puts the camera or the subject."""
    latitude, longitude = getattr(revision, f"{role}_latitude"), getattr(revision, f"{role}_longitude")
    return None if latitude is None else Position(latitude, longitude)


def changes_between(before: GeolocationRevision, after: GeolocationRevision) -> list[str]:
    """Sentences, the most consequential first; empty if nothing but the author differs."""
    said = [
        *_moved(before, after, "camera", _("The camera"), _("The camera's uncertainty")),
        *_moved(before, after, "subject", _("The subject"), _("The subject's uncertainty")),
    ]
    if (before.captured_on, before.captured_from, before.captured_to, before.captured_basis) != (
        after.captured_on,
        after.captured_from,
        after.captured_to,
        after.captured_basis,
    ):
        said.append(_("The time of capture or its basis changed."))
    if before.bearing_deg != after.bearing_deg:
        said.append(_("The bearing changed."))
    if before.field_of_view_deg != after.field_of_view_deg:
        said.append(_("The field of view changed."))
    if _landmarks(before) != _landmarks(after):
        said.append(_("The landmarks changed."))
    if before.subject_area != after.subject_area:
        said.append(_("The subject's area changed."))
    if before.light_seen != after.light_seen:
        said.append(_("What light is seen in the media changed."))
    if _shadow(before) != _shadow(after):
        said.append(_("The shadow measured changed."))
    if before.method != after.method:
        said.append(_("The method is now: %(method)s.") % {"method": after.get_method_display()})
    if before.reasoning != after.reasoning:
        said.append(_("The reasoning was rewritten."))
    if before.references != after.references:
        said.append(_("The references changed."))
    return said


def _landmarks(revision: GeolocationRevision) -> list[tuple[object, ...]]:
    if not revision.landmark_count:
        return []
    columns = ("label", "x_px", "y_px", "frame_time_s", "latitude", "longitude", "uncertainty_m", "height_m")
    return list(revision.landmarks.values_list(*columns, "is_excluded", "note"))


def _shadow(revision: GeolocationRevision) -> tuple[object, ...]:
    return (
        revision.shadow_azimuth_deg,
        revision.shadow_azimuth_error_deg,
        revision.shadow_length_ratio,
        revision.shadow_length_ratio_error,
        revision.shadow_marks,
    )


def _moved(
    before: GeolocationRevision, after: GeolocationRevision, role: str, name: str, uncertainty: str
) -> list[str]:
    start, end = position_of(before, role), position_of(after, role)
    if start is None or end is None:
        if start is end:
            return []
        return [
            _("%(what)s is placed now.") % {"what": name}
            if end
            else _("%(what)s is no longer placed.") % {"what": name}
        ]
    said = []
    if start != end:
        moved = inverse(start, end)
        said.append(
            _("%(what)s moved %(metres)s m towards %(azimuth)s°.")
            % {"what": name, "metres": f"{moved.distance_m:.1f}", "azimuth": f"{moved.azimuth_deg:.0f}"}
        )
    metres = getattr(before, f"{role}_uncertainty_m"), getattr(after, f"{role}_uncertainty_m")
    if metres[0] != metres[1]:
        said.append(
            _("%(what)s went from %(before)s m to %(after)s m.")
            % {"what": uncertainty, "before": f"{metres[0]:g}", "after": f"{metres[1]:g}"}
        )
    return said
