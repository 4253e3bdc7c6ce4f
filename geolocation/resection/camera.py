"""The pinhole camera: where a landmark appears in the picture, for many cameras at once.

A camera is a row of `PARAMETERS`: east and north in metres, heading in radians clockwise from north, the
logarithm of the focal length in pixels, pitch (up) and roll (clockwise) in radians, and height in metres. The
principal point is the picture's middle and the lens is free of distortion.

A landmark of unknown height still has an azimuth: it stands somewhere on a vertical line, and that line
crosses the picture's row in which the landmark was seen at one column. The residual is then along that row. A
landmark of known height has a residual in both directions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geolocation.geodesy import FloatArray
from geolocation.resection.plane import Plane, drop_m
from geolocation.resection.problem import STATED_RADIUS_SIGMAS, ResectionProblem

EAST, NORTH, HEADING, LOG_FOCAL, PITCH, ROLL, HEIGHT = range(7)
PARAMETERS = 7
# Beside and behind the camera the projection has no meaning; there the picture is continued steeply.
LEAST_FORWARD = 0.02
# A row that runs along the vertical line never crosses it.
LEAST_SLANT = 1e-3
NEAREST_M = 0.5
# A camera stands within this of the mean height of the landmarks, unless they say otherwise.
HEIGHT_SIGMA_M = 500.0
NOMINAL_SIGMA_PX = 3.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A problem as arrays in a plane. `x_px` and `y_px` count from the middle, y upwards; L landmarks.

    `free` are the parameters solved for; `prior` and `prior_sigma` (shape (7,)) hold the others and weigh the
    uncertain ones, with infinity for no prior.
    """

    x_px: FloatArray
    y_px: FloatArray
    ground: FloatArray
    height_m: FloatArray
    has_height: FloatArray
    ground_sigma_m: FloatArray
    pixel_sigma_px: float
    width_px: float
    free: tuple[int, ...]
    prior: FloatArray
    prior_sigma: FloatArray

    @property
    def count(self) -> int:
        """Number of landmarks."""
        return len(self.x_px)

    @property
    def measured(self) -> int:
        """Unknowns that only the landmarks can give: those without a prior worth the name."""
        return sum(1 for each in self.free if not math.isfinite(self.prior_sigma[each])) + int(
            HEIGHT in self.free
        )


def scene_of(problem: ResectionProblem, plane: Plane) -> Scene:
    """The problem laid out in a plane."""
    seen = problem.sightings
    heights = [each.height_m for each in seen]
    known = [height for height in heights if height is not None]
    middle_m = float(np.mean(known)) if known else 0.0
    prior = np.zeros(PARAMETERS)
    sigma = np.full(PARAMETERS, np.inf)
    prior[HEIGHT], sigma[HEIGHT] = middle_m, HEIGHT_SIGMA_M
    sigma[PITCH], sigma[ROLL] = math.radians(problem.pitch_sigma_deg), math.radians(problem.roll_sigma_deg)
    free = [EAST, NORTH, HEADING, PITCH, ROLL]
    field = problem.field_of_view_deg
    if field is not None:
        prior[LOG_FOCAL] = math.log(focal_px(field, problem.width_px))
        half = math.radians(field) / 2
        # d ln f / d field = -1 / sin(field)
        sigma[LOG_FOCAL] = math.radians(problem.field_of_view_sigma_deg) / max(math.sin(2 * half), 0.05)
    if problem.field_is_solved:
        free.append(LOG_FOCAL)
    if known:
        free.append(HEIGHT)
    return Scene(
        x_px=np.array([each.x_px for each in seen]) - problem.width_px / 2,
        y_px=problem.height_px / 2 - np.array([each.y_px for each in seen]),
        ground=plane.of([each.position for each in seen]),
        height_m=np.array([middle_m if height is None else height for height in heights]),
        has_height=np.array([0.0 if height is None else 1.0 for height in heights]),
        ground_sigma_m=np.array([each.uncertainty_m for each in seen]) / STATED_RADIUS_SIGMAS,
        pixel_sigma_px=problem.pixel_sigma_px or NOMINAL_SIGMA_PX,
        width_px=float(problem.width_px),
        free=tuple(sorted(free)),
        prior=prior,
        prior_sigma=sigma,
    )


