"""One decision by one person on one revision, and what follows from it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import Conflict, InvalidInput
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record
from geolocation.errors import (
    AlreadyDecided,
    ChecklistIncomplete,
    NotCurrentRevision,
    OwnRevision,
    OwnSource,
    PlacedBeside,
    ReasonRequired,
)
from geolocation.models import BlindEntry, Decision, Geolocation, GeolocationRevision, Method, Review
from geolocation.review import checklist as checklists
from geolocation.review.states import Event, State, next_state
from geolocation.services.checks import checks_request_for_others
from geolocation.services.disclosed import placed_of
from geolocation.services.geolocations import geolocation_locked
from geolocation.services.taking_over import rests_on_words_of
from geolocation.services.verified_points import point_publish

_EVENTS = {
    Decision.APPROVE: Event.APPROVE,
    Decision.REQUEST_CHANGES: Event.REQUEST_CHANGES,
    Decision.REJECT: Event.REJECT,
}
_ACTIONS = {
    Decision.APPROVE: action_register("review.approved", gettext_lazy("approved")),
    Decision.REQUEST_CHANGES: action_register(
        "review.changes_requested", gettext_lazy("requested changes to")
    ),
    Decision.REJECT: action_register("review.rejected", gettext_lazy("rejected")),
}
VERIFIED = action_register("geolocation.verified", gettext_lazy("verified, by enough approvals,"))


@transaction.atomic
def review_decide(
    *,
    actor: Any,
    revision: GeolocationRevision,
    decision: str,
    checklist: dict[str, str],
    reason: str = "",
) -> Review:
    """Decide on exactly the revision that was looked at.

    Raises OwnRevision, NotCurrentRevision, AlreadyDecided, ChecklistIncomplete, ReasonRequired or
    InvalidInput; nothing is saved then. The last approval that the investigation asks for makes the
    geolocation verified and its point readable, in this transaction.
    """
    if decision not in Decision.values:
        raise InvalidInput(_("Choose to approve, to request changes or to reject."), field="decision")
    chosen = Decision(decision)
    require(actor, "geolocation.review", revision.geolocation.investigation)
    geolocation = geolocation_locked(revision.geolocation, actor=actor)
    _refuse_unfit(geolocation, revision, actor)
    checklist = {key: answer for key, answer in checklist.items() if answer != ""}
    _refuse_unfounded(revision, chosen, checklist, reason)
    review = Review.objects.create(
        revision=revision, reviewer=actor, decision=chosen, checklist=checklist, reason=reason.strip()
    )
    _record(geolocation, actor, _ACTIONS[chosen], {"revision": revision.number, "reason": review.reason})
    _settle(geolocation, review, actor)
    return review


def _settle(geolocation: Geolocation, review: Review, actor: Any) -> None:
    """Move the geolocation on; the last approval that was asked for makes its point readable."""
    revision = review.revision
    approvals = revision.reviews.filter(decision=Decision.APPROVE).count()
    after = next_state(
        State(geolocation.state),
        _EVENTS[Decision(review.decision)],
        approvals_after=max(approvals, 1),
        approvals_required=geolocation.investigation.required_approvals,
    )
    geolocation.state = after.value
    geolocation.state_reason = review.reason if review.decision != Decision.APPROVE else ""
    geolocation.updated_at = timezone.now()
    geolocation.save()
    if after == State.REJECTED:
        checks_request_for_others(geolocation=geolocation)
    if after == State.VERIFIED:
        point_publish(geolocation=geolocation)
        _role, position, _uncertainty_m = placed_of(geolocation)
        _record(
            geolocation,
            actor,
            VERIFIED,
            {
                "revision": revision.number,
                "position": [position.latitude, position.longitude],
                "approvals": approvals,
            },
        )


def _refuse_unfit(geolocation: Geolocation, revision: GeolocationRevision, actor: Any) -> None:
    current = geolocation.current_revision
    if current is None or current.pk != revision.pk:
        raise NotCurrentRevision(
            _(
                "You looked at revision %(seen)d; revision %(current)d is in review now. "
                "Your words are kept below."
            )
            % {"seen": revision.number, "current": current.number if current else 0}
        )
    if revision.author_id == actor.pk:
        raise OwnRevision(_("You wrote this revision, so somebody else has to decide on it."))
    if BlindEntry.objects.filter(author=actor, round__entries__geolocation=geolocation).exists():
        raise PlacedBeside(_("You placed this recording beside it, so somebody else has to decide on it."))
    if rests_on_words_of(geolocation, actor):
        raise OwnSource(
            _("It was taken over from a revision that you wrote, so somebody else has to decide on it.")
        )
    if revision.reviews.filter(reviewer=actor).exists():
        raise AlreadyDecided(_("You have decided on this revision already."))
    if geolocation.state == State.AWAITING_SECOND.value:
        raise Conflict(
            _("It waits for a blind second look. It is reviewed once two people agree or an editor decides.")
        )
    if geolocation.state != State.IN_REVIEW.value:
        last = revision.reviews.order_by("-pk").select_related("reviewer").first()
        raise AlreadyDecided(
            _(
                "%(reviewer)s decided meanwhile: %(state)s. "
                "Your decision was not saved; your words are kept below."
            )
            % {
                "reviewer": last.reviewer if last else _("Somebody"),
                "state": geolocation.get_state_display().lower(),
            }
        )


def _refuse_unfounded(
    revision: GeolocationRevision, decision: Decision, checklist: dict[str, str], reason: str
) -> None:
    problems = checklists.validate(
        checklist,
        checklists.Decision(decision.value),
        reason=reason,
        taken_over=revision.method == Method.PUBLISHED,
    )
    for problem in problems:
        if problem.field == "reason":
            raise ReasonRequired(problem.sentence, field="reason")
    if problems:
        raise ChecklistIncomplete(" ".join(problem.sentence for problem in problems), field="checklist")


def _record(geolocation: Geolocation, actor: Any, action: str, details: dict[str, Any]) -> None:
    custody_record(
        investigation=geolocation.investigation,
        actor=actor,
        action=action,
        object_type="geolocation",
        object_reference=geolocation.reference,
        details={"media": geolocation.media_item.reference, **details},
    )
