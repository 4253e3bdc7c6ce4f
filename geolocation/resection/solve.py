"""Solve for where a camera stood: search, robust fit, consensus, and the plane moved to the answer."""

from __future__ import annotations

import math

import numpy as np

from geolocation.coordinates.sentences import Sentence, say
from geolocation.geodesy import FloatArray, centre, distance_m
from geolocation.resection import wording
from geolocation.resection.answer import Found, resection_of
from geolocation.resection.camera import (
    EAST,
    HEADING,
    LOG_FOCAL,
    NORTH,
    Scene,
    field_of_view_deg,
    scene_of,
)
from geolocation.resection.fit import fit
from geolocation.resection.outcome import VERSION, Resection, Status
from geolocation.resection.outliers import Consensus, consensus, in_front, redundancy
from geolocation.resection.plane import MOVES_M, Plane
from geolocation.resection.problem import FURTHEST_M, LEAST_FIELD_DEG, WIDEST_FIELD_DEG, ResectionProblem
from geolocation.resection.search import starts

STARTS = 16
ROUGH_STEPS, FINE_STEPS, LAST_STEPS = 30, 30, 12
MOST_MODES = 5
MOVES = 6
# Two estimates nearer than this share of their distance to the landmarks are one.
SAME_SHARE = 0.02
# What fits as well as the best: within the 99 % bound of two unknowns.
AS_GOOD = 9.21


def resect(problem: ResectionProblem) -> Resection:
    """Where the camera stood, how it looked, how sure that is, or why it cannot be told."""
    if len(problem.sightings) < 3:
        return _without(Status.TOO_FEW, _too_few(2 * len(problem.sightings), 3))
    plane = Plane(centre([seen.position for seen in problem.sightings]))
    scene = scene_of(problem, plane)
    everything = np.ones(scene.count)
    spare = redundancy(scene, everything)
    if spare < 0:
        return _without(Status.TOO_FEW, _too_few(spare + scene.measured, scene.measured))
    modes = _modes(problem, plane, scene)
    agreed = consensus(scene, modes, sigma_is_known=problem.pixel_sigma_px is not None)
    found = _distinct(problem, plane, scene, agreed)
    if not found:
        return _without(Status.NO_FIT, say(wording.NO_FIT))
    settled = [
        each for each in (_settled(problem, plane, row, agreed.used) for row in found) if each is not None
    ]
    if not settled:
        return _without(Status.NO_FIT, say(wording.NO_FIT))
    return resection_of(problem, _once_each(settled), agreed)


def _modes(problem: ResectionProblem, plane: Plane, scene: Scene) -> FloatArray:
    near = None if problem.near is None else plane.of([problem.near])[0]
    first = starts(scene, wanted=STARTS, near=near, radius_m=problem.radius_m)
    used = np.ones((len(first), scene.count))
    rough = fit(scene, first, used, steps=ROUGH_STEPS, huber=True)
    order = np.argsort(rough.objective)
    kept = _apart(scene, rough.cameras[order])[: 2 * MOST_MODES]
    fine = fit(scene, kept, used[: len(kept)], steps=FINE_STEPS, huber=True)
    return _apart(scene, fine.cameras[np.argsort(fine.objective)])[:MOST_MODES]


def _apart(scene: Scene, cameras: FloatArray) -> FloatArray:
    """The cameras without repetitions, in the order given."""
    kept: list[FloatArray] = []
    for camera in cameras:
        reach_m = float(np.median(np.hypot(*(scene.ground - camera[[EAST, NORTH]]).T)))
        if all(_separation_m(camera, other) > SAME_SHARE * reach_m for other in kept):
            kept.append(camera)
    return np.array(kept)


def _separation_m(one: FloatArray, other: FloatArray) -> float:
    return float(np.hypot(*(one[[EAST, NORTH]] - other[[EAST, NORTH]])))


def _distinct(problem: ResectionProblem, plane: Plane, scene: Scene, agreed: Consensus) -> list[FloatArray]:
    """Cameras that fit as well as the best and could exist, best first."""
    fits = agreed.fits
    front = in_front(scene, fits.cameras, np.tile(agreed.used, (len(fits.cameras), 1)))
    possible = [
        row
        for row in np.flatnonzero(front).tolist()
        if _could_exist(problem, plane, scene, fits.cameras[row])
    ]
    possible.sort(key=lambda row: float(fits.objective[row]))
    if not possible:
        return []
    limit = fits.objective[possible[0]] + AS_GOOD * max(1.0, _scale(agreed, scene, possible[0]))
    return [fits.cameras[row] for row in possible if fits.objective[row] <= limit]


def _scale(agreed: Consensus, scene: Scene, row: int) -> float:
    return float(agreed.fits.chi_square[row]) / max(redundancy(scene, agreed.used), 1)


def _could_exist(problem: ResectionProblem, plane: Plane, scene: Scene, camera: FloatArray) -> bool:
    field = field_of_view_deg(camera[LOG_FOCAL], scene.width_px)
    if (
        not LEAST_FIELD_DEG <= field <= WIDEST_FIELD_DEG
        or math.hypot(camera[EAST], camera[NORTH]) > FURTHEST_M
    ):
        return False
    if problem.near is None or problem.radius_m is None:
        return True
    return distance_m(problem.near, plane.position(camera[EAST], camera[NORTH])) <= problem.radius_m


def _settled(problem: ResectionProblem, plane: Plane, camera: FloatArray, used: FloatArray) -> Found | None:
    """The same solution in a plane whose origin it is itself."""
    for _move in range(MOVES):
        moved = Plane(plane.position(camera[EAST], camera[NORTH]))
        turned = camera.copy()
        turned[HEADING] = math.radians(
            plane.azimuth_at_deg(camera[EAST], camera[NORTH], math.degrees(camera[HEADING]))
        )
        turned[[EAST, NORTH]] = 0.0
        plane, scene = moved, scene_of(problem, moved)
        fits = fit(scene, turned[None], used[None], steps=LAST_STEPS, huber=False)
        if not in_front(scene, fits.cameras, used[None])[0]:
            return None
        camera = fits.cameras[0]
        if math.hypot(camera[EAST], camera[NORTH]) < MOVES_M:
            break
    return Found(plane, scene, camera, used, float(fits.chi_square[0]), float(fits.objective[0]))


def _once_each(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: one.objective):
        reach_m = float(np.median(np.hypot(*each.scene.ground.T)))
        if all(distance_m(each.plane.origin, other.plane.origin) > SAME_SHARE * reach_m for other in kept):
            kept.append(each)
    return kept


def _too_few(given: int, unknown: int) -> Sentence:
    return say(wording.TOO_FEW, given=given, unknown=unknown)


def _without(status: Status, sentence: Sentence) -> Resection:
    return Resection(
        version=VERSION,
        status=status,
        camera=None,
        others=(),
        residuals=(),
        outliers=(),
        suspects=(),
        redundancy=0,
        condition_number=None,
        error_scale=1.0,
        scale_is_estimated=False,
        sentences=(sentence,),
    )
