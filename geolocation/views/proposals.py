"""Say where a recording was made; revise it, submit it, take it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evidence.errors import CatalogueError, NotFound
from evidence.models import Investigation, MediaItem
from evidence.views.base import form_refuse, investigation_page
from geolocation.coordinates.parse import parse_position
from geolocation.errors import NotCurrentRevision
from geolocation.forms.landmarks import LandmarksPart
from geolocation.forms.proposal import ROLES, ProposalForm
from geolocation.models import BlindRound, Geolocation, GeolocationRevision, RoundState
from geolocation.review.states import FINAL_STATES, State
from geolocation.services.blind_rounds import live_round, obstacle
from geolocation.services.geolocations import (
    Proposal,
    geolocation_propose,
    geolocation_retract,
    geolocation_revise,
    geolocation_submit,
    geolocation_withdraw,
)
from geolocation.services.nearby import nearby, place_near
from geolocation.services.taking_over import geolocations_offered
from geolocation.views.file_says import FileSays, file_says
from geolocation.views.landmark_fields import TAKE_PLACE, part_of, part_sent, values_taken
from geolocation.views.positions import echo
from geolocation.views.resections import solved_context
from geolocation.views.revision_as_form import initial_of
from geolocation.views.shadow_taken import shadow_taken

SUBMIT = "submit"
TAKE = "take_"
SOLVE = "solve"


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("geolocation.propose")
def geolocate(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """A new geolocation of one media item."""
    item = (
        MediaItem.objects.filter(investigation=investigation, reference=reference.upper())
        .select_related("place")
        .first()
    )
    if item is None:
        raise NotFound(_("There is no such media item in this investigation."))
    if request.method != "POST":
        taken = shadow_taken(request, item, is_new=True)
        return _page(request, item, ProposalForm(initial=taken, near=nearby(item)), part_of(item))
    form, part = ProposalForm(request.POST, near=nearby(item)), part_sent(request, item)
    if _saves_nothing(request):
        return _page(request, item, _typed_again(request, item, part), part)
    if not (form.is_valid() & part.is_valid()):
        return _page(request, item, form, part)
    try:
        made = geolocation_propose(
            actor=request.user, media_item=item, proposal=_proposal(form, part), submit=_submits(request)
        )
    except (CatalogueError, ValidationError) as error:
        form_refuse(form, error)
        return _page(request, item, form, part)
    return _saved(request, made)


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("geolocation.propose")
def revise(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """A new revision of a geolocation, on top of the one that the person saw."""
    geolocation = geolocation_of(request.user, investigation, reference)
    item, current = geolocation.media_item, geolocation.current_revision
    if State(geolocation.state) in FINAL_STATES:
        messages.warning(
            request,
            _("%(reference)s is %(state)s, and that is final. Start a new geolocation of the item instead.")
            % {"reference": geolocation.reference, "state": geolocation.get_state_display().lower()},
        )
        return _to(geolocation)
    if request.method != "POST":
        taken = shadow_taken(request, item, is_new=False)
        form = ProposalForm(initial={**initial_of(current), **taken}, near=nearby(item))
        return _page(request, item, form, part_of(item, current), geolocation)
    form, part = ProposalForm(request.POST, near=nearby(item)), part_sent(request, item)
    if _saves_nothing(request):
        return _page(request, item, _typed_again(request, item, part), part, geolocation)
    if not (form.is_valid() & part.is_valid()):
        return _page(request, item, form, part, geolocation)
    try:
        made = geolocation_revise(
            actor=request.user,
            geolocation=geolocation,
            based_on=form.cleaned_data["based_on"] or 0,
            proposal=_proposal(form, part),
            submit=_submits(request),
        )
    except NotCurrentRevision as error:
        return _overtaken(request, geolocation, form, part, error)
    except (CatalogueError, ValidationError) as error:
        form_refuse(form, error)
        return _page(request, item, form, part, geolocation)
    return _saved(request, made)


@require_POST
@investigation_page("geolocation.propose")
def submit(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """Hand a draft to the reviewers as it is."""
    geolocation = geolocation_of(request.user, investigation, reference)
    return _acted(
        request,
        geolocation,
        lambda: geolocation_submit(actor=request.user, geolocation=geolocation),
        _("%(reference)s is submitted. The checks are running."),
    )


@require_POST
@investigation_page("geolocation.propose")
def withdraw(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """The author takes it back."""
    geolocation = geolocation_of(request.user, investigation, reference)
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        geolocation,
        lambda: geolocation_withdraw(actor=request.user, geolocation=geolocation, reason=reason),
        _("%(reference)s was withdrawn."),
    )


@require_POST
@investigation_page("geolocation.retract")
def retract(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """An editor takes a verified point out of the public record."""
    geolocation = geolocation_of(request.user, investigation, reference)
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        geolocation,
        lambda: geolocation_retract(actor=request.user, geolocation=geolocation, reason=reason),
        _("%(reference)s was retracted. Readers who hold the point are told so."),
    )


def geolocation_of(user: Any, investigation: Investigation, reference: str) -> Geolocation:
    """The geolocation with this reference as the person may see it; else NotFound, sealed or not there."""
    found: Geolocation | None = (
        Geolocation.objects.visible_to(user)
        .filter(investigation=investigation, reference=reference.upper())
        .select_related("investigation", "media_item__place", "current_revision__author", "author")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such geolocation in this investigation."))
    return found


def _saves_nothing(request: HttpRequest) -> bool:
    """Whether a button was pressed that only fills in: a reading taken, landmarks solved or used."""
    return (
        any(request.POST.get(f"{TAKE}{role}") for role in ROLES)
        or request.POST.get("action") == SOLVE
        or TAKE_PLACE in request.POST
    )


def _typed_again(request: HttpRequest, item: MediaItem, part: LandmarksPart) -> ProposalForm:
    """The form as it was sent, with what was chosen put in its place; nothing is judged yet."""
    typed = request.POST.dict()
    for role in ROLES:
        typed[role] = typed.get(f"{TAKE}{role}") or typed.get(role, "")
    if (request.POST.get("action") == SOLVE or TAKE_PLACE in request.POST) and part.is_valid():
        part.solve()
    return ProposalForm(initial={**typed, **values_taken(request, part)}, near=nearby(item))


def _proposal(form: ProposalForm, part: LandmarksPart) -> Proposal:
    return replace(form.proposal(), landmarks=part.landmarks(), subject_area=part.picture.corners)


def _submits(request: HttpRequest) -> bool:
    return request.POST.get("action") == SUBMIT


def _overtaken(
    request: HttpRequest,
    geolocation: Geolocation,
    form: ProposalForm,
    part: LandmarksPart,
    error: NotCurrentRevision,
) -> HttpResponse:
    """Somebody saved meanwhile: keep every word, show theirs, and let the next try be on top of it."""
    newest = geolocation_of(request.user, geolocation.investigation, geolocation.reference)
    form_refuse(form, error)
    data = request.POST.copy()
    data["based_on"] = str(newest.current_revision.number if newest.current_revision else 0)
    form.data = data
    return _page(request, newest.media_item, form, part, newest, overtaken_by=newest.current_revision)


def _page(
    request: HttpRequest,
    item: MediaItem,
    form: ProposalForm,
    part: LandmarksPart,
    geolocation: Geolocation | None = None,
    overtaken_by: GeolocationRevision | None = None,
) -> HttpResponse:
    visible = Geolocation.objects.visible_to(request.user).filter(media_item=item)
    others = visible.select_related("author", "current_revision")
    says = file_says(item)
    context = {
        "investigation": item.investigation,
        "item": item,
        "form": form,
        "geolocation": geolocation,
        "others": others.exclude(pk=geolocation.pk) if geolocation else others,
        "offered": [] if geolocation else geolocations_offered(item),
        "says": says,
        "blind": _blind(request.user, item, geolocation),
        "near": place_near(item),
        "context_points": _context_points(item, says),
        "context_drawing": says.drawing if says else {},
        "echoes": _echoes(form),
        "overtaken_by": overtaken_by,
        "leaves_exports": geolocation is not None and geolocation.state == State.VERIFIED,
        "goes_to_review": geolocation is not None and geolocation.state != State.DRAFT,
        "part": part,
        "may_take": True,
        **solved_context(part),
    }
    refused = form.errors or (part.has_errors and not _saves_nothing(request))
    return render(request, "geolocation/geolocate.html", context, status=422 if refused else 200)


def _blind(user: Any, item: MediaItem, geolocation: Geolocation | None) -> dict[str, Any]:
    """Whether a blind second look is wanted of this person, or why it cannot be theirs."""
    placed = live_round(item)
    if placed is None or (geolocation is not None and geolocation.state != State.DRAFT):
        return {}
    hindered = obstacle(user, item)
    return {"is_wanted": placed.state == RoundState.OPEN and not hindered, "obstacle": hindered}


def _context_points(item: MediaItem, says: FileSays | None) -> list[dict[str, Any]]:
    """What may guide the eye on the map: the file's own position and the named place.

    Other people's geolocations are left out, so that a second one stays independent of the first.
    """
    points = []
    place = item.place
    if place is not None and place.latitude is not None:
        points.append({"name": place.display_name, "latitude": place.latitude, "longitude": place.longitude})
    if says is not None and says.latitude is not None:
        points.append({"name": _("the file says"), "latitude": says.latitude, "longitude": says.longitude})
    return points


def _echoes(form: ProposalForm) -> dict[str, Any]:
    """What each position text was read as, so that the page says it without JavaScript too."""
    if form.is_bound:
        return {role: echo(outcome) for role, outcome in form.outcomes.items()}
    typed = {role: form.initial.get(role) for role in ROLES}
    return {role: echo(parse_position(text, near=form.near)) for role, text in typed.items() if text}


def _saved(request: HttpRequest, made: Geolocation) -> HttpResponse:
    placed = made.blind_entries.order_by("-pk").select_related("round").first()
    if made.state == State.DRAFT and made.is_sealed:
        messages.success(request, _("Saved as a draft. Only you and editors see it."))
    elif made.state == State.DRAFT:
        messages.success(request, _("Saved as a draft. Reviewers see it once you submit it."))
    elif placed is not None and made.state in (State.AWAITING_SECOND, State.SUPPORTING):
        messages.success(request, _after_round(placed.round))
        if placed.round.entries.count() > 1:
            return redirect("geolocation:blind-round", made.investigation.code, made.media_item.reference)
    else:
        messages.success(request, _("Submitted for review. The checks are running."))
    return _to(made)


def _after_round(placed: BlindRound) -> str:
    """What follows from a submission into this round, in a sentence."""
    if placed.state == RoundState.AGREED:
        return _(
            "Submitted. The two of you agree, so the first proposal is in review with your look beside it."
        )
    if placed.state == RoundState.WITH_EDITOR:
        return _("Submitted. An editor decides how it goes on: %(cause)s") % {
            "cause": placed.get_cause_display()
        }
    return _("Submitted. Somebody who cannot see it places the recording now; then it goes to review.")


def _acted(request: HttpRequest, geolocation: Geolocation, act: Any, sentence: str) -> HttpResponse:
    try:
        act()
    except CatalogueError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, sentence % {"reference": geolocation.reference})
    return _to(geolocation)


def _to(geolocation: Geolocation) -> HttpResponse:
    return redirect("geolocation:detail", geolocation.investigation.code, geolocation.reference)
