"""What the database holds of landmarks: every test here goes around the services with SQL."""

import pytest
from django.db import IntegrityError

from geolocation.services.geolocations import geolocation_propose
from tests.geolocation.conftest import a_proposal
from tests.geolocation.landmarks import four_landmarks
from tests.geolocation.models.test_invariants import revision_values, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_landmarks(media_item, investigator):
    return geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(landmarks=four_landmarks()),
        submit=True,
    )


def insert(table, row):
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    return f"INSERT INTO {table} ({columns}) VALUES ({places})", list(row.values())


def landmark_values(revision, **changes):
    return {
        "revision_id": revision.pk,
        "number": 9,
        "label": "Mast",
        "x_px": 10.0,
        "y_px": 20.0,
        "latitude": 39.8,
        "longitude": 46.7,
        "uncertainty_m": 3.0,
        "as_typed": "",
        "is_excluded": False,
        "note": "",
        **changes,
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE geolocation_landmark SET x_px = 1",
        "DELETE FROM geolocation_landmark",
        "TRUNCATE geolocation_landmark",
    ],
)
def test_a_landmark_is_immutable(with_landmarks, statement):
    with pytest.raises(IntegrityError, match="never updated or deleted"):
        sql(statement)


def test_a_landmark_cannot_be_slipped_under_an_older_revision(with_landmarks):
    statement, values = insert(
        "geolocation_landmark", landmark_values(with_landmarks.current_revision, label="Later")
    )

    with pytest.raises(IntegrityError, match="says that it has 4 landmarks, and has 5"):
        sql(statement, values)


def test_a_revision_cannot_claim_landmarks_that_it_does_not_have(in_review):
    statement, values = insert(
        "geolocation_geolocationrevision", revision_values(in_review, landmark_count=3)
    )

    with pytest.raises(IntegrityError, match="says that it has 3 landmarks, and has 0"):
        sql(statement, values)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"number": 1}, "landmark_number_unique"),
        ({"label": ""}, "landmark_is_named"),
        ({"number": 0}, "landmark_is_named|number_check"),
        ({"x_px": None, "is_excluded": True, "note": "x"}, "landmark_pixel_is_whole"),
        ({"x_px": -1.0}, "landmark_pixel_is_whole"),
        ({"frame_time_s": -0.1}, "landmark_frame_time_not_negative"),
        ({"latitude": 91.0}, "landmark_latitude_in_range"),
        ({"longitude": 181.0}, "landmark_longitude_in_range"),
        ({"longitude": None}, "landmark_position_is_whole"),
        ({"uncertainty_m": 0.0}, "landmark_uncertainty_positive"),
        ({"uncertainty_m": None}, "landmark_uncertainty_positive"),
        ({"x_px": None, "y_px": None}, "landmark_is_pair_or_excluded"),
        ({"is_excluded": True}, "landmark_is_pair_or_excluded"),
        (
            {"latitude": None, "longitude": None, "uncertainty_m": None},
            "landmark_is_pair_or_excluded",
        ),
    ],
)
def test_a_landmark_out_of_range_is_refused(with_landmarks, changes, constraint):
    statement, values = insert(
        "geolocation_landmark", landmark_values(with_landmarks.current_revision, **changes)
    )

    with pytest.raises(IntegrityError, match=constraint):
        sql(statement, values)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"picture_width_px": 1920}, "revision_picture_is_whole"),
        ({"picture_width_px": 1, "picture_height_px": 9}, "revision_picture_is_whole"),
        (
            {"resection": '{"version": 1, "problem": {}, "result": {}}'},
            "revision_resection_has_inputs",
        ),
        ({"resection": '{"version": 1}', "landmark_count": 3}, "revision_resection_has_inputs"),
    ],
)
def test_a_revision_keeps_no_half_of_a_picture_or_a_resection(in_review, changes, constraint):
    statement, values = insert("geolocation_geolocationrevision", revision_values(in_review, **changes))

    with pytest.raises(IntegrityError, match=constraint):
        sql(statement, values)
