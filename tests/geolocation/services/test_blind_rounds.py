"""Two people place one item without seeing each other; what each may see, and what follows."""

from __future__ import annotations

import pytest

from evidence.errors import Conflict, NotAllowed, NotFound
from evidence.models import CustodyEvent, Role
from evidence.services.custody import custody_verify
from evidence.services.investigations import investigation_blind_set, member_set
from geolocation.coordinates.position import Position
from geolocation.errors import NotBlind, OwnRevision, PlacedBeside, ReasonRequired
from geolocation.models import BlindRound, BlindSighting, Geolocation, RoundCause, RoundState, VerifiedPoint
from geolocation.services.blind_decisions import round_resolve
from geolocation.services.blind_rounds import obstacle
from geolocation.services.checks import checks_newest, checks_run
from geolocation.services.geolocations import (
    Placed,
    geolocation_propose,
    geolocation_revise,
    geolocation_submit,
    geolocation_withdraw,
)
from geolocation.services.review import review_decide
from osint_catalogue.accounts.models import User
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db

HERE = Position(39.821232, 46.758423)
# 11 m north of it, and some 2 km away.
NEAR = Position(39.821332, 46.758423)
FAR = Position(39.841232, 46.758423)


def at(position, uncertainty_m=15, **changes):
    return a_proposal(camera=Placed(position=position, uncertainty_m=uncertainty_m), **changes)


@pytest.fixture
def blind(investigation, editor):
    return investigation_blind_set(actor=editor, investigation=investigation, on=True)


@pytest.fixture
def colleague(blind, editor):
    person = User.objects.create_user(
        "colleague@example.org", "a long password of a test", name="Cora Colleague"
    )
    member_set(actor=editor, investigation=blind, user=person, role=Role.INVESTIGATOR)
    return person


@pytest.fixture
def first(blind, media_item, investigator):
    return geolocation_propose(actor=investigator, media_item=media_item, proposal=at(HERE), submit=True)


def second_at(position, person, item, **changes):
    return geolocation_propose(actor=person, media_item=item, proposal=at(position, **changes), submit=True)


def sees(person, geolocation):
    return Geolocation.objects.visible_to(person).filter(pk=geolocation.pk).exists()


def test_it_is_off_until_an_editor_switches_it_on(investigation, media_item, investigator):
    made = geolocation_propose(actor=investigator, media_item=media_item, proposal=at(HERE), submit=True)
    assert investigation.blind_since is None
    assert (made.state, made.is_sealed) == ("in_review", False)
    assert not BlindRound.objects.exists()


def test_only_an_editor_switches_it_and_the_log_says_so(investigation, editor, reviewer):
    with pytest.raises(NotAllowed):
        investigation_blind_set(actor=reviewer, investigation=investigation, on=True)
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    actions = list(CustodyEvent.objects.filter(investigation=investigation).values_list("action", flat=True))
    assert actions.count("investigation.blind_on") == 1


def test_a_first_proposal_waits_for_a_second_person(first):
    assert (first.state, first.is_sealed) == ("awaiting_second", True)
    placed = BlindRound.objects.get()
    assert (placed.state, placed.wanted) == (RoundState.OPEN, 2)


def test_its_author_and_editors_see_it_and_nobody_else(
    first, investigator, editor, reviewer, viewer, stranger
):
    seen_by = {
        person.name: sees(person, first) for person in (investigator, editor, reviewer, viewer, stranger)
    }
    assert [name for name, is_seen in seen_by.items() if is_seen] == [investigator.name, editor.name]


def test_a_draft_is_sealed_before_it_is_submitted(blind, media_item, investigator, reviewer):
    draft = geolocation_propose(actor=investigator, media_item=media_item, proposal=at(HERE), submit=False)
    assert draft.is_sealed
    assert not sees(reviewer, draft)
    assert geolocation_submit(actor=investigator, geolocation=draft).state == "awaiting_second"


def test_two_that_agree_go_to_review_with_the_second_beside_the_first(first, reviewer, investigator, viewer):
    second = second_at(NEAR, reviewer, first.media_item)
    first.refresh_from_db()
    placed = BlindRound.objects.get()
    assert (first.state, second.state, placed.state) == ("in_review", "supporting", RoundState.AGREED)
    assert not first.is_sealed
    assert not second.is_sealed
    assert sees(viewer, first)
    assert sees(investigator, second)
    assert [part["agrees"] for part in placed.comparisons[0]["parts"]] == [True, None]


