"""Placed look-alikes of the item."""

import pytest

from geolocation.checks.base import Twin
from tests.geolocation.checks.proposals import AVENUE, away, camera, result


def twin(distance_m, **more):
    values = {"item": "M09", "reference": "G11", "state": "verified", "uncertainty_m": 15, **more}
    return Twin(position=away(AVENUE, 10, distance_m), **values)


@pytest.mark.parametrize(("distance_m", "verdict"), [(24, "passed"), (26, "flagged"), (50_000, "flagged")])
def test_a_look_alike_elsewhere_is_flagged_and_never_fails(distance_m, verdict):
    # sqrt(20^2 + 15^2) = 25 m
    found = result("likeness", camera=camera(), twins=(twin(distance_m),))
    assert found.verdict == verdict
    assert found.threshold == pytest.approx(25)
    assert "M09" in found.sentence


def test_the_kind_of_likeness_is_told_and_the_worst_is_named():
    found = result("likeness", camera=camera(), twins=(twin(10), twin(900, item="M10", kind="clip")))
    assert found.sentence.startswith("M10, which looks like this one, in part, is placed 900 m away")


def test_drafts_and_points_of_another_kind_do_not_count():
    assert (
        "nothing to compare" in result("likeness", camera=camera(), twins=(twin(9, state="draft"),)).sentence
    )
    assert "same kind" in result("likeness", subject=camera(), twins=(twin(9),)).sentence
