"""The dossier of one claim: what was said, what speaks for and against it, and what the team makes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.forms.claims import AssessmentForm, EvidenceForm
from evidence.models import Assessment, Claim, ClaimEvidence, CustodyEvent, FileRole, Investigation, Relation
from evidence.permissions import may
from evidence.sealed import visible_proposals
from evidence.services.claims import claim_assess, claim_evidence_link, claim_evidence_remove
from evidence.services.custody import ACTIONS
from evidence.views.base import form_refuse, investigation_page

# Which of an item's geolocations speaks for it on a card: the furthest one on its way.
_FURTHEST = (
    "verified",
    "in_review",
    "changes_requested",
    "awaiting_second",
    "supporting",
    "draft",
    "retracted",
    "rejected",
    "withdrawn",
)


@require_safe
@investigation_page("evidence.view")
def dossier(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The page."""
    return _page(request, claim_of(investigation, reference))


@require_POST
@investigation_page("evidence.write_claim")
def link(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Tie a media item to the claim, or change how it is tied."""
    claim = claim_of(investigation, reference)
    form = EvidenceForm(request.POST, investigation=investigation)
    if not form.is_valid():
        return _page(request, claim, evidence_form=form, status=422)
    try:
        made = claim_evidence_link(actor=request.user, claim=claim, **form.cleaned_data)
    except CatalogueError as error:
        form_refuse(form, error)
        return _page(request, claim, evidence_form=form, status=error.status)
    words = {"media": made.media_item.reference, "relation": made.get_relation_display().lower()}
    messages.success(request, _("%(media)s is linked: %(relation)s.") % words)
    return _to(claim, "evidence")


@require_POST
@investigation_page("evidence.write_claim")
def unlink(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Untie a media item, named by its reference in `media`."""
    claim = claim_of(investigation, reference)
    found = claim.evidence.filter(media_item__reference=request.POST.get("media", "")).first()
    if found is None:
        messages.info(request, _("That item is not linked to this claim any more."))
        return _to(claim, "evidence")
    media = found.media_item.reference
    claim_evidence_remove(actor=request.user, link=found)
    messages.success(
        request, _("%(media)s is not linked any more. The log keeps that it was.") % {"media": media}
    )
    return _to(claim, "evidence")


@require_POST
@investigation_page("evidence.assess_claim")
def assess(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Say what the evidence makes of the claim."""
    claim = claim_of(investigation, reference)
    form = AssessmentForm(request.POST)
    if not form.is_valid():
        return _page(request, claim, assessment_form=form, status=422)
    try:
        claim_assess(actor=request.user, claim=claim, **form.cleaned_data)
    except CatalogueError as error:
        form_refuse(form, error)
        return _page(request, claim_of(investigation, reference), assessment_form=form, status=422)
    messages.success(
        request,
        _("%(reference)s is assessed: %(assessment)s.")
        % {"reference": claim.reference, "assessment": claim.get_assessment_display().lower()},
    )
    return _to(claim, "assessment")


def claim_of(investigation: Investigation, reference: str) -> Claim:
    """The claim with this reference; else NotFound."""
    found: Claim | None = (
        Claim.objects.filter(investigation=investigation, reference=reference.upper())
        .select_related("investigation", "claimant", "via", "assessed_by", "created_by")
        .prefetch_related("places__names", "places__within__names")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such claim in this investigation."))
    return found


def _to(claim: Claim, part: str) -> HttpResponse:
    address = reverse("evidence:claim-detail", args=[claim.investigation.code, claim.reference])
    return redirect(f"{address}#{part}")


def _page(
    request: HttpRequest,
    claim: Claim,
    *,
    evidence_form: EvidenceForm | None = None,
    assessment_form: AssessmentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    investigation = claim.investigation
    cards = [_card(found) for found in _evidence(claim, request.user)]
    initial = {"assessment": claim.assessment, "reason": claim.assessment_reason}
    context = {
        "investigation": investigation,
        "claim": claim,
        "groups": [
            {
                "relation": relation,
                "word": _group_word(relation),
                "cards": [card for card in cards if card["link"].relation == relation],
            }
            for relation in Relation
        ],
        "contradicts": claim.contradicts.select_related("claimant"),
        "contradicted_by": Claim.objects.filter(contradicts=claim).select_related("claimant"),
        "map_data": _map_data(claim, cards),
        "custody_lines": _custody(claim),
        "may_write": may(request.user, "evidence.write_claim", investigation),
        "may_assess": may(request.user, "evidence.assess_claim", investigation),
        "evidence_form": evidence_form or EvidenceForm(investigation=investigation),
        "assessment_form": assessment_form or AssessmentForm(initial=initial),
        "has_media": investigation.media_items.exists(),
    }
    return render(request, "evidence/claim_detail.html", context, status=status)


def _group_word(relation: str) -> str:
    return {
        Relation.SUPPORTS.value: _("Supports the claim"),
        Relation.CONTRADICTS.value: _("Contradicts the claim"),
        Relation.CONTEXT.value: _("Context"),
    }[relation]


def _evidence(claim: Claim, user: Any) -> Any:
    # Geolocations are made by the app above; here their standing is only read.
    return (
        ClaimEvidence.objects.filter(claim=claim)
        .select_related("media_item__created_by", "media_item__place", "added_by")
        .prefetch_related(
            "media_item__place__names",
            "media_item__files",
            "media_item__appearances",
            Prefetch("media_item__geolocations", visible_proposals(user).select_related("verified_point")),
        )
        .order_by("media_item__reference")
    )


def _card(found: Any) -> dict[str, Any]:
    """One link with its item's picture, standing and verified position."""
    item = found.media_item
    files = list(item.files.all())
    thumbnail = next((file for file in files if file.role == FileRole.THUMBNAIL), None)
    placed = sorted(item.geolocations.all(), key=lambda each: _FURTHEST.index(each.state))
    return {
        "link": found,
        "item": item,
        "thumbnail": thumbnail,
        "kind": "link" if not files and item.appearances.all() else item.kind,
        "geolocation": placed[0] if placed else None,
        "points": [each.verified_point for each in placed if hasattr(each, "verified_point")],
    }


def _map_data(claim: Claim, cards: list[dict[str, Any]]) -> dict[str, Any]:
    """Places with a position and the verified points of the evidence, as the small map draws them."""
    code = claim.investigation.code
    return {
        "places": [
            {
                "name": place.display_name,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "radius_m": place.radius_m,
            }
            for place in claim.places.all()
            if place.latitude is not None
        ],
        "points": [
            {
                "title": f"{card['item'].reference} {card['item'].title}",
                "latitude": point.latitude,
                "longitude": point.longitude,
                "url": reverse("evidence:media-detail", args=[code, card["item"].reference]),
                "relation": card["link"].get_relation_display(),
            }
            for card in cards
            for point in card["points"]
        ],
    }


def _custody(claim: Claim) -> list[dict[str, Any]]:
    """The log's lines about this claim, newest first, each with its words and what it was about."""
    events = CustodyEvent.objects.filter(
        investigation=claim.investigation, object_type="claim", object_reference=claim.reference
    ).order_by("-sequence")
    return [
        {"event": event, "words": ACTIONS.get(event.action, event.action), "note": _note(event.details)}
        for event in events
    ]


def _note(details: dict[str, Any]) -> str:
    if "assessment" in details:
        word = dict(Assessment.choices).get(details["assessment"], details["assessment"])
        return f"{word}. {details.get('reason', '')}".strip()
    if "relation" in details:
        word = dict(Relation.choices).get(details["relation"], details["relation"])
        return f"{details['media']}, {str(word).lower()}"
    if "changed" in details:
        return ", ".join(sorted(details["changed"])).replace("_", " ")
    return ""
