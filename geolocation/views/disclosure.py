"""What is given out of one geolocation: every member sees what was decided, an editor decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evidence.errors import CatalogueError
from evidence.models import Investigation
from evidence.permissions import may, require
from evidence.views.base import form_refuse, investigation_page
from geolocation.forms.disclosure import DisclosureForm
from geolocation.models import Disclosure, DisclosureKind, Geolocation
from geolocation.services.disclosed import disclosure_of
from geolocation.services.disclosure import disclosure_set, snapshots_holding
from geolocation.views.proposals import geolocation_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.view")
def disclosure(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The decisions so far, the newest first, and the form for the next one."""
    geolocation = geolocation_of(request.user, investigation, reference)
    if request.method != "POST":
        return _page(request, geolocation, DisclosureForm(initial=_now(geolocation)))
    require(request.user, "geolocation.disclose", investigation)
    form = DisclosureForm(request.POST)
    if not form.is_valid():
        return _page(request, geolocation, form, status=422)
    try:
        decided = disclosure_set(actor=request.user, geolocation=geolocation, **form.cleaned_data)
    except CatalogueError as error:
        form_refuse(form, error)
        return _page(request, geolocation, form, status=error.status)
    messages.success(request, _told(decided))
    return redirect("geolocation:detail", investigation.code, geolocation.reference)


def _page(
    request: HttpRequest, geolocation: Geolocation, form: DisclosureForm, *, status: int = 200
) -> HttpResponse:
    decides = may(request.user, "geolocation.disclose", geolocation.investigation)
    context = {
        "investigation": geolocation.investigation,
        "geolocation": geolocation,
        "item": geolocation.media_item,
        "form": form if decides else None,
        "decisions": geolocation.disclosures.select_related("decided_by").order_by("-pk"),
        "snapshots": snapshots_holding(geolocation),
    }
    return render(request, "geolocation/disclosure.html", context, status=status)


def _now(geolocation: Geolocation) -> dict[str, object]:
    decided = disclosure_of(geolocation)
    if decided is None:
        return {"kind": DisclosureKind.EXACT}
    return {"kind": decided.kind, "radius_m": f"{decided.radius_m:g}" if decided.radius_m else ""}


def _told(decided: Disclosure) -> str:
    return {
        DisclosureKind.EXACT: _("%(reference)s is given out exactly, once it is verified."),
        DisclosureKind.GENERALISED: _("%(reference)s is given out as a circle, once it is verified."),
        DisclosureKind.WITHHELD: _("%(reference)s is not given out. Readers who hold the point are told so."),
    }[DisclosureKind(decided.kind)] % {"reference": decided.geolocation.reference}
