"""Propose where a recording was made, revise it, submit it, withdraw it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import NotAllowed, NotFound
from evidence.models import MediaItem
from evidence.permissions import require
from evidence.services.custody import (
    CustodyEntry,
    action_register,
    custody_record,
    investigation_lock,
)
from evidence.services.references import reference_next
from geolocation.errors import NotCurrentRevision, ReasonRequired
from geolocation.models import Geolocation, GeolocationRevision, TombstoneReason
from geolocation.review.states import Event, State, next_state
from geolocation.services import blind_rounds
from geolocation.services.checks import checks_request, checks_request_for_others
from geolocation.services.landmarks import (
    Solved,
    area_polygon,
    landmark_columns,
    landmarks_add,
    resection_solve,
)
from geolocation.services.proposals import Captured as Captured
from geolocation.services.proposals import Placed as Placed
from geolocation.services.proposals import Proposal as Proposal
from geolocation.services.proposals import ShadowSeen as ShadowSeen
from geolocation.services.proposals import proposal_completed, proposal_refuse
from geolocation.services.shadow_seen import shadow_columns
from geolocation.services.verified_points import point_remove

PROPOSED = action_register("geolocation.proposed", gettext_lazy("proposed"))
REVISED = action_register("geolocation.revised", gettext_lazy("revised"))
SUBMITTED = action_register("geolocation.submitted", gettext_lazy("submitted for review"))
WITHDRAWN = action_register("geolocation.withdrawn", gettext_lazy("withdrew"))
RETRACTED = action_register("geolocation.retracted", gettext_lazy("retracted"))

# Columns that the database derives.
GENERATED = ("camera_position", "subject_position")


@transaction.atomic
def geolocation_propose(
    *,
    actor: Any,
    media_item: MediaItem,
    proposal: Proposal,
    submit: bool,
    reference: str = "",
    taken_over_from: GeolocationRevision | None = None,
) -> Geolocation:
    """A new geolocation of this item with its first revision; a draft unless it is submitted at once."""
    investigation = media_item.investigation
    require(actor, "geolocation.propose", investigation)
    proposal = proposal_completed(proposal)
    solved = resection_solve(landmarks=proposal.landmarks)  # before the lock: nobody has to wait for it
    investigation_lock(investigation)
    geolocation = Geolocation.objects.create(
        investigation=investigation,
        media_item=media_item,
        reference=reference or reference_next(model=Geolocation, investigation=investigation, letter="G"),
        author=actor,
        taken_over_from=taken_over_from,
        is_sealed=bool(blind_rounds.begin_sealed(investigation, [media_item])),
    )
    revision = _revision_add(geolocation, actor, proposal, solved)
    _record(geolocation, actor, PROPOSED, revision_said(revision))
    if submit:
        _submit(geolocation, actor)
    return geolocation


@transaction.atomic
def geolocation_revise(
    *, actor: Any, geolocation: Geolocation, based_on: int, proposal: Proposal, submit: bool
) -> Geolocation:
    """Add a revision. `based_on` is the number the person saw: if a newer one exists, nothing is saved.

    A revision of a verified geolocation reopens it, and its point leaves the exports in this transaction.
    """
    require(actor, "geolocation.propose", geolocation.investigation)
    proposal = proposal_completed(proposal)
    solved = resection_solve(landmarks=proposal.landmarks)
    geolocation = geolocation_locked(geolocation, actor=actor)
    current = geolocation.current_revision
    if current is not None and current.number != based_on:
        raise NotCurrentRevision(
            _("Revision %(number)d by %(author)s was saved meanwhile. Look at it, then send yours again.")
            % {"number": current.number, "author": current.author}
        )
    before = State(geolocation.state)
    is_same_placing = _places_the_same(current, proposal)
    event = blind_rounds.revision_event(geolocation=geolocation, is_same_placing=is_same_placing)
    after = next_state(before, event)
    if before == State.VERIFIED:
        point_remove(
            geolocation=geolocation,
            reason=TombstoneReason.REOPENED,
            explanation=_("A new revision is in review."),
        )
    revision = _revision_add(geolocation, actor, proposal, solved)
    _record(geolocation, actor, REVISED, {**revision_said(revision), "state_before": before.value})
    blind_rounds.round_follow(
        geolocation=geolocation, before=current, is_same_placing=is_same_placing, event=event, actor=actor
    )
    if event == Event.REVISE_BLIND:
        return geolocation
    geolocation.state = after.value
    if after == State.IN_REVIEW:
        _enter_review(geolocation)
    geolocation.save()
    if after == State.DRAFT and submit:
        _submit(geolocation, actor)
    return geolocation


@transaction.atomic
def geolocation_submit(*, actor: Any, geolocation: Geolocation) -> Geolocation:
    """Hand a draft to the reviewers."""
    require(actor, "geolocation.propose", geolocation.investigation)
    geolocation = geolocation_locked(geolocation, actor=actor)
    _submit(geolocation, actor)
    return geolocation


@transaction.atomic
def geolocation_withdraw(*, actor: Any, geolocation: Geolocation, reason: str = "") -> Geolocation:
    """The author takes it back before it is verified."""
    require(actor, "geolocation.propose", geolocation.investigation)
    geolocation = geolocation_locked(geolocation, actor=actor)
    if geolocation.author_id != actor.pk:
        raise NotAllowed(_("Only %(author)s can withdraw this.") % {"author": geolocation.author})
    geolocation.state = next_state(State(geolocation.state), Event.WITHDRAW).value
    geolocation.state_reason = reason.strip()
    geolocation.updated_at = timezone.now()
    geolocation.save()
    blind_rounds.round_leave(geolocation=geolocation)
    checks_request_for_others(geolocation=geolocation)
    _record(geolocation, actor, WITHDRAWN, {"reason": geolocation.state_reason})
    return geolocation


@transaction.atomic
def geolocation_retract(*, actor: Any, geolocation: Geolocation, reason: str) -> Geolocation:
    """An editor takes a verified point back, with a reason; clients learn of it by its tombstone."""
    require(actor, "geolocation.retract", geolocation.investigation)
    if not reason.strip():
        raise ReasonRequired(
            _("Say why the point is retracted; readers who hold it will see this."), field="reason"
        )
    geolocation = geolocation_locked(geolocation, actor=actor)
    after = next_state(State(geolocation.state), Event.RETRACT)
    point_remove(geolocation=geolocation, reason=TombstoneReason.RETRACTED, explanation=reason.strip())
    geolocation.state = after.value
    geolocation.state_reason = reason.strip()
    geolocation.updated_at = timezone.now()
    geolocation.save()
    checks_request_for_others(geolocation=geolocation)
    _record(geolocation, actor, RETRACTED, {"reason": geolocation.state_reason})
    return geolocation


def geolocation_locked(geolocation: Geolocation, *, actor: Any) -> Geolocation:
    """The row as it is now, held until this transaction ends; NotFound if it is sealed for the person."""
    investigation_lock(geolocation.investigation)
    if not Geolocation.objects.visible_to(actor).filter(pk=geolocation.pk).exists():
        raise NotFound(_("There is no such geolocation in this investigation."))
    locked: Geolocation = (
        Geolocation.objects.select_for_update(of=("self",))
        .select_related("investigation", "media_item", "current_revision__author", "author")
        .get(pk=geolocation.pk)
    )
    return locked


def _submit(geolocation: Geolocation, actor: Any) -> None:
    if blind_rounds.is_asked_for(geolocation):
        blind_rounds.round_enter(geolocation=geolocation, actor=actor)
        return
    geolocation.state = next_state(State(geolocation.state), Event.SUBMIT).value
    _enter_review(geolocation)
    geolocation.save()
    _record(geolocation, actor, SUBMITTED, {})


def _enter_review(geolocation: Geolocation) -> None:
    geolocation.submitted_at = timezone.now()
    geolocation.state_reason = ""
    checks_request(geolocation=geolocation)
    checks_request_for_others(geolocation=geolocation)


def _revision_add(
    geolocation: Geolocation, actor: Any, proposal: Proposal, solved: Solved | None
) -> GeolocationRevision:
    revision = revision_unsaved(actor=actor, proposal=proposal, solved=solved)
    revision.geolocation = geolocation
    if geolocation.current_revision:
        revision.number = geolocation.current_revision.number + 1
    revision.full_clean(exclude=["geolocation", "author", *GENERATED])
    revision.save()
    landmarks_add(revision=revision, landmarks=proposal.landmarks)
    geolocation.current_revision = revision
    geolocation.updated_at = timezone.now()
    geolocation.save(update_fields=["current_revision", "updated_at"])
    return revision


def revision_unsaved(*, actor: Any, proposal: Proposal, solved: Solved | None) -> GeolocationRevision:
    """The first revision of a geolocation that is not named yet, by its proposal. Raises InvalidInput."""
    proposal_refuse(proposal)
    return GeolocationRevision(
        number=1,
        author=actor,
        **_placed_columns("camera", proposal.camera),
        **_placed_columns("subject", proposal.subject),
        subject_area=area_polygon(proposal.subject_area),
        **landmark_columns(proposal.landmarks, solved),
        bearing_deg=proposal.bearing_deg,
        field_of_view_deg=proposal.field_of_view_deg,
        captured_on=proposal.captured.on,
        captured_from=proposal.captured.start,
        captured_to=proposal.captured.end,
        captured_offset_min=proposal.captured.offset_min,
        captured_basis=proposal.captured.basis,
        light_seen=proposal.light_seen,
        **shadow_columns(proposal.shadow),
        method=proposal.method,
        reasoning=proposal.reasoning.strip(),
        references=proposal.references.strip(),
    )


def _places_the_same(revision: GeolocationRevision | None, proposal: Proposal) -> bool:
    """Both points, both radii and the area as they were; words, times and angles may differ."""
    columns = {
        **_placed_columns("camera", proposal.camera),
        **_placed_columns("subject", proposal.subject),
    }
    if revision is None:
        return False
    before, after = revision.subject_area, area_polygon(proposal.subject_area)
    return (before and before.coords) == (after and after.coords) and all(
        getattr(revision, name) == columns[name] for name in blind_rounds.PLACING_COLUMNS
    )


def _placed_columns(prefix: str, placed: Placed | None) -> dict[str, Any]:
    return {
        f"{prefix}_latitude": placed.position.latitude if placed else None,
        f"{prefix}_longitude": placed.position.longitude if placed else None,
        f"{prefix}_uncertainty_m": placed.uncertainty_m if placed else None,
        f"{prefix}_as_typed": placed.as_typed if placed else "",
    }


def revision_said(revision: GeolocationRevision) -> dict[str, Any]:
    """What the log says of a revision."""
    return {
        "revision": revision.number,
        "camera": [revision.camera_latitude, revision.camera_longitude, revision.camera_uncertainty_m],
        "subject": [revision.subject_latitude, revision.subject_longitude, revision.subject_uncertainty_m],
        "method": revision.method,
        **({"landmarks": revision.landmark_count} if revision.landmark_count else {}),
        **({"resection": revision.resection["result"]["status"]} if revision.resection else {}),
    }


def _record(geolocation: Geolocation, actor: Any, action: str, details: dict[str, Any]) -> None:
    entry = geolocation_logged(geolocation, action, details)
    custody_record(investigation=geolocation.investigation, actor=actor, **vars(entry))


def geolocation_logged(geolocation: Geolocation, action: str, details: dict[str, Any]) -> CustodyEntry:
    """What was done to a geolocation, as the log says it."""
    return CustodyEntry(
        action=action,
        object_type="geolocation",
        object_reference=geolocation.reference,
        details={"media": geolocation.media_item.reference, **details},
    )
