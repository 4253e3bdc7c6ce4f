"""Landmarks and the resection of a revision: understood, solved and stored together with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSException, LinearRing, Polygon
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from geolocation.coordinates.position import Position
from geolocation.models import GeolocationRevision, Landmark
from geolocation.resection import Resection, ResectionProblem, Sighting, resect
from geolocation.resection.outcome import VERSION
from geolocation.resection.problem import GROUND_UNCERTAINTY_M, MOST_SIGHTINGS, PICKING_SIGMA_PX

MOST_LANDMARKS = MOST_SIGHTINGS
LEAST_CORNERS = 3
MOST_CORNERS = 200
LEAST_SIGHTINGS = 3


@dataclass(frozen=True, kw_only=True)
class LandmarkGiven:
    """One landmark as somebody states it; an excluded one is a place and why it is not the one."""

    label: str
    x_px: float | None = None
    y_px: float | None = None
    frame_time_s: float | None = None
    position: Position | None = None
    uncertainty_m: float = GROUND_UNCERTAINTY_M
    height_m: float | None = None
    as_typed: str = ""
    is_excluded: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Landmarks:
    """The landmarks of one picture of known size, and what is known of its lens beforehand.

    `lens_field_of_view_deg` is a field of view known from the lens, not the one that a solution gave.
    """

    given: tuple[LandmarkGiven, ...] = ()
    width_px: int | None = None
    height_px: int | None = None
    lens_field_of_view_deg: float | None = None
    pixel_sigma_px: float = PICKING_SIGMA_PX


NO_LANDMARKS = Landmarks()


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A problem and what came of it."""

    problem: ResectionProblem
    result: Resection

    def to_json(self) -> dict[str, Any]:
        """What a revision keeps: enough to solve it again years later, and the answer of that day."""
        return {"version": VERSION, "problem": self.problem.to_json(), "result": self.result.to_json()}


def landmarks_refuse(landmarks: Landmarks) -> None:
    """Raise InvalidInput for landmarks that cannot be kept; `field` is `landmarks` or names the row."""
    if len(landmarks.given) > MOST_LANDMARKS:
        raise InvalidInput(
            _("At most %(most)d landmarks belong to one revision.") % {"most": MOST_LANDMARKS},
            field="landmarks",
        )
    size = landmarks.width_px, landmarks.height_px
    if any(side is not None and not 2 <= side <= 1_000_000 for side in size) or (None in size and any(size)):
        raise InvalidInput(_("Give the picture's width and height in pixels."), field="landmarks")
    for number, each in enumerate(landmarks.given, start=1):
        sentence = _wrong_with(each, landmarks)
        if sentence:
            raise InvalidInput(
                _("Landmark %(number)d: %(sentence)s") % {"number": number, "sentence": sentence},
                field="landmarks",
            )
    labels = [each.label.strip() for each in landmarks.given]
    if len(set(labels)) < len(labels):
        raise InvalidInput(_("Give every landmark a label of its own."), field="landmarks")


def _wrong_with(each: LandmarkGiven, landmarks: Landmarks) -> str:
    """What keeps this landmark from being kept, as a sentence; empty if nothing does."""
    numbers = (each.x_px, each.y_px, each.frame_time_s, each.height_m, each.uncertainty_m)
    if not 0 < len(each.label.strip()) <= 80:
        return _("give it a label of at most 80 characters.")
    if any(number is not None and not math.isfinite(number) for number in numbers):
        return _("a number has to be finite.")
    if (each.x_px is None) != (each.y_px is None):
        return _("a pixel needs both x and y.")
    if each.position is None:
        return _("give its place on the ground.")
    if not 0 < each.uncertainty_m < 100_000:
        return _("its uncertainty is metres, more than 0.")
    if each.is_excluded:
        return "" if each.note.strip() else _("say why this candidate is excluded.")
    if each.x_px is None or each.y_px is None:
        return _("mark it in the picture, or give its pixel.")
    if landmarks.width_px is None or landmarks.height_px is None:
        return _("its pixel needs the picture's width and height.")
    if not (0 <= each.x_px <= landmarks.width_px and 0 <= each.y_px <= landmarks.height_px):
        return _("its pixel lies outside the picture.")
    if each.frame_time_s is not None and each.frame_time_s < 0:
        return _("a frame's time is 0 seconds or later.")
    if each.height_m is not None and not abs(each.height_m) < 20_000:
        return _("a height is metres above sea level.")
    return ""


