"""Solve for the camera while somebody is still placing landmarks: nothing is saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from evidence.errors import NotFound
from evidence.models import Investigation, MediaItem
from evidence.views.base import investigation_page
from geolocation.forms.landmarks import LandmarksPart
from geolocation.services.nearby import nearby
from geolocation.views.resection_drawing import shown


@never_cache
@require_POST
@investigation_page("geolocation.propose")
def solve(request: HttpRequest, investigation: Investigation, reference: str) -> JsonResponse:
    """The landmark fields of the form, solved: `{"html", "drawing", "errors"}`; nothing is stored.

    200 with `drawing` null when the landmarks cannot be solved; `errors` maps field names to sentences.
    """
    item = MediaItem.objects.filter(investigation=investigation, reference=reference.upper()).first()
    if item is None:
        raise NotFound(_("There is no such media item in this investigation."))
    part = LandmarksPart(request.POST, near=nearby(item))
    if part.is_valid():
        part.solve()
    context = solved_context(part)
    html = render_to_string("geolocation/_resection.html", {**context, "may_take": True}, request=request)
    drawn = context["resection"]
    return JsonResponse(
        {"html": html, "drawing": drawn["drawing"] if drawn else None, "errors": _errors(part)}
    )


def solved_context(part: LandmarksPart) -> dict[str, Any]:
    """What `geolocation/_resection.html` shows of a part that was asked to be solved."""
    solved = part.solved
    return {
        "resection": shown(solved.problem, solved.result) if solved else None,
        "resection_sentence": part.sentence
        or (_("Something in the landmarks has to be corrected first.") if part.has_errors else ""),
    }


def _errors(part: LandmarksPart) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for form in (part.picture, *(part.rows if part.rows.is_bound else ())):
        for name, sentences in form.errors.items():
            found[form.add_prefix(name)] = [str(sentence) for sentence in sentences]
    return found
