"""Log recordings: links one a line, files one request each, with details shared by all of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evidence.errors import CatalogueError, FileRefused
from evidence.forms.media import DetailsForm, LogForm
from evidence.models import Investigation, MediaItem
from evidence.services.ingest import media_refuse, original_store
from evidence.services.media import Logged, MediaDetails, media_log_file, media_log_links
from evidence.services.naming import place_named, source_named
from evidence.views.base import form_refuse, investigation_page
from evidence.views.media import item_of

_SHOWN_AFTER = "media-logged"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One line of the result: a link or file, and where it led; `reference` is empty when refused."""

    given: str
    sentence: str
    reference: str = ""
    existed: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.log_media", takes_files=media_refuse)
def log(request: HttpRequest, investigation: Investigation) -> HttpResponseBase:
    """The page, and what it does without JavaScript: links and files in one request."""
    if request.method != "POST":
        outcomes = request.session.pop(f"{_SHOWN_AFTER}-{investigation.code}", [])
        return _page(request, investigation, LogForm(investigation=investigation), outcomes)
    form = LogForm(request.POST, request.FILES, investigation=investigation)
    outcomes = []
    if form.is_valid():
        outcomes = [asdict(each) for each in _log_all(request.user, investigation, form)]
    if form.is_valid() and all(each["reference"] for each in outcomes):
        request.session[f"{_SHOWN_AFTER}-{investigation.code}"] = outcomes
        return redirect("evidence:media-log", investigation.code)
    if request.FILES and not outcomes:
        form.add_error("file", _("No file was stored yet. Choose the files again after the correction."))
    return _page(request, investigation, form, outcomes)


def _log_all(actor: Any, investigation: Investigation, form: LogForm) -> list[Outcome]:
    """Each file by itself, then the links all or none; what is refused is said in the form."""
    outcomes: list[Outcome] = []
    try:
        details = details_of(form, actor=actor, investigation=investigation)
    except (CatalogueError, ValidationError) as error:
        form_refuse(form, error)
        return outcomes
    for upload in form.cleaned_data["file"]:
        try:
            stored = original_store(upload)
            logged = media_log_file(actor=actor, investigation=investigation, stored=stored, details=details)
            outcomes.append(_outcome(logged))
        except CatalogueError as error:
            outcomes.append(Outcome(given=upload.name or "", sentence=error.sentence))
            form.add_error("file", error.sentence)
    if form.cleaned_data["links"].strip():
        try:
            logged_links = media_log_links(
                actor=actor, investigation=investigation, text=form.cleaned_data["links"], details=details
            )
            outcomes += [_outcome(logged) for logged in logged_links]
        except (CatalogueError, ValidationError) as error:
            form_refuse(form, error)
    return outcomes


@require_POST
@investigation_page("evidence.log_media", takes_files=media_refuse)
def upload(request: HttpRequest, investigation: Investigation) -> HttpResponseBase:
    """One file: JSON for the page's script, a page for a plain form. `item` adds it to that item."""
    try:
        logged = _upload(request, investigation)
    except CatalogueError as error:
        return _refused(request, investigation, error)
    return _stored(request, investigation, logged)


def _upload(request: HttpRequest, investigation: Investigation) -> Logged:
    given = request.FILES.get("file")
    if given is None:
        raise FileRefused(_("No file came with the request. Choose one and send it again."), field="file")
    reference = request.POST.get("item", "")
    if reference:
        item = item_of(investigation, reference)
        return media_log_file(
            actor=request.user, investigation=investigation, stored=original_store(given), item=item
        )
    form = DetailsForm(request.POST, investigation=investigation)
    if not form.is_valid():
        sentences = [
            f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
        ]
        raise FileRefused(" ".join(sentences))
    stored = original_store(given)
    try:
        with transaction.atomic():
            details = details_of(form, actor=request.user, investigation=investigation)
            return media_log_file(
                actor=request.user, investigation=investigation, stored=stored, details=details
            )
    except ValidationError as error:
        raise FileRefused(" ".join(error.messages)) from error


def _stored(request: HttpRequest, investigation: Investigation, logged: Logged) -> HttpResponse:
    url = reverse("evidence:media-detail", args=[investigation.code, logged.item.reference])
    if request.accepts("text/html"):
        (messages.warning if logged.existed else messages.success)(request, logged.sentence)
        return redirect(url)
    return JsonResponse(
        {
            "ok": True,
            "url": url,
            "reference": logged.item.reference,
            "existed": logged.existed,
            "sentence": logged.sentence,
        }
    )


def _refused(request: HttpRequest, investigation: Investigation, error: CatalogueError) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"ok": False, "sentence": error.sentence}, status=error.status)
    messages.error(request, error.sentence)
    reference = request.POST.get("item", "")
    if reference and MediaItem.objects.filter(investigation=investigation, reference=reference).exists():
        return redirect("evidence:media-detail", investigation.code, reference)
    return redirect("evidence:media-log", investigation.code)


@transaction.atomic
def details_of(form: DetailsForm, *, actor: Any, investigation: Investigation) -> MediaDetails:
    """What was typed, with the names turned into the source and place that have them."""
    typed = form.cleaned_data
    return MediaDetails(
        title=typed["title"],
        kind=typed["kind"],
        description=typed["description"],
        author=source_named(actor=actor, investigation=investigation, name=typed["author_name"]),
        place=place_named(actor=actor, investigation=investigation, name=typed["place_name"]),
        finding=typed.get("finding", ""),
        note=typed["note"],
        licence=typed["licence"],
        attribution=typed["attribution"],
        is_sensitive=typed["is_sensitive"],
    )


def _outcome(logged: Logged) -> Outcome:
    return Outcome(
        given=logged.given,
        sentence=logged.sentence,
        reference=logged.item.reference,
        existed=logged.existed,
    )


def _page(
    request: HttpRequest, investigation: Investigation, form: LogForm, outcomes: list[dict[str, Any]]
) -> HttpResponse:
    context = {"investigation": investigation, "form": form, "outcomes": outcomes}
    return render(request, "evidence/media_log.html", context)
