"""Bring in a folder or a ZIP, watch it being brought in, and read what became of each file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence.errors import CatalogueError, FileRefused, InvalidInput, NotFound
from evidence.intake_report import REPORT_COLUMNS, report_rows
from evidence.models import BatchKind, IntakeBatch, Investigation, MemberState
from evidence.permissions import may
from evidence.services.ingest import media_refuse
from evidence.services.intake import (
    batch_counts,
    batch_finish,
    batch_of_folder,
    batch_of_zip,
    batch_require_own,
    batch_retry,
    zip_refuse,
    zip_store,
)
from evidence.services.intake_folder import member_take, name_of, stamps_ended
from evidence.views.base import investigation_page

_LINES_SHOWN = 200
_BATCHES_SHOWN = 50


class ZipForm(forms.Form):
    """A ZIP, and whether all that is in it is to be covered."""

    file = forms.FileField(label=gettext_lazy("ZIP"), allow_empty_file=True)
    is_sensitive = forms.BooleanField(
        label=gettext_lazy("Everything in it is sensitive"),
        required=False,
        help_text=gettext_lazy("Each recording is shown blurred until somebody asks to see it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.log_media", takes_files=zip_refuse)
def index(request: HttpRequest, investigation: Investigation) -> HttpResponseBase:
    """The page with both ways in and the batches so far; POST takes a ZIP, answered in JSON to a script."""
    if request.method != "POST":
        return _index(request, investigation, ZipForm())
    try:
        form = ZipForm(request.POST, request.FILES)
        if not form.is_valid():
            if request.accepts("text/html"):
                return _index(request, investigation, form)
            raise FileRefused(_("No file came with the request. Choose one and send it again."), field="file")
        given = form.cleaned_data
        batch, existed = batch_of_zip(
            actor=request.user,
            investigation=investigation,
            stored=zip_store(given["file"]),
            name=given["file"].name or "",
            is_sensitive=given["is_sensitive"],
        )
    except CatalogueError as error:
        return _refused(request, investigation, error)
    return _begun(request, batch, existed=existed)


def _index(request: HttpRequest, investigation: Investigation, form: ZipForm) -> HttpResponse:
    batches = investigation.batches.select_related("created_by").order_by("-created_at")[:_BATCHES_SHOWN]
    shown = [{"batch": batch, "counts": batch_counts(batch)} for batch in batches]
    context = {"investigation": investigation, "form": form, "batches": shown}
    return render(request, "evidence/batch_list.html", context)


def _begun(request: HttpRequest, batch: IntakeBatch, *, existed: bool) -> HttpResponse:
    url = reverse("evidence:batch-detail", args=[batch.investigation.code, batch.reference])
    sentence = (
        _("This ZIP is here already, as %(reference)s.") if existed else _("Stored; it is brought in now.")
    ) % {"reference": batch.reference}
    if not request.accepts("text/html"):
        answer = {"ok": True, "url": url, "reference": batch.reference, "existed": existed}
        return JsonResponse({**answer, "sentence": sentence})
    (messages.warning if existed else messages.success)(request, sentence)
    return redirect(url)


def _refused(request: HttpRequest, investigation: Investigation, error: CatalogueError) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"ok": False, "sentence": error.sentence}, status=error.status)
    form = ZipForm(QueryDict(), MultiValueDict())
    form.full_clean()
    form.errors.pop("file", None)
    form.add_error("file", error.sentence)
    return _index(request, investigation, form)


@require_POST
@investigation_page("evidence.log_media")
def folder(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """Begin or go on with a folder that the page sends file by file: where to, and what it need not send."""
    name = name_of(request.POST.get("name"))
    if not name:
        return _no(InvalidInput(_("The folder has no name.")))
    batch, existed = batch_of_folder(
        actor=request.user,
        investigation=investigation,
        name=name,
        is_sensitive=bool(request.POST.get("is_sensitive")),
    )
    address = [investigation.code, batch.reference]
    return JsonResponse(
        {
            "ok": True,
            "existed": existed,
            "url": reverse("evidence:batch-detail", args=address),
            "file_url": reverse("evidence:batch-file", args=address),
            "end_url": reverse("evidence:batch-end", args=address),
            "ended": stamps_ended(batch),
        }
    )


@require_POST
@investigation_page("evidence.log_media", takes_files=media_refuse)
def file(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """One file of a folder: `file`, its `name` in the folder, and its `stamp` (size and time of change)."""
    batch = batch_named(investigation, reference)
    try:
        batch_require_own(actor=request.user, batch=batch)
        upload, name = request.FILES.get("file"), name_of(request.POST.get("name"))
        if upload is None or not name or batch.kind != BatchKind.FOLDER:
            raise FileRefused(_("A file and its name in the folder are needed."), field="file")
        stamp = name_of(request.POST.get("stamp"))[:64]
        member = member_take(batch, name=name, stamp=stamp, upload=upload)
    except CatalogueError as error:
        return _no(error)
    return JsonResponse({"ok": True, "state": member.state, "sentence": member.sentence})


@require_POST
@investigation_page("evidence.log_media")
def end(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """All files of a folder were sent."""
    batch = batch_named(investigation, reference)
    batch_require_own(actor=request.user, batch=batch)
    if batch.kind == BatchKind.FOLDER:
        batch_finish(batch)
    return JsonResponse({"ok": True})


def _no(error: CatalogueError) -> HttpResponse:
    return JsonResponse({"ok": False, "sentence": error.sentence}, status=error.status)


@require_safe
@investigation_page("evidence.view")
def detail(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """What became of each file; asked for again while it is under way."""
    context = _lines(request, batch_named(investigation, reference))
    return render(request, "evidence/batch.html", context)


@require_safe
@investigation_page("evidence.view")
def lines(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The part of the page that changes."""
    return render(
        request, "evidence/_batch_lines.html", _lines(request, batch_named(investigation, reference))
    )


