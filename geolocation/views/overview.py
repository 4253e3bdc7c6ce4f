"""The map of everything in an investigation: geolocations in every state and its places, beside a table."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evidence.models import Investigation, Place
from evidence.permissions import may
from evidence.views.base import investigation_page
from geolocation.models import Geolocation
from geolocation.models.geolocations import STATE_CHOICES
from geolocation.views.map_tiles import is_for_tiles, work_tiles_url

# Withdrawn and rejected proposals would bury the living ones; they are one choice away.
CLOSED = ("rejected", "withdrawn")
# Of more than a map takes in the page, the table lists so many.
MOST_LISTED = 500
_IN_NO_TILE = Q(is_sealed=True) | Q(state="verified", verified_point=None)


@require_safe
@investigation_page("evidence.view")
def overview(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """`?state=` one state, `all`, or nothing for the open ones; `?q=` words of title, place or reference.

    Of very many geolocations the map takes tiles, and the page carries those alone that are in no tile:
    withheld ones, and the sealed ones that the person may see. Words are not in tiles: their first matches
    are in the page.
    """
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = _geolocations(request.user, investigation, state, words)
    is_many = is_for_tiles(found)
    is_tiled = is_many and not words
    rows = list(found[:MOST_LISTED] if is_many else found)
    in_page = list(found.filter(_IN_NO_TILE)[:MOST_LISTED]) if is_tiled else rows
    places = Place.objects.filter(investigation=investigation).prefetch_related("names")
    placed = [place for place in places if place.latitude is not None]
    context = {
        "investigation": investigation,
        "may_import": may(request.user, "geolocation.propose", investigation),
        "rows": [_row(geolocation) for geolocation in rows],
        "total": found.order_by().count() if is_many else len(rows),
        "tiles_url": work_tiles_url(investigation, _states(state)) if is_tiled else "",
        "places": placed,
        "state": state,
        "words": words,
        "states": STATE_CHOICES,
        "state_words": {value: str(label) for value, label in STATE_CHOICES},
        "points": {"type": "FeatureCollection", "features": [_feature(each) for each in in_page]},
        "place_points": [
            {"name": place.display_name, "latitude": place.latitude, "longitude": place.longitude}
            for place in placed
        ],
    }
    return render(request, "geolocation/map.html", context)


def _states(state: str) -> list[str]:
    """The states that the choice stands for."""
    known = [value for value, _label in STATE_CHOICES]
    if state in known:
        return [state]
    return known if state == "all" else [value for value in known if value not in CLOSED]


def _geolocations(user: Any, investigation: Investigation, state: str, words: str) -> QuerySet[Geolocation]:
    found = (
        Geolocation.objects.visible_to(user)
        .filter(investigation=investigation, current_revision__isnull=False)
        .select_related("investigation", "media_item__place", "current_revision", "author")
        .prefetch_related("media_item__place__names")
        .order_by("reference")
    )
    found = found.filter(state__in=_states(state))
    if words:
        found = found.filter(
            Q(reference__iexact=words)
            | Q(media_item__reference__iexact=words)
            | Q(media_item__title__icontains=words)
            | Q(media_item__place__names__name__icontains=words)
        ).distinct()
    return found


def _row(geolocation: Geolocation) -> dict[str, Any]:
    latitude, longitude, uncertainty_m, role = _point(geolocation)
    return {
        "geolocation": geolocation,
        "latitude": latitude,
        "longitude": longitude,
        "uncertainty_m": uncertainty_m,
        "role": role,
    }


def _point(geolocation: Geolocation) -> tuple[float | None, float | None, float | None, str]:
    """The camera's position, or the subject's where the camera is not placed."""
    revision = geolocation.current_revision
    if revision is None:
        return None, None, None, ""
    role = "camera" if revision.camera_latitude is not None else "subject"
    return (
        getattr(revision, f"{role}_latitude"),
        getattr(revision, f"{role}_longitude"),
        getattr(revision, f"{role}_uncertainty_m"),
        role,
    )


def _feature(geolocation: Geolocation) -> dict[str, Any]:
    latitude, longitude, uncertainty_m, role = _point(geolocation)
    item = geolocation.media_item
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {
            "status": geolocation.state,
            "status_word": str(geolocation.get_state_display()),
            "title": f"{geolocation.reference} · {item.title}",
            "url": reverse(
                "geolocation:detail", args=[geolocation.investigation.code, geolocation.reference]
            ),
            "place": item.place.display_name if item.place else "",
            "detail": _("%(what)s, ± %(metres)s m")
            % {
                "what": _("Camera") if role == "camera" else _("Subject"),
                "metres": f"{uncertainty_m:g}",
            },
        },
    }
