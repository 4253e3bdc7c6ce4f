"""Claims: log a statement, tie media to it, assess it with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput, NotFound
from evidence.models import (
    Assessment,
    Claim,
    ClaimEvidence,
    Credibility,
    Investigation,
    MediaItem,
    Place,
    Relation,
    Source,
)
from evidence.permissions import require
from evidence.services import custody
from evidence.services.custody import custody_record, investigation_lock
from evidence.services.references import reference_next
from evidence.signals import claim_links_changed


@dataclass(frozen=True, kw_only=True)
class ClaimDetails:
    """What was said, by whom, when, and about what."""

    statement: str
    claimant: Source
    via: Source | None = None
    made_on: date | None = None
    about_from: date | None = None
    about_to: date | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    credibility: int = Credibility.UNKNOWN
    note: str = ""


@transaction.atomic
def claim_log(
    *,
    actor: Any,
    investigation: Investigation,
    details: ClaimDetails,
    places: Iterable[Place] = (),
    contradicts: Iterable[Claim] = (),
    reference: str = "",
) -> Claim:
    """One new claim, unverified until somebody assesses it."""
    require(actor, "evidence.write_claim", investigation)
    places, contradicts = list(places), list(contradicts)
    _refuse_unfit(investigation, details, places, contradicts)
    reference = reference or reference_next(model=Claim, investigation=investigation, letter="C")
    claim = Claim(investigation=investigation, reference=reference, created_by=actor, **vars(details))
    claim.full_clean()
    claim.save()
    claim.places.set(places)
    claim.contradicts.set(contradicts)
    _record(
        claim, actor, custody.CLAIM_LOGGED, {"statement": claim.statement, "claimant": str(claim.claimant)}
    )
    return claim


@transaction.atomic
def claim_change(
    *,
    actor: Any,
    claim: Claim,
    details: ClaimDetails,
    places: Iterable[Place],
    contradicts: Iterable[Claim] | None = None,
) -> Claim:
    """Change the wording or circumstances of a claim; its assessment stays as it is.

    `contradicts` None leaves the contradictions as they are. If nothing differs, nothing is recorded.
    """
    require(actor, "evidence.write_claim", claim.investigation)
    places = list(places)
    opposed = list(claim.contradicts.all() if contradicts is None else contradicts)
    _refuse_unfit(claim.investigation, details, places, opposed)
    if any(other.pk == claim.pk for other in opposed):
        raise InvalidInput(_("A claim cannot contradict itself."), field="contradicts")
    investigation_lock(claim.investigation)
    before = _as_recorded(claim)
    for name, value in vars(details).items():
        setattr(claim, name, value)
    claim.full_clean()
    claim.save()
    claim.places.set(places)
    claim.contradicts.set(opposed)
    after = _as_recorded(claim)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed:
        return claim
    _record(claim, actor, custody.CLAIM_CHANGED, {"changed": changed})
    for link in claim.evidence.select_related("media_item"):
        claim_links_changed.send(sender=Claim, item=link.media_item)
    return claim


@transaction.atomic
def claim_evidence_link(
    *, actor: Any, claim: Claim, media_item: MediaItem, relation: str, note: str = ""
) -> ClaimEvidence:
    """Tie a media item to a claim, or change how it is tied. Both belong to one investigation."""
    require(actor, "evidence.write_claim", claim.investigation)
    if media_item.investigation_id != claim.investigation_id:
        raise NotFound(_("There is no such media item in this investigation."), field="media_item")
    if relation not in Relation.values:
        raise InvalidInput(_("Choose supports, contradicts or context."), field="relation")
    investigation_lock(claim.investigation)
    link, _created = ClaimEvidence.objects.update_or_create(
        claim=claim,
        media_item=media_item,
        defaults={"relation": relation, "note": note, "added_by": actor},
    )
    _record(
        claim,
        actor,
        custody.CLAIM_EVIDENCE_LINKED,
        {"media": media_item.reference, "relation": relation, "note": note},
    )
    claim_links_changed.send(sender=Claim, item=media_item)
    return link


@transaction.atomic
def claim_evidence_remove(*, actor: Any, link: ClaimEvidence) -> None:
    """Untie a media item from a claim."""
    claim = link.claim
    require(actor, "evidence.write_claim", claim.investigation)
    details = {"media": link.media_item.reference, "relation": link.relation}
    item = link.media_item
    link.delete()
    _record(claim, actor, custody.CLAIM_EVIDENCE_REMOVED, details)
    claim_links_changed.send(sender=Claim, item=item)


@transaction.atomic
def claim_assess(*, actor: Any, claim: Claim, assessment: str, reason: str) -> Claim:
    """Say what the evidence makes of the claim. Anything but `unverified` needs a reason."""
    require(actor, "evidence.assess_claim", claim.investigation)
    if assessment not in Assessment.values:
        raise InvalidInput(_("Choose one of the assessments."), field="assessment")
    if assessment != Assessment.UNVERIFIED and not reason.strip():
        raise InvalidInput(_("Say why: which evidence leads to this assessment."), field="reason")
    investigation_lock(claim.investigation)
    before = claim.assessment
    claim.assessment = assessment
    claim.assessment_reason = reason.strip()
    claim.assessed_by = actor
    claim.assessed_at = timezone.now()
    claim.save(update_fields=["assessment", "assessment_reason", "assessed_by", "assessed_at"])
    _record(
        claim,
        actor,
        custody.CLAIM_ASSESSED,
        {"assessment": assessment, "assessment_before": before, "reason": claim.assessment_reason},
    )
    return claim


def _refuse_unfit(
    investigation: Investigation, details: ClaimDetails, places: list[Place], contradicts: list[Claim]
) -> None:
    """A period in order; and what a claim points at is of its investigation, so that nothing leaks."""
    if details.about_from and details.about_to and details.about_to < details.about_from:
        raise InvalidInput(_("The time it is about ends before it begins."), field="about_to")
    for name, rows in (
        ("claimant", [details.claimant]),
        ("via", [details.via] if details.via else []),
        ("places", places),
        ("contradicts", contradicts),
    ):
        if any(row.investigation_id != investigation.pk for row in rows):
            raise NotFound(_("There is no such thing in this investigation."), field=name)


def _as_recorded(claim: Claim) -> dict[str, str]:
    """What a claim says, as text for the custody log."""
    said = {column.name: str(getattr(claim, column.name)) for column in fields(ClaimDetails)}
    said["places"] = ", ".join(sorted(place.key for place in claim.places.all()))
    said["contradicts"] = ", ".join(sorted(other.reference for other in claim.contradicts.all()))
    return said


def _record(claim: Claim, actor: Any, action: str, details: dict[str, Any]) -> None:
    custody_record(
        investigation=claim.investigation,
        actor=actor,
        action=action,
        object_type="claim",
        object_reference=claim.reference,
        details=details,
    )
