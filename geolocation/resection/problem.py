"""What a resection is asked: landmarks seen in one picture and found on the ground.

Pixels count from the upper left corner of the picture, x to the right and y downwards. Heights are metres
above any level, as long as it is the same for all landmarks of a problem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from geolocation.coordinates.position import Position

JsonObject = dict[str, Any]

# Radii of uncertainty hold the truth two times in three, as everywhere here: for errors that are normal and
# the same in both directions, this many standard deviations.
STATED_RADIUS_SIGMAS = math.sqrt(2.0 * math.log(3.0))
# And this many hold it 95 times in a hundred.
RADIUS_95_SIGMAS = math.sqrt(2.0 * math.log(20.0))
# How far somebody's click lies from the feature: one standard deviation, in pixels of the original.
PICKING_SIGMA_PX = 3.0
# A landmark found on imagery, when nobody says how well: the imagery's own shift dominates.
GROUND_UNCERTAINTY_M = 3.0
# One standard deviation of the tilt of a camera that somebody tries to hold level.
PITCH_SIGMA_DEG = 5.0
ROLL_SIGMA_DEG = 2.0
LEAST_FIELD_DEG, WIDEST_FIELD_DEG = 2.0, 140.0
MOST_SIGHTINGS = 40
FURTHEST_M = 200_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One feature: its pixel, its place on the ground (± a radius in metres), its height if known."""

    label: str
    x_px: float
    y_px: float
    position: Position
    height_m: float | None = None
    uncertainty_m: float = GROUND_UNCERTAINTY_M
    frame_time_s: float | None = None

    def __post_init__(self) -> None:
        _refuse(not (math.isfinite(self.x_px) and math.isfinite(self.y_px)), "a pixel is two finite numbers")
        _refuse(
            self.height_m is not None and not abs(self.height_m) < 20_000,
            "a height is within 20 km of sea level",
        )
        _refuse(not 0 < self.uncertainty_m < 100_000, "an uncertainty is a number of metres above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResectionProblem:
    """The sightings of one picture, and what is known of the camera.

    `field_of_view_deg` is horizontal; None: it is solved for. `field_of_view_sigma_deg` above 0 makes a given
    one a starting point with that standard deviation. `pixel_sigma_px` None: the size of the errors is
    estimated from the residuals, which with few landmarks widens the ellipse a lot (F distribution).
    `near` with `radius_m` limits where the camera can have stood.
    """

    width_px: int
    height_px: int
    sightings: tuple[Sighting, ...]
    field_of_view_deg: float | None = None
    field_of_view_sigma_deg: float = 0.0
    pixel_sigma_px: float | None = PICKING_SIGMA_PX
    pitch_sigma_deg: float = PITCH_SIGMA_DEG
    roll_sigma_deg: float = ROLL_SIGMA_DEG
    near: Position | None = None
    radius_m: float | None = None

    def __post_init__(self) -> None:
        _refuse(self.width_px < 2 or self.height_px < 2, "a picture has a width and a height in pixels")
        _refuse(
            len(self.sightings) > MOST_SIGHTINGS, f"at most {MOST_SIGHTINGS} landmarks are solved at once"
        )
        for seen in self.sightings:
            inside = 0 <= seen.x_px <= self.width_px and 0 <= seen.y_px <= self.height_px
            _refuse(not inside, f"{seen.label}: the pixel lies outside the picture")
        moments = {seen.frame_time_s for seen in self.sightings}
        _refuse(
            len(moments) > 1, "landmarks of different moments are not solved together: the camera may move"
        )
        field = self.field_of_view_deg
        known = field is not None
        _refuse(
            field is not None and not LEAST_FIELD_DEG <= field <= WIDEST_FIELD_DEG,
            f"a field of view is solved between {LEAST_FIELD_DEG:g} and {WIDEST_FIELD_DEG:g} degrees",
        )
        _refuse(
            not 0 <= self.field_of_view_sigma_deg <= 60, "the error of a field of view is 0 to 60 degrees"
        )
        _refuse(
            self.field_of_view_sigma_deg > 0 and not known, "an error needs the field of view it belongs to"
        )
        sigma = self.pixel_sigma_px
        _refuse(sigma is not None and not 0 < sigma < 10_000, "a picking error is a number of pixels above 0")
        _refuse(
            not 0 < self.pitch_sigma_deg <= 60, "the error of the pitch is above 0 and at most 60 degrees"
        )
        _refuse(not 0 < self.roll_sigma_deg <= 60, "the error of the roll is above 0 and at most 60 degrees")
        _refuse((self.near is None) != (self.radius_m is None), "an area is a centre with its radius")
        _refuse(
            self.radius_m is not None and not 0 < self.radius_m <= FURTHEST_M, "a radius is metres above 0"
        )

    @property
    def field_is_solved(self) -> bool:
        """Whether the field of view is unknown, or known only roughly."""
        return self.field_of_view_deg is None or self.field_of_view_sigma_deg > 0

    def to_json(self) -> JsonObject:
        """A JSON-safe object from which `from_json` makes an equal problem."""
        return asdict(self) | {"sightings": [asdict(seen) for seen in self.sightings]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ResectionProblem:
        """The problem that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        sightings = tuple(
            Sighting(**{**seen, "position": Position(**seen["position"])}) for seen in data["sightings"]
        )
        near = data["near"]
        return cls(**{**data, "sightings": sightings, "near": None if near is None else Position(**near)})


def _refuse(refused: bool, sentence: str) -> None:
    if refused:
        raise ValueError(sentence)