def test_agreement_is_a_check_that_was_measured(first, reviewer):
    second = second_at(NEAR, reviewer, first.media_item)
    checks_run(geolocation_id=first.pk)
    run = checks_newest(revision=first.current_revision)["blind_second"]
    assert run.verdict == "passed"
    # One ten-thousandth of a degree of latitude at 39.8° is 11.10 m on the ellipsoid; 15² + 15² under a root.
    assert run.measured_value == pytest.approx(11.10, abs=0.01)
    assert run.threshold == pytest.approx(21.213, abs=0.001)
    assert second.reference in run.sentence
    assert run.drawing["kind"] == "distance"


def test_two_that_do_not_agree_wait_for_an_editor(first, reviewer, investigator, viewer):
    second = second_at(FAR, reviewer, first.media_item)
    placed = BlindRound.objects.get()
    assert (placed.state, placed.cause) == (RoundState.WITH_EDITOR, RoundCause.APART)
    assert second.state == "awaiting_second"
    # The two see each other now; whoever could still be asked as the third does not.
    assert sees(reviewer, first)
    assert sees(investigator, second)
    assert not sees(viewer, first)
    assert not sees(viewer, second)


def test_a_camera_and_a_subject_cannot_be_compared(first, reviewer):
    subject_only = a_proposal(camera=None, subject=Placed(position=HERE, uncertainty_m=15))
    geolocation_propose(actor=reviewer, media_item=first.media_item, proposal=subject_only, submit=True)
    placed = BlindRound.objects.get()
    assert (placed.state, placed.cause) == (RoundState.WITH_EDITOR, RoundCause.NOT_COMPARABLE)
    said = " ".join(part["sentence"] for part in placed.comparisons[0]["parts"])
    assert "G01 places the camera and G02 does not" in said
    assert "G02 places the subject and G01 does not" in said


def test_the_author_and_an_editor_cannot_be_the_second(first, investigator, editor):
    for person in (investigator, editor):
        assert obstacle(person, first.media_item)
        with pytest.raises(NotBlind):
            second_at(NEAR, person, first.media_item)
    assert Geolocation.objects.count() == 1


def test_whoever_was_an_editor_while_it_was_sealed_has_seen_it(first, blind, editor, reviewer):
    member_set(actor=editor, investigation=blind, user=reviewer, role=Role.EDITOR)
    member_set(actor=editor, investigation=blind, user=reviewer, role=Role.REVIEWER)
    assert not sees(reviewer, first)
    assert BlindSighting.objects.get().person == reviewer
    with pytest.raises(NotBlind, match="could see"):
        second_at(NEAR, reviewer, first.media_item)


def test_an_editor_cannot_hand_in_a_draft_that_they_rewrote_for_the_second(first, editor, reviewer):
    draft = geolocation_propose(actor=reviewer, media_item=first.media_item, proposal=at(FAR), submit=False)
    geolocation_revise(actor=editor, geolocation=draft, based_on=1, proposal=at(NEAR), submit=False)
    with pytest.raises(NotBlind):
        geolocation_submit(actor=reviewer, geolocation=draft)


def test_nobody_acts_on_what_is_sealed_for_them(first, reviewer):
    with pytest.raises(NotFound):
        geolocation_revise(actor=reviewer, geolocation=first, based_on=1, proposal=at(FAR), submit=True)
    with pytest.raises(NotFound):
        geolocation_submit(actor=reviewer, geolocation=first)
    with pytest.raises(NotFound):
        review_decide(actor=reviewer, revision=first.current_revision, decision="approve", checklist=ALL_YES)


def test_not_even_an_editor_reviews_what_waits_for_a_second(first, editor):
    with pytest.raises(Conflict):
        review_decide(actor=editor, revision=first.current_revision, decision="approve", checklist=ALL_YES)
    assert not VerifiedPoint.objects.exists()


def test_who_placed_it_beside_does_not_review_it(first, reviewer, editor):
    second_at(NEAR, reviewer, first.media_item)
    with pytest.raises(PlacedBeside):
        review_decide(actor=reviewer, revision=first.current_revision, decision="approve", checklist=ALL_YES)
    review_decide(actor=editor, revision=first.current_revision, decision="approve", checklist=ALL_YES)
    assert VerifiedPoint.objects.get().geolocation == first


