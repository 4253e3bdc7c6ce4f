"""Other people's points: send a file, name its columns, have it checked and brought in, decide on rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from evidence.errors import CatalogueError, InvalidInput
from evidence.models import Investigation
from evidence.storage import media_storage
from evidence.views.base import form_refuse, investigation_page
from geolocation.forms.imports import FORMAT_LABELS, ColumnsForm, ImportForm
from geolocation.importers.formats import plain
from geolocation.models import ImportBatch, ImportState
from geolocation.services.importing import (
    import_counts,
    import_preview,
    import_receive,
    mapping_remembered,
)
from geolocation.services.importing_access import import_named, import_refuse, import_store, imports_of
from geolocation.services.importing_decide import RowDecision, import_decide
from geolocation.services.importing_work import import_apply_ask, import_cancel, import_check_ask

_NEEDS = "geolocation.propose"
_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page(_NEEDS, takes_files=import_refuse)
def index(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """The imports so far, and the form that sends one more file."""
    if request.method != "POST":
        return _index(request, investigation, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, investigation, form)
    try:
        batch, existed = import_receive(
            actor=request.user,
            investigation=investigation,
            stored=import_store(form.cleaned_data["file"]),
            name=form.cleaned_data["file"].name or "",
            format_name=form.cleaned_data["format"] or "auto",
        )
        if not existed and batch.format != plain.NAME:
            import_check_ask(actor=request.user, batch=batch)
    except CatalogueError as error:
        form_refuse(form, error)
        return _index(request, investigation, form)
    if existed:
        messages.warning(
            request, _("This file is here already, as %(reference)s.") % {"reference": batch.reference}
        )
    needs_columns = batch.format == plain.NAME and not existed
    page = "geolocation:import-columns" if needs_columns else "geolocation:import"
    return redirect(page, investigation.code, batch.reference)


def _index(request: HttpRequest, investigation: Investigation, form: ImportForm) -> HttpResponse:
    found = imports_of(actor=request.user, investigation=investigation).order_by("-created_at")[:_SHOWN]
    rows = [
        {"batch": batch, "counts": import_counts(batch), "format": format_label(batch)} for batch in found
    ]
    context = {"investigation": investigation, "form": form, "imports": rows}
    return render(request, "geolocation/imports.html", context)


def format_label(batch: ImportBatch) -> str:
    """How people call the format."""
    return str(FORMAT_LABELS.get(batch.format, batch.format))


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page(_NEEDS)
def columns(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Say which column is what: guessed, or as the same columns were read the last time."""
    batch = _batch(request, investigation, reference)
    if batch.format != plain.NAME:
        messages.info(request, _("The columns of this format are known; there is nothing to say."))
        return redirect("geolocation:import", investigation.code, batch.reference)
    mapping = batch.mapping or mapping_remembered(batch=batch)
    preview = import_preview(media_storage().path_of(batch.sha256))
    form = ColumnsForm(request.POST or None, columns=preview.columns, mapping=mapping)
    if request.method == "POST" and form.is_valid():
        try:
            import_check_ask(actor=request.user, batch=batch, mapping=form.mapping)
            return redirect("geolocation:import", investigation.code, batch.reference)
        except CatalogueError as error:
            form_refuse(form, error)
    context: dict[str, Any] = {
        "investigation": investigation,
        "batch": batch,
        "form": form,
        "samples": [(name, [row[name] for row in preview.samples]) for name in preview.columns],
        "is_remembered": not batch.mapping and mapping != plain.mapping_guess(batch.columns),
    }
    return render(request, "geolocation/import_columns.html", context)


@require_POST
@investigation_page(_NEEDS)
def check(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Have the file checked again: against what came in meanwhile."""
    batch = _batch(request, investigation, reference)
    if batch.format == plain.NAME and not batch.mapping:
        return redirect("geolocation:import-columns", investigation.code, batch.reference)
    return _done(
        request, batch, lambda: import_check_ask(actor=request.user, batch=batch, mapping=batch.mapping)
    )


@require_POST
@investigation_page(_NEEDS)
def apply(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Have what is new, changed or let in brought in."""
    batch = _batch(request, investigation, reference)
    return _done(request, batch, lambda: import_apply_ask(actor=request.user, batch=batch))


@require_POST
@investigation_page(_NEEDS)
def cancel(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Stop bringing in; what is in stays."""
    batch = _batch(request, investigation, reference)
    return _done(request, batch, lambda: import_cancel(actor=request.user, batch=batch))


@require_POST
@investigation_page(_NEEDS)
def decide(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Let a doubtful row in or keep it out; or all that have one reason alone."""
    batch = _batch(request, investigation, reference)
    number = request.POST.get("number", "")
    try:
        if request.POST.get("decision") not in list(RowDecision) or (
            number and not (number.isdecimal() and len(number) < 10)
        ):
            raise InvalidInput(_("Choose what becomes of the row."), field="decision")
        count = import_decide(
            actor=request.user,
            batch=batch,
            decision=RowDecision(request.POST["decision"]),
            number=int(number) if number else None,
            reason=request.POST.get("reason", ""),
        )
        sentence = ngettext("Decided on %(count)d row.", "Decided on %(count)d rows.", count)
        messages.success(request, sentence % {"count": count})
    except CatalogueError as error:
        messages.error(request, error.sentence)
    back = request.POST.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("geolocation:import", investigation.code, batch.reference)


def _batch(request: HttpRequest, investigation: Investigation, reference: str) -> ImportBatch:
    return import_named(actor=request.user, investigation=investigation, reference=reference)


def _done(request: HttpRequest, batch: ImportBatch, act: Any) -> HttpResponse:
    try:
        act()
    except CatalogueError as error:
        messages.error(request, error.sentence)
    return redirect(reverse("geolocation:import", args=[batch.investigation.code, batch.reference]))


def is_waiting_for_columns(batch: ImportBatch) -> bool:
    """A plain file whose columns nobody has named yet."""
    return bool(batch.state == ImportState.RECEIVED)
