"""Scenes whose truth is known: a camera, landmarks before it, and pictures of them with errors of known size.

The projection here is written on its own, with rotation matrices, and shares nothing with `camera.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geolocation.coordinates.position import Position
from geolocation.geodesy import FloatArray, direct, inverse
from geolocation.resection.plane import EARTH_RADIUS_M, REFRACTION
from geolocation.resection.problem import STATED_RADIUS_SIGMAS, ResectionProblem, Sighting


@dataclass(frozen=True, slots=True)
class TrueCamera:
    """Where the camera really stood. Angles in degrees, height in metres."""

    position: Position
    height_m: float
    heading_deg: float
    field_of_view_deg: float
    pitch_deg: float
    roll_deg: float
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class TrueScene:
    """A problem, its truth, and the labels of landmarks that were made wrong on purpose."""

    camera: TrueCamera
    problem: ResectionProblem
    wrong: tuple[str, ...] = ()


def project(camera: TrueCamera, position: Position, height_m: float) -> tuple[float, float] | None:
    """Pixel of a point on the ground, or None if it is beside or behind the lens."""
    line = inverse(camera.position, position)
    azimuth = math.radians(line.azimuth_deg)
    up = height_m - camera.height_m - line.distance_m**2 * (1 - REFRACTION) / (2 * EARTH_RADIUS_M)
    world = np.array([line.distance_m * math.sin(azimuth), line.distance_m * math.cos(azimuth), up])
    right, forward, upward = _rotation(camera) @ world
    if forward <= 1e-6 * line.distance_m:
        return None
    focal = camera.width_px / 2 / math.tan(math.radians(camera.field_of_view_deg) / 2)
    return (
        camera.width_px / 2 + focal * float(right / forward),
        camera.height_px / 2 - focal * float(upward / forward),
    )


def _rotation(camera: TrueCamera) -> FloatArray:
    """World (east, north, up) to camera (right, forward, up)."""
    h, p, r = (math.radians(each) for each in (camera.heading_deg, camera.pitch_deg, camera.roll_deg))
    turn = np.array([[math.cos(h), -math.sin(h), 0], [math.sin(h), math.cos(h), 0], [0, 0, 1.0]])
    tilt = np.array([[1.0, 0, 0], [0, math.cos(p), math.sin(p)], [0, -math.sin(p), math.cos(p)]])
    lean = np.array([[math.cos(r), 0, -math.sin(r)], [0, 1.0, 0], [math.sin(r), 0, math.cos(r)]])
    turned: FloatArray = lean @ tilt @ turn
    return turned


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How scenes are drawn; the tilt follows the priors that the problem states."""

    landmarks: tuple[int, int] = (4, 9)
    field_is_known: bool = False
    heights: bool = False
    pixel_sigma_px: float = 3.0
    sigma_is_told: bool = True
    uncertainty_m: float = 3.0
    wrong: int = 0


def draw(random: np.random.Generator, recipe: Recipe) -> TrueScene:
    """One scene somewhere between 65° south and 65° north."""
    field = float(np.exp(random.uniform(math.log(20), math.log(90))))
    camera = TrueCamera(
        position=Position(float(random.uniform(-65, 65)), float(random.uniform(-179, 179))),
        height_m=float(random.uniform(0, 200)),
        heading_deg=float(random.uniform(0, 360)),
        field_of_view_deg=field,
        pitch_deg=float(np.clip(random.normal(0, 5), -20, 20)),
        roll_deg=float(random.normal(0, 2)),
        width_px=1920,
        height_px=1080,
    )
    count = int(random.integers(recipe.landmarks[0], recipe.landmarks[1] + 1))
    sightings: list[Sighting] = []
    nearest, furthest = float(random.uniform(40, 200)), float(random.uniform(400, 2500))
    while len(sightings) < count:
        seen = _sighting(random, recipe, camera, nearest, furthest, f"L{len(sightings) + 1}")
        if seen is not None:
            sightings.append(seen)
    wrong = [int(each) for each in random.permutation(count)[: recipe.wrong]]
    for each in wrong:
        sightings[each] = _spoiled(random, sightings[each], camera)
    problem = ResectionProblem(
        width_px=camera.width_px,
        height_px=camera.height_px,
        sightings=tuple(sightings),
        field_of_view_deg=field if recipe.field_is_known else None,
        pixel_sigma_px=recipe.pixel_sigma_px if recipe.sigma_is_told else None,
    )
    return TrueScene(camera, problem, tuple(sightings[each].label for each in wrong))


def _sighting(
    random: np.random.Generator,
    recipe: Recipe,
    camera: TrueCamera,
    nearest: float,
    furthest: float,
    label: str,
) -> Sighting | None:
    """A landmark in the picture, with errors; None if this draw falls outside of it."""
    half = camera.field_of_view_deg / 2
    azimuth = camera.heading_deg + float(random.uniform(-half, half))
    distance = float(np.exp(random.uniform(math.log(nearest), math.log(furthest))))
    true = direct(camera.position, azimuth, distance)
    # Whoever tilts a camera does so to have the landmarks in the picture.
    tall = math.degrees(math.atan(math.tan(math.radians(half)) * camera.height_px / camera.width_px))
    elevation = camera.pitch_deg + float(random.uniform(-0.9, 0.9)) * tall
    height = camera.height_m + math.tan(math.radians(elevation)) * distance
    pixel = project(camera, true, height)
    if pixel is None:
        return None
    x, y = (value + float(random.normal(0, recipe.pixel_sigma_px)) for value in pixel)
    if not (0 <= x <= camera.width_px and 0 <= y <= camera.height_px):
        return None
    sigma = recipe.uncertainty_m / STATED_RADIUS_SIGMAS
    east, north = random.normal(0, sigma, 2)
    stated = direct(true, math.degrees(math.atan2(east, north)), float(np.hypot(east, north)))
    return Sighting(
        label=label,
        x_px=x,
        y_px=y,
        position=stated,
        height_m=height if recipe.heights else None,
        uncertainty_m=recipe.uncertainty_m,
    )


def _spoiled(random: np.random.Generator, seen: Sighting, camera: TrueCamera) -> Sighting:
    """The same feature taken for another one: its place is off to the side by 10 to 40 degrees."""
    line = inverse(camera.position, seen.position)
    turn = float(random.choice([-1, 1]) * random.uniform(10, 40))
    return Sighting(
        label=seen.label,
        x_px=seen.x_px,
        y_px=seen.y_px,
        position=direct(
            camera.position, line.azimuth_deg + turn, line.distance_m * float(random.uniform(0.6, 1.6))
        ),
        height_m=seen.height_m,
        uncertainty_m=seen.uncertainty_m,
    )
