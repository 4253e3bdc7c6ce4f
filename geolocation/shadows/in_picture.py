"""From three marks in a picture (foot, tip, top) to a shadow's azimuth and length, with their errors.

Assumed: the object stands upright, its shadow lies on level ground, the lens is free of distortion and the
middle of the picture is the middle of the lens. The rays through foot and tip are followed to the ground, the
ray through the top to the vertical line over the foot; the height of the camera cancels out of the ratio.
Errors come from carrying the errors of marks and camera through the same steps many times (a fixed sequence,
so the same marks always give the same answer): near the horizon they are neither small nor even.

Pixels count from the upper left corner, x to the right and y downwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geolocation.coordinates.sentences import Sentence, gettext_noop, say
from geolocation.geodesy import FloatArray
from geolocation.resection.camera import focal_px
from geolocation.shadows.measured import Shadow

SAMPLES = 4000
SEED = 20230920
# The share of samples that may miss the ground before a mark counts as too near the horizon.
MOST_MISSES = 0.05
# Half the width that holds 95 of 100, in standard deviations.
SIGMAS_95 = 1.96
# A direction worse than this says nothing.
WIDEST_AZIMUTH_ERROR_DEG = 45.0
# An error of the sun's height that says as little.
WIDEST_ALTITUDE_ERROR_DEG = 20.0
SMALLEST_ERROR_DEG = 0.05

ABOVE_HORIZON = gettext_noop(
    "This mark lies at or above the horizon as the camera is held, so it is not on the ground. Mark the "
    "horizon, or correct the tilt."
)
NEAR_HORIZON = gettext_noop(
    "With these errors this mark may lie above the horizon, so nothing can be measured. Mark the horizon, "
    "give the tilt more exactly, or take a nearer object."
)
SAME_POINT = gettext_noop("Foot and tip are the same point.")
TOP_TOO_LOW = gettext_noop("The top lies no higher than the foot.")
VAGUE_AZIMUTH = gettext_noop(
    "The direction would be uncertain by %(error)s°, which says nothing. Take a longer shadow, or give the "
    "heading and the tilt more exactly."
)
VAGUE_LENGTH = gettext_noop(
    "The length would leave the sun's height uncertain by %(error)s°, which says nothing. Take a taller "
    "object, or give the tilt more exactly."
)
NOTHING = gettext_noop("Give the heading for the direction, or mark the top for the length.")


class NotMeasurable(ValueError):
    """Marks that give no shadow: `mark` is `foot`, `tip`, `top` or `heading`, and the sentence says why."""

    def __init__(self, mark: str, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.mark = mark
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Pixel:
    """A place in the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What was marked, in pixels of the original; `sigma_px` is the error of a mark (one deviation)."""

    width_px: int
    height_px: int
    foot: Pixel
    tip: Pixel
    top: Pixel | None = None
    horizon_y: float | None = None
    sigma_px: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """How the camera was held: degrees with one standard deviation each. `heading_deg` None: not known.

    Pitch counts upwards, roll clockwise. A marked horizon replaces the pitch. `is_from_above` is a picture
    taken straight down: then the heading is the azimuth of its upper edge, and nothing else is needed.
    """

    heading_deg: float | None = None
    heading_error_deg: float = 2.0
    field_of_view_deg: float = 60.0
    field_of_view_error_deg: float = 5.0
    pitch_deg: float = 0.0
    pitch_error_deg: float = 5.0
    roll_deg: float = 0.0
    roll_error_deg: float = 2.0
    is_from_above: bool = False


@dataclass(frozen=True, slots=True)
class InPicture:
    """The shadow, and by how many degrees the top stands aside of the foot (right is positive)."""

    shadow: Shadow
    lean_deg: float | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    """Per sample (S,): azimuth in degrees, altitude of the sun that the length means, lean; who missed."""

    azimuth_deg: FloatArray
    altitude_deg: FloatArray
    lean_deg: FloatArray
    foot_misses: np.ndarray
    tip_misses: np.ndarray
    top_misses: np.ndarray


def shadow_in_picture(marks: Marks, pose: Pose) -> InPicture:
    """The shadow that the marks show. Raises NotMeasurable, naming the mark that stands against it."""
    if marks.foot == marks.tip:
        raise NotMeasurable("tip", say(SAME_POINT))
    if pose.heading_deg is None and (marks.top is None or pose.is_from_above):
        raise NotMeasurable("heading", say(NOTHING))
    draws = np.random.default_rng(SEED).standard_normal((11, SAMPLES))
    draws[:, 0] = 0.0  # the first sample is what was marked
    found = _from_above(marks, pose, draws) if pose.is_from_above else _on_ground(marks, pose, draws)
    _refuse_misses(found, has_top=marks.top is not None and not pose.is_from_above)
    azimuth_error = altitude_error = None
    if pose.heading_deg is not None:
        off = (found.azimuth_deg - found.azimuth_deg[0] + 180.0) % 360.0 - 180.0
        azimuth_error = _error(off)
        if azimuth_error > WIDEST_AZIMUTH_ERROR_DEG:
            raise NotMeasurable("heading", say(VAGUE_AZIMUTH, error=round(azimuth_error)))
    has_length = marks.top is not None and not pose.is_from_above
    if has_length:
        altitude_error = _error(found.altitude_deg - found.altitude_deg[0])
        if altitude_error > WIDEST_ALTITUDE_ERROR_DEG:
            raise NotMeasurable("top", say(VAGUE_LENGTH, error=round(altitude_error)))
    return InPicture(
        _shadow(found, azimuth_error, altitude_error), float(found.lean_deg[0]) if has_length else None
    )


def _shadow(found: _Ground, azimuth_error: float | None, altitude_error: float | None) -> Shadow:
    ratio = ratio_error = None
    if altitude_error is not None:
        altitude = math.radians(float(found.altitude_deg[0]))
        ratio = 1.0 / math.tan(altitude)
        # The length changes by 1 / sin(altitude)^2 for each radian of the sun's height.
        ratio_error = math.radians(altitude_error) / math.sin(altitude) ** 2
    return Shadow(
        azimuth_deg=float(found.azimuth_deg[0]) % 360.0 if azimuth_error is not None else None,
        azimuth_error_deg=azimuth_error,
        length_ratio=ratio,
        length_ratio_error=ratio_error,
    )


def _error(off: FloatArray) -> float:
    """One standard deviation that makes the wider side of the samples' 95 in 100 its own."""
    known = off[np.isfinite(off)]
    low, high = np.quantile(known, (0.025, 0.975))
    return max(abs(float(low)), abs(float(high))) / SIGMAS_95 or SMALLEST_ERROR_DEG


