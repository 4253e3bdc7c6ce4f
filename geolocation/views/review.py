"""One geolocation before its reviewer: everything to judge it by, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evidence.errors import CatalogueError, InvalidInput, NotFound
from evidence.models import Investigation
from evidence.permissions import may, require
from evidence.views.base import form_refuse, investigation_page
from geolocation.errors import AlreadyDecided, NotCurrentRevision
from geolocation.forms.review import ReviewForm
from geolocation.models import BlindEntry, Decision, Geolocation, GeolocationRevision, Review
from geolocation.review.states import State
from geolocation.services.review import review_decide
from geolocation.services.review_queue import next_to_review
from geolocation.services.taking_over import rests_on_words_of
from geolocation.views.compared import compared_positions
from geolocation.views.geolocations import checks_context, map_data, revision_history
from geolocation.views.proposals import geolocation_of
from geolocation.views.revision_changes import changes_between


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.view")
def review(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Look, answer, decide. Every member may look; the service asks who may decide."""
    geolocation = geolocation_of(request.user, investigation, reference)
    if geolocation.current_revision is None or geolocation.state == State.DRAFT:
        raise NotFound(
            _("%(reference)s is a draft. It is reviewed once it is submitted.") % {"reference": reference}
        )
    current = geolocation.current_revision
    if request.method != "POST":
        return _page(request, geolocation, ReviewForm(revision=current))
    require(request.user, "geolocation.review", investigation)
    form = ReviewForm(request.POST, revision=current)
    form.is_valid()
    seen = _revision_seen(geolocation, form)
    # A decision on something that changed meanwhile is told so first: its form's own errors matter less.
    if seen == current and geolocation.state == State.IN_REVIEW and form.errors:
        return _page(request, geolocation, form, status=422)
    try:
        made = review_decide(
            actor=request.user,
            revision=seen,
            decision=form.cleaned_data.get("decision") or Decision.APPROVE,
            checklist=form.answers,
            reason=form.cleaned_data.get("reason") or "",
        )
    except CatalogueError as error:
        return _refused(request, geolocation, form, seen, error)
    return _decided(request, geolocation, made)


def _revision_seen(geolocation: Geolocation, form: ReviewForm) -> GeolocationRevision:
    """The revision that was on the page when the person decided."""
    number = form.cleaned_data.get("revision")
    if number is None:
        raise InvalidInput(_("The decision came without its revision. Reload the page and decide again."))
    found = geolocation.revisions.filter(number=number).select_related("author", "geolocation").first()
    if found is None:
        raise NotFound(_("There is no such revision. Reload the page and decide again."))
    return found


def _refused(
    request: HttpRequest,
    geolocation: Geolocation,
    form: ReviewForm,
    seen: GeolocationRevision,
    error: CatalogueError,
) -> HttpResponse:
    """Nothing was saved: the page as it is now, with the sentence and every word that was typed."""
    now = geolocation_of(request.user, geolocation.investigation, geolocation.reference)
    if isinstance(error, NotCurrentRevision | AlreadyDecided):
        # The sentence is the one thing to read; what the form would also say comes with the next try.
        form.errors.clear()
    form_refuse(form, error)
    overtaken = now.current_revision if isinstance(error, NotCurrentRevision) else None
    changes: list[str] = []
    if overtaken is not None:
        form.turn_to(overtaken)
        changes = changes_between(seen, overtaken)
    return _page(request, now, form, status=error.status, seen=seen if overtaken else None, changes=changes)


def _decided(request: HttpRequest, geolocation: Geolocation, made: Review) -> HttpResponse:
    """Say what follows from the decision, and go on to the next one that waits."""
    investigation = geolocation.investigation
    now = geolocation_of(request.user, investigation, geolocation.reference)
    messages.success(request, _consequence(now, made))
    following = next_to_review(investigation=investigation, user=request.user)
    if following is None:
        messages.info(request, _("Nothing else waits for your decision."))
        return redirect(f"{reverse('geolocation:review-queue', args=[investigation.code])}#main")
    # Without a part of its own in the address the browser would keep "#decision" and open the next one there.
    following_url = reverse("geolocation:review", args=[investigation.code, following.reference])
    return redirect(f"{following_url}#main")


def _consequence(geolocation: Geolocation, made: Review) -> str:
    words: dict[str, Any] = {"reference": geolocation.reference, "author": geolocation.author}
    if made.decision == Decision.REJECT:
        return _("%(reference)s is rejected. %(author)s sees your reason.") % words
    if made.decision == Decision.REQUEST_CHANGES:
        return _("%(reference)s is back with %(author)s, who sees what has to change.") % words
    if geolocation.state == State.VERIFIED:
        return _("%(reference)s is verified, and its point is in the exports.") % words
    given = made.revision.reviews.filter(decision=Decision.APPROVE).count()
    words |= {"given": given, "needed": geolocation.investigation.required_approvals}
    return _("%(reference)s has %(given)d of %(needed)d approvals; it stays in review.") % words


def _page(
    request: HttpRequest,
    geolocation: Geolocation,
    form: ReviewForm,
    *,
    status: int = 200,
    seen: GeolocationRevision | None = None,
    changes: list[str] | None = None,
) -> HttpResponse:
    investigation, revision = geolocation.investigation, geolocation.current_revision
    assert revision is not None  # noqa: S101  a draft was refused above, and only a draft may have none
    history = revision_history(geolocation)
    compared = compared_positions(revision)
    item = geolocation.media_item
    approvals = [each for each in history[0]["reviews"] if each.decision == Decision.APPROVE]
    context = {
        "investigation": investigation,
        "geolocation": geolocation,
        "item": item,
        "appearances": item.appearances.select_related("posted_by"),
        "current": history[0],
        "earlier": history[1:],
        "form": form,
        "compared": compared,
        "map_data": {**map_data(revision), "compared": [each.to_json() for each in compared]},
        "approvals": len(approvals),
        "obstacle": _obstacle(request.user, geolocation, revision),
        "following": _following(request, geolocation),
        "seen": seen,
        "seen_changes": changes or [],
        **checks_context(geolocation),
    }
    return render(request, "geolocation/review.html", context, status=status)


def _following(request: HttpRequest, geolocation: Geolocation) -> Geolocation | None:
    """The next one to offer where this one cannot be decided on."""
    found = next_to_review(investigation=geolocation.investigation, user=request.user)
    return None if found is None or found.pk == geolocation.pk else found


def _obstacle(user: Any, geolocation: Geolocation, revision: GeolocationRevision) -> str:
    """Why this person cannot decide on it now, in a sentence; empty if they can."""
    if geolocation.state == State.AWAITING_SECOND:
        return _(
            "It waits for a blind second look. It is reviewed once two people agree or an editor decides."
        )
    if revision.author_id == user.pk:
        return _("You wrote this revision, so somebody else has to decide on it.")
    if not may(user, "geolocation.review", geolocation.investigation):
        return _("Reviewers and editors decide. Your role in this investigation is another one.")
    if BlindEntry.objects.filter(author=user, round__entries__geolocation=geolocation).exists():
        return _("You placed this recording beside it, so somebody else has to decide on it.")
    if rests_on_words_of(geolocation, user):
        return _("It was taken over from a revision that you wrote, so somebody else has to decide on it.")
    mine = revision.reviews.filter(reviewer=user).first()
    if mine is not None:
        return _("You have decided on this revision: %(decision)s.") % {
            "decision": mine.get_decision_display().lower()
        }
    if geolocation.state != State.IN_REVIEW:
        return _("It is not in review any more. It is %(state)s.") % {
            "state": geolocation.get_state_display().lower()
        }
    return ""
