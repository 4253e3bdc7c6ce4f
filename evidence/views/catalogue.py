"""Sources and places of an investigation: the lists, and adding one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evidence.errors import CatalogueError
from evidence.forms.catalogue import PlaceForm, SourceForm, platform_word
from evidence.models import Investigation, Place, Source
from evidence.permissions import may
from evidence.services.catalogue import place_add, source_add
from evidence.views.base import form_refuse, investigation_page


@require_safe
@investigation_page("evidence.view")
def sources(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """Everybody who says or publishes something here, with how often."""
    found = Source.objects.filter(investigation=investigation).annotate(
        claims_made=Count("claims", distinct=True),
        items_made=Count("media_made", distinct=True),
        posts=Count("appearances", distinct=True),
    )
    context = {
        "investigation": investigation,
        "rows": [(source, platform_word(source.platform)) for source in found.order_by(Lower("name"), "pk")],
        "may_add": may(request.user, "evidence.write_source", investigation),
    }
    return render(request, "evidence/source_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.write_source")
def source_new(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """One more source."""
    form = SourceForm(request.POST or None, investigation=investigation)
    if request.method == "POST" and form.is_valid():
        try:
            source = source_add(actor=request.user, investigation=investigation, **form.cleaned_data)
        except (CatalogueError, ValidationError) as error:
            form_refuse(form, error)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": source.name})
            return redirect("evidence:source-list", investigation.code)
    return render(request, "evidence/source_add.html", {"investigation": investigation, "form": form})


@require_safe
@investigation_page("evidence.view")
def places(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """Every named place with all its names, and a map of those that have a position."""
    found = (
        Place.objects.filter(investigation=investigation)
        .annotate(items=Count("media_items", distinct=True), claimed=Count("claims", distinct=True))
        .select_related("within")
        .prefetch_related("names", "within__names")
    )
    rows = sorted(found, key=lambda place: place.display_name.casefold())
    context = {
        "investigation": investigation,
        "places": rows,
        "place_points": [
            {"name": place.display_name, "latitude": place.latitude, "longitude": place.longitude}
            for place in rows
            if place.latitude is not None
        ],
        "may_add": may(request.user, "evidence.write_place", investigation),
    }
    return render(request, "evidence/place_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.write_place")
def place_new(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """One more place."""
    form = PlaceForm(request.POST or None, investigation=investigation)
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "shown_together"}
        try:
            place = place_add(actor=request.user, investigation=investigation, **fields)
        except (CatalogueError, ValidationError) as error:
            form_refuse(form, error)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": place.display_name})
            return redirect("evidence:place-list", investigation.code)
    return render(request, "evidence/place_add.html", {"investigation": investigation, "form": form})
