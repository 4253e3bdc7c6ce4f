"""A stored resection as the check reads it."""

import pytest

from geolocation.coordinates.position import Position
from geolocation.geodesy import distance_m
from geolocation.services.check_resection import resected_from
from geolocation.services.checks import check_recompute, checks_newest, checks_run, is_same_result
from geolocation.services.geolocations import geolocation_propose
from tests.geolocation.conftest import a_proposal
from tests.geolocation.landmarks import CAMERA as SOLVED_CAMERA
from tests.geolocation.landmarks import four_landmarks

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


@pytest.mark.django_db
def test_a_revision_with_landmarks_is_compared_with_what_they_gave(media_item, investigator):
    made = geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(landmarks=four_landmarks()),
        submit=True,
    )
    checks_run(geolocation_id=made.pk)
    made.refresh_from_db()
    run = checks_newest(revision=made.current_revision)["resection"]
    placed = Position(made.current_revision.camera_latitude, made.current_revision.camera_longitude)
    assert run.measured_value == pytest.approx(distance_m(placed, SOLVED_CAMERA.position), abs=0.05)
    assert run.inputs["resected"]["landmarks"] == 4
    assert is_same_result(run, check_recompute(run=run))
