"""From fitted cameras to an answer in words and figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geolocation.coordinates.sentences import Sentence, say
from geolocation.geodesy import FloatArray, distance_m, normalised_azimuth_deg
from geolocation.resection import wording
from geolocation.resection.camera import (
    HEADING,
    HEIGHT,
    LOG_FOCAL,
    PITCH,
    ROLL,
    Scene,
    field_of_view_deg,
    look,
    sigmas_px,
)
from geolocation.resection.outcome import VERSION, CameraEstimate, LandmarkResidual, Resection, Status
from geolocation.resection.outliers import CONTRADICTION, Consensus, redundancy
from geolocation.resection.plane import Plane
from geolocation.resection.problem import ResectionProblem
from geolocation.resection.uncertainty import bound, chi_square_tail, ellipse_of, ends_fit, spread_of
from geolocation.resection.weakness import Geometry, geometry


@dataclass(frozen=True, slots=True)
class Found:
    """A fitted camera in the plane of which it is the origin."""

    plane: Plane
    scene: Scene
    camera: FloatArray
    used: FloatArray
    chi_square: float
    objective: float


@dataclass(frozen=True, slots=True)
class Scale:
    """What the stated errors are multiplied by; `degrees` None: they are taken as known."""

    factor: float
    degrees: int | None


def resection_of(problem: ResectionProblem, found: list[Found], agreed: Consensus) -> Resection:
    """The best solution with its uncertainty, the others that fit as well, and what is to be said of them."""
    best = found[0]
    scale = _scale(problem, best)
    cameras = [_estimate(each, scale) for each in found]
    spread = spread_of(best.scene, best.camera, best.used)
    shape = _shape(best, cameras[0], scale, spread.condition_number)
    residuals = _residuals(problem, best, scale)
    status = Status.SOLVED
    if shape.reasons:
        status = Status.WEAK
    if len(cameras) > 1:
        status = Status.AMBIGUOUS
    suspects = tuple(problem.sightings[each].label for each in agreed.suspects)
    return Resection(
        version=VERSION,
        status=status,
        camera=cameras[0],
        others=tuple(cameras[1:]),
        residuals=residuals,
        outliers=tuple(each.label for each in residuals if each.outlier),
        suspects=suspects,
        redundancy=redundancy(best.scene, best.used),
        condition_number=spread.condition_number,
        error_scale=scale.factor,
        scale_is_estimated=scale.degrees is not None,
        sentences=tuple(_sentences(problem, cameras, shape, residuals, suspects, scale, best)),
    )


def _scale(problem: ResectionProblem, best: Found) -> Scale:
    spare = redundancy(best.scene, best.used)
    if spare < 1:
        return Scale(1.0, None)
    factor = math.sqrt(best.chi_square / spare)
    if problem.pixel_sigma_px is None:
        return Scale(max(factor, 1e-6), spare)
    if chi_square_tail(best.chi_square, spare) < CONTRADICTION:
        return Scale(factor, spare)
    return Scale(1.0, None)


def _estimate(found: Found, scale: Scale) -> CameraEstimate:
    spread = spread_of(found.scene, found.camera, found.used)
    covariance = spread.covariance * scale.factor**2
    at = {each: row for row, each in enumerate(found.scene.free)}
    sigma = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    field = field_of_view_deg(found.camera[LOG_FOCAL], found.scene.width_px)
    log_focal_sigma = float(sigma[at[LOG_FOCAL]]) if LOG_FOCAL in at else 0.0
    return CameraEstimate(
        position=found.plane.position(found.camera[0], found.camera[1]),
        heading_deg=normalised_azimuth_deg(math.degrees(found.camera[HEADING])),
        heading_sigma_deg=math.degrees(float(sigma[at[HEADING]])),
        field_of_view_deg=field,
        field_of_view_sigma_deg=math.degrees(log_focal_sigma * math.sin(math.radians(field))),
        pitch_deg=math.degrees(found.camera[PITCH]),
        roll_deg=math.degrees(found.camera[ROLL]),
        height_m=float(found.camera[HEIGHT]) if HEIGHT in at else None,
        ellipse=ellipse_of(covariance[:2, :2], bound(scale.degrees)),
        misfit=found.objective,
    )


def _shape(best: Found, camera: CameraEstimate, scale: Scale, condition_number: float) -> Geometry:
    growth = ends_fit(best.scene, best.camera, best.used, camera.ellipse)
    drawn_with = bound(scale.degrees) * scale.factor**2
    return geometry(best.scene.ground[best.used > 0], camera.ellipse, growth, drawn_with, condition_number)


def _residuals(problem: ResectionProblem, best: Found, scale: Scale) -> tuple[LandmarkResidual, ...]:
    rows = best.camera[None]
    seen = look(best.scene, rows)
    sigma = sigmas_px(best.scene, rows)
    focal = math.exp(best.camera[LOG_FOCAL])
    made = []
    for at, landmark in enumerate(problem.sightings):
        off_x, off_y = float(seen.x_residual_px[0, at]), float(seen.y_residual_px[0, at])
        x = float(best.scene.x_px[at])
        expected = math.hypot(float(sigma[0][0, at]), 0.0)
        made.append(
            LandmarkResidual(
                label=landmark.label,
                angle_deg=math.degrees(math.atan(x / focal) - math.atan((x + off_x) / focal)),
                size_px=math.hypot(off_x, off_y),
                sigmas=math.hypot(off_x / expected, off_y / float(sigma[1][0, at])) / scale.factor,
                azimuth_deg=normalised_azimuth_deg(math.degrees(math.atan2(*best.scene.ground[at]))),
                distance_m=float(seen.distance_m[0, at]),
                outlier=bool(best.used[at] == 0),
            )
        )
    return tuple(made)


def _sentences(
    problem: ResectionProblem,
    cameras: list[CameraEstimate],
    shape: Geometry,
    residuals: tuple[LandmarkResidual, ...],
    suspects: tuple[str, ...],
    scale: Scale,
    best: Found,
) -> list[Sentence]:
    said = wording.of_reasons(shape.reasons, share=shape.share, spread_deg=shape.spread_deg)
    if len(cameras) > 1:
        apart = max(distance_m(cameras[0].position, other.position) for other in cameras[1:])
        said.append(say(wording.AMBIGUOUS, count=len(cameras), apart=wording.metres(apart)))
    said.append(wording.of_camera(cameras[0]))
    if problem.field_is_solved:
        said.append(say(wording.SOLVED_FIELD))
    said.extend(
        say(
            wording.OUTLIER,
            label=each.label,
            angle=f"{abs(each.angle_deg):.1f}",
            pixels=f"{each.size_px:.0f}",
        )
        for each in residuals
        if each.outlier
    )
    if suspects:
        said.append(say(wording.SUSPECTS, labels=", ".join(suspects)))
    return [*said, *_of_errors(problem, scale, redundancy(best.scene, best.used))]


def _of_errors(problem: ResectionProblem, scale: Scale, spare: int) -> list[Sentence]:
    said = []
    if spare == 0:
        said.append(say(wording.UNCHECKED))
    if problem.pixel_sigma_px is None:
        said.append(
            say(wording.ESTIMATED, count=spare, scale=f"{scale.factor:.1f}")
            if spare
            else say(wording.NOT_ESTIMATED)
        )
    elif scale.degrees is not None:
        said.append(say(wording.CONTRADICTORY, scale=f"{scale.factor:.1f}"))
    return said
