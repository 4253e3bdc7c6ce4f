"""A camera in the invented place: where things land in its picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.training.place import Spot

NEAREST_M = 1.5
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class View:
    """A level pinhole camera: position, eye height above the land, heading, field of view across."""

    at: Spot
    eye_m: float
    heading_deg: float
    field_of_view_deg: float
    width_px: int
    height_px: int
    horizon_share: float = 0.56  # of the picture's height, from above

    @property
    def focal_px(self) -> float:
        """Distance from the eye to the picture plane, in pixels."""
        return self.width_px / 2 / math.tan(math.radians(self.field_of_view_deg) / 2)

    @property
    def horizon_px(self) -> float:
        """Where the horizon lies, in pixels from above."""
        return self.height_px * self.horizon_share

    def scaled(self, factor: int) -> View:
        """The same view in more pixels."""
        return View(
            self.at,
            self.eye_m,
            self.heading_deg,
            self.field_of_view_deg,
            self.width_px * factor,
            self.height_px * factor,
            self.horizon_share,
        )

    def ahead(self, spot: Spot) -> tuple[float, float]:
        """Metres to the right of the axis and metres along it."""
        heading = math.radians(self.heading_deg)
        east_m, north_m = spot.east_m - self.at.east_m, spot.north_m - self.at.north_m
        return (
            east_m * math.cos(heading) - north_m * math.sin(heading),
            east_m * math.sin(heading) + north_m * math.cos(heading),
        )

    def point(self, spot: Spot, up_m: float = 0.0) -> Point | None:
        """Pixel of a point some metres above the land; None behind the camera."""
        right_m, ahead_m = self.ahead(spot)
        if ahead_m < NEAREST_M:
            return None
        return self._pixel(right_m, ahead_m, up_m)

    def scale_px_m(self, spot: Spot) -> float:
        """Pixels that one metre takes there."""
        return self.focal_px / max(NEAREST_M, self.ahead(spot)[1])

    def ground(self, polygon: Sequence[Spot], up_m: float = 0.0) -> list[Point]:
        """A level polygon as pixels, cut off just before the camera (Sutherland-Hodgman)."""
        corners = [self.ahead(spot) for spot in polygon]
        kept: list[tuple[float, float]] = []
        for (x0, z0), (x1, z1) in zip(corners, corners[1:] + corners[:1], strict=True):
            if z0 >= NEAREST_M:
                kept.append((x0, z0))
            if (z0 >= NEAREST_M) != (z1 >= NEAREST_M):
                share = (NEAREST_M - z0) / (z1 - z0)
                kept.append((x0 + (x1 - x0) * share, NEAREST_M))
        return [self._pixel(right_m, ahead_m, up_m) for right_m, ahead_m in kept]

    def in_the_sky(self, azimuth_deg: float, elevation_deg: float) -> Point | None:
        """Pixel of something infinitely far, such as the sun; None behind the camera."""
        aside = math.radians((azimuth_deg - self.heading_deg + 180) % 360 - 180)
        if abs(aside) > math.radians(80):
            return None
        up = math.tan(math.radians(elevation_deg)) / math.cos(aside)
        return self.width_px / 2 + self.focal_px * math.tan(aside), self.horizon_px - self.focal_px * up

    def _pixel(self, right_m: float, ahead_m: float, up_m: float) -> Point:
        factor = self.focal_px / ahead_m
        return self.width_px / 2 + right_m * factor, self.horizon_px - (up_m - self.eye_m) * factor
