"""How far the answer can be off: covariance, 95 % ellipse, and whether the ellipse itself can be believed.

With errors of known size a region of two unknowns that holds 95 % is bounded by chi-square of two degrees of
freedom, 5.991; with a size estimated from f residuals by twice F(2, f), which for f = 1 is 67 times as much
(G. A. F. Seber, C. J. Wild, "Nonlinear Regression", 1989, chapter 5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc, fdtrc

from geolocation.geodesy import FloatArray
from geolocation.resection.camera import EAST, NORTH, Scene, sigmas_px
from geolocation.resection.fit import fit, jacobian, judged
from geolocation.resection.outcome import Ellipse

CONFIDENCE = 0.95
PROFILE_STEPS = 25


@dataclass(frozen=True, slots=True)
class Spread:
    """Covariance of the free parameters for unit error scale; condition number of its scaled inverse."""

    covariance: FloatArray
    condition_number: float


def bound(degrees_of_freedom: int | None) -> float:
    """Squared radius, in standard deviations, that holds 95 % of two unknowns; None: known errors."""
    if degrees_of_freedom is None:
        return -2.0 * math.log(1 - CONFIDENCE)
    # F(2, f) has a closed form.
    return degrees_of_freedom * float((1 - CONFIDENCE) ** (-2.0 / degrees_of_freedom) - 1.0)


def chi_square_tail(value: float, degrees_of_freedom: int) -> float:
    """Probability of at least that chi-square if the stated errors are right."""
    return float(chdtrc(degrees_of_freedom, value)) if degrees_of_freedom > 0 else 1.0


def f_tail(value: float, numerator: int, denominator: int) -> float:
    """Probability of at least that ratio of variances."""
    return float(fdtrc(numerator, denominator, value)) if value > 0 else 1.0


def spread_of(scene: Scene, camera: FloatArray, used: FloatArray) -> Spread:
    """Covariance at a solution; `camera` is (7,), `used` (L,)."""
    rows, mask = camera[None], used[None]
    sigma = sigmas_px(scene, rows)
    slope = jacobian(scene, rows, mask, sigma)[0]
    normal = slope.T @ slope
    scale = 1.0 / np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal * np.outer(scale, scale)
    condition = float(np.linalg.cond(scaled))
    # The pseudo-inverse of a singular matrix would call an unknown direction certain; this calls it huge.
    values, vectors = np.linalg.eigh(scaled)
    inverse = (vectors / np.maximum(values, 1e-14)) @ vectors.T
    return Spread(inverse * np.outer(scale, scale), condition)


def ellipse_of(covariance: FloatArray, radius_squared: float) -> Ellipse:
    """The ellipse of a covariance of east and north, shape (2, 2)."""
    values, vectors = np.linalg.eigh(covariance)
    axes = np.sqrt(np.maximum(values, 0.0) * radius_squared)
    orientation = math.degrees(math.atan2(vectors[0, 1], vectors[1, 1])) % 180.0
    return Ellipse(float(axes[1]), float(axes[0]), 0.0 if orientation >= 180.0 else orientation)


def ends_fit(scene: Scene, camera: FloatArray, used: FloatArray, ellipse: Ellipse) -> FloatArray:
    """By how much the misfit really grows at the four ends of the ellipse, everything else solved again.

    For a problem that is as good as linear all four equal the bound that the ellipse was drawn with.
    """
    turn = math.radians(ellipse.orientation_deg)
    long = ellipse.semi_major_m * np.array([math.sin(turn), math.cos(turn)])
    short = ellipse.semi_minor_m * np.array([math.cos(turn), -math.sin(turn)])
    ends = np.tile(camera, (4, 1))
    ends[:, [EAST, NORTH]] += np.stack([long, -long, short, -short])
    held = replace(scene, free=tuple(each for each in scene.free if each not in {EAST, NORTH}))
    mask = np.tile(used, (4, 1))
    fitted = fit(held, ends, mask, steps=PROFILE_STEPS, huber=False)
    here = judged(held, camera[None], used[None]).objective[0]
    growth: FloatArray = fitted.objective - here
    return growth
