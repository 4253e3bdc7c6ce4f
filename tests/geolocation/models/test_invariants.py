"""Invariants of geolocations that the database holds: every test here goes around the services with SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from geolocation.models import Geolocation, GeolocationRevision, VerifiedPoint
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES

pytestmark = pytest.mark.django_db


def sql(statement, params=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def verified(in_review, reviewer) -> Geolocation:
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    in_review.refresh_from_db()
    return in_review


def insert_review(revision, person, decision="approve", reason="as seen"):
    sql(
        "INSERT INTO geolocation_review (revision_id, reviewer_id, decision, checklist, reason, created_at)"
        " VALUES (%s, %s, %s, '{}', %s, now())",
        [revision.pk, person.pk, decision, reason],
    )


def ask_for_two_approvals(geolocation):
    sql(
        "UPDATE evidence_investigation SET required_approvals = 2 WHERE id = %s",
        [geolocation.investigation_id],
    )


def insert_point(geolocation, **changes):
    revision = geolocation.current_revision
    row = {
        "geolocation_id": geolocation.pk,
        "revision_id": revision.pk,
        "investigation_id": geolocation.investigation_id,
        "media_item_id": geolocation.media_item_id,
        "uid": geolocation.uid,
        "position_role": "camera",
        "latitude": revision.camera_latitude,
        "longitude": revision.camera_longitude,
        "uncertainty_m": revision.camera_uncertainty_m,
        "disclosure": "exact",
        "camera_latitude": revision.camera_latitude,
        "camera_longitude": revision.camera_longitude,
        "subject_latitude": revision.subject_latitude,
        "subject_longitude": revision.subject_longitude,
        "media_reference": "M01",
        "media_kind": "video",
        "title": "x",
        "place_name": "",
        "source_url": "",
        "licence": "",
        "attribution": "",
        "claim_references": [],
        "verified_by": [],
        "verified_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        **changes,
    }
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
    sql(f"INSERT INTO geolocation_verifiedpoint ({columns}) VALUES ({places})", list(row.values()))


def revision_values(geolocation, **changes):
    return {
        "geolocation_id": geolocation.pk,
        "number": 2,
        "author_id": geolocation.author_id,
        "camera_latitude": 1.0,
        "camera_longitude": 2.0,
        "camera_uncertainty_m": 5.0,
        "camera_as_typed": "",
        "subject_as_typed": "",
        "captured_basis": "",
        "method": "other",
        "reasoning": "x",
        "references": "",
        "created_at": "2026-01-01T00:00:00Z",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"camera_latitude": 91}, "revision_camera_latitude_in_range"),
        ({"camera_longitude": -180.01}, "revision_camera_longitude_in_range"),
        ({"camera_longitude": None}, "revision_camera_position_is_whole"),
        ({"camera_uncertainty_m": 0}, "revision_camera_uncertainty_positive"),
        ({"camera_uncertainty_m": None}, "revision_camera_uncertainty_positive"),
        ({"bearing_deg": 360}, "revision_bearing_in_range"),
        ({"bearing_deg": -1}, "revision_bearing_in_range"),
        ({"field_of_view_deg": 0}, "revision_field_of_view_in_range"),
        (
            {"camera_latitude": None, "camera_longitude": None, "camera_uncertainty_m": None},
            "revision_places_something",
        ),
        (
            {"captured_from": "2023-01-02T00:00Z", "captured_to": "2023-01-01T00:00Z"},
            "revision_capture_in_order",
        ),
    ],
)
def test_a_revision_out_of_range_is_refused(in_review, changes, constraint):
    row = revision_values(in_review, **changes)
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    with pytest.raises(IntegrityError, match=constraint):
        sql(f"INSERT INTO geolocation_geolocationrevision ({columns}) VALUES ({places})", list(row.values()))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE geolocation_geolocationrevision SET camera_latitude = 1",
        "DELETE FROM geolocation_geolocationrevision",
        "TRUNCATE geolocation_geolocationrevision CASCADE",
    ],
)
def test_a_revision_is_immutable(in_review, statement):
    with pytest.raises(IntegrityError, match="never updated or deleted"):
        sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE geolocation_review SET reason = ''",
        "DELETE FROM geolocation_review",
        "TRUNCATE geolocation_review",
    ],
)
def test_a_review_is_immutable(verified, statement):
    with pytest.raises(IntegrityError, match="never updated or deleted"):
        sql(statement)


def test_nobody_reviews_a_revision_they_wrote(in_review, investigator):
    with pytest.raises(IntegrityError, match="nobody reviews a revision they wrote"):
        insert_review(in_review.current_revision, investigator)


def test_one_decision_a_person_a_revision(in_review, reviewer):
    insert_review(in_review.current_revision, reviewer)
    with pytest.raises(IntegrityError, match="one_decision_a_person_a_revision"):
        insert_review(in_review.current_revision, reviewer)


def test_a_point_needs_an_approval(in_review):
    sql("UPDATE geolocation_geolocation SET state = 'verified' WHERE id = %s", [in_review.pk])
    with pytest.raises(IntegrityError, match="has 0 of 1 approvals"):
        insert_point(in_review)


def test_a_point_needs_as_many_approvals_as_its_investigation_asks_for(in_review, reviewer):
    sql(
        "UPDATE evidence_investigation SET required_approvals = 2 WHERE id = %s", [in_review.investigation_id]
    )
    insert_review(in_review.current_revision, reviewer)
    sql("UPDATE geolocation_geolocation SET state = 'verified' WHERE id = %s", [in_review.pk])
    with pytest.raises(IntegrityError, match="has 1 of 2 approvals"):
        insert_point(in_review)


def test_a_point_needs_the_state_verified(in_review, reviewer):
    insert_review(in_review.current_revision, reviewer)
    with pytest.raises(IntegrityError, match="not verified"):
        insert_point(in_review)


def test_a_point_needs_no_open_rejection(in_review, reviewer, editor):
    insert_review(in_review.current_revision, reviewer)
    insert_review(in_review.current_revision, editor, "reject")
    sql("UPDATE geolocation_geolocation SET state = 'verified' WHERE id = %s", [in_review.pk])
    with pytest.raises(IntegrityError, match="open rejection"):
        insert_point(in_review)


def test_a_point_is_where_its_revision_says(in_review, reviewer):
    insert_review(in_review.current_revision, reviewer)
    sql("UPDATE geolocation_geolocation SET state = 'verified' WHERE id = %s", [in_review.pk])
    with pytest.raises(IntegrityError, match="not where its revision says"):
        insert_point(in_review, latitude=40.0)


def test_a_point_cannot_be_moved(verified):
    with pytest.raises(IntegrityError, match="not where its revision says"):
        sql("UPDATE geolocation_verifiedpoint SET longitude = 0")


def test_a_verified_geolocation_cannot_leave_its_state_while_its_point_stays(verified):
    with pytest.raises(IntegrityError, match="not verified"):
        sql("UPDATE geolocation_geolocation SET state = 'in_review' WHERE id = %s", [verified.pk])


def test_a_late_rejection_cannot_stand_beside_a_point(verified, editor):
    with pytest.raises(IntegrityError, match="open rejection"):
        insert_review(verified.current_revision, editor, "reject")


def test_asking_for_more_approvals_than_a_point_has_is_refused(verified):
    with pytest.raises(IntegrityError, match="has 1 of 2 approvals"):
        sql(
            "UPDATE evidence_investigation SET required_approvals = 2 WHERE id = %s",
            [verified.investigation_id],
        )


def test_the_gate_lets_a_rightly_approved_point_through(verified):
    point = VerifiedPoint.objects.get(geolocation=verified)
    assert point.revision == GeolocationRevision.objects.get(geolocation=verified)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
