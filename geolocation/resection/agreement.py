"""A stored resection against what a person states: the figures that a check judges.

Pure numbers without a verdict; thresholds belong to the check.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from geolocation.coordinates.position import Position
from geolocation.geodesy import angular_difference_deg, inverse
from geolocation.resection.outcome import CameraEstimate, Ellipse, LandmarkResidual, Resection, Status
from geolocation.resection.problem import RADIUS_95_SIGMAS, STATED_RADIUS_SIGMAS


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the statement is from the solution. None where the statement or the solution says nothing.

    `separation_m` is from solved to stated camera; `reach_m` how far the 95 % ellipse and the stated radius,
    widened to 95 %, together reach that way. `bearing_off_deg` and `field_off_deg` are stated minus solved,
    each with what 95 % of the solution's error allows. `worst` is the landmark that fits least of those used.
    `reliable` is False when the resection says that the landmarks cannot tell.
    """

    reliable: bool
    separation_m: float | None = None
    reach_m: float | None = None
    bearing_off_deg: float | None = None
    bearing_allowed_deg: float | None = None
    field_off_deg: float | None = None
    field_allowed_deg: float | None = None
    worst: LandmarkResidual | None = None


def agreement(
    resection: Resection,
    *,
    camera: Position | None,
    camera_uncertainty_m: float = 0.0,
    bearing_deg: float | None = None,
    field_of_view_deg: float | None = None,
) -> Agreement:
    """Compare a statement with the nearest of the places that the resection names."""
    if resection.camera is None:
        return Agreement(reliable=False)
    counted = [each for each in resection.residuals if not each.outlier]
    worst = max(counted, key=lambda each: each.sigmas, default=None)
    solved = _nearest(resection, camera)
    separation = reach = None
    if camera is not None:
        line = inverse(solved.position, camera)
        separation = line.distance_m
        reach = math.hypot(
            radius_m(solved.ellipse, line.azimuth_deg),
            camera_uncertainty_m * RADIUS_95_SIGMAS / STATED_RADIUS_SIGMAS,
        )
    bearing_off = None if bearing_deg is None else angular_difference_deg(solved.heading_deg, bearing_deg)
    field_off = None if field_of_view_deg is None else field_of_view_deg - solved.field_of_view_deg
    return Agreement(
        reliable=resection.status == Status.SOLVED,
        separation_m=separation,
        reach_m=reach,
        bearing_off_deg=bearing_off,
        bearing_allowed_deg=None if bearing_off is None else 1.96 * solved.heading_sigma_deg,
        field_off_deg=field_off,
        field_allowed_deg=None if field_off is None else 1.96 * solved.field_of_view_sigma_deg,
        worst=worst,
    )


def radius_m(ellipse: Ellipse, azimuth_deg: float) -> float:
    """From the ellipse's centre to its edge in that direction."""
    turn = math.radians(azimuth_deg - ellipse.orientation_deg)
    across, along = math.sin(turn), math.cos(turn)
    longest, shortest = max(ellipse.semi_major_m, 1e-9), max(ellipse.semi_minor_m, 1e-9)
    return 1.0 / math.hypot(along / longest, across / shortest)


def _nearest(resection: Resection, camera: Position | None) -> CameraEstimate:
    assert resection.camera is not None  # noqa: S101  asked by the caller
    places = (resection.camera, *resection.others)
    if camera is None:
        return resection.camera
    return min(places, key=lambda place: inverse(place.position, camera).distance_m)
