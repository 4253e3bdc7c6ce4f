"""A stored resection as the check reads it."""

import pytest

from geolocation.coordinates.position import Position
from geolocation.services.check_resection import resected_from

CAMERA = {
    "position": {"latitude": 39.82, "longitude": 46.75},
    "heading_deg": 12.0,
    "ellipse": {"semi_major_m": 41.0, "semi_minor_m": 9.0, "orientation_deg": 30.0},
}
RESIDUALS = [
    {"angle_deg": -0.4, "outlier": False},
    {"angle_deg": 0.2, "outlier": False},
    {"angle_deg": 9.0, "outlier": True},
]


def stored(**changes):
    result = {"status": "solved", "camera": CAMERA, "residuals": RESIDUALS, **changes}
    return {"version": 1, "problem": {}, "result": result}


def test_outliers_do_not_count_and_the_worst_of_the_others_does():
    found = resected_from(stored())
    assert found.position == Position(39.82, 46.75)
    assert (found.semi_major_m, found.landmarks, found.worst_residual_deg, found.is_weak) == (
        41.0,
        2,
        0.4,
        False,
    )


@pytest.mark.parametrize("status", ["weak", "ambiguous"])
def test_a_result_that_names_no_one_place_is_weak(status):
    assert resected_from(stored(status=status)).is_weak


@pytest.mark.parametrize("nothing", [None, {}, stored(camera=None, status="no_fit")])
def test_without_a_camera_there_is_nothing_to_compare(nothing):
    assert resected_from(nothing) is None