def focal_px(field_of_view_deg: float, width_px: float) -> float:
    """Focal length in pixels of a horizontal field of view."""
    return width_px / 2 / math.tan(math.radians(field_of_view_deg) / 2)


def field_of_view_deg(log_focal: float, width_px: float) -> float:
    """Horizontal field of view of a focal length in pixels."""
    return math.degrees(2 * math.atan(width_px / 2 / math.exp(log_focal)))


@dataclass(frozen=True, slots=True)
class Seen:
    """Per camera and landmark, shape (S, L): residuals in pixels, depth in front of the lens, distance."""

    x_residual_px: FloatArray
    y_residual_px: FloatArray
    forward: FloatArray
    distance_m: FloatArray


def look(scene: Scene, cameras: FloatArray) -> Seen:
    """Compare where landmarks were seen with where `cameras`, shape (S, 7), would see them."""
    east = scene.ground[:, 0] - cameras[:, EAST, None]
    north = scene.ground[:, 1] - cameras[:, NORTH, None]
    distance = np.maximum(np.hypot(east, north), NEAREST_M)
    focal = np.exp(cameras[:, LOG_FOCAL, None])
    sin_h, cos_h = np.sin(cameras[:, HEADING, None]), np.cos(cameras[:, HEADING, None])
    along, right = (east * sin_h + north * cos_h) / distance, (east * cos_h - north * sin_h) / distance
    sin_p, cos_p = np.sin(cameras[:, PITCH, None]), np.cos(cameras[:, PITCH, None])
    sin_r, cos_r = np.sin(cameras[:, ROLL, None]), np.cos(cameras[:, ROLL, None])
    v = scene.y_px / focal
    # The elevation (as a tangent) at which the vertical line of this azimuth crosses the landmark's row.
    slant = v * sin_p - cos_r * cos_p
    slant = np.where(np.abs(slant) < LEAST_SLANT, -LEAST_SLANT, slant)
    on_row = (sin_r * right - cos_r * sin_p * along - v * cos_p * along) / slant
    above = (scene.height_m - cameras[:, HEIGHT, None] - drop_m(distance)) / distance
    tangent = np.where(scene.has_height > 0, above, on_row)
    forward = cos_p * along + sin_p * tangent
    upward = cos_p * tangent - sin_p * along
    depth = np.maximum(forward, LEAST_FORWARD)
    x = focal * (cos_r * right - sin_r * upward) / depth
    y = focal * (sin_r * right + cos_r * upward) / depth
    return Seen(x - scene.x_px, (y - scene.y_px) * scene.has_height, forward, distance)


def distances_m(scene: Scene, cameras: FloatArray) -> FloatArray:
    """From each camera to each landmark, shape (S, L)."""
    east = scene.ground[:, 0] - cameras[:, EAST, None]
    north = scene.ground[:, 1] - cameras[:, NORTH, None]
    return np.maximum(np.sqrt(east * east + north * north), NEAREST_M)


def nearest_m(scene: Scene, cameras: FloatArray) -> FloatArray:
    """Distance to the nearest landmark, shape (S,)."""
    nearest: FloatArray = distances_m(scene, cameras).min(axis=1)
    return nearest


def sigmas_px(scene: Scene, cameras: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Standard deviations of both residuals, shape (S, L): of the click, and of the place on the ground."""
    distance_m = distances_m(scene, cameras)
    focal = np.exp(cameras[:, LOG_FOCAL, None])
    stretch = 1.0 + (scene.x_px / focal) ** 2
    ground = focal * scene.ground_sigma_m / distance_m
    # A landmark nearer, further or further aside than thought appears higher or lower by its elevation times
    # that share; along and across together give the same stretch again.
    elevation = np.abs(scene.height_m - cameras[:, HEIGHT, None]) / distance_m
    aside = ground * stretch
    return np.hypot(scene.pixel_sigma_px, aside), np.hypot(scene.pixel_sigma_px, aside * elevation)
