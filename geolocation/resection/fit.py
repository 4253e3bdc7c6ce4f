"""Least squares for many cameras at once: Levenberg and Marquardt's steps, with Huber's weights where asked.

K. Levenberg (1944) and D. W. Marquardt (SIAM J. 11, 1963); P. J. Huber, "Robust Statistics" (1981), ch. 7.
The standard deviations of the residuals depend on the camera (a landmark's error on the ground looks larger
from near) and are computed anew at every step, so a fit is a fixed point of reweighting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geolocation.geodesy import FloatArray
from geolocation.resection.camera import (
    EAST,
    HEIGHT,
    LOG_FOCAL,
    NORTH,
    PITCH,
    ROLL,
    Scene,
    focal_px,
    look,
    nearest_m,
    sigmas_px,
)
from geolocation.resection.problem import LEAST_FIELD_DEG, WIDEST_FIELD_DEG

BoolArray = npt.NDArray[np.bool_]

HUBER = 2.0
DAMPING_START, DAMPING_STUCK = 1e-2, 1e4
ANGLE_STEP, WAY_STEP = 1e-6, 1e-7
STEEPEST_RAD = math.radians(80)
SETTLED = 1e-8


@dataclass(frozen=True, slots=True)
class Fits:
    """One fit a row: cameras (S, 7), weighted residuals (S, m), and chi-square of the landmarks and priors.

    `objective` is chi-square plus twice the logarithms of the residuals' standard deviations: what two fits
    are compared by, because a camera very near a landmark expects large residuals there.
    """

    cameras: FloatArray
    residuals: FloatArray
    chi_square: FloatArray
    objective: FloatArray


def residuals(
    scene: Scene, cameras: FloatArray, used: FloatArray, sigma: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Weighted residuals: x of each landmark, y of each, then one for every free parameter with a prior."""
    seen = look(scene, cameras)
    with_prior = [each for each in scene.free if math.isfinite(scene.prior_sigma[each])]
    prior = (cameras[:, with_prior] - scene.prior[with_prior]) / scene.prior_sigma[with_prior]
    return np.concatenate(
        [seen.x_residual_px * used / sigma[0], seen.y_residual_px * used / sigma[1], prior], axis=1
    )


def jacobian(
    scene: Scene, cameras: FloatArray, used: FloatArray, sigma: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Derivatives of the weighted residuals by the free parameters, shape (S, m, p); central differences."""
    ahead, step = _moved(scene, cameras, used, sigma, ANGLE_STEP)
    behind, _step = _moved(scene, cameras, used, sigma, -ANGLE_STEP)
    slope: FloatArray = np.swapaxes((ahead - behind) / (2 * step[:, :, None]), 1, 2)
    return slope


def _moved(
    scene: Scene,
    cameras: FloatArray,
    used: FloatArray,
    sigma: tuple[FloatArray, FloatArray],
    angle_step: float,
) -> tuple[FloatArray, FloatArray]:
    """Residuals with each free parameter moved in turn, shape (S, p, m), and by how much, shape (S, p)."""
    count, free = len(cameras), list(scene.free)
    step = np.full((count, len(free)), angle_step)
    lengths = [column for column, each in enumerate(free) if each in {EAST, NORTH, HEIGHT}]
    step[:, lengths] *= np.maximum(nearest_m(scene, cameras), 1.0)[:, None]
    moved = np.repeat(cameras[:, None], len(free), axis=1)
    moved[:, range(len(free)), free] += step
    repeated = [np.repeat(array, len(free), axis=0) for array in (used, *sigma)]
    left = residuals(scene, moved.reshape(-1, cameras.shape[1]), repeated[0], (repeated[1], repeated[2]))
    return left.reshape(count, len(free), -1), step


def fit(scene: Scene, cameras: FloatArray, used: FloatArray, *, steps: int, huber: bool) -> Fits:
    """Improve every camera for at most `steps` steps. `used` (S, L) is 1 for a landmark that counts."""
    cameras = _bounded(scene, cameras.copy())
    damping = np.full(len(cameras), DAMPING_START)
    moving = np.arange(len(cameras))
    for _step in range(steps):
        improved, damping[moving], settled = _step_on(
            scene, cameras[moving], used[moving], damping[moving], huber
        )
        cameras[moving] = improved
        moving = moving[~settled]
        if not len(moving):
            break
    return judged(scene, cameras, used)


def _step_on(
    scene: Scene, cameras: FloatArray, used: FloatArray, damping: FloatArray, huber: bool
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """One damped step of every camera: the better of both, the next damping, and whether it stays there."""
    free = list(scene.free)
    sigma = sigmas_px(scene, cameras)
    start = residuals(scene, cameras, used, sigma)
    # One-sided is enough to find the way; the covariance takes central differences.
    ahead, step = _moved(scene, cameras, used, sigma, WAY_STEP)
    slope = np.swapaxes((ahead - start[:, None]) / step[:, :, None], 1, 2)
    weighted = slope * (_huber_weight(start, scene.count)[..., None] if huber else 1.0)
    transposed = np.swapaxes(weighted, 1, 2)
    normal = transposed @ slope
    scale = np.maximum(np.diagonal(normal, axis1=1, axis2=2), 1e-12)
    damped = normal + (damping[:, None] * scale)[:, :, None] * np.eye(len(free))
    change = -np.linalg.solve(damped, transposed @ start[..., None])[..., 0]
    tried = cameras.copy()
    tried[:, free] += change
    tried = _bounded(scene, tried)
    before = _cost(start, scene.count, huber)
    after = _cost(residuals(scene, tried, used, sigma), scene.count, huber)
    better = after < before
    settled = np.where(better, before - after <= SETTLED * (1 + before), damping > DAMPING_STUCK)
    damping = np.where(better, damping * 0.2, damping * 6.0)
    return np.where(better[:, None], tried, cameras), np.maximum(damping, 1e-12), settled


def judged(scene: Scene, cameras: FloatArray, used: FloatArray) -> Fits:
    """The cameras as they are, with their residuals."""
    sigma = sigmas_px(scene, cameras)
    left = residuals(scene, cameras, used, sigma)
    chi_square = (left**2).sum(axis=1)
    logs = 2 * (used * (np.log(sigma[0]) + scene.has_height * np.log(sigma[1]))).sum(axis=1)
    return Fits(cameras, left, chi_square, chi_square + logs)


def _huber_weight(left: FloatArray, landmarks: int) -> FloatArray:
    weight: FloatArray = np.minimum(1.0, HUBER / np.maximum(np.abs(left), 1e-12))
    weight[:, 2 * landmarks :] = 1.0  # what is known of the camera beforehand is no outlier
    return weight


def _cost(left: FloatArray, landmarks: int, huber: bool) -> FloatArray:
    squares = left**2
    if huber:
        size = np.abs(left[:, : 2 * landmarks])
        squares[:, : 2 * landmarks] = np.where(size <= HUBER, size**2, 2 * HUBER * size - HUBER**2)
    total: FloatArray = squares.sum(axis=1)
    return total


def _bounded(scene: Scene, cameras: FloatArray) -> FloatArray:
    longest, shortest = (
        math.log(focal_px(each, scene.width_px))
        for each in (LEAST_FIELD_DEG * 0.5, (WIDEST_FIELD_DEG + 180) / 2)
    )
    cameras[:, LOG_FOCAL] = np.clip(cameras[:, LOG_FOCAL], shortest, longest)
    cameras[:, [PITCH, ROLL]] = np.clip(cameras[:, [PITCH, ROLL]], -STEEPEST_RAD, STEEPEST_RAD)
    return cameras