def test_an_editor_sends_one_to_review_with_a_reason(first, reviewer, editor):
    second = second_at(FAR, reviewer, first.media_item)
    placed = BlindRound.objects.get()
    with pytest.raises(ReasonRequired):
        round_resolve(actor=editor, placed=placed, decision="review", geolocation="G02", reason=" ")
    round_resolve(
        actor=editor, placed=placed, decision="review", geolocation="G02", reason="The mast is in the north."
    )
    placed.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (placed.state, placed.chosen, placed.resolved_by) == (RoundState.RESOLVED, second, editor)
    assert (first.state, second.state) == ("rejected", "in_review")
    assert first.state_reason == "The mast is in the north."
    review_decide(actor=editor, revision=second.current_revision, decision="approve", checklist=ALL_YES)
    assert VerifiedPoint.objects.get().geolocation == second


def test_an_editor_rejects_both(first, reviewer, editor):
    second_at(FAR, reviewer, first.media_item)
    round_resolve(actor=editor, placed=BlindRound.objects.get(), decision="reject", reason="Neither fits.")
    assert set(Geolocation.objects.values_list("state", "is_sealed")) == {("rejected", False)}


def test_an_editor_asks_for_a_third_who_sees_neither(first, reviewer, editor, colleague):
    second = second_at(FAR, reviewer, first.media_item)
    round_resolve(actor=editor, placed=BlindRound.objects.get(), decision="third", reason="Too far apart.")
    assert not sees(colleague, first)
    assert not sees(colleague, second)
    with pytest.raises(NotBlind):
        second_at(NEAR, reviewer, first.media_item)
    second_at(NEAR, colleague, first.media_item)
    placed = BlindRound.objects.get()
    assert (placed.state, placed.cause) == (RoundState.WITH_EDITOR, RoundCause.THIRD)
    outcomes = {(each["first"], each["second"]): each["outcome"] for each in placed.comparisons}
    assert outcomes == {("G01", "G02"): "apart", ("G01", "G03"): "agree", ("G02", "G03"): "apart"}
    assert sees(colleague, first)


def test_only_an_editor_who_did_not_place_it_decides(first, reviewer, investigator, editor, blind):
    second_at(FAR, reviewer, first.media_item)
    placed = BlindRound.objects.get()
    with pytest.raises(NotAllowed):
        round_resolve(actor=reviewer, placed=placed, decision="reject", reason="No.")
    member_set(actor=editor, investigation=blind, user=investigator, role=Role.EDITOR)
    with pytest.raises(OwnRevision):
        round_resolve(actor=investigator, placed=placed, decision="review", geolocation="G01", reason="Mine.")


def test_a_round_that_is_open_is_nobodys_to_decide(first, editor):
    with pytest.raises(Conflict):
        round_resolve(actor=editor, placed=BlindRound.objects.get(), decision="reject", reason="Too slow.")


def test_the_author_may_revise_until_a_second_person_has_placed_it(first, investigator, reviewer):
    geolocation_revise(actor=investigator, geolocation=first, based_on=1, proposal=at(NEAR), submit=True)
    first.refresh_from_db()
    assert (first.state, first.is_sealed) == ("awaiting_second", True)
    second_at(FAR, reviewer, first.media_item)
    placed = BlindRound.objects.get()
    assert [entry.revision.number for entry in placed.entries.all()] == [2, 1]
    with pytest.raises(Conflict, match="An editor decides"):
        geolocation_revise(actor=investigator, geolocation=first, based_on=2, proposal=at(FAR), submit=True)


def test_words_may_change_after_the_round_and_positions_go_before_an_editor(
    first, investigator, reviewer, editor
):
    second_at(NEAR, reviewer, first.media_item)
    reworded = at(HERE, reasoning="The same tower, described better.")
    geolocation_revise(actor=investigator, geolocation=first, based_on=1, proposal=reworded, submit=True)
    first.refresh_from_db()
    assert first.state == "in_review"
    review_decide(actor=editor, revision=first.current_revision, decision="approve", checklist=ALL_YES)
    geolocation_revise(actor=investigator, geolocation=first, based_on=2, proposal=at(FAR), submit=True)
    first.refresh_from_db()
    placed = BlindRound.objects.get(state=RoundState.WITH_EDITOR)
    assert (first.state, placed.cause) == ("awaiting_second", RoundCause.MOVED)
    assert not VerifiedPoint.objects.exists()
    with pytest.raises(Conflict, match="Every member can see"):
        round_resolve(actor=editor, placed=placed, decision="third", reason="Look again.")
    round_resolve(actor=editor, placed=placed, decision="review", geolocation="G01", reason="Measured anew.")
    review_decide(
        actor=editor,
        revision=Geolocation.objects.get(pk=first.pk).current_revision,
        decision="approve",
        checklist=ALL_YES,
    )
    assert VerifiedPoint.objects.get().latitude == FAR.latitude


