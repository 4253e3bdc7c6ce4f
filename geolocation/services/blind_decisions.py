"""What an editor decides in a blind round, and what follows when blind rounds are switched off."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import Conflict, InvalidInput
from evidence.models import Investigation
from evidence.permissions import require
from evidence.services.custody import action_register, investigation_lock
from geolocation.errors import OwnRevision, ReasonRequired
from geolocation.models import BlindEntry, BlindRound, Geolocation, RoundCause, RoundState
from geolocation.models.blind_rounds import LIVE
from geolocation.review.states import Event, State
from geolocation.services.blind_rounds import active_entries, custody, round_close, step

CHOSEN = action_register("geolocation.blind_chosen", gettext_lazy("sent to review, in a blind round,"))
REFUSED = action_register("geolocation.blind_refused", gettext_lazy("rejected, in a blind round,"))
THIRD = action_register("geolocation.blind_third", gettext_lazy("asked for a third blind look beside"))
STOPPED = action_register("geolocation.blind_stopped", gettext_lazy("sent to review without a blind second"))

# Where the first of two that agreed went before the other one can take its place.
_GONE = [State.REJECTED.value, State.WITHDRAWN.value, State.RETRACTED.value]


class RoundDecision(StrEnum):
    """What an editor may do with a round."""

    REVIEW = "review"
    THIRD = "third"
    REJECT = "reject"


@transaction.atomic
def round_resolve(
    *, actor: Any, placed: BlindRound, decision: str, reason: str, geolocation: str = ""
) -> BlindRound:
    """Send one to review (`geolocation` names it), ask for a third look, or reject all, with a reason.

    Raises OwnRevision for an editor who placed the item in the round, Conflict where the round does not wait
    for an editor, ReasonRequired or InvalidInput; nothing is saved then.
    """
    require(actor, "geolocation.resolve_round", placed.investigation)
    investigation_lock(placed.investigation)
    placed = BlindRound.objects.select_for_update(of=("self",)).select_related("media_item").get(pk=placed.pk)
    entries = active_entries(placed)
    _refuse(actor, placed, decision, reason.strip())
    if placed.state == RoundState.AGREED:
        _take_the_other(actor, placed, entries, decision, reason.strip(), geolocation)
    elif decision == RoundDecision.THIRD:
        _ask_for_another(actor, placed, entries, reason.strip())
    else:
        chosen = _named(entries, geolocation) if decision == RoundDecision.REVIEW else None
        _close(actor, placed, entries, chosen, reason.strip())
    return placed


def _refuse(actor: Any, placed: BlindRound, decision: str, reason: str) -> None:
    if placed.entries.filter(author=actor).exists():
        raise OwnRevision(_("You placed the recording in this round, so another editor has to decide."))
    if decision not in list(RoundDecision):
        raise InvalidInput(
            _("Choose to send one to review, to ask for a third look, or to reject them."), field="decision"
        )
    if placed.state not in (RoundState.WITH_EDITOR, RoundState.AGREED):
        raise Conflict(
            _("This round does not wait for an editor: %(state)s.")
            % {"state": placed.get_state_display().lower()}
        )
    if not reason:
        raise ReasonRequired(_("Say why; everybody who placed the recording reads it."), field="reason")


def _named(entries: list[BlindEntry], reference: str) -> Geolocation:
    for entry in entries:
        if entry.geolocation.reference == reference.upper():
            return entry.geolocation
    raise InvalidInput(_("Choose which one goes to review."), field="geolocation")


def _close(
    actor: Any, placed: BlindRound, entries: list[BlindEntry], chosen: Geolocation | None, reason: str
) -> None:
    round_close(placed, RoundState.RESOLVED, chosen=chosen, resolved_by=actor, reason=reason)
    for entry in entries:
        geolocation = entry.geolocation
        if chosen is not None and geolocation.pk == chosen.pk:
            step(geolocation, Event.END_BLIND)
            custody(geolocation, actor, CHOSEN, {"reason": reason})
        else:
            step(geolocation, Event.REJECT_BLIND, reason=reason)
            custody(geolocation, actor, REFUSED, {"reason": reason})


def _ask_for_another(actor: Any, placed: BlindRound, entries: list[BlindEntry], reason: str) -> None:
    if not all(entry.geolocation.is_sealed for entry in entries):
        raise Conflict(
            _("Every member can see what was proposed, so nobody can place it blind."), field="decision"
        )
    placed.state, placed.cause, placed.wanted = RoundState.OPEN, "", len(entries) + 1
    placed.save()
    custody(entries[0].geolocation, actor, THIRD, {"reason": reason})


def successors(entries: list[BlindEntry]) -> list[BlindEntry]:
    """Of two who agreed: what may go to review because the one that went there is gone; else nothing."""
    stands = [entry for entry in entries if entry.geolocation.state not in _GONE]
    return stands if all(entry.geolocation.state == State.SUPPORTING for entry in stands) else []


def _take_the_other(
    actor: Any, placed: BlindRound, entries: list[BlindEntry], decision: str, reason: str, reference: str
) -> None:
    """Two agreed, and the one that went to review is gone: the other one takes its place."""
    stands = [entry.geolocation for entry in successors(entries)]
    if decision != RoundDecision.REVIEW or not stands:
        raise Conflict(_("They agree, and the first one is in review; there is nothing to decide here."))
    geolocation = _named(entries, reference)
    if geolocation not in stands:
        raise Conflict(_("%(reference)s is closed.") % {"reference": geolocation.reference})
    placed.resolved_by, placed.reason, placed.chosen = actor, reason, geolocation
    placed.save()
    step(geolocation, Event.END_BLIND)
    custody(geolocation, actor, CHOSEN, {"reason": reason})


def rounds_stop(*, actor: Any, investigation: Investigation) -> int:
    """Blind rounds were switched off: what waits goes to review, and nothing stays sealed.

    Returns how many geolocations went to review.
    """
    stopped = 0
    for placed in BlindRound.objects.filter(investigation=investigation, state__in=LIVE):
        entries = active_entries(placed)
        round_close(placed, RoundState.ENDED, cause=RoundCause.SWITCHED_OFF)
        for entry in entries:
            step(entry.geolocation, Event.END_BLIND)
            custody(entry.geolocation, actor, STOPPED, {})
            stopped += 1
    Geolocation.objects.filter(investigation=investigation, is_sealed=True).update(is_sealed=False)
    return stopped
