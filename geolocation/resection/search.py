"""Where to start: the whole plausible area, every heading and field of view, judged roughly.

The candidates lie on rings around the landmarks, further apart the further out, so that the grid's own error
is about the same angle everywhere. A candidate is judged by how well one heading explains all directions,
with each landmark's disagreement capped, so that a wrong landmark cannot hide the right place.
"""

from __future__ import annotations

import math

import numpy as np

from geolocation.geodesy import FloatArray
from geolocation.resection.camera import EAST, HEADING, LOG_FOCAL, NORTH, PARAMETERS, Scene, focal_px
from geolocation.resection.problem import LEAST_FIELD_DEG, WIDEST_FIELD_DEG

RINGS, DIRECTIONS, FIELDS = 26, 60, 10
NEAREST_RING, FURTHEST_RING = 0.04, 60.0
LEAST_SPREAD_M = 5.0
CAP = 4.0
HEADING_STEPS = 1
KEPT_FOR_CHOICE = 400


def starts(
    scene: Scene, *, wanted: int, near: FloatArray | None = None, radius_m: float | None = None
) -> FloatArray:
    """At most `wanted` cameras to begin from, shape (S, 7), best first and not beside each other."""
    places, spacing_m = _places(scene, near, radius_m)
    focals = _focals(scene)
    cost, heading = _judge(scene, places, spacing_m, focals)
    order = np.argsort(cost, axis=None)[:KEPT_FOR_CHOICE]
    chosen: list[tuple[int, int]] = []
    for flat in order:
        place, focal = divmod(int(flat), len(focals))
        beside = (
            abs(focal - f) <= 1 and np.hypot(*(places[place] - places[p])) < 2.2 * spacing_m[place]
            for p, f in chosen
        )
        if not any(beside):
            chosen.append((place, focal))
        if len(chosen) == wanted:
            break
    cameras = np.tile(scene.prior, (len(chosen), 1))
    for row, (place, focal) in enumerate(chosen):
        cameras[row, [EAST, NORTH]] = places[place]
        cameras[row, HEADING] = heading[place, focal]
        cameras[row, LOG_FOCAL] = math.log(focals[focal])
    assert cameras.shape[1] == PARAMETERS  # noqa: S101
    return cameras


def _places(scene: Scene, near: FloatArray | None, radius_m: float | None) -> tuple[FloatArray, FloatArray]:
    centre = scene.ground.mean(axis=0)
    spread_m = max(float(np.hypot(*(scene.ground - centre).T).max()), LEAST_SPREAD_M)
    radii = spread_m * np.geomspace(NEAREST_RING, FURTHEST_RING, RINGS)
    if near is not None and radius_m is not None:
        reach = radius_m + float(np.hypot(*(near - centre)))
        radii = spread_m * np.geomspace(NEAREST_RING, max(reach / spread_m, 2 * NEAREST_RING), RINGS)
    turns = np.arange(DIRECTIONS) * (2 * math.pi / DIRECTIONS)
    # Every second ring is turned by half a step, so that no direction falls between the candidates.
    angles = turns[None, :] + (np.arange(RINGS) % 2)[:, None] * (math.pi / DIRECTIONS)
    places = np.stack([radii[:, None] * np.sin(angles), radii[:, None] * np.cos(angles)], axis=-1).reshape(
        -1, 2
    )
    ratio = (radii[1] / radii[0] - 1.0) / 2
    spacing = np.repeat(radii * max(2 * math.pi / DIRECTIONS, ratio), DIRECTIONS)
    places = places + centre
    if near is not None and radius_m is not None:
        inside = np.hypot(*(places - near).T) <= radius_m
        if inside.any():
            places, spacing = places[inside], spacing[inside]
    return places, spacing


def _focals(scene: Scene) -> FloatArray:
    if LOG_FOCAL in scene.free and not math.isfinite(scene.prior_sigma[LOG_FOCAL]):
        fields = np.geomspace(LEAST_FIELD_DEG * 1.5, WIDEST_FIELD_DEG * 0.9, FIELDS)
        return np.array([focal_px(float(field), scene.width_px) for field in fields])
    return np.array([math.exp(scene.prior[LOG_FOCAL])])


def _judge(
    scene: Scene, places: FloatArray, spacing_m: FloatArray, focals: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Cost and best heading of every place and focal length, each of shape (P, F)."""
    offset = scene.ground[None] - places[:, None]
    azimuth = np.arctan2(offset[..., 0], offset[..., 1])
    distance = np.maximum(np.hypot(offset[..., 0], offset[..., 1]), 0.5)
    aside = np.arctan(scene.x_px[None] / focals[:, None])
    slack = np.hypot(0.6 * spacing_m[:, None], scene.ground_sigma_m) / distance
    click = scene.pixel_sigma_px / focals[:, None]
    sigma = np.hypot(slack[:, None], click[None] + 0.01)
    turned = azimuth[:, None] - aside[None]
    weight = 1.0 / sigma
    heading = _mean_direction(turned, weight)
    residual = _wrapped(turned - heading[..., None])
    for _step in range(HEADING_STEPS):
        heading = _mean_direction(turned, weight / np.maximum(np.abs(residual) / sigma, 0.3))
        residual = _wrapped(turned - heading[..., None])
    cost = np.minimum(np.abs(residual) / sigma, CAP).sum(axis=-1)
    return cost, heading


def _mean_direction(angles: FloatArray, weight: FloatArray) -> FloatArray:
    mean: FloatArray = np.arctan2(
        (weight * np.sin(angles)).sum(axis=-1), (weight * np.cos(angles)).sum(axis=-1)
    )
    return mean


def _wrapped(angles: FloatArray) -> FloatArray:
    wrapped: FloatArray = (angles + math.pi) % (2 * math.pi) - math.pi
    return wrapped
