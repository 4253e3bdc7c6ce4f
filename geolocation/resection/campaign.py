"""How often the ellipse holds the truth, and how far off the answers are: many synthetic scenes, counted."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from geolocation.geodesy import angular_difference_deg, inverse
from geolocation.resection.agreement import radius_m
from geolocation.resection.outcome import CameraEstimate, Status
from geolocation.resection.solve import resect
from geolocation.resection.synthetic import Recipe, TrueScene, draw

RECIPES: dict[str, Recipe] = {
    "field of view known": Recipe(field_is_known=True),
    "field of view solved": Recipe(landmarks=(5, 9)),
    "with heights": Recipe(heights=True),
    "errors estimated": Recipe(field_is_known=True, sigma_is_told=False, landmarks=(5, 9)),
    "one landmark wrong": Recipe(field_is_known=True, wrong=1, landmarks=(6, 9)),
}


@dataclass
class Tally:
    """What came out of one recipe. `errors_m` and `heading_errors_deg` are of solved scenes only."""

    statuses: Counter[Status] = field(default_factory=Counter)
    held: int = 0
    held_when_weak: int = 0
    named: int = 0
    undecided: int = 0
    wrongly_named: int = 0
    errors_m: list[float] = field(default_factory=list)
    heading_errors_deg: list[float] = field(default_factory=list)
    field_errors_deg: list[float] = field(default_factory=list)

    @property
    def solved(self) -> int:
        """Scenes with one place and an ellipse to rely on."""
        return self.statuses[Status.SOLVED]

    @property
    def coverage(self) -> float:
        """Share of the solved scenes whose ellipse holds the truth."""
        return self.held / max(self.solved, 1)

    def add(self, scene: TrueScene) -> None:
        """Solve one scene and count it."""
        found = resect(scene.problem)
        self.statuses[found.status] += 1
        wrong = set(scene.wrong)
        self.named += bool(wrong) and wrong == set(found.outliers)
        self.undecided += bool(wrong) and wrong <= set(found.suspects)
        self.wrongly_named += bool(set(found.outliers) - wrong)
        if found.camera is None:
            return
        inside, error_m = holds(found.camera, scene)
        if found.status == Status.SOLVED:
            self.held += inside
            self.errors_m.append(error_m)
            turn = angular_difference_deg(scene.camera.heading_deg, found.camera.heading_deg)
            self.heading_errors_deg.append(abs(turn))
            self.field_errors_deg.append(abs(found.camera.field_of_view_deg - scene.camera.field_of_view_deg))
        elif found.status == Status.WEAK:
            self.held_when_weak += inside


def holds(camera: CameraEstimate, scene: TrueScene) -> tuple[bool, float]:
    """Whether the ellipse holds the true position, and how far off its centre is in metres."""
    line = inverse(camera.position, scene.camera.position)
    return line.distance_m <= radius_m(camera.ellipse, line.azimuth_deg), line.distance_m


def run(recipe: Recipe, *, scenes: int, seed: int) -> Tally:
    """Draw and solve that many scenes."""
    random, tally = np.random.default_rng(seed), Tally()
    for _scene in range(scenes):
        tally.add(draw(random, recipe))
    return tally


def binomial_error(share: float, count: int) -> float:
    """Standard error of a share of `count`."""
    return math.sqrt(share * (1 - share) / max(count, 1))
