"""Validating all CHECK constraints at once says what Django says of them one by one, in fewer questions."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from geolocation.models import GeolocationRevision

pytestmark = pytest.mark.django_db
# As geolocation_propose leaves them out: the database makes the positions.
LEFT_OUT = {"geolocation", "author", "camera_position", "subject_position"}


@pytest.fixture
def revision(in_review):
    found = in_review.current_revision
    found.pk, found.number = None, 2
    return found


def faults(validate):
    try:
        validate()
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"camera_latitude": 91},
        {"camera_latitude": 91, "camera_longitude": -180.01},
        {"camera_longitude": None},
        {"camera_uncertainty_m": 0},
        {"camera_uncertainty_m": None, "bearing_deg": 360},
        {"field_of_view_deg": 0},
        {"camera_latitude": None, "camera_longitude": None, "camera_uncertainty_m": None},
        {
            "captured_from": datetime(2023, 1, 2, tzinfo=UTC),
            "captured_to": datetime(2023, 1, 1, tzinfo=UTC),
        },
        {"number": 1},
    ],
)
@pytest.mark.parametrize("exclude", [None, LEFT_OUT, {"camera_latitude"}])
def test_the_same_is_said_of_a_revision(revision, changes, exclude):
    for name, value in changes.items():
        setattr(revision, name, value)
    one_by_one = faults(lambda: models.Model.validate_constraints(revision, exclude))
    assert exclude or bool(one_by_one) == bool(changes)
    assert faults(lambda: revision.validate_constraints(exclude)) == one_by_one


def test_a_good_revision_costs_one_question_for_all_its_checks(revision):
    checks = [
        each for each in GeolocationRevision._meta.constraints if isinstance(each, models.CheckConstraint)
    ]
    assert len(checks) > 10
    with CaptureQueriesContext(connection) as asked:
        revision.validate_constraints(LEFT_OUT)
    assert sum('"_check"' in each["sql"] for each in asked) == 1