def _lines(request: HttpRequest, batch: IntakeBatch) -> dict[str, Any]:
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    members = batch.members.select_related("media_item").order_by("position")
    if state in MemberState.values:
        members = members.filter(state=state)
    if after.isdecimal() and len(after) < 10:
        members = members.filter(position__gt=int(after))
    found = list(members[: _LINES_SHOWN + 1])
    counts = batch_counts(batch)
    total = sum(counts.values())
    return {
        "investigation": batch.investigation,
        "batch": batch,
        "members": found[:_LINES_SHOWN],
        "next_after": found[_LINES_SHOWN - 1].position if len(found) > _LINES_SHOWN else None,
        "states": [(value, label, counts[value]) for value, label in MemberState.choices if counts[value]],
        "chosen": state if state in MemberState.values else "",
        "after": after,
        "total": total,
        "ended": total - counts[MemberState.WAITING],
        "failed": counts[MemberState.FAILED],
        "is_own": batch.created_by_id == request.user.pk
        and may(request.user, "evidence.log_media", batch.investigation),
    }


@require_safe
@investigation_page("evidence.view")
def report(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """The report as CSV, streamed; a cell that a spreadsheet would run begins with an apostrophe."""
    batch = batch_named(investigation, reference)
    response = StreamingHttpResponse(_csv(batch), content_type="text/csv; charset=utf-8")
    name = f"{investigation.code}_{batch.reference}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(batch: IntakeBatch) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(REPORT_COLUMNS)
    for row in report_rows(batch):
        yield writer.writerow(row)


@require_POST
@investigation_page("evidence.log_media")
def retry(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Try again what failed."""
    batch = batch_named(investigation, reference)
    batch_retry(actor=request.user, batch=batch)
    if batch.kind == BatchKind.ZIP:
        messages.success(request, _("What failed is tried again."))
    else:
        messages.info(request, _("Choose the folder again: what failed is sent once more, and nothing else."))
    return redirect("evidence:batch-detail", investigation.code, batch.reference)


def batch_named(investigation: Investigation, reference: str) -> IntakeBatch:
    """The batch with this reference, or NotFound."""
    found: IntakeBatch | None = (
        IntakeBatch.objects.filter(investigation=investigation, reference=reference)
        .select_related("investigation", "created_by")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no batch %(reference)s here.") % {"reference": reference[:20]})
    return found
