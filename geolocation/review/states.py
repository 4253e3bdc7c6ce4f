"""The states of a geolocation and every way from one to another, as data.

Services ask `next_state` and store what it says; nothing else decides. Who may raise an event, and that
nobody decides on their own revision, is for permissions and services.
"""

from __future__ import annotations

from enum import StrEnum

from geolocation.errors import TransitionNotAllowed


class State(StrEnum):
    """Where a geolocation stands."""

    DRAFT = "draft"
    AWAITING_SECOND = "awaiting_second"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"
    SUPPORTING = "supporting"


class Event(StrEnum):
    """What somebody does to a geolocation.

    `submit`, `revise` and `withdraw` are its author's, `approve`, `request_changes` and `reject` a
    reviewer's, `retract` an editor's. `revise` means that a new revision was written. Those with `blind` in
    their name belong to a blind round: `submit_blind` and `revise_blind` lead into it, the others end it.
    """

    SUBMIT = "submit"
    REVISE = "revise"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    RETRACT = "retract"
    SUBMIT_BLIND = "submit_blind"
    REVISE_BLIND = "revise_blind"
    END_BLIND = "end_blind"
    SUPPORT_BLIND = "support_blind"
    REJECT_BLIND = "reject_blind"


# An approval leads to `verified` only when it completes the number asked for; see `next_state`.
TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.DRAFT, Event.SUBMIT): State.IN_REVIEW,
    (State.DRAFT, Event.REVISE): State.DRAFT,
    (State.DRAFT, Event.WITHDRAW): State.WITHDRAWN,
    (State.IN_REVIEW, Event.REVISE): State.IN_REVIEW,
    (State.IN_REVIEW, Event.APPROVE): State.VERIFIED,
    (State.IN_REVIEW, Event.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.IN_REVIEW, Event.REJECT): State.REJECTED,
    (State.IN_REVIEW, Event.WITHDRAW): State.WITHDRAWN,
    (State.CHANGES_REQUESTED, Event.REVISE): State.IN_REVIEW,
    (State.CHANGES_REQUESTED, Event.WITHDRAW): State.WITHDRAWN,
    (State.VERIFIED, Event.REVISE): State.IN_REVIEW,
    (State.VERIFIED, Event.RETRACT): State.RETRACTED,
    (State.DRAFT, Event.SUBMIT_BLIND): State.AWAITING_SECOND,
    (State.AWAITING_SECOND, Event.REVISE): State.AWAITING_SECOND,
    (State.AWAITING_SECOND, Event.WITHDRAW): State.WITHDRAWN,
    (State.AWAITING_SECOND, Event.END_BLIND): State.IN_REVIEW,
    (State.AWAITING_SECOND, Event.SUPPORT_BLIND): State.SUPPORTING,
    (State.AWAITING_SECOND, Event.REJECT_BLIND): State.REJECTED,
    (State.IN_REVIEW, Event.REVISE_BLIND): State.AWAITING_SECOND,
    (State.CHANGES_REQUESTED, Event.REVISE_BLIND): State.AWAITING_SECOND,
    (State.VERIFIED, Event.REVISE_BLIND): State.AWAITING_SECOND,
    (State.SUPPORTING, Event.END_BLIND): State.IN_REVIEW,
}

FINAL_STATES = frozenset({State.REJECTED, State.WITHDRAWN, State.RETRACTED})

# Events that change somebody's work or the public record, and are void without a written reason.
REASON_REQUIRED = frozenset({Event.REQUEST_CHANGES, Event.REJECT, Event.RETRACT})

STATE_NAMES = {
    State.DRAFT: "a draft",
    State.IN_REVIEW: "in review",
    State.CHANGES_REQUESTED: "waiting for changes",
    State.VERIFIED: "verified",
    State.REJECTED: "rejected",
    State.WITHDRAWN: "withdrawn",
    State.RETRACTED: "retracted",
    State.AWAITING_SECOND: "waiting for a blind second look",
    State.SUPPORTING: "the blind second look of another",
}

PARTICIPLES = {
    Event.SUBMIT: "submitted",
    Event.REVISE: "revised",
    Event.APPROVE: "approved",
    Event.REQUEST_CHANGES: "sent back for changes",
    Event.REJECT: "rejected",
    Event.WITHDRAW: "withdrawn",
    Event.RETRACT: "retracted",
    Event.SUBMIT_BLIND: "submitted",
    Event.REVISE_BLIND: "revised",
    Event.END_BLIND: "sent to review",
    Event.SUPPORT_BLIND: "put beside another",
    Event.REJECT_BLIND: "rejected",
}

NOT_ALLOWED = "This geolocation is {state}, so it cannot be {done}. {possible}"
POSSIBLE = "From here it can be {steps}."
ENDED = "That is final; start a new geolocation of the item instead."


def allowed_events(state: State) -> tuple[Event, ...]:
    """The events that lead anywhere from a state, in the order of `Event`."""
    return tuple(event for event in Event if (state, event) in TRANSITIONS)


def next_state(state: State, event: Event, *, approvals_after: int = 1, approvals_required: int = 1) -> State:
    """The state after an event.

    `approvals_after` counts the approvals of the current revision, the one being given included. While it
    is below `approvals_required` an approval leaves the geolocation in review. Raises
    `TransitionNotAllowed` for an event that leads nowhere from here, and ValueError for counts below 1.
    """
    if approvals_required < 1 or approvals_after < 1:
        raise ValueError("approvals count from 1")
    reached = TRANSITIONS.get((state, event))
    if reached is None:
        raise TransitionNotAllowed(_refusal(state, event))
    if event is Event.APPROVE and approvals_after < approvals_required:
        return state
    return reached


def _refusal(state: State, event: Event) -> str:
    steps = list(dict.fromkeys(PARTICIPLES[possible] for possible in allowed_events(state)))
    possible = POSSIBLE.format(steps=" or ".join(steps)) if steps else ENDED
    return NOT_ALLOWED.format(state=STATE_NAMES[state], done=PARTICIPLES[event], possible=possible)