def _refuse_misses(found: _Ground, *, has_top: bool) -> None:
    for mark, misses in (("foot", found.foot_misses), ("tip", found.tip_misses)):
        if misses[0]:
            raise NotMeasurable(mark, say(ABOVE_HORIZON))
        if misses.mean() > MOST_MISSES:
            raise NotMeasurable(mark, say(NEAR_HORIZON))
    if has_top and (found.top_misses[0] or found.top_misses.mean() > MOST_MISSES):
        raise NotMeasurable("top", say(TOP_TOO_LOW))


def _from_above(marks: Marks, pose: Pose, draws: FloatArray) -> _Ground:
    """North-up pictures and turned ones: only a direction, because nothing is seen of the height."""
    right = marks.tip.x - marks.foot.x + marks.sigma_px * (draws[0] - draws[2])
    down = marks.tip.y - marks.foot.y + marks.sigma_px * (draws[1] - draws[3])
    up_deg = (pose.heading_deg or 0.0) + pose.heading_error_deg * draws[7]
    azimuth = up_deg + np.degrees(np.arctan2(right, -down))
    nothing = np.zeros(SAMPLES)
    none = np.zeros(SAMPLES, dtype=bool)
    return _Ground(azimuth, nothing, nothing, none, none, none)


def _on_ground(marks: Marks, pose: Pose, draws: FloatArray) -> _Ground:
    rays = _Rays(marks, pose, draws)
    foot = rays.through(marks.foot, draws[0], draws[1])
    tip = rays.through(marks.tip, draws[2], draws[3])
    with np.errstate(divide="ignore", invalid="ignore"):
        foot_e, foot_n = (part / -foot[2] for part in foot[:2])
        tip_e, tip_n = (part / -tip[2] for part in tip[:2])
        azimuth = np.degrees(np.arctan2(tip_e - foot_e, tip_n - foot_n))
        length = np.hypot(tip_e - foot_e, tip_n - foot_n)
        altitude, lean = np.full(SAMPLES, np.nan), np.full(SAMPLES, np.nan)
        top_misses = np.zeros(SAMPLES, dtype=bool)
        if marks.top is not None:
            top = rays.through(marks.top, draws[4], draws[5])
            # Where the ray passes nearest to the vertical line over the foot.
            along = (top[0] * foot_e + top[1] * foot_n) / (top[0] ** 2 + top[1] ** 2)
            height = 1.0 + along * top[2]
            top_misses = ~((along > 0) & (height > 0))
            altitude = np.where(top_misses, np.nan, np.degrees(np.arctan2(height, length)))
            aside = np.arctan2(top[0], top[1]) - np.arctan2(foot_e, foot_n)
            lean = (np.degrees(aside) + 180.0) % 360.0 - 180.0
    foot_misses, tip_misses = ~(foot[2] < 0), ~(tip[2] < 0)
    azimuth = np.where(foot_misses | tip_misses, np.nan, azimuth)
    altitude = np.where(foot_misses | tip_misses, np.nan, altitude)
    return _Ground(azimuth, altitude, lean, foot_misses, tip_misses, top_misses)


