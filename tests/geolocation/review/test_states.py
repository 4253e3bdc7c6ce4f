"""The transition table against DESIGN: what is not written there is refused."""

import itertools

import pytest

from geolocation.errors import GeolocationError, TransitionNotAllowed
from geolocation.review.states import FINAL_STATES, REASON_REQUIRED, Event, State, allowed_events, next_state

DESIGNED = {
    ("draft", "submit"): "in_review",
    ("draft", "revise"): "draft",
    ("draft", "withdraw"): "withdrawn",
    ("in_review", "revise"): "in_review",
    ("in_review", "approve"): "verified",
    ("in_review", "request_changes"): "changes_requested",
    ("in_review", "reject"): "rejected",
    ("in_review", "withdraw"): "withdrawn",
    ("changes_requested", "revise"): "in_review",
    ("changes_requested", "withdraw"): "withdrawn",
    ("verified", "revise"): "in_review",
    ("verified", "retract"): "retracted",
    ("draft", "submit_blind"): "awaiting_second",
    ("awaiting_second", "revise"): "awaiting_second",
    ("awaiting_second", "withdraw"): "withdrawn",
    ("awaiting_second", "end_blind"): "in_review",
    ("awaiting_second", "support_blind"): "supporting",
    ("awaiting_second", "reject_blind"): "rejected",
    ("in_review", "revise_blind"): "awaiting_second",
    ("changes_requested", "revise_blind"): "awaiting_second",
    ("verified", "revise_blind"): "awaiting_second",
    ("supporting", "end_blind"): "in_review",
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_every_pair_does_what_is_designed_or_is_refused(state, event):
    if (state, event) in DESIGNED:
        assert next_state(state, event) == DESIGNED[state, event]
    else:
        with pytest.raises(TransitionNotAllowed):
            next_state(state, event)


def test_an_approval_short_of_the_number_asked_for_leaves_it_in_review():
    assert (
        next_state(State.IN_REVIEW, Event.APPROVE, approvals_after=1, approvals_required=2) is State.IN_REVIEW
    )
    assert (
        next_state(State.IN_REVIEW, Event.APPROVE, approvals_after=2, approvals_required=2) is State.VERIFIED
    )


@pytest.mark.parametrize("counts", [{"approvals_required": 0}, {"approvals_after": 0}])
def test_nothing_is_verified_without_an_approval(counts):
    with pytest.raises(ValueError, match="count from 1"):
        next_state(State.IN_REVIEW, Event.APPROVE, **counts)


def test_approvals_do_not_bend_other_states():
    with pytest.raises(TransitionNotAllowed):
        next_state(State.DRAFT, Event.APPROVE, approvals_after=5, approvals_required=1)


def test_a_refusal_says_where_it_stands_and_what_is_possible():
    with pytest.raises(TransitionNotAllowed) as refused:
        next_state(State.VERIFIED, Event.APPROVE)
    assert refused.value.sentence == (
        "This geolocation is verified, so it cannot be approved. From here it can be revised or retracted."
    )
    assert refused.value.code == "transition_not_allowed"
    assert refused.value.status == 409
    assert isinstance(refused.value, GeolocationError)


def test_a_final_state_says_so():
    with pytest.raises(TransitionNotAllowed, match="final"):
        next_state(State.REJECTED, Event.REVISE)


def test_final_states_are_those_without_a_way_out():
    assert frozenset(state for state in State if not allowed_events(state)) == FINAL_STATES


def test_steps_against_somebodys_work_need_a_reason():
    assert frozenset({"request_changes", "reject", "retract"}) == REASON_REQUIRED
