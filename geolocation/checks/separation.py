"""Two uncertain positions of what should be one place: how far apart, and how far they may be."""

from __future__ import annotations

from dataclasses import dataclass

from geolocation import geodesy
from geolocation.checks.base import JsonObject, Verdict
from geolocation.coordinates.position import Position

# Uncertainties here are radii that hold the truth about two times in three (Android's and EXIF's
# definition of horizontal accuracy; an investigator's radius holds it at least as often). For a circular
# normal error three times that radius holds 99.997 % of it (1 - exp(-1.14 * 9)); receivers among
# buildings and hasty radii have fatter tails than normal, hence five. Beyond it the two positions
# contradict each other.
CONTRADICTION_FACTOR = 5.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One end of a comparison; `role` names it in the drawing."""

    role: str
    position: Position
    uncertainty_m: float


@dataclass(frozen=True, slots=True)
class Separation:
    """Two marks, their distance and their joint uncertainty (root sum of squares)."""

    first: Mark
    second: Mark
    distance_m: float
    allowed_m: float

    @property
    def verdict(self) -> Verdict:
        """Passed within the joint uncertainty, flagged to five times it, failed beyond."""
        if self.distance_m <= self.allowed_m:
            return Verdict.PASSED
        if self.distance_m <= CONTRADICTION_FACTOR * self.allowed_m:
            return Verdict.FLAGGED
        return Verdict.FAILED

    @property
    def excess(self) -> float:
        """Distance in units of what is allowed: above 1 is too far."""
        return self.distance_m / self.allowed_m

    def drawing(self) -> JsonObject:
        """Two circles to scale."""
        return {
            "kind": "distance",
            "points": [
                {
                    "role": mark.role,
                    "latitude": mark.position.latitude,
                    "longitude": mark.position.longitude,
                    "uncertainty_m": mark.uncertainty_m,
                }
                for mark in (self.first, self.second)
            ],
            "distance_m": self.distance_m,
            "allowed_m": self.allowed_m,
        }


def separation(first: Mark, second: Mark) -> Separation:
    """Measure two marks against each other."""
    return Separation(
        first=first,
        second=second,
        distance_m=geodesy.distance_m(first.position, second.position),
        allowed_m=geodesy.joint_uncertainty_m(first.uncertainty_m, second.uncertainty_m),
    )
