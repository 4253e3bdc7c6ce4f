"""Propose where a recording was made, revise it, submit it, withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import InvalidInput, NotAllowed
from evidence.models import MediaItem
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record, investigation_lock
from evidence.services.references import reference_next
from geolocation.checks.inputs import FIRST_YEAR, LAST_YEAR
from geolocation.coordinates.position import Position
from geolocation.errors import NotCurrentRevision, ReasonRequired
from geolocation.models import Geolocation, GeolocationRevision, TombstoneReason
from geolocation.review.states import Event, State, next_state
from geolocation.services.checks import checks_request, checks_request_for_others
from geolocation.services.landmarks import (
    NO_LANDMARKS,
    Landmarks,
    Solved,
    area_polygon,
    landmark_columns,
    landmarks_add,
    resection_solve,
)
from geolocation.services.verified_points import point_remove

PROPOSED = action_register("geolocation.proposed", gettext_lazy("proposed"))
REVISED = action_register("geolocation.revised", gettext_lazy("revised"))
SUBMITTED = action_register("geolocation.submitted", gettext_lazy("submitted for review"))
WITHDRAWN = action_register("geolocation.withdrawn", gettext_lazy("withdrew"))
RETRACTED = action_register("geolocation.retracted", gettext_lazy("retracted"))


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A position that a person placed: radius of uncertainty in metres, and the text as typed."""

    position: Position
    uncertainty_m: float
    as_typed: str = ""