class _Rays:
    """Cameras drawn from the errors of the pose, and the rays through pixels from them: east, north, up."""

    def __init__(self, marks: Marks, pose: Pose, draws: FloatArray) -> None:
        self.middle = marks.width_px / 2, marks.height_px / 2
        self.sigma_px = marks.sigma_px
        field = np.clip(pose.field_of_view_deg + pose.field_of_view_error_deg * draws[6], 1.0, 170.0)
        self.focal = np.array([focal_px(float(each), marks.width_px) for each in field])
        self.heading = np.radians((pose.heading_deg or 0.0) + pose.heading_error_deg * draws[7])
        self.roll = np.radians(pose.roll_deg + pose.roll_error_deg * draws[8])
        if marks.horizon_y is None:
            self.pitch = np.radians(pose.pitch_deg + pose.pitch_error_deg * draws[9])
        else:
            # The horizon is at height 0 straight ahead, so the lens points as far up as it lies below.
            above_px = self.middle[1] - marks.horizon_y + marks.sigma_px * draws[10]
            self.pitch = -np.arctan(np.cos(self.roll) * above_px / self.focal)

    def through(self, pixel: Pixel, draw_x: FloatArray, draw_y: FloatArray) -> tuple[FloatArray, ...]:
        """One ray a sample; as `resection.camera.look`, the other way round."""
        x = (pixel.x - self.middle[0] + self.sigma_px * draw_x) / self.focal
        y = (self.middle[1] - pixel.y + self.sigma_px * draw_y) / self.focal
        right = np.cos(self.roll) * x + np.sin(self.roll) * y
        upward = np.cos(self.roll) * y - np.sin(self.roll) * x
        along = np.cos(self.pitch) - np.sin(self.pitch) * upward
        up = np.sin(self.pitch) + np.cos(self.pitch) * upward
        sine, cosine = np.sin(self.heading), np.cos(self.heading)
        return along * sine + right * cosine, along * cosine - right * sine, up
