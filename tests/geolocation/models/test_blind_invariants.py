"""What the database holds of blind rounds: every test here goes around the services with SQL."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from evidence.services.investigations import investigation_blind_set
from geolocation.coordinates.position import Position
from geolocation.geodesy import direct
from geolocation.models import BlindRound, Geolocation
from geolocation.services.blind_decisions import round_resolve
from geolocation.services.geolocations import Placed, geolocation_propose
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal
from tests.geolocation.models.test_invariants import insert_point, insert_review, sql

pytestmark = pytest.mark.django_db

HERE = Position(39.821232, 46.758423)
FAR = Position(39.841232, 46.758423)


def propose(person, item, position, **placed):
    camera = Placed(position=position, uncertainty_m=placed.pop("uncertainty_m", 15))
    return geolocation_propose(
        actor=person, media_item=item, proposal=a_proposal(camera=camera, **placed), submit=True
    )


@pytest.fixture
def first(investigation, media_item, investigator, editor) -> Geolocation:
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    return propose(investigator, media_item, HERE)


@pytest.fixture
def agreed(first, reviewer) -> Geolocation:
    propose(reviewer, first.media_item, HERE)
    first.refresh_from_db()
    return first


def to_state(geolocation, state):
    sql(
        "UPDATE geolocation_geolocation SET state = %s, is_sealed = false WHERE id = %s",
        [state, geolocation.pk],
    )


def verify_around(geolocation, editor):
    """Everything that a point needs but the round: state, current revision and an approval."""
    to_state(geolocation, "in_review")
    insert_review(geolocation.current_revision, editor)
    to_state(geolocation, "verified")


def test_a_point_needs_a_round(first, editor):
    verify_around(first, editor)
    with pytest.raises(IntegrityError, match="no blind round"):
        insert_point(first)


def test_a_point_needs_a_round_of_that_very_revision(agreed, investigator, editor):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO geolocation_geolocationrevision (geolocation_id, number, author_id, camera_latitude,"
            " camera_longitude, camera_uncertainty_m, camera_as_typed, subject_as_typed, captured_basis,"
            ' method, reasoning, "references", created_at)'
            " SELECT geolocation_id, 2, author_id, camera_latitude, camera_longitude, camera_uncertainty_m,"
            " '', '', '', method, reasoning, '', clock_timestamp()"
            " FROM geolocation_geolocationrevision WHERE id = %s"
            " RETURNING id",
            [agreed.current_revision_id],
        )
        newer = cursor.fetchone()[0]
    sql("UPDATE geolocation_geolocation SET current_revision_id = %s WHERE id = %s", [newer, agreed.pk])
    agreed.refresh_from_db()
    verify_around(agreed, editor)
    with pytest.raises(IntegrityError, match="no blind round"):
        insert_point(agreed)


def test_calling_a_round_agreed_does_not_make_it_one(first, reviewer, editor):
    propose(reviewer, first.media_item, FAR)
    verify_around(first, editor)
    placed = BlindRound.objects.get()
    sql("UPDATE geolocation_blindround SET state = 'agreed', closed_at = now() WHERE id = %s", [placed.pk])
    with pytest.raises(IntegrityError, match="no blind round"):
        insert_point(first)


def test_a_round_of_one_never_agrees(first, editor):
    verify_around(first, editor)
    sql("UPDATE geolocation_blindround SET state = 'agreed', closed_at = now()")
    with pytest.raises(IntegrityError, match="no blind round"):
        insert_point(first)


def test_a_resolved_round_speaks_for_the_chosen_one_alone(first, reviewer, editor):
    second = propose(reviewer, first.media_item, FAR)
    round_resolve(
        actor=editor,
        placed=BlindRound.objects.get(),
        decision="review",
        geolocation=second.reference,
        reason="It fits.",
    )
    first.refresh_from_db()
    verify_around(first, editor)
    with pytest.raises(IntegrityError, match="no blind round"):
        insert_point(first)


def test_a_round_cannot_be_taken_from_under_a_point(agreed, editor):
    review_decide(actor=editor, revision=agreed.current_revision, decision="approve", checklist=ALL_YES)
    with pytest.raises(IntegrityError, match="is over"):
        sql("UPDATE geolocation_blindround SET state = 'ended'")
    with pytest.raises(IntegrityError, match="no blind round"):
        sql("UPDATE geolocation_blindentry SET is_withdrawn = true")
    with pytest.raises(Exception, match=r"never|append|refuse"):
        sql("DELETE FROM geolocation_blindentry")


def test_switching_it_on_leaves_older_points_alone(investigation, media_item, investigator, reviewer, editor):
    made = propose(investigator, media_item, HERE)
    review_decide(actor=reviewer, revision=made.current_revision, decision="approve", checklist=ALL_YES)
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    with pytest.raises(IntegrityError, match="no blind round"):
        sql("UPDATE evidence_investigation SET blind_since = '2020-01-01T00:00:00Z'")


def test_nothing_sealed_is_in_a_state_that_others_read(first):
    with pytest.raises(IntegrityError, match="geolocation_sealed_before_review"):
        sql("UPDATE geolocation_geolocation SET state = 'in_review' WHERE id = %s", [first.pk])


def test_nobody_reviews_what_waits_for_a_second_look(first, editor):
    with pytest.raises(IntegrityError, match="waits for a blind second look"):
        insert_review(first.current_revision, editor)


def test_nobody_reviews_what_they_placed_beside(agreed, reviewer):
    with pytest.raises(IntegrityError, match="placed blind beside"):
        insert_review(agreed.current_revision, reviewer)


def test_nobody_reviews_what_rests_on_words_of_theirs(media_item, reviewer, investigator, editor):
    source = propose(reviewer, media_item, HERE)
    between = propose(editor, media_item, HERE)
    taken = propose(investigator, media_item, HERE)
    sql("SET session_replication_role = replica")
    for later, earlier in ((between, source), (taken, between)):
        sql(
            "UPDATE geolocation_geolocation SET taken_over_from_id = %s WHERE id = %s",
            [earlier.current_revision_id, later.pk],
        )
    sql("SET session_replication_role = DEFAULT")
    for person in (editor, reviewer):
        with (
            pytest.raises(IntegrityError, match="taken over from a revision they wrote"),
            transaction.atomic(),
        ):
            insert_review(taken.current_revision, person)
    with pytest.raises(IntegrityError, match="does not change"):
        sql("UPDATE geolocation_geolocation SET taken_over_from_id = NULL WHERE id = %s", [taken.pk])


def enter(placed_id, geolocation, author_id, revision_id=None):
    sql(
        "INSERT INTO geolocation_blindentry (round_id, geolocation_id, revision_id, author_id, is_withdrawn,"
        " placed_at) VALUES (%s, %s, %s, %s, false, now())",
        [placed_id, geolocation.pk, revision_id or geolocation.current_revision_id, author_id],
    )


def test_an_entry_is_its_authors_own_and_one_a_person(first, reviewer, investigator):
    placed = BlindRound.objects.get()
    with pytest.raises(IntegrityError, match="blindentry_one_a"):
        enter(placed.pk, first, investigator.pk)
    with pytest.raises(IntegrityError, match="its author"):
        enter(placed.pk, first, reviewer.pk)
    with pytest.raises(IntegrityError, match="its author"):
        sql("UPDATE geolocation_blindentry SET author_id = %s", [reviewer.pk])


def test_no_entry_comes_after_the_end(agreed, editor):
    late = propose(editor, agreed.media_item, HERE)
    placed = BlindRound.objects.get(state="agreed")
    with pytest.raises(IntegrityError, match="is over"):
        enter(placed.pk, late, editor.pk)


def test_one_round_an_item_is_live(first):
    with pytest.raises(IntegrityError, match="blindround_one_live"):
        sql(
            "INSERT INTO geolocation_blindround (investigation_id, media_item_id, state, cause, wanted,"
            " comparisons, reason, opened_at) VALUES (%s, %s, 'open', '', 2, '[]', '', now())",
            [first.investigation_id, first.media_item_id],
        )


def test_a_round_is_resolved_with_a_reason_by_somebody_else(first, reviewer, investigator):
    propose(reviewer, first.media_item, FAR)
    with pytest.raises(IntegrityError, match="blindround_resolved_with_reason"):
        sql("UPDATE geolocation_blindround SET state = 'resolved', closed_at = now()")
    with pytest.raises(IntegrityError, match="nobody decides a round"):
        sql(
            "UPDATE geolocation_blindround SET state = 'resolved', closed_at = now(), reason = 'mine',"
            " resolved_by_id = %s",
            [investigator.pk],
        )


def test_a_round_that_is_over_has_its_time(first):
    with pytest.raises(IntegrityError, match="blindround_closed_when_over"):
        sql("UPDATE geolocation_blindround SET state = 'ended'")


@pytest.mark.parametrize("distance_m", [20.0, 21.2, 21.22, 40.0])
def test_the_database_measures_as_python_does(
    distance_m, investigation, media_item, investigator, reviewer, editor
):
    """15 m and 15 m allow 21.213 m, on the ellipsoid, by PostGIS and by pyproj."""
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    propose(investigator, media_item, HERE)
    propose(reviewer, media_item, direct(HERE, 33.0, distance_m))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT blind_role_agrees(a.camera_position, a.camera_uncertainty_m, b.camera_position,"
            " b.camera_uncertainty_m) FROM geolocation_geolocationrevision a,"
            " geolocation_geolocationrevision b WHERE a.id < b.id"
        )
        assert cursor.fetchone() == (BlindRound.objects.get().state == "agreed",)
