"""When the landmarks cannot tell, and why: measures of the answer first, then shapes of the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geolocation.geodesy import FloatArray
from geolocation.resection.outcome import Ellipse

# A 95 % ellipse longer than this share of the distance to the landmarks says little more than a direction.
LONGEST_SHARE = 0.5
# At the ends of the ellipse the misfit should grow by the bound it was drawn with, about.
LEAST_GROWTH, MOST_GROWTH = 0.5, 2.0
WORST_CONDITION = 1e8
TINY_SPREAD_DEG = 5.0
FLAT_SHARE = 0.08
ON_CIRCLE_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Geometry:
    """How landmarks lie as seen from the camera. `reasons` are keys of `wording`; empty: strong enough."""

    spread_deg: float
    share: float
    reasons: tuple[str, ...]


def geometry(
    ground: FloatArray, ellipse: Ellipse, growth: FloatArray, bound: float, condition_number: float
) -> Geometry:
    """Judge a solution in a plane whose origin is the camera; `ground` (L, 2): the landmarks that count."""
    distances = np.hypot(ground[:, 0], ground[:, 1])
    share = ellipse.semi_major_m / max(float(np.median(distances)), 1e-9)
    spread_deg = _spread_deg(ground)
    reasons = []
    if share > LONGEST_SHARE:
        reasons.append("long_ellipse")
    if float(growth.min()) < LEAST_GROWTH * bound or float(growth.max()) > MOST_GROWTH * bound:
        reasons.append("crooked")
    if condition_number > WORST_CONDITION:
        reasons.append("ill_conditioned")
    if reasons:
        if spread_deg < TINY_SPREAD_DEG:
            reasons.append("tiny_spread")
        if _flatness(ground) < FLAT_SHARE:
            reasons.append("in_line")
        elif _off_circle(ground) < ON_CIRCLE_SHARE:
            reasons.append("on_circle")
    return Geometry(spread_deg, share, tuple(reasons))


def _spread_deg(ground: FloatArray) -> float:
    """The angle between the outermost landmarks."""
    azimuths = np.sort(np.degrees(np.arctan2(ground[:, 0], ground[:, 1])) % 360.0)
    gaps = np.diff(np.append(azimuths, azimuths[0] + 360.0))
    return 360.0 - float(gaps.max())


def _flatness(ground: FloatArray) -> float:
    """Width of the landmarks' ground plan as a share of its length."""
    singular = np.linalg.svd(ground - ground.mean(axis=0), compute_uv=False)
    return float(singular[1] / max(singular[0], 1e-9))


def _off_circle(ground: FloatArray) -> float:
    """How far camera (at the origin) and landmarks are from one circle, as a share of its radius.

    Three landmarks and a camera on one circle: every other place on it sees the same angles.
    """
    # |p|^2 = 2 p.c for every p on a circle through the origin with centre c.
    squares = (ground**2).sum(axis=1)
    centre, *_rest = np.linalg.lstsq(2 * ground, squares, rcond=None)
    radius = float(np.hypot(*centre))
    if radius < 1e-9:
        return math.inf
    off = np.abs(np.hypot(*(ground - centre).T) - radius)
    return float(off.max()) / radius