def resection_solve(*, landmarks: Landmarks) -> Solved | None:
    """Solve for the camera; None with fewer than three pairs. Raises InvalidInput for what makes no sense."""
    landmarks_refuse(landmarks)
    pairs = [each for each in landmarks.given if not each.is_excluded]
    if len(pairs) < LEAST_SIGHTINGS or landmarks.width_px is None or landmarks.height_px is None:
        return None
    if len({each.frame_time_s for each in pairs}) > 1:
        # They are kept; but between two frames the camera may have moved.
        return None
    try:
        problem = ResectionProblem(
            width_px=landmarks.width_px,
            height_px=landmarks.height_px,
            sightings=tuple(_sighting(each) for each in pairs),
            field_of_view_deg=landmarks.lens_field_of_view_deg,
            pixel_sigma_px=landmarks.pixel_sigma_px,
        )
    except ValueError as error:
        raise InvalidInput(
            _("The landmarks cannot be solved: %(reason)s.") % {"reason": error}, field="landmarks"
        ) from error
    return Solved(problem=problem, result=resect(problem))


def _sighting(each: LandmarkGiven) -> Sighting:
    assert each.x_px is not None and each.y_px is not None and each.position is not None  # noqa: S101, PT018
    return Sighting(
        label=each.label.strip(),
        x_px=each.x_px,
        y_px=each.y_px,
        position=each.position,
        height_m=each.height_m,
        uncertainty_m=each.uncertainty_m,
        frame_time_s=each.frame_time_s,
    )


def landmark_columns(landmarks: Landmarks, solved: Solved | None) -> dict[str, Any]:
    """Columns of a revision that speak of its landmarks."""
    has_size = landmarks.width_px is not None and bool(landmarks.given)
    return {
        "picture_width_px": landmarks.width_px if has_size else None,
        "picture_height_px": landmarks.height_px if has_size else None,
        "landmark_count": len(landmarks.given),
        "resection": solved.to_json() if solved else None,
    }


def landmarks_add(*, revision: GeolocationRevision, landmarks: Landmarks) -> None:
    """Rows for a revision that is being made in this transaction."""
    Landmark.objects.bulk_create(
        Landmark(
            revision=revision,
            number=number,
            label=each.label.strip(),
            x_px=each.x_px,
            y_px=each.y_px,
            frame_time_s=each.frame_time_s,
            latitude=each.position.latitude if each.position else None,
            longitude=each.position.longitude if each.position else None,
            uncertainty_m=each.uncertainty_m if each.position else None,
            height_m=each.height_m,
            as_typed=each.as_typed,
            is_excluded=each.is_excluded,
            note=each.note.strip(),
        )
        for number, each in enumerate(landmarks.given, start=1)
    )


def area_polygon(corners: Sequence[Position]) -> Polygon | None:
    """The polygon of a subject area, None for no corners. Raises InvalidInput with `subject_area`."""
    if not corners:
        return None
    if not LEAST_CORNERS <= len(corners) <= MOST_CORNERS:
        raise InvalidInput(
            _("An area has from 3 to %(most)d corners.") % {"most": MOST_CORNERS}, field="subject_area"
        )
    longitudes = [corner.longitude for corner in corners]
    if max(longitudes) - min(longitudes) > 180:
        raise InvalidInput(
            _("An area that crosses the date line has to be drawn in two."), field="subject_area"
        )
    ring = [(corner.longitude, corner.latitude) for corner in corners]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    try:
        polygon = Polygon(LinearRing(ring), srid=4326)
    except (GEOSException, ValueError) as error:
        raise InvalidInput(_("These corners do not enclose an area."), field="subject_area") from error
    if not polygon.valid or polygon.area == 0:
        raise InvalidInput(_("The area's edges cross each other, or enclose nothing."), field="subject_area")
    return polygon
