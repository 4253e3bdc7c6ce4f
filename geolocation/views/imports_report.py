"""The report on an import: counts, rows with their reasons, map, progress, and the errors to download."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evidence.errors import CatalogueError
from evidence.models import Investigation
from evidence.views.base import investigation_page
from geolocation.models import ImportBatch, ImportState, RowVerdict, StagedRow
from geolocation.services.importing import import_counts
from geolocation.services.importing_access import import_named
from geolocation.services.importing_report import (
    MOST_ON_MAP,
    RowFilter,
    errors_csv,
    map_features,
    reason_counts,
    report_rows,
    row_filter,
    rows_matching,
)
from geolocation.services.importing_row import rows_due
from geolocation.views.imports import format_label, is_waiting_for_columns

_NEEDS = "geolocation.propose"
PAGE_SIZE = 50
_FILTERS = ("verdict", "reason", "words")


@never_cache
@require_safe
@investigation_page(_NEEDS)
def report(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Row by row what bringing the file in would do, or did."""
    batch = import_named(actor=request.user, investigation=investigation, reference=reference)
    if is_waiting_for_columns(batch):
        return redirect("geolocation:import-columns", investigation.code, batch.reference)
    wanted, refused = _wanted(request)
    after = request.GET.get("after", "")
    rows = rows_matching(batch, wanted).order_by("pk")
    if after.isdecimal() and len(after) < 10:
        rows = rows.filter(pk__gt=StagedRow.key(batch.pk, int(after)))
    found = list(rows[: PAGE_SIZE + 1]) if not refused else []
    query = request.GET.copy()
    query.pop("after", None)
    context = _progress(batch) | {
        "rows": report_rows(batch, found[:PAGE_SIZE]),
        "next_after": found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None,
        "is_continued": bool(after),
        "is_filtered": bool(wanted.verdict or wanted.reason or wanted.words),
        "wanted": wanted,
        "refused": refused,
        "query": query.urlencode(),
        "reasons": reason_counts(batch),
        "points_url": reverse("geolocation:import-points", args=[investigation.code, batch.reference])
        + (f"?{query.urlencode()}" if query else ""),
        "most_on_map": MOST_ON_MAP,
        "format": format_label(batch),
    }
    return render(request, "geolocation/import.html", context)


def _wanted(request: HttpRequest) -> tuple[RowFilter, str]:
    given = {name: request.GET.get(name, "") for name in _FILTERS}
    try:
        return row_filter(**given), ""
    except CatalogueError as error:
        return RowFilter(), error.sentence


def _progress(batch: ImportBatch) -> dict[str, Any]:
    counts = import_counts(batch)
    applied = batch.rows.filter(applied_at__isnull=False).count()
    due = rows_due(batch).count()
    not_taken = batch.rows.exclude(sentence="").count()
    return {
        "investigation": batch.investigation,
        "batch": batch,
        "counts": [(value, label, counts[value]) for value, label in RowVerdict.choices],
        "total": sum(counts.values()),
        "due": due,
        "applied": applied,
        "not_taken": not_taken,
        "all_due": due + applied + not_taken,
        "may_apply": batch.staged_at is not None and not batch.is_at_work and bool(due or not_taken),
        "is_applying": batch.state == ImportState.APPLYING,
        "has_errors": bool(counts[RowVerdict.REFUSED] or counts[RowVerdict.DOUBTFUL]),
    }


@never_cache
@require_safe
@investigation_page(_NEEDS)
def progress(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The part of the page that changes while workers are at it; the whole page is loaded when they end."""
    batch = import_named(actor=request.user, investigation=investigation, reference=reference)
    response = render(request, "geolocation/_import_progress.html", _progress(batch))
    if not batch.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@investigation_page(_NEEDS)
def points(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The positions of a filter as GeoJSON for the map."""
    batch = import_named(actor=request.user, investigation=investigation, reference=reference)
    wanted, refused = _wanted(request)
    rows = rows_matching(batch, wanted)
    return JsonResponse(map_features(batch, rows.none() if refused else rows))


@require_safe
@investigation_page(_NEEDS)
def errors(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """Doubtful and refused rows with what is wrong, as CSV, streamed."""
    batch = import_named(actor=request.user, investigation=investigation, reference=reference)
    response = StreamingHttpResponse(errors_csv(batch), content_type="text/csv; charset=utf-8")
    name = f"{investigation.code}_{batch.reference}_errors.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
