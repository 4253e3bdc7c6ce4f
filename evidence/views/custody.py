"""The custody log: read as sentences, verified, and taken away whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evidence.integrity.canonical import canonical_json
from evidence.integrity.chain import ChainReport
from evidence.models import CustodyEvent, Investigation
from evidence.sealed import emptied
from evidence.services.custody import ACTIONS, custody_verify
from evidence.views.base import investigation_page
from evidence.views.custody_lines import custody_lines

ROWS = 50
_NEWLINE = b"\n"
_GROUPS = {
    "investigation": gettext_lazy("Investigation"),
    "member": gettext_lazy("Members"),
    "source": gettext_lazy("Sources"),
    "place": gettext_lazy("Places"),
    "media": gettext_lazy("Media"),
    "appearance": gettext_lazy("Appearances"),
    "file": gettext_lazy("Files"),
    "claim": gettext_lazy("Claims"),
    "geolocation": gettext_lazy("Geolocations"),
    "review": gettext_lazy("Reviews"),
}


class CustodyFilter(forms.Form):
    """The filters as they stand in the address; an unknown value filters nothing."""

    actor = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    action = forms.ChoiceField(label=gettext_lazy("Did what"), required=False)
    object = forms.CharField(
        label=gettext_lazy("To what"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("M07, G12, a name")}),
    )

    def __init__(self, *args: Any, investigation: Investigation, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = (
            CustodyEvent.objects.filter(investigation=investigation)
            .visible_to(user)
            .order_by("actor_name")
            .values_list("actor_name", flat=True)
            .distinct()
        )
        self.fields["actor"] = forms.ChoiceField(
            label=_("Who"), required=False, choices=[("", _("Anybody")), *((name, name) for name in names)]
        )
        self.fields["action"] = forms.ChoiceField(
            label=_("Did what"), required=False, choices=[("", _("Anything")), *_action_groups()]
        )


def _action_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, phrase in ACTIONS.items():
        subject = key.partition(".")[0]
        word = str(_GROUPS.get(subject, subject))
        groups.setdefault(word, []).append((key, str(phrase)))
    return list(groups.items())


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What walking the chain found, and where a digest that somebody kept stands in it."""

    report: ChainReport
    at: Any
    kept: str
    kept_event: CustodyEvent | None


@never_cache
@require_safe
@investigation_page("evidence.view")
def log(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """Newest first; `?verify=1` walks the chain, `&kept=` finds a digest that was kept elsewhere."""
    form = CustodyFilter(request.GET, investigation=investigation, user=request.user)
    form.is_valid()
    events = _filtered(request.user, investigation, form.cleaned_data)
    page, older, newer = _page(events, request)
    context = {
        "investigation": investigation,
        "form": form,
        "lines": custody_lines(investigation, page),
        "older": older,
        "newer": newer,
        "is_filtered": any(form.cleaned_data.values()),
        "verification": _verification(request, investigation) if "verify" in request.GET else None,
    }
    return render(request, "evidence/custody_log.html", context)


def _filtered(user: Any, investigation: Investigation, wanted: dict[str, Any]) -> QuerySet[CustodyEvent]:
    """Withheld lines are in the whole log alone: under a filter they would tell what they are about."""
    events = CustodyEvent.objects.filter(investigation=investigation).with_withheld(user)
    if any(wanted.values()):
        events = events.filter(is_withheld=False)
    if actor := wanted.get("actor"):
        events = events.filter(actor_name=actor)
    if action := wanted.get("action"):
        events = events.filter(action=action)
    if text := wanted.get("object", "").strip():
        # What was done to an item's geolocations is part of the item's history.
        events = events.filter(Q(object_reference__icontains=text) | Q(details__media__iexact=text))
    return events


def _page(
    events: QuerySet[CustodyEvent], request: HttpRequest
) -> tuple[list[CustodyEvent], int | None, int | None]:
    """One page by key, newest first, with the keys for the older and the newer one.

    Counting or skipping rows would grow slower with the log; a key does not.
    """
    before, after = _sequence(request.GET.get("before")), _sequence(request.GET.get("after"))
    if after is not None:
        found = list(events.filter(sequence__gt=after).order_by("sequence")[: ROWS + 1])
        has_newer = len(found) > ROWS
        page = emptied(found[:ROWS][::-1])
        return page, page[-1].sequence if page else None, page[0].sequence if has_newer else None
    rows = events.order_by("-sequence")
    found = list((rows if before is None else rows.filter(sequence__lt=before))[: ROWS + 1])
    page = emptied(found[:ROWS])
    older = page[-1].sequence if len(found) > ROWS else None
    newer = page[0].sequence if before is not None and page else None
    return page, older, newer


def _sequence(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _verification(request: HttpRequest, investigation: Investigation) -> Verification:
    kept = "".join(request.GET.get("kept", "").split()).lower().replace("\x00", "")
    found = CustodyEvent.objects.filter(investigation=investigation, hash=kept).first() if kept else None
    return Verification(
        report=custody_verify(investigation=investigation), at=timezone.now(), kept=kept, kept_event=found
    )


@never_cache
@require_safe
@investigation_page("evidence.view")
def download(request: HttpRequest, investigation: Investigation) -> HttpResponseBase:
    """The whole log as JSON Lines, in the chain's order, in constant memory. docs/custody.md verifies it."""
    name = f"{investigation.code}-custody-{timezone.now():%Y%m%dT%H%M%SZ}.jsonl"
    response = StreamingHttpResponse(
        _json_lines(request.user, investigation), content_type="application/jsonl"
    )
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _json_lines(user: Any, investigation: Investigation) -> Iterator[bytes]:
    """A line that is withheld from the person has `canonical` null, and says so; its hashes remain."""
    events = CustodyEvent.objects.filter(investigation=investigation).with_withheld(user).order_by("sequence")
    rows = events.values_list("sequence", "previous_hash", "canonical", "hash", "is_withheld")
    for sequence, previous_hash, canonical, digest, is_withheld in rows.iterator(chunk_size=2000):
        line = {
            "sequence": sequence,
            "previous_hash": previous_hash,
            "canonical": None if is_withheld else canonical,
            "hash": digest,
        }
        if is_withheld:
            line["withheld"] = True
        yield canonical_json(line).encode() + _NEWLINE
