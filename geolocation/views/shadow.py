"""The workbench: a shadow in a frame, the times or the places at which the sun casts one like it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.models import Investigation, MediaItem
from evidence.permissions import may
from evidence.views.base import investigation_page
from evidence.views.media import item_of
from geolocation.forms.shadow import ShadowForm
from geolocation.models import Geolocation
from geolocation.services.nearby import nearby
from geolocation.views.geolocations import actions_for
from geolocation.views.shadow_answer import answer_of
from geolocation.views.shadow_frames import frames_of
from geolocation.views.shadow_prefill import prefilled, starting_point
from geolocation.views.shadow_taken import TAKEN

# Present where the form was sent; without it the page begins with what is known.
ASKED = "ask"


@require_safe
@investigation_page("evidence.view")
def workbench(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The page, with its answer once the form was sent. It keeps nothing."""
    item = item_of(investigation, reference.upper())
    chosen = _chosen(request, item)
    start = chosen or starting_point(request.user, item)
    is_asked = ASKED in request.GET
    form = (
        ShadowForm(request.GET, near=nearby(item))
        if is_asked
        else ShadowForm(initial=prefilled(item, start), near=nearby(item))
    )
    answer = answer_of(form, investigation) if is_asked and form.is_valid() else None
    context = {
        "investigation": investigation,
        "item": item,
        "form": form,
        "start": None if is_asked else start,
        "chosen": chosen,
        "answer": answer,
        "asked": _asked(request),
        "frames": frames_of(item),
        **_saving(request.user, item),
    }
    return render(request, "geolocation/shadow.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, item: MediaItem) -> Geolocation | None:
    """The geolocation of the item that the address names, if the person may see it.

    An address that was kept may name one that is no longer there for this person: it still answers.
    """
    named = request.GET.get("geolocation", "")
    found: Geolocation | None = (
        Geolocation.objects.visible_to(request.user)
        .filter(media_item=item, reference=named.upper())
        .select_related("current_revision", "author")
        .first()
    )
    return found


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The values that were sent, for the form that takes them on."""
    names = (name for name in ShadowForm.base_fields if name != "geolocation")
    given = [(name, request.GET.get(name, "")) for name in names]
    return [(TAKEN, "1"), *((name, value) for name, value in given if value)]


def _saving(user: Any, item: MediaItem) -> dict[str, Any]:
    """Whether the person may save, and onto which geolocations of the item."""
    if not may(user, "geolocation.propose", item.investigation):
        return {"may_save": False}
    found = Geolocation.objects.visible_to(user).filter(media_item=item)
    found = found.select_related("investigation", "media_item", "current_revision", "author")
    revisable = [each for each in found.order_by("reference") if actions_for(user, each)["may_revise"]]
    return {"may_save": True, "revisable": revisable}