@dataclass(frozen=True, kw_only=True)
class Captured:
    """When it was recorded: a date and no more, or an interval of aware moments; and how that is known."""

    on: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    offset_min: int | None = None
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What one revision says. At least one of camera and subject is placed."""

    camera: Placed | None = None
    subject: Placed | None = None
    subject_area: tuple[Position, ...] = ()
    landmarks: Landmarks = NO_LANDMARKS
    bearing_deg: float | None = None
    field_of_view_deg: float | None = None
    captured: Captured = Captured()
    method: str
    reasoning: str
    references: str = ""


@transaction.atomic
def geolocation_propose(
    *, actor: Any, media_item: MediaItem, proposal: Proposal, submit: bool, reference: str = ""
) -> Geolocation:
    """A new geolocation of this item with its first revision; a draft unless it is submitted at once."""
    investigation = media_item.investigation
    require(actor, "geolocation.propose", investigation)
    solved = resection_solve(landmarks=proposal.landmarks)  # before the lock: nobody has to wait for it
    investigation_lock(investigation)
    geolocation = Geolocation.objects.create(
        investigation=investigation,
        media_item=media_item,
        reference=reference or reference_next(model=Geolocation, investigation=investigation, letter="G"),
        author=actor,
    )
    revision = _revision_add(geolocation, actor, proposal, solved)
    _record(geolocation, actor, PROPOSED, _details(revision))
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
    solved = resection_solve(landmarks=proposal.landmarks)
    geolocation = geolocation_locked(geolocation)
    current = geolocation.current_revision
    if current is not None and current.number != based_on:
        raise NotCurrentRevision(
            _("Revision %(number)d by %(author)s was saved meanwhile. Look at it, then send yours again.")
            % {"number": current.number, "author": current.author}
        )
    before = State(geolocation.state)
    after = next_state(before, Event.REVISE)
    if before == State.VERIFIED:
        point_remove(
            geolocation=geolocation,
            reason=TombstoneReason.REOPENED,
            explanation=_("A new revision is in review."),
        )
    revision = _revision_add(geolocation, actor, proposal, solved)
    geolocation.state = after.value
    if after == State.IN_REVIEW:
        _enter_review(geolocation)
    geolocation.save()
    _record(geolocation, actor, REVISED, {**_details(revision), "state_before": before.value})
    if after == State.DRAFT and submit:
        _submit(geolocation, actor)
    return geolocation


@transaction.atomic
def geolocation_submit(*, actor: Any, geolocation: Geolocation) -> Geolocation:
    """Hand a draft to the reviewers."""
    require(actor, "geolocation.propose", geolocation.investigation)
    geolocation = geolocation_locked(geolocation)
    _submit(geolocation, actor)
    return geolocation


@transaction.atomic
def geolocation_withdraw(*, actor: Any, geolocation: Geolocation, reason: str = "") -> Geolocation:
    """The author takes it back before it is verified."""
    require(actor, "geolocation.propose", geolocation.investigation)
    geolocation = geolocation_locked(geolocation)
    if geolocation.author_id != actor.pk:
        raise NotAllowed(_("Only %(author)s can withdraw this.") % {"author": geolocation.author})
    geolocation.state = next_state(State(geolocation.state), Event.WITHDRAW).value
    geolocation.state_reason = reason.strip()
    geolocation.updated_at = timezone.now()
    geolocation.save()
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
    geolocation = geolocation_locked(geolocation)
    after = next_state(State(geolocation.state), Event.RETRACT)
    point_remove(geolocation=geolocation, reason=TombstoneReason.RETRACTED, explanation=reason.strip())
    geolocation.state = after.value
    geolocation.state_reason = reason.strip()
    geolocation.updated_at = timezone.now()
    geolocation.save()
    checks_request_for_others(geolocation=geolocation)
    _record(geolocation, actor, RETRACTED, {"reason": geolocation.state_reason})
    return geolocation


def geolocation_locked(geolocation: Geolocation) -> Geolocation:
    """The row as it is now, held until this transaction ends."""
    investigation_lock(geolocation.investigation)
    locked: Geolocation = (
        Geolocation.objects.select_for_update(of=("self",))
        .select_related("investigation", "media_item", "current_revision__author", "author")
        .get(pk=geolocation.pk)
    )
    return locked


def _submit(geolocation: Geolocation, actor: Any) -> None:
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
    _refuse_incomplete(proposal)
    number = geolocation.current_revision.number + 1 if geolocation.current_revision else 1
    revision = GeolocationRevision(
        geolocation=geolocation,
        number=number,
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
        method=proposal.method,
        reasoning=proposal.reasoning.strip(),
        references=proposal.references.strip(),
    )
    revision.full_clean(exclude=["geolocation", "author", "camera_position", "subject_position"])
    revision.save()
    landmarks_add(revision=revision, landmarks=proposal.landmarks)
    geolocation.current_revision = revision
    geolocation.updated_at = timezone.now()
    geolocation.save(update_fields=["current_revision", "updated_at"])
    return revision


def _refuse_incomplete(proposal: Proposal) -> None:
    if proposal.camera is None and proposal.subject is None:
        raise InvalidInput(_("Place the camera, the subject, or both."), field="camera")
    for field, placed in (
        ("camera_uncertainty_m", proposal.camera),
        ("subject_uncertainty_m", proposal.subject),
    ):
        if placed is not None and not 0 < placed.uncertainty_m < 20_100_000:
            raise InvalidInput(_("Give the uncertainty in metres, more than 0."), field=field)
    _refuse_angles(proposal)
    _refuse_capture(proposal.captured)
    if not proposal.reasoning.strip():
        raise InvalidInput(
            _("Say how you know: what is seen, and what it was compared with."), field="reasoning"
        )


def _refuse_angles(proposal: Proposal) -> None:
    if proposal.bearing_deg is not None and not 0 <= proposal.bearing_deg < 360:
        raise InvalidInput(_("A bearing is 0 or more and less than 360 degrees."), field="bearing_deg")
    if proposal.field_of_view_deg is not None and not 0 < proposal.field_of_view_deg <= 360:
        raise InvalidInput(
            _("A field of view is more than 0 and at most 360 degrees."), field="field_of_view_deg"
        )


def _refuse_capture(captured: Captured) -> None:
    if captured.on and (captured.start or captured.end):
        raise InvalidInput(_("Give a date or an interval of moments, not both."), field="captured_on")
    for field, end in (("captured_from", captured.start), ("captured_to", captured.end)):
        if end is not None and timezone.is_naive(end):
            raise InvalidInput(_("Give the offset from UTC, for example +04:00."), field=field)
    if (captured.start is None) != (captured.end is None):
        raise InvalidInput(
            _("Give both the earliest and the latest moment of capture; the same twice if it is exact."),
            field="captured_to" if captured.end is None else "captured_from",
        )
    if captured.start and captured.end and captured.start > captured.end:
        raise InvalidInput(_("The capture ends before it starts."), field="captured_to")
    given = {"captured_on": captured.on, "captured_from": captured.start, "captured_to": captured.end}
    for field, moment in given.items():
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise InvalidInput(
                _("The year has to lie between %(first)d and %(last)d.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
                field=field,
            )


def _placed_columns(prefix: str, placed: Placed | None) -> dict[str, Any]:
    return {
        f"{prefix}_latitude": placed.position.latitude if placed else None,
        f"{prefix}_longitude": placed.position.longitude if placed else None,
        f"{prefix}_uncertainty_m": placed.uncertainty_m if placed else None,
        f"{prefix}_as_typed": placed.as_typed if placed else "",
    }


def _details(revision: GeolocationRevision) -> dict[str, Any]:
    return {
        "revision": revision.number,
        "camera": [revision.camera_latitude, revision.camera_longitude, revision.camera_uncertainty_m],
        "subject": [revision.subject_latitude, revision.subject_longitude, revision.subject_uncertainty_m],
        "method": revision.method,
        **({"landmarks": revision.landmark_count} if revision.landmark_count else {}),
        **({"resection": revision.resection["result"]["status"]} if revision.resection else {}),
    }


def _record(geolocation: Geolocation, actor: Any, action: str, details: dict[str, Any]) -> None:
    custody_record(
        investigation=geolocation.investigation,
        actor=actor,
        action=action,
        object_type="geolocation",
        object_reference=geolocation.reference,
        details={"media": geolocation.media_item.reference, **details},
    )
