"""The direction from the camera to what it shows, and how well the positions fix it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geolocation import geodesy
from geolocation.checks.base import (
    CheckInputs,
    Finding,
    JsonObject,
    PlacedPoint,
    Verdict,
    inapplicable,
)
from geolocation.checks.wording import azimuth, degrees, metres
from geolocation.coordinates.position import Position

# Half the horizontal field of a phone's main camera: 26 mm equivalent on a 36 mm wide frame sees
# 2 * atan(18 / 26) = 69.4 degrees. Used when nobody stated a field of view; a zoom sees less, so the check
# errs towards letting a doubtful direction pass, and says which field it took.
DEFAULT_HALF_FIELD_DEG = 35.0

# What lies further from the axis than this is behind the lens, whatever the field of view.
BEHIND_DEG = 90.0

# What a comparison with the direction to the subject looks at.
READS_SIGHT = ("camera", "subject", "subject_area", "field_of_view_deg")

NO_CAMERA = "The camera position is missing; without it there is no direction to compare. Place the camera."
NO_SUBJECT = (
    "The subject position is missing; without it there is no direction to compare. Place the subject."
)
TOO_CLOSE = (
    "Camera and subject are {distance} apart and their uncertainties together are {joint}: "
    "the direction between them is not fixed, so there is nothing to compare."
)
ALL_AROUND = (
    "Field of view and uncertainties together cover every direction ({tolerance} to each side), "
    "so no direction could disagree."
)


@dataclass(frozen=True, slots=True)
class Direction:
    """Azimuth and distance to the subject; `spread_deg` is how far uncertainty and size let it swing."""

    azimuth_deg: float
    distance_m: float
    spread_deg: float


def to_subject(inputs: CheckInputs) -> Direction | str:
    """The direction from camera to subject, or the sentence that says why there is none."""
    if inputs.camera is None:
        return NO_CAMERA
    if inputs.subject is not None:
        return _to_point(inputs.camera, inputs.subject.position, inputs.subject.uncertainty_m)
    if inputs.subject_area:
        return _to_area(inputs.camera, inputs.subject_area)
    return NO_SUBJECT


def _to_point(camera: PlacedPoint, subject: Position, uncertainty_m: float) -> Direction | str:
    line = geodesy.inverse(camera.position, subject)
    joint_m = geodesy.joint_uncertainty_m(camera.uncertainty_m, uncertainty_m)
    if joint_m >= line.distance_m:
        return TOO_CLOSE.format(distance=metres(line.distance_m), joint=metres(joint_m))
    spread_deg = math.degrees(math.asin(joint_m / line.distance_m))
    return Direction(line.azimuth_deg, line.distance_m, spread_deg)


def _to_area(camera: PlacedPoint, area: tuple[Position, ...]) -> Direction | str:
    middle = geodesy.inverse(camera.position, geodesy.centre(area))
    lines = [geodesy.inverse(camera.position, vertex) for vertex in area]
    nearest_m = min(line.distance_m for line in lines)
    swings = [abs(geodesy.angular_difference_deg(middle.azimuth_deg, line.azimuth_deg)) for line in lines]
    if camera.uncertainty_m >= nearest_m or max(swings) >= BEHIND_DEG:
        return TOO_CLOSE.format(distance=metres(nearest_m), joint=metres(camera.uncertainty_m))
    spread_deg = max(swings) + math.degrees(math.asin(camera.uncertainty_m / nearest_m))
    return Direction(middle.azimuth_deg, middle.distance_m, spread_deg)


@dataclass(frozen=True, slots=True)
class View:
    """A stated direction of view: the axis, half the field, and the error of the axis itself."""

    axis_deg: float
    half_field_deg: float
    axis_error_deg: float


def half_field_deg(inputs: CheckInputs) -> float:
    """Half the stated field of view, or half a phone's."""
    if inputs.field_of_view_deg is None:
        return DEFAULT_HALF_FIELD_DEG
    return inputs.field_of_view_deg / 2


def compare(inputs: CheckInputs, view: View, *, agrees: str, outside: str, behind: str) -> Finding:
    """The finding for a stated view against the direction to the subject.

    The subject must lie inside the picture: off the axis by at most half the field, widened by the error of
    the axis and by how far the positions let the direction swing. Beyond that somebody should look; when even
    the widened axis leaves the subject behind the lens, the two contradict each other.
    The three sentences are templates over `axis, azimuth, distance, off, tolerance, half_field, spread`.
    """
    direction = to_subject(inputs)
    if isinstance(direction, str):
        return inapplicable(direction)
    slack_deg = view.axis_error_deg + direction.spread_deg
    tolerance_deg = view.half_field_deg + slack_deg
    if tolerance_deg >= 180:
        return inapplicable(ALL_AROUND.format(tolerance=degrees(tolerance_deg)))
    off_deg = abs(geodesy.angular_difference_deg(view.axis_deg, direction.azimuth_deg))
    verdict, sentence = Verdict.FLAGGED, outside
    if off_deg <= tolerance_deg:
        verdict, sentence = Verdict.PASSED, agrees
    elif off_deg - slack_deg > BEHIND_DEG:
        verdict, sentence = Verdict.FAILED, behind
    return Finding(
        verdict=verdict,
        measured_value=off_deg,
        unit="deg",
        threshold=tolerance_deg,
        sentence=sentence.format(
            axis=azimuth(view.axis_deg),
            azimuth=azimuth(direction.azimuth_deg),
            distance=metres(direction.distance_m),
            off=degrees(off_deg),
            tolerance=degrees(tolerance_deg),
            half_field=degrees(view.half_field_deg),
            axis_error=degrees(view.axis_error_deg),
            spread=degrees(direction.spread_deg),
        ),
        drawing=_compass(view, direction, tolerance_deg),
    )


def _compass(view: View, direction: Direction, tolerance_deg: float) -> JsonObject:
    return {
        "kind": "compass",
        "axis_deg": geodesy.normalised_azimuth_deg(view.axis_deg),
        "azimuth_deg": direction.azimuth_deg,
        "half_field_deg": view.half_field_deg,
        "tolerance_deg": tolerance_deg,
        "spread_deg": direction.spread_deg,
        "distance_m": direction.distance_m,
    }
