"""Deciding on a revision: who, on what, when two do it at once, and what follows in the same transaction."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from evidence.errors import InvalidInput, NotAllowed, NotFound
from evidence.models import CustodyEvent
from evidence.services.custody import custody_verify
from evidence.services.investigations import investigation_change
from geolocation.errors import (
    AlreadyDecided,
    ChecklistIncomplete,
    GeolocationError,
    NotCurrentRevision,
    OwnRevision,
    ReasonRequired,
)
from geolocation.models import Decision, Review, Tombstone, VerifiedPoint
from geolocation.services.geolocations import geolocation_propose, geolocation_revise, geolocation_withdraw
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db


def decide(actor, geolocation, decision="approve", checklist=None, reason="", revision=None):
    return review_decide(
        actor=actor,
        revision=revision or geolocation.current_revision,
        decision=decision,
        checklist=ALL_YES if checklist is None else checklist,
        reason=reason,
    )


def revise(actor, geolocation, based_on=1, **changes):
    return geolocation_revise(
        actor=actor, geolocation=geolocation, based_on=based_on, proposal=a_proposal(**changes), submit=True
    )


def actions():
    return list(CustodyEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_an_approval_verifies_and_the_log_says_both(in_review, reviewer):
    decide(reviewer, in_review)
    in_review.refresh_from_db()
    assert in_review.state == "verified"
    point = VerifiedPoint.objects.get()
    assert (point.latitude, point.longitude, point.uncertainty_m) == (39.821232, 46.758423, 15)
    assert point.verified_by == ["Rui Reviewer"]
    assert actions()[-2:] == ["review.approved", "geolocation.verified"]
    assert custody_verify(investigation=in_review.investigation).ok


@pytest.mark.parametrize(
    ("decision", "state"), [("request_changes", "changes_requested"), ("reject", "rejected")]
)
def test_a_refusal_keeps_its_reason_and_makes_no_point(in_review, reviewer, decision, state):
    review = decide(reviewer, in_review, decision, {}, "  Not this tower.  ")
    in_review.refresh_from_db()
    assert (in_review.state, in_review.state_reason, review.reason) == (
        state,
        "Not this tower.",
        "Not this tower.",
    )
    assert not VerifiedPoint.objects.exists()


def test_an_author_cannot_approve_their_own_revision_whatever_their_role(editor, media_item):
    own = geolocation_propose(actor=editor, media_item=media_item, proposal=a_proposal(), submit=True)
    with pytest.raises(OwnRevision):
        decide(editor, own)
    assert not Review.objects.exists()


def test_who_revised_it_cannot_decide_and_the_first_author_can(in_review, investigator, reviewer, editor):
    revised = revise(reviewer, in_review)
    with pytest.raises(OwnRevision):
        decide(reviewer, revised)
    assert decide(editor, revised).decision == Decision.APPROVE


@pytest.mark.parametrize("who", ["investigator", "viewer"])
def test_a_lower_role_does_not_decide(in_review, request, who):
    with pytest.raises(NotAllowed):
        decide(request.getfixturevalue(who), in_review)


def test_a_stranger_does_not_learn_that_it_exists(in_review, stranger):
    with pytest.raises(NotFound):
        decide(stranger, in_review)


def test_an_older_revision_is_refused_and_names_both_numbers(in_review, investigator, reviewer):
    seen = in_review.current_revision
    revise(investigator, in_review)
    with pytest.raises(NotCurrentRevision, match=r"revision 1; revision 2 is in review now"):
        decide(reviewer, in_review, revision=seen)
    assert not Review.objects.exists()


def test_nobody_decides_twice_on_one_revision(in_review, reviewer, editor):
    investigation_change(actor=editor, investigation=in_review.investigation, required_approvals=2)
    decide(reviewer, in_review)
    with pytest.raises(AlreadyDecided, match="You have decided on this revision already"):
        decide(reviewer, in_review)


def test_the_second_decision_learns_whose_was_first(in_review, reviewer, editor):
    decide(editor, in_review, "reject", {}, "Elsewhere.")
    with pytest.raises(AlreadyDecided, match="Edda Editor decided meanwhile: rejected"):
        decide(reviewer, in_review)


def test_a_withdrawn_geolocation_is_not_decided_on(in_review, investigator, reviewer):
    geolocation_withdraw(actor=investigator, geolocation=in_review)
    with pytest.raises(AlreadyDecided, match="withdrawn"):
        decide(reviewer, in_review)


@pytest.mark.parametrize(
    ("decision", "checklist", "reason", "error", "field"),
    [
        ("approve", {}, "", ChecklistIncomplete, "checklist"),
        ("approve", {**ALL_YES, "time_basis": "no"}, "", ChecklistIncomplete, "checklist"),
        ("approve", {**ALL_YES, "original_seen": "not_applicable"}, "", ChecklistIncomplete, "checklist"),
        ("approve", {**ALL_YES, "made_up": "yes"}, "", ChecklistIncomplete, "checklist"),
        ("approve", {**ALL_YES, "original_seen": ["yes"]}, "", ChecklistIncomplete, "checklist"),
        ("reject", {}, " \n ", ReasonRequired, "reason"),
        ("request_changes", ALL_YES, "", ReasonRequired, "reason"),
        ("applaud", ALL_YES, "", InvalidInput, "decision"),
    ],
)
def test_a_decision_that_its_answers_do_not_carry_is_refused_at_its_field(
    in_review, reviewer, decision, checklist, reason, error, field
):
    with pytest.raises(error) as refused:
        decide(reviewer, in_review, decision, checklist, reason)
    assert refused.value.field == field
    assert not Review.objects.exists()


def test_blank_answers_are_not_kept(in_review, reviewer):
    review = decide(reviewer, in_review, "reject", {"original_seen": "yes", "time_basis": ""}, "Elsewhere.")
    assert review.checklist == {"original_seen": "yes"}


def test_two_approvals_are_asked_for_and_the_second_one_verifies(in_review, reviewer, editor):
    investigation_change(actor=editor, investigation=in_review.investigation, required_approvals=2)
    decide(reviewer, in_review)
    in_review.refresh_from_db()
    assert in_review.state == "in_review"
    assert not VerifiedPoint.objects.exists()
    decide(editor, in_review)
    in_review.refresh_from_db()
    assert in_review.state == "verified"
    assert VerifiedPoint.objects.get().verified_by == ["Rui Reviewer", "Edda Editor"]


def test_one_approval_and_one_rejection_reject(in_review, reviewer, editor):
    investigation_change(actor=editor, investigation=in_review.investigation, required_approvals=2)
    decide(reviewer, in_review)
    decide(editor, in_review, "reject", {}, "The wall is another one.")
    in_review.refresh_from_db()
    assert in_review.state == "rejected"
    assert not VerifiedPoint.objects.exists()


def test_approvals_of_an_older_revision_do_not_count(in_review, investigator, reviewer, editor):
    investigation_change(actor=editor, investigation=in_review.investigation, required_approvals=2)
    decide(reviewer, in_review)
    revised = revise(investigator, in_review)
    decide(editor, revised)
    revised.refresh_from_db()
    assert revised.state == "in_review"
    decide(reviewer, revised)
    revised.refresh_from_db()
    assert revised.state == "verified"


def test_if_the_point_cannot_be_published_the_decision_is_not_kept_either(in_review, reviewer, monkeypatch):
    def break_off(**kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("geolocation.services.review.point_publish", break_off)
    before = actions()
    with pytest.raises(RuntimeError):
        decide(reviewer, in_review)
    in_review.refresh_from_db()
    assert in_review.state == "in_review"
    assert not Review.objects.exists()
    assert actions() == before


# ---- at the same moment, with real transactions


def at_once(*acts):
    """Run all in threads of their own that begin together; what each returned or raised, in order."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=10)
            return act()
        except GeolocationError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_kept_and_the_other_is_told(in_review, reviewer, editor):
    outcomes = at_once(
        lambda: decide(reviewer, in_review, "approve"),
        lambda: decide(editor, in_review, "reject", {}, "Elsewhere."),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDecided", "Review"]
    kept = Review.objects.get()
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDecided)]
    assert refused.sentence.startswith(f"{kept.reviewer} decided meanwhile")
    in_review.refresh_from_db()
    assert in_review.state == {"approve": "verified", "reject": "rejected"}[kept.decision]
    assert VerifiedPoint.objects.exists() == (kept.decision == "approve")
    assert custody_verify(investigation=in_review.investigation).ok


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_where_two_are_asked_for_are_both_kept(in_review, reviewer, editor):
    investigation_change(actor=editor, investigation=in_review.investigation, required_approvals=2)
    outcomes = at_once(lambda: decide(reviewer, in_review), lambda: decide(editor, in_review))
    assert all(isinstance(outcome, Review) for outcome in outcomes)
    in_review.refresh_from_db()
    assert in_review.state == "verified"
    assert len(VerifiedPoint.objects.get().verified_by) == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_person_sending_twice_at_once_decides_once(in_review, reviewer):
    outcomes = at_once(lambda: decide(reviewer, in_review), lambda: decide(reviewer, in_review))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDecided", "Review"]


@pytest.mark.django_db(transaction=True)
def test_a_revision_and_an_approval_at_once_never_leave_a_point_of_what_nobody_approved(
    in_review, investigator, reviewer
):
    seen = in_review.current_revision
    at_once(
        lambda: revise(investigator, in_review),
        lambda: decide(reviewer, in_review, revision=seen),
    )
    in_review.refresh_from_db()
    # Whichever came first: the newer revision is what waits now, and nothing of it is public.
    assert in_review.current_revision.number == 2
    assert in_review.state == "in_review"
    assert not VerifiedPoint.objects.exists()
    assert Tombstone.objects.count() == Review.objects.count()


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_a_point_whose_approval_is_missing(in_review, reviewer):
    decide(reviewer, in_review)
    with pytest.raises(Exception, match="is in_review, not verified"), connection.cursor() as cursor:
        cursor.execute("UPDATE geolocation_geolocation SET state = 'in_review' WHERE id = %s", [in_review.pk])
