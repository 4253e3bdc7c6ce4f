"""A thousand scenes with known truth: the ellipse holds it as often as it says."""

import numpy as np
import pytest

from geolocation.resection.campaign import RECIPES, Tally, run
from geolocation.resection.outcome import Status

SCENES = 200  # of each of five kinds
SEED = 7


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return {
        name: run(recipe, scenes=SCENES, seed=SEED + number)
        for number, (name, recipe) in enumerate(RECIPES.items())
    }


def test_the_ellipse_holds_the_truth_in_93_to_97_of_a_hundred_solved_scenes(tallies):
    solved = sum(tally.solved for tally in tallies.values())
    held = sum(tally.held for tally in tallies.values())

    assert solved > 0.7 * SCENES * len(tallies)
    assert 0.93 <= held / solved <= 0.97


@pytest.mark.parametrize("kind", RECIPES)
def test_no_kind_of_scene_is_far_from_that(tallies, kind):
    # 200 scenes give the share to within 1.6 points (one standard error).
    assert 0.90 <= tallies[kind].coverage <= 0.99


def test_half_of_the_cameras_are_found_within_metres(tallies):
    known = tallies["field of view known"]

    assert np.median(known.errors_m) < 10
    assert np.median(known.heading_errors_deg) < 0.5


def test_a_wrong_landmark_is_named_or_its_scene_says_that_something_is_wrong(tallies):
    tally = tallies["one landmark wrong"]

    assert tally.named > 0.85 * SCENES
    assert tally.wrongly_named < 0.05 * SCENES


def test_right_landmarks_are_hardly_ever_accused(tallies):
    honest = [tally for kind, tally in tallies.items() if kind != "one landmark wrong"]

    assert sum(tally.wrongly_named for tally in honest) <= 0.02 * SCENES * len(honest)


def test_a_scene_always_gets_an_answer_or_a_reason(tallies):
    assert all(tally.statuses[Status.NO_FIT] <= 0.02 * SCENES for tally in tallies.values())
