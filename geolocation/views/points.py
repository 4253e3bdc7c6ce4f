"""Verified points as pages: table and map of a filter, for members and for everybody; one point to cite."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.keyset import cursor_read, cursor_write
from evidence.models import Investigation
from evidence.permissions import may
from evidence.views.base import investigation_page
from geolocation.forms.points import PointFilterForm
from geolocation.models import DisclosureKind, Tombstone, VerifiedPoint
from geolocation.querysets import VerifiedPointQuerySet
from geolocation.services.export_formats import FORMATS, ExportFormat
from geolocation.services.webhooks import webhooks_paused
from geolocation.views.map_tiles import point_tiles_url

PAGE_SIZE = 100


@require_safe
@investigation_page("evidence.view")
def verified_points(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """The verified points of one investigation, for its members."""
    form = PointFilterForm({**request.GET.dict(), "investigation": investigation.code, "published": ""})
    context = _context(request, form, VerifiedPoint.objects.readable_by(request.user))
    context |= {
        "investigation": investigation,
        "clear_url": request.path,
        "may_webhooks": may(request.user, "geolocation.manage_webhooks", investigation),
        "paused_webhooks": webhooks_paused(investigation=investigation),
    }
    return render(request, "geolocation/verified_points.html", context)


@require_safe
def public_points(request: HttpRequest) -> HttpResponse:
    """The verified points of every published investigation: the same for a member as for everybody."""
    form = PointFilterForm({**request.GET.dict(), "published": "true"})
    context = _context(request, form, VerifiedPoint.objects.readable_by(AnonymousUser()))
    code = form.cleaned_data.get("investigation") if form.is_valid() else ""
    published = Investigation.objects.published()
    is_one = bool(code) and published.filter(code=code).exists()
    context |= {
        "published": published,
        "clear_url": request.path,
        "feed_url": reverse("geolocation:public-feed") + (f"?investigation={code}" if is_one else ""),
    }
    return render(request, "geolocation/public_points.html", context)


@require_safe
def point(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One verified point, to link to and to cite. Once it left, the reason stays at its address."""
    found = point_found(request, uid)
    return point_gone(request, uid) if found is None else point_page(request, found)


def point_found(request: HttpRequest, uid: UUID) -> VerifiedPoint | None:
    """The point, if it is verified now and the reader may read it."""
    found: VerifiedPoint | None = (
        VerifiedPoint.objects.readable_by(request.user)
        .filter(uid=uid)
        .select_related("investigation", "geolocation", "revision", "media_item")
        .first()
    )
    return found


def point_page(request: HttpRequest, found: VerifiedPoint) -> HttpResponse:
    """The page of a point that stands; the address it is asked at is the one it is cited by."""
    address = request.build_absolute_uri(request.path)
    context = {
        "point": found,
        "address": address,
        "citation": citation(found, address),
        "is_member": may(request.user, "evidence.view", found.investigation),
        "map_data": _map_data(found),
    }
    return render(request, "geolocation/point.html", context)


def citation(found: VerifiedPoint, address: str) -> str:
    """One line that names the point, who stands behind it, and where it can be looked up."""
    investigation = found.investigation
    words = _(
        "%(publisher)s: %(title)s. %(code)s %(reference)s, revision %(revision)d, at %(latitude).6f, "
        "%(longitude).6f (WGS 84, ± %(uncertainty)s m). Verified %(day)s by %(people)s."
    ) % {
        "publisher": investigation.published_by or investigation.title,
        "title": found.title.rstrip("."),
        "code": investigation.code,
        "reference": found.media_reference,
        "revision": found.revision.number,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "uncertainty": f"{found.uncertainty_m:g}",
        "day": found.verified_at.date().isoformat(),
        "people": ", ".join(found.verified_by),
    }
    terms = [
        _("Attribution: %(who)s.") % {"who": found.attribution.rstrip(".")} if found.attribution else "",
        _("Licence: %(licence)s.") % {"licence": found.licence.rstrip(".")} if found.licence else "",
    ]
    return " ".join(part for part in (words, *terms, address) if part)


def _context(request: HttpRequest, form: PointFilterForm, points: VerifiedPointQuerySet) -> dict[str, Any]:
    """Rows, map data and export links of one filter. A refused filter shows nothing, and says why."""
    is_valid = form.is_valid()
    matching = points.matching(form.point_filter) if is_valid else points.none()
    rows, next_url = _rows(request, form, matching)
    query = urlencode(form.as_asked) if is_valid else ""
    given = set(form.as_asked) if is_valid else set()
    return {
        "form": form,
        "rows": rows,
        "next_url": next_url,
        "is_continued": bool(request.GET.get("cursor")),
        "is_filtered": bool(given & set(request.GET)),
        "box": form.point_filter.bbox if is_valid else None,
        "formats": _formats(query) if is_valid else [],
        "ask_url": f"{reverse('geolocation:export-ask')}?{query}",
        "api_url": f"{reverse('api-points')}?{query}" if is_valid else "",
        "data_url": f"{reverse('api-points-geojson')}?{query}" if is_valid else "",
        "tiles_url": point_tiles_url(form.as_asked, matching) if is_valid else "",
    }


def _formats(query: str) -> list[tuple[ExportFormat, str]]:
    return [(each, f"{reverse(each.address_name)}?{query}") for each in FORMATS.values()]


def _rows(
    request: HttpRequest, form: PointFilterForm, points: VerifiedPointQuerySet
) -> tuple[list[VerifiedPoint], str]:
    """One page, the last verified first, and the address of the next one."""
    try:
        before = cursor_read(request.GET.get("cursor") or None)
    except CatalogueError as error:
        form.add_error(None, error.sentence)
        return [], ""
    if before is not None:
        points = points.filter(pk__lt=before)
    joined = points.select_related("investigation", "geolocation", "revision")
    rows = list(joined.order_by("-pk")[: PAGE_SIZE + 1])
    if len(rows) <= PAGE_SIZE:
        return rows, ""
    query = request.GET.copy()
    query["cursor"] = cursor_write(rows[PAGE_SIZE - 1].pk)
    return rows[:PAGE_SIZE], f"{request.path}?{query.urlencode()}"


def point_gone(request: HttpRequest, uid: UUID) -> HttpResponse:
    """410 with the reason, or NotFound if there never was such a point for this reader."""
    tombstone = Tombstone.objects.readable_by(request.user).newest_of(uid)
    if tombstone is None:
        raise NotFound(_("There is no such point, or you may not read it."))
    return render(request, "geolocation/point_gone.html", {"tombstone": tombstone}, status=410)


def _map_data(found: VerifiedPoint) -> dict[str, Any]:
    """Camera and subject as the approved revision has them, or only the circle that is given out."""
    if found.disclosure != DisclosureKind.EXACT:
        numbers = ("latitude", "longitude", "uncertainty_m")
        return {"circle": {name: getattr(found, name) for name in numbers}}
    revision = found.revision
    return {
        role: {
            "latitude": getattr(found, f"{role}_latitude"),
            "longitude": getattr(found, f"{role}_longitude"),
            "uncertainty_m": getattr(revision, f"{role}_uncertainty_m"),
        }
        if getattr(found, f"{role}_latitude") is not None
        else None
        for role in ("camera", "subject")
    } | {"field_of_view_deg": revision.field_of_view_deg, "bearing_deg": revision.bearing_deg}
