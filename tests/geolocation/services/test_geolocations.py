"""Proposing, revising, withdrawing and retracting: what is refused where, and what happens together."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from evidence.errors import InvalidInput, NotAllowed, NotFound
from evidence.models import CustodyEvent
from geolocation.coordinates.position import Position
from geolocation.errors import NotCurrentRevision, ReasonRequired, TransitionNotAllowed
from geolocation.models import Geolocation, GeolocationRevision, Tombstone, VerifiedPoint
from geolocation.services.geolocations import (
    Captured,
    Placed,
    geolocation_propose,
    geolocation_retract,
    geolocation_revise,
    geolocation_submit,
    geolocation_withdraw,
)
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db

NOON = datetime(2023, 9, 20, 12, tzinfo=UTC)
ONE = datetime(2023, 9, 20, 13, tzinfo=UTC)
HERE = Position(39.82, 46.75)


@pytest.fixture
def verified(in_review, reviewer) -> Geolocation:
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    in_review.refresh_from_db()
    return in_review


def revise(actor, geolocation, based_on=1, **changes):
    return geolocation_revise(
        actor=actor, geolocation=geolocation, based_on=based_on, proposal=a_proposal(**changes), submit=True
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"camera": None}, "camera"),
        ({"camera": Placed(position=HERE, uncertainty_m=0)}, "camera_uncertainty_m"),
        ({"camera": Placed(position=HERE, uncertainty_m=float("nan"))}, "camera_uncertainty_m"),
        ({"camera": Placed(position=HERE, uncertainty_m=float("inf"))}, "camera_uncertainty_m"),
        ({"subject": Placed(position=HERE, uncertainty_m=-3)}, "subject_uncertainty_m"),
        ({"bearing_deg": 360.0}, "bearing_deg"),
        ({"bearing_deg": float("nan")}, "bearing_deg"),
        ({"field_of_view_deg": 0.0}, "field_of_view_deg"),
        ({"reasoning": " \n"}, "reasoning"),
        ({"captured": Captured(start=NOON, basis="clock")}, "captured_to"),
        ({"captured": Captured(end=NOON, basis="clock")}, "captured_from"),
        ({"captured": Captured(start=ONE, end=NOON, basis="clock")}, "captured_to"),
        ({"captured": Captured(on=date(2023, 9, 20), start=NOON, end=ONE)}, "captured_on"),
        ({"captured": Captured(on=date(1825, 12, 31))}, "captured_on"),
        ({"captured": Captured(on=date(2201, 1, 1))}, "captured_on"),
        ({"captured": Captured(start=NOON.replace(year=202), end=ONE)}, "captured_from"),
        ({"captured": Captured(start=NOON, end=ONE.replace(year=3023))}, "captured_to"),
        ({"captured": Captured(start=NOON.replace(tzinfo=None), end=ONE)}, "captured_from"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_made(media_item, investigator, changes, field):
    with pytest.raises(InvalidInput) as refused:
        geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(**changes), submit=True
        )
    assert refused.value.field == field
    assert not Geolocation.objects.exists()


@pytest.mark.parametrize("year", [1826, 2200])
def test_the_first_and_the_last_year_that_can_be_are_taken(media_item, investigator, year):
    captured = Captured(on=date(year, 6, 1), basis="date only")
    made = geolocation_propose(
        actor=investigator, media_item=media_item, proposal=a_proposal(captured=captured), submit=False
    )
    assert made.current_revision.captured_on == date(year, 6, 1)


def test_an_unknown_method_is_refused(media_item, investigator):
    with pytest.raises(ValidationError, match="method"):
        geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(method="guess"), submit=True
        )


def test_one_sided_intervals_are_told_what_is_missing(media_item, investigator):
    captured = Captured(start=NOON, basis="clock")
    with pytest.raises(InvalidInput, match="Give both the earliest and the latest moment"):
        geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(captured=captured), submit=True
        )


def test_a_draft_is_nobodys_business_until_it_is_submitted(media_item, investigator, run_on_commit):
    draft = geolocation_propose(
        actor=investigator, media_item=media_item, proposal=a_proposal(), submit=False
    )
    assert (draft.state, draft.submitted_at, draft.checks_requested_at) == ("draft", None, None)
    submitted = geolocation_submit(actor=investigator, geolocation=draft)
    assert submitted.state == "in_review"
    assert submitted.submitted_at is not None
    assert submitted.checks_requested_at is not None


@pytest.mark.parametrize(("who", "error"), [("viewer", NotAllowed), ("stranger", NotFound)])
def test_who_may_not_propose(media_item, request, who, error):
    with pytest.raises(error):
        geolocation_propose(
            actor=request.getfixturevalue(who), media_item=media_item, proposal=a_proposal(), submit=True
        )


def test_a_revision_on_top_of_one_that_is_no_longer_current_is_refused(in_review, investigator, editor):
    revise(editor, in_review)
    with pytest.raises(NotCurrentRevision, match="Revision 2 by Edda Editor was saved meanwhile"):
        revise(investigator, in_review, based_on=1)
    assert in_review.revisions.count() == 2


def test_a_new_revision_takes_the_point_out_and_leaves_a_tombstone(verified, investigator):
    uid = VerifiedPoint.objects.get().uid
    revised = revise(investigator, verified)
    assert revised.state == "in_review"
    assert not VerifiedPoint.objects.exists()
    tombstone = Tombstone.objects.get()
    assert (tombstone.uid, tombstone.reason, tombstone.revision.number) == (uid, "reopened", 1)


def test_if_anything_fails_after_the_point_was_removed_nothing_has_changed(
    verified, investigator, monkeypatch
):
    def break_off(*args, **kwargs):
        # The point is gone within the transaction when this is reached.
        assert not VerifiedPoint.objects.exists()
        assert Tombstone.objects.exists()
        raise RuntimeError("the server was switched off")

    events = CustodyEvent.objects.count()
    monkeypatch.setattr("geolocation.services.geolocations._revision_add", break_off)
    with pytest.raises(RuntimeError):
        revise(investigator, verified)
    verified.refresh_from_db()
    assert verified.state == "verified"
    assert VerifiedPoint.objects.get().geolocation == verified
    assert not Tombstone.objects.exists()
    assert GeolocationRevision.objects.count() == 1
    assert CustodyEvent.objects.count() == events


def test_approved_again_the_point_is_back_under_the_same_identifier(verified, investigator, reviewer):
    uid = VerifiedPoint.objects.get().uid
    moved = Placed(position=Position(39.9, 46.9), uncertainty_m=30)
    revised = revise(investigator, verified, camera=moved)
    review_decide(actor=reviewer, revision=revised.current_revision, decision="approve", checklist=ALL_YES)
    point = VerifiedPoint.objects.get()
    assert (point.uid, point.latitude, point.uncertainty_m) == (uid, 39.9, 30)


def test_an_editor_retracts_with_a_reason_that_readers_see(verified, editor):
    geolocation_retract(actor=editor, geolocation=verified, reason=" The archive image is of 2021. ")
    verified.refresh_from_db()
    assert verified.state == "retracted"
    assert not VerifiedPoint.objects.exists()
    tombstone = Tombstone.objects.get()
    assert (tombstone.reason, tombstone.explanation) == ("retracted", "The archive image is of 2021.")
    assert CustodyEvent.objects.filter(action="geolocation.retracted").exists()


def test_a_retraction_without_a_reason_or_by_a_reviewer_or_of_a_proposal_is_refused(
    verified, editor, reviewer, investigator
):
    with pytest.raises(ReasonRequired):
        geolocation_retract(actor=editor, geolocation=verified, reason="  ")
    with pytest.raises(NotAllowed):
        geolocation_retract(actor=reviewer, geolocation=verified, reason="Wrong.")
    revised = revise(investigator, verified)
    with pytest.raises(TransitionNotAllowed):
        geolocation_retract(actor=editor, geolocation=revised, reason="Wrong.")


def test_only_its_author_withdraws_and_only_before_it_is_verified(in_review, investigator, editor, reviewer):
    with pytest.raises(NotAllowed, match="Only Ines Investigator"):
        geolocation_withdraw(actor=editor, geolocation=in_review)
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    with pytest.raises(TransitionNotAllowed):
        geolocation_withdraw(actor=investigator, geolocation=in_review)
