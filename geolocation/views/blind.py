"""Blind second looks: which recordings want one, and one round with everything that was placed in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.models import FileRole, Investigation, MediaFile
from evidence.permissions import may, require
from evidence.views.base import form_refuse, investigation_page
from geolocation.forms.blind import RoundForm
from geolocation.models import BlindEntry, BlindRound, RoundState
from geolocation.services.blind_decisions import round_resolve, successors
from geolocation.services.blind_rounds import active_entries, obstacle
from geolocation.views.revision_changes import position_of

MOST_CLOSED = 50


@never_cache
@require_safe
@investigation_page("evidence.view")
def second_looks(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """What wants a second look, by its media alone; for editors also the rounds that wait for one of them."""
    rounds = BlindRound.objects.filter(investigation=investigation).select_related("media_item__place")
    open_rounds = list(rounds.filter(state=RoundState.OPEN).order_by("opened_at", "pk"))
    visible = rounds.visible_to(request.user)
    context = {
        "investigation": investigation,
        "rows": _rows(request.user, open_rounds),
        "may_propose": may(request.user, "geolocation.propose", investigation),
        "is_editor": may(request.user, "geolocation.resolve_round", investigation),
        "undecided": list(visible.filter(state=RoundState.WITH_EDITOR).order_by("opened_at", "pk")),
        "closed": list(visible.exclude(closed_at=None).order_by("-closed_at")[:MOST_CLOSED]),
    }
    return render(request, "geolocation/second_looks.html", context)


def _rows(user: Any, rounds: list[BlindRound]) -> list[dict[str, Any]]:
    thumbnails = dict(
        MediaFile.objects.filter(
            media_item__in=[each.media_item_id for each in rounds], role=FileRole.THUMBNAIL
        ).values_list("media_item_id", "sha256")
    )
    return [
        {
            "item": each.media_item,
            "thumbnail": thumbnails.get(each.media_item_id),
            "obstacle": obstacle(user, each.media_item),
        }
        for each in rounds
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.view")
def blind_round(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The newest round of one item, for whoever may see all that was placed; an editor decides here."""
    placed = _round_of(request.user, investigation, reference)
    if request.method != "POST":
        return _page(request, placed, _form(placed))
    require(request.user, "geolocation.resolve_round", investigation)
    form = _form(placed, request.POST)
    if not form.is_valid():
        return _page(request, placed, form, status=422)
    try:
        resolved = round_resolve(actor=request.user, placed=placed, **form.decision)
    except CatalogueError as error:
        form_refuse(form, error)
        return _page(request, _round_of(request.user, investigation, reference), form, status=error.status)
    messages.success(request, _consequence(resolved))
    return redirect("geolocation:blind-round", investigation.code, placed.media_item.reference)


def _round_of(user: Any, investigation: Investigation, reference: str) -> BlindRound:
    """The newest round of the item that the person may see; else NotFound, whether there is one or not."""
    found: BlindRound | None = (
        BlindRound.objects.visible_to(user)
        .filter(investigation=investigation, media_item__reference=reference.upper())
        .select_related("investigation", "media_item__place", "resolved_by", "chosen")
        .order_by("-pk")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such round, or it is not yours to see."))
    return found


def _form(placed: BlindRound, data: Any = None) -> RoundForm:
    entries, waits = active_entries(placed), placed.state == RoundState.WITH_EDITOR
    if not waits:
        entries = successors(entries)
    may_ask = waits and all(each.geolocation.is_sealed for each in entries)
    return RoundForm(data, entries=entries, may_ask=may_ask, may_reject=waits)


def _page(request: HttpRequest, placed: BlindRound, form: RoundForm, *, status: int = 200) -> HttpResponse:
    entries = list(
        placed.entries.select_related(
            "geolocation__media_item", "geolocation__investigation", "revision__author", "author"
        ).order_by("pk")
    )
    decides = may(request.user, "geolocation.resolve_round", placed.investigation)
    took_part = any(entry.author_id == request.user.pk for entry in entries)
    waits = placed.state == RoundState.WITH_EDITOR or (
        placed.state == RoundState.AGREED and bool(successors(active_entries(placed)))
    )
    context = {
        "investigation": placed.investigation,
        "round": placed,
        "item": placed.media_item,
        "entries": entries,
        "comparisons": placed.comparisons,
        "map_data": _map_data([entry for entry in entries if not entry.is_withdrawn]),
        "form": form if decides and not took_part and waits else None,
        "is_for_another_editor": decides and took_part and waits,
    }
    return render(request, "geolocation/blind_round.html", context, status=status)


def _map_data(entries: list[BlindEntry]) -> dict[str, Any]:
    """Each position with its circle, and a line between each two of one role."""
    marks = [mark for index, entry in enumerate(entries) for mark in _marks(entry, index)]
    lines = [
        [first, second]
        for index, first in enumerate(marks)
        for second in marks[index + 1 :]
        if first["role"] == second["role"]
    ]
    return {"marks": marks, "lines": lines}


def _marks(entry: BlindEntry, index: int) -> list[dict[str, Any]]:
    words = {"camera": _("camera"), "subject": _("subject")}
    marks = []
    for role in ("camera", "subject"):
        position = position_of(entry.revision, role)
        if position is not None:
            marks.append(
                {
                    "role": role,
                    "name": f"{entry.geolocation.reference} · {words[role]}",
                    "said": str(entry.author),
                    "index": index,
                    "latitude": position.latitude,
                    "longitude": position.longitude,
                    "uncertainty_m": getattr(entry.revision, f"{role}_uncertainty_m"),
                }
            )
    return marks


def _consequence(placed: BlindRound) -> str:
    if placed.state == RoundState.OPEN:
        return _("Somebody else is asked to place it. What is proposed stays hidden from them.")
    if placed.chosen is not None:
        return _("%(reference)s is in review.") % {"reference": placed.chosen.reference}
    return _("Rejected. Everybody in the investigation can see what was proposed, and why it was rejected.")
