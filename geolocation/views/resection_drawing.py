"""A resection as a page shows it: sentences in the person's language, and what the map draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation
from geolocation.coordinates.position import Position
from geolocation.geodesy import direct
from geolocation.models import GeolocationRevision
from geolocation.resection import CameraEstimate, Resection, ResectionProblem, Status
from geolocation.resection.agreement import radius_m
from geolocation.resection.wording import status_name

ELLIPSE_STEP_DEG = 5
CHIPS = {
    Status.SOLVED: "passed",
    Status.WEAK: "flagged",
    Status.AMBIGUOUS: "flagged",
    Status.NO_FIT: "failed",
    Status.TOO_FEW: "inapplicable",
}


def resection_of(revision: GeolocationRevision) -> dict[str, Any] | None:
    """What is stored with a revision, ready to be shown; None where nothing was solved."""
    stored = revision.resection
    if not stored:
        return None
    return shown(ResectionProblem.from_json(stored["problem"]), Resection.from_json(stored["result"]))


def shown(problem: ResectionProblem, result: Resection) -> dict[str, Any]:
    """Context of `geolocation/_resection.html`, with `drawing` for the map."""
    word, chip = _(status_name(result.status)), CHIPS[result.status]
    if result.status == Status.SOLVED and result.redundancy == 0:
        word, chip = _("Solved, nothing checks it"), "flagged"
    elif result.status == Status.SOLVED and (result.suspects or _contradicts(problem, result)):
        word, chip = _("Solved, but the landmarks disagree"), "flagged"
    return {
        "result": result,
        "status_word": word,
        "chip": chip,
        "sentences": [
            _(each.template) % each.values if each.values else _(each.template) for each in result.sentences
        ],
        "places": [_place(each) for each in (result.camera, *result.others) if each is not None],
        "drawing": drawing(problem, result),
    }


def _contradicts(problem: ResectionProblem, result: Resection) -> bool:
    """Whether the errors were stated and the landmarks did not keep to them."""
    return problem.pixel_sigma_px is not None and result.scale_is_estimated


def _place(camera: CameraEstimate) -> dict[str, Any]:
    """One solved place with the values that a person may take over, rounded to what is known."""
    return {
        "estimate": camera,
        "position": format_position(camera.position, Notation.DECIMAL, 6),
        "uncertainty_m": f"{max(camera.uncertainty_m, 0.1):.1f}",
        "bearing_deg": f"{camera.heading_deg % 360:.2f}" if camera.heading_deg < 359.995 else "0",
        "field_of_view_deg": f"{camera.field_of_view_deg:.2f}",
    }


def drawing(problem: ResectionProblem, result: Resection) -> dict[str, Any]:
    """Rays and ellipses as coordinates [longitude, latitude]."""
    outlying = {each.label for each in result.residuals if each.outlier}
    landmarks = [
        {"label": seen.label, "outlier": seen.label in outlying, **_degrees(seen.position)}
        for seen in problem.sightings
    ]
    places = [each for each in (result.camera, *result.others) if each is not None]
    return {
        "reliable": result.status == Status.SOLVED,
        "landmarks": landmarks,
        "places": [
            {
                **_degrees(place.position),
                "heading_deg": place.heading_deg,
                "field_of_view_deg": place.field_of_view_deg,
                "ellipse": _ring(place),
            }
            for place in places
        ],
    }


def landmarks_drawn(revision: GeolocationRevision) -> list[Mapping[str, Any]]:
    """The landmarks of a revision for a map that shows them without moving them."""
    return [
        {
            "number": each.number,
            "label": each.label,
            "excluded": each.is_excluded,
            "x_px": each.x_px,
            "y_px": each.y_px,
            "frame_time_s": each.frame_time_s,
            "latitude": each.latitude,
            "longitude": each.longitude,
        }
        for each in revision.landmarks.all()
    ]


def area_corners(revision: GeolocationRevision) -> list[list[float]]:
    """The subject area's ring as [longitude, latitude]; empty if there is none."""
    area = revision.subject_area
    return [list(corner) for corner in area.coords[0]] if area else []


def _ring(camera: CameraEstimate) -> list[list[float]]:
    # Beyond this an ellipse on a map of the world says nothing, and would wrap around it.
    most_m = 500_000.0
    ring = []
    for azimuth_deg in range(0, 360 + ELLIPSE_STEP_DEG, ELLIPSE_STEP_DEG):
        edge = direct(camera.position, azimuth_deg, min(radius_m(camera.ellipse, azimuth_deg), most_m))
        ring.append([edge.longitude, edge.latitude])
    return ring


def _degrees(position: Position) -> dict[str, float]:
    return {"latitude": position.latitude, "longitude": position.longitude}
