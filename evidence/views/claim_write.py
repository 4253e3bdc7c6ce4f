"""Write a claim down, and correct what was written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evidence.errors import CatalogueError
from evidence.forms.claims import ClaimForm
from evidence.models import Claim, Investigation, Place
from evidence.services.claims import ClaimDetails, claim_change, claim_log
from evidence.services.naming import place_named, source_named
from evidence.views.base import form_refuse, investigation_page
from evidence.views.claims import claim_of


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.write_claim")
def add(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """A new claim."""
    form = ClaimForm(request.POST or None, investigation=investigation)
    if request.method != "POST" or not form.is_valid():
        return _page(request, investigation, form)
    try:
        with transaction.atomic():
            claim = claim_log(
                actor=request.user,
                investigation=investigation,
                details=_details(request.user, investigation, form),
                places=_places(request.user, investigation, form),
                contradicts=form.cleaned_data.get("contradicts") or [],
            )
    except (CatalogueError, ValidationError) as error:
        form_refuse(form, error)
        return _page(request, investigation, form)
    messages.success(request, _("Logged as %(reference)s.") % {"reference": claim.reference})
    return redirect("evidence:claim-detail", investigation.code, claim.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.write_claim")
def edit(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Correct a claim; its assessment stays as it is."""
    claim = claim_of(investigation, reference)
    if request.method != "POST":
        initial = ClaimForm.initial_of(claim)
        return _page(
            request,
            investigation,
            ClaimForm(initial=initial, investigation=investigation, claim=claim),
            claim,
        )
    form = ClaimForm(request.POST, investigation=investigation, claim=claim)
    if not form.is_valid():
        return _page(request, investigation, form, claim)
    try:
        with transaction.atomic():
            claim_change(
                actor=request.user,
                claim=claim,
                details=_details(request.user, investigation, form),
                places=_places(request.user, investigation, form),
                contradicts=form.cleaned_data.get("contradicts") or [],
            )
    except (CatalogueError, ValidationError) as error:
        form_refuse(form, error)
        return _page(request, investigation, form, claim_of(investigation, reference))
    messages.success(request, _("%(reference)s is changed.") % {"reference": claim.reference})
    return redirect("evidence:claim-detail", investigation.code, claim.reference)


def _details(actor: Any, investigation: Investigation, form: ClaimForm) -> ClaimDetails:
    data = form.cleaned_data
    claimant = source_named(actor=actor, investigation=investigation, name=data["claimant"])
    assert claimant is not None  # noqa: S101  the form requires a name
    return ClaimDetails(
        statement=data["statement"].strip(),
        claimant=claimant,
        via=source_named(actor=actor, investigation=investigation, name=data["via"]),
        made_on=data["made_on"],
        about_from=data["about_from"],
        about_to=data["about_to"],
        figures=data["figures"],
        credibility=data["credibility"],
        note=data["note"].strip(),
    )


def _places(actor: Any, investigation: Investigation, form: ClaimForm) -> list[Place]:
    chosen = list(form.cleaned_data.get("places") or [])
    for name in form.place_names:
        place = place_named(actor=actor, investigation=investigation, name=name)
        if place is not None and place not in chosen:
            chosen.append(place)
    return chosen


def _page(
    request: HttpRequest, investigation: Investigation, form: ClaimForm, claim: Claim | None = None
) -> HttpResponse:
    context = {"investigation": investigation, "form": form, "claim": claim}
    return render(request, "evidence/claim_form.html", context, status=422 if form.errors else 200)
