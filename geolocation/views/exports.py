"""Files of verified points made in the background: ask for one, watch it, take it, end it. One's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.models import Investigation
from evidence.views.base import form_refuse
from geolocation.export_answers import export_answer
from geolocation.forms.exports import ExportForm
from geolocation.forms.points import PointFilterForm, filter_text
from geolocation.models import ExportJob, VerifiedPoint
from geolocation.services.export_formats import FORMATS
from geolocation.services.export_jobs import (
    Since,
    export_ask,
    export_end,
    export_format,
    export_of,
    export_since,
)

# Older ones are in the API; a person looks for the last ones.
SHOWN = 50
# Counting stops here: that there are more is all one has to know.
_COUNTED_MOST = 100_000


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """One's own files, the newest first. Asked for again by the page itself while one is being made."""
    jobs = [_shown(job) for job in ExportJob.objects.of(request.user).order_by("-pk")[:SHOWN]]
    context = {
        "jobs": jobs,
        "is_under_way": any(each["job"].is_unfinished for each in jobs),
        "shown": SHOWN if len(jobs) == SHOWN else 0,
    }
    is_part = bool(getattr(request, "htmx", False))
    return render(
        request, "geolocation/_export_list.html" if is_part else "geolocation/exports.html", context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """The filter in the address, the formats to choose from, and the button."""
    wanted = PointFilterForm(request.GET)
    form = ExportForm(request.POST if request.method == "POST" else None, initial=_format_asked(request))
    if not wanted.is_valid():
        form = ExportForm(request.POST or _format_asked(request))
        form.full_clean()
        for field, sentences in wanted.errors.items():
            form.add_error(None, [f"{field}: {sentence}" for sentence in sentences])
    elif request.method == "POST" and form.is_valid():
        try:
            job = export_ask(
                actor=request.user,
                format_key=form.cleaned_data["format"],
                wanted=wanted.point_filter,
                asked=wanted.as_asked,
                text=filter_text(wanted.as_asked),
            )
            messages.success(request, _("It is asked for."))
            return redirect(job)
        except CatalogueError as error:
            form_refuse(form, error)
    return render(request, "geolocation/export_ask.html", _asking(request, wanted, form))


def _format_asked(request: HttpRequest) -> dict[str, str]:
    asked = request.GET.get("format", "")
    return {"format": asked if asked in FORMATS else "gpkg"}


def _asking(request: HttpRequest, wanted: PointFilterForm, form: ExportForm) -> dict[str, Any]:
    asked = wanted.as_asked if wanted.is_valid() else {}
    points = VerifiedPoint.objects.readable_by(request.user).matching(wanted.point_filter)
    count = points.order_by()[: _COUNTED_MOST + 1].count() if wanted.is_valid() else 0
    return {
        "form": form,
        "is_refused": not wanted.is_valid(),
        "asked": asked.items(),
        "formats": FORMATS.values(),
        "chosen": form["format"].value(),
        "count": min(count, _COUNTED_MOST),
        "is_more": count > _COUNTED_MOST,
        "back_url": _back_url(request, asked),
    }


def _back_url(request: HttpRequest, asked: dict[str, str]) -> str:
    """The table of the points: the members' page of the investigation, or that of everybody."""
    code = asked.get("investigation", "").upper()
    if code and Investigation.objects.for_user(request.user).filter(code=code).exists():
        left = {name: text for name, text in asked.items() if name not in ("investigation", "published")}
        return f"{reverse('geolocation:verified-points', args=[code])}?{urlencode(left)}"
    return f"{reverse('geolocation:public-points')}?{urlencode(asked)}"


@require_safe
@login_required
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One file: how far it is, its digest, until when it is kept, and what left it since."""
    shown = _shown(export_of(reader=request.user, uid=uid))
    is_part = bool(getattr(request, "htmx", False))
    name = "geolocation/_export.html" if is_part else "geolocation/export.html"
    return render(request, name, shown)


@require_POST
@login_required
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Cancel it, or delete the file."""
    job = export_of(reader=request.user, uid=uid)
    was_unfinished = job.is_unfinished
    export_end(job=job)
    messages.success(request, _("It is cancelled.") if was_unfinished else _("It is deleted."))
    return redirect("geolocation:exports")


@require_safe
@login_required
def file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The file; whoever may not read its points any more gets 404."""
    return export_answer(request, uid)


def _shown(job: ExportJob) -> dict[str, Any]:
    wanted = export_format(job) if job.format in FORMATS else None
    if wanted is None:
        raise NotFound(_("This format is not made any more."))
    since: Since = export_since(job)
    again = urlencode({**job.asked, "format": job.format})
    return {
        "job": job,
        "format": wanted,
        "asked": job.asked.items(),
        "since": since,
        "again_url": f"{reverse('geolocation:export-ask')}?{again}",
    }
