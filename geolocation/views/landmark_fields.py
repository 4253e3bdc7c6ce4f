"""The landmark fields of the geolocate page: blank, as a revision has them, and as they were sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from evidence.models import MediaItem
from evidence.models.media import COLLECTED_ROLES
from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation, Parsed
from geolocation.coordinates.parse import parse_position
from geolocation.coordinates.position import Position
from geolocation.forms.landmarks import LandmarksPart
from geolocation.models import GeolocationRevision, Landmark
from geolocation.resection import ResectionProblem
from geolocation.services.nearby import nearby
from geolocation.views.resection_drawing import shown

# The button of one solved place; its value is the place's number, from 0.
TAKE_PLACE = "take_place"
DECIMALS = 7
# Values of EXIF's orientation that exchange width and height.
TURNED = {5, 6, 7, 8}


def part_of(item: MediaItem, revision: GeolocationRevision | None = None) -> LandmarksPart:
    """Fields for a first revision of this item, or as `revision` has them."""
    if revision is None:
        return LandmarksPart(initial=picture_of(item), near=nearby(item))
    size = {
        "picture_width_px": revision.picture_width_px,
        "picture_height_px": revision.picture_height_px,
    }
    initial = {
        **(size if revision.picture_width_px else picture_of(item)),
        **_options_of(revision),
        "subject_area": _area_of(revision),
    }
    return LandmarksPart(
        initial=initial,
        rows=[_row(each) for each in revision.landmarks.all()],
        near=nearby(item),
    )


def part_sent(request: HttpRequest, item: MediaItem) -> LandmarksPart:
    """Fields as they were sent."""
    return LandmarksPart(request.POST, initial=picture_of(item), near=nearby(item))


def values_taken(request: HttpRequest, part: LandmarksPart) -> dict[str, Any]:
    """What the button of a solved place puts into the proposal's own fields; nothing without that button."""
    number = request.POST.get(TAKE_PLACE, "")
    if part.solved is None or not number.isdecimal():
        return {}
    places = shown(part.solved.problem, part.solved.result)["places"]
    if int(number) >= len(places):
        return {}
    place = places[int(number)]
    return {
        "camera": place["position"],
        "camera_uncertainty_m": place["uncertainty_m"],
        "bearing_deg": place["bearing_deg"],
        "field_of_view_deg": place["field_of_view_deg"],
    }


def picture_of(item: MediaItem) -> dict[str, Any]:
    """Size of the original as it is shown, from what its readers found; empty where none has said yet."""
    original = item.files.filter(role__in=COLLECTED_ROLES).order_by("pk").first()
    if original is None:
        return {}
    width, height = original.width, original.height
    for reading in original.readings.all():
        said = reading.fields
        if width is None and said.get("width") and said.get("height"):
            width, height = said["width"], said["height"]
            if said.get("orientation") in TURNED:
                width, height = height, width
    return {"picture_width_px": width, "picture_height_px": height} if width and height else {}


def _options_of(revision: GeolocationRevision) -> dict[str, Any]:
    if not revision.resection:
        return {}
    problem = ResectionProblem.from_json(revision.resection["problem"])
    return {
        "lens_field_of_view_deg": problem.field_of_view_deg,
        "pixel_sigma_px": problem.pixel_sigma_px,
    }


def _area_of(revision: GeolocationRevision) -> str:
    corners = revision.area_corners()
    return "\n".join(format_position(corner, Notation.DECIMAL, DECIMALS) for corner in corners)


def _row(landmark: Landmark) -> dict[str, Any]:
    names = ("label", "x_px", "y_px", "frame_time_s", "uncertainty_m", "height_m", "is_excluded", "note")
    return {**{name: getattr(landmark, name) for name in names}, "position": _position_text(landmark)}


def _position_text(landmark: Landmark) -> str:
    """The text as typed if it still reads as the same place, otherwise the numbers."""
    if landmark.latitude is None or landmark.longitude is None:
        return ""
    position = Position(landmark.latitude, landmark.longitude)
    outcome = parse_position(landmark.as_typed)
    if isinstance(outcome, Parsed) and outcome.position == position:
        return landmark.as_typed
    return format_position(position, Notation.DECIMAL, 9)
