"""Distance from camera to subject against how far one sees."""

import pytest

from tests.geolocation.checks.proposals import AVENUE, TERMINAL, away, camera, result


def test_a_subject_within_sight_passes_with_its_distance():
    found = result("sight_range", camera=camera(), subject=camera(TERMINAL))
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(9018.1415, abs=1e-3)
    assert found.threshold == 30_000
    assert found.drawing["kind"] == "distance"


@pytest.mark.parametrize(
    ("distance_m", "verdict"),
    [(30_020, "passed"), (30_040, "flagged"), (530_020, "flagged"), (530_040, "failed")],
)
def test_both_uncertainties_are_taken_off_first(distance_m, verdict):
    # sqrt(20^2 + 20^2) = 28.3 m
    assert (
        result("sight_range", camera=camera(), subject=camera(away(AVENUE, 45, distance_m))).verdict
        == verdict
    )


def test_of_an_area_the_nearest_corner_counts():
    corners = tuple(away(AVENUE, 90, reach) for reach in (40_000, 20_000, 60_000))
    found = result("sight_range", camera=camera(), subject_area=corners)
    assert found.measured_value == pytest.approx(20_000, abs=1e-3)


@pytest.mark.parametrize("missing", ["camera", "subject"])
def test_without_one_of_the_two_it_is_inapplicable(missing):
    placed = {"camera": camera(), "subject": camera(TERMINAL)}
    del placed[missing]
    assert result("sight_range", **placed).verdict == "inapplicable"
