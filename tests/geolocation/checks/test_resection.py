"""The camera as placed against the camera from landmarks."""

import pytest

from geolocation.checks.base import Resected
from tests.geolocation.checks.proposals import AVENUE, away, camera, result


def solved(distance_m=10.0, **more):
    values = {"semi_major_m": 40.0, "landmarks": 5, "worst_residual_deg": 0.3, **more}
    return Resected(away(AVENUE, 120, distance_m), **values)


def test_the_ellipse_counts_as_its_radius_of_two_in_three():
    # 40 m at 95 % is 40 * 1.515 / 2.448 = 24.75 m at 68 %; with 20 m of the camera: 31.82 m.
    found = result("resection", camera=camera(), resected=solved(30))
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(30, abs=1e-6)
    assert found.threshold == pytest.approx(31.82, abs=0.01)


@pytest.mark.parametrize(
    ("distance_m", "verdict"), [(31, "passed"), (33, "flagged"), (158, "flagged"), (160, "failed")]
)
def test_thresholds_are_those_of_two_positions(distance_m, verdict):
    assert result("resection", camera=camera(), resected=solved(distance_m)).verdict == verdict


@pytest.mark.parametrize(("residual_deg", "verdict"), [(1.99, "passed"), (2.01, "flagged")])
def test_a_landmark_far_off_its_place_is_flagged(residual_deg, verdict):
    found = result("resection", camera=camera(), resected=solved(worst_residual_deg=residual_deg))
    assert found.verdict == verdict


def test_weak_geometry_and_nothing_solved_say_so():
    assert "do not fix" in result("resection", camera=camera(), resected=solved(is_weak=True)).sentence
    assert "three with a pixel" in result("resection", camera=camera()).sentence
    assert result("resection", resected=solved()).verdict == "inapplicable"