def test_what_others_could_see_goes_before_an_editor(first, reviewer, colleague):
    second_at(NEAR, reviewer, first.media_item)
    late = second_at(FAR, colleague, first.media_item)
    placed = BlindRound.objects.get(state=RoundState.WITH_EDITOR)
    assert (late.state, late.is_sealed, placed.cause) == ("awaiting_second", False, RoundCause.SEEN)


def test_a_round_whose_only_proposal_is_withdrawn_ends_and_stays_hidden(first, investigator, reviewer):
    geolocation_withdraw(actor=investigator, geolocation=first)
    placed = BlindRound.objects.get()
    assert (placed.state, placed.cause) == (RoundState.ENDED, RoundCause.WITHDRAWN)
    assert not sees(reviewer, first)
    # The next one begins a round of its own.
    second_at(NEAR, reviewer, first.media_item)
    assert BlindRound.objects.get(state=RoundState.OPEN).entries.get().author == reviewer


def test_who_withdrew_after_seeing_the_other_does_not_try_again(first, investigator, reviewer, colleague):
    second = second_at(FAR, reviewer, first.media_item)
    geolocation_withdraw(actor=reviewer, geolocation=second)
    assert BlindRound.objects.get().state == RoundState.OPEN
    with pytest.raises(NotBlind):
        second_at(NEAR, reviewer, first.media_item)
    second_at(NEAR, colleague, first.media_item)
    assert BlindRound.objects.get().state == RoundState.AGREED


def test_the_other_one_takes_the_place_of_a_first_one_that_was_rejected(first, reviewer, editor):
    second = second_at(NEAR, reviewer, first.media_item)
    placed = BlindRound.objects.get()
    with pytest.raises(Conflict, match="nothing to decide"):
        round_resolve(actor=editor, placed=placed, decision="review", geolocation="G02", reason="Better.")
    review_decide(
        actor=editor,
        revision=first.current_revision,
        decision="reject",
        checklist={},
        reason="The reasoning does not carry it.",
    )
    round_resolve(actor=editor, placed=placed, decision="review", geolocation="G02", reason="Reasons well.")
    second.refresh_from_db()
    assert second.state == "in_review"


def test_switched_off_what_waits_goes_to_review(first, blind, editor, viewer):
    investigation_blind_set(actor=editor, investigation=blind, on=False)
    first.refresh_from_db()
    assert (first.state, first.is_sealed) == ("in_review", False)
    assert sees(viewer, first)
    assert BlindRound.objects.get().cause == RoundCause.SWITCHED_OFF


def test_what_was_written_before_it_was_switched_on_goes_to_review(
    investigation, media_item, investigator, reviewer, editor
):
    draft = geolocation_propose(actor=investigator, media_item=media_item, proposal=at(HERE), submit=False)
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    geolocation_submit(actor=investigator, geolocation=draft)
    draft.refresh_from_db()
    assert draft.state == "in_review"
    review_decide(actor=reviewer, revision=draft.current_revision, decision="approve", checklist=ALL_YES)
    assert VerifiedPoint.objects.exists()


def test_the_log_withholds_its_lines_until_the_own_proposal_is_in(first, reviewer, investigator):
    events = CustodyEvent.objects.filter(object_type="geolocation")
    assert events.visible_to(investigator).count() == 2
    assert not events.visible_to(reviewer).exists()
    assert [event.is_withheld for event in events.with_withheld(reviewer)] == [True, True]
    second_at(FAR, reviewer, first.media_item)
    assert not events.with_withheld(reviewer).filter(is_withheld=True).exists()
    assert custody_verify(investigation=first.investigation).ok


def test_the_page_offers_the_other_one_once_the_first_is_rejected_and_not_before(
    first, reviewer, editor, viewer, client
):
    second_at(NEAR, reviewer, first.media_item)
    address = f"/TEST1/second-looks/{first.media_item.reference}/"
    client.force_login(editor)
    assert client.get(address).context["form"] is None
    review_decide(
        actor=editor,
        revision=first.current_revision,
        decision="reject",
        checklist={},
        reason="The reasoning does not carry it.",
    )
    form = client.get(address).context["form"]
    # What was rejected is not offered again, and neither a third look nor a rejection of those who agree.
    assert [value for value, _label in form.fields["choice"].choices] == ["review:G02"]
    refused = client.post(address, {"choice": "review:G01", "reason": "Again."})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["choice"])
    assert client.post(address, {"choice": "review:G02", "reason": "Reasons well."}).status_code == 302
    assert Geolocation.objects.get(reference="G02").state == "in_review"
    client.force_login(viewer)
    assert client.get(address).context["form"] is None
