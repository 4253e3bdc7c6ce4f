"""The start page, an investigation's home, opening one, and its settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence.errors import CatalogueError
from evidence.forms.investigations import OpenForm, SettingsForm
from evidence.models import CustodyEvent, Investigation, Membership, Place
from evidence.permissions import may, role_in
from evidence.services.investigations import (
    investigation_blind_set,
    investigation_change,
    investigation_open,
    investigation_publish,
)
from evidence.views.base import form_refuse, investigation_page
from evidence.views.custody_lines import custody_lines
from evidence.views.home_map import map_points, map_tiles_url
from evidence.views.links import page_url
from evidence.views.standing import claims_by_assessment, waiting_in, with_counts

LATEST = 8


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The investigations that the person belongs to; for somebody not signed in, what is public."""
    if not request.user.is_authenticated:
        return _public_start(request)
    roles = dict(Membership.objects.filter(user=request.user).values_list("investigation", "role"))
    investigations = with_counts(Investigation.objects.for_user(request.user)).order_by("is_training", "code")
    labels = dict(Membership._meta.get_field("role").flatchoices)
    rows = [
        {"investigation": each, "role": labels[roles[each.pk]], "is_reviewing": roles[each.pk] in _REVIEWING}
        for each in investigations
    ]
    return render(request, "evidence/investigation_list.html", {"rows": rows})


_REVIEWING = ("reviewer", "editor")


def _public_start(request: HttpRequest) -> HttpResponse:
    public = page_url("geolocation:public-points")
    return redirect(public) if public else redirect_to_login(request.get_full_path())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_new(request: HttpRequest) -> HttpResponse:
    """Any signed-in person may open one, and is its first editor."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = investigation_open(actor=request.user, **form.cleaned_data)
        except (CatalogueError, ValidationError) as error:
            form_refuse(form, error)
        else:
            messages.success(
                request,
                _("%(code)s is open and you are its editor. Log the first media, or invite others.")
                % {"code": opened.code},
            )
            return redirect("evidence:investigation", opened.code)
    return render(request, "evidence/investigation_open.html", {"form": form})


@require_safe
@investigation_page("evidence.view")
def home(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """What is stuck, disputed or stale at a glance; the verified points; what happened last."""
    counted = with_counts(Investigation.objects.filter(pk=investigation.pk)).get()
    events = CustodyEvent.objects.filter(investigation=investigation).visible_to(request.user)
    places = Place.objects.filter(investigation=investigation, latitude__isnull=False)
    tiles_url = map_tiles_url(investigation, points=counted.verified)
    context = {
        "investigation": investigation,
        "role": role_in(request.user, investigation),
        "counted": counted,
        "waiting": waiting_in(
            investigation,
            now=timezone.now(),
            decides_rounds=may(request.user, "evidence.edit_investigation", investigation),
        ),
        "claims": claims_by_assessment(investigation),
        "lines": custody_lines(investigation, events.order_by("-sequence")[:LATEST]),
        "tiles_url": tiles_url,
        "points": map_points(investigation, most=0 if tiles_url else None),
        "places": [
            {"name": place.display_name, "latitude": place.latitude, "longitude": place.longitude}
            for place in places.prefetch_related("names")
        ],
        "may_log": may(request.user, "evidence.log_media", investigation),
        "may_edit": may(request.user, "evidence.edit_investigation", investigation),
    }
    return render(request, "evidence/investigation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.edit_investigation")
def settings(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """What an editor may change afterwards; the code and being an exercise stay as they were opened."""
    form = SettingsForm(request.POST or None, instance=investigation)
    if request.method == "POST" and form.is_valid():
        try:
            investigation_change(actor=request.user, investigation=investigation, **form.cleaned_data)
        except (CatalogueError, ValidationError) as error:
            investigation.refresh_from_db()
            form_refuse(form, error)
        else:
            messages.success(request, _("Saved. The custody log says what changed."))
            return redirect("evidence:investigation-settings", investigation.code)
    related: Any = investigation
    context = {
        "investigation": investigation,
        "form": form,
        "verified": related.verified_points.count(),
    }
    return render(request, "evidence/investigation_settings.html", context)


@require_POST
@investigation_page("evidence.edit_investigation")
def publish(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """`public` is "yes" or "no"."""
    public = request.POST.get("public") == "yes"
    try:
        investigation_publish(actor=request.user, investigation=investigation, public=public)
    except CatalogueError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(
            request,
            _("Everybody can now read the verified points.")
            if public
            else _(
                "The verified points are closed to the public. Copies taken before cannot be called back."
            ),
        )
    return redirect("evidence:investigation-settings", investigation.code)


@require_POST
@investigation_page("evidence.edit_investigation")
def blind(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """`blind` is "yes" or "no": whether a second person places each item without seeing the first."""
    on = request.POST.get("blind") == "yes"
    investigation_blind_set(actor=request.user, investigation=investigation, on=on)
    messages.success(
        request,
        _("From now on, a second person places each item without seeing the first proposal.")
        if on
        else _("Blind second geolocation is off. What waited for a second person is in review."),
    )
    return redirect("evidence:investigation-settings", investigation.code)
