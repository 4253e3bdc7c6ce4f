"""What stays when a point is cited: the page of each revision, and citations for programs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evidence.errors import NotFound
from evidence.permissions import may
from geolocation.citations import Cited, bibtex, csl_json
from geolocation.models import Decision, Tombstone, VerifiedPoint
from geolocation.views.points import point_found, point_gone, point_page

_WRITERS = {
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
    "json": (csl_json, "application/vnd.citationstyles.csl+json"),
}


@require_safe
def revision(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """One revision that was verified. While its point stands as that revision it is the page of the point."""
    found = point_found(request, uid)
    if found is not None and found.revision.number == number:
        return point_page(request, found)
    left = (
        Tombstone.objects.readable_by(request.user)
        .filter(uid=uid, revision__number=number)
        .select_related("investigation", "revision", "geolocation")
        .order_by("-pk")
        .first()
    )
    if left is None:
        raise NotFound(_("There is no such revision, or it was never verified."))
    if found is None:
        return point_gone(request, uid)
    return _superseded(request, left, found)


@require_safe
def citation_file(request: HttpRequest, uid: UUID, extension: str) -> HttpResponse:
    """The citation of a point as it stands now, as BibTeX or CSL-JSON."""
    found = point_found(request, uid)
    if found is None:
        return point_gone(request, uid)
    if extension not in _WRITERS:
        raise NotFound(_("A citation is there as .bib and as .json."))
    write, media_type = _WRITERS[extension]
    cited = cited_of(found, revision_address(request, found))
    answer = HttpResponse(write(cited), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{cited.key}.{extension}"'
    return answer


def revision_address(request: HttpRequest, found: VerifiedPoint) -> str:
    """The permalink of exactly the revision that is verified now."""
    return request.build_absolute_uri(
        reverse("geolocation:point-revision", args=[found.uid, found.revision.number])
    )


def cited_of(found: VerifiedPoint, address: str) -> Cited:
    """The point as citations name it."""
    investigation = found.investigation
    return Cited(
        publisher=investigation.published_by or investigation.title,
        title=found.title,
        investigation=investigation.code,
        reference=found.media_reference,
        revision=found.revision.number,
        latitude=found.latitude,
        longitude=found.longitude,
        uncertainty_m=found.uncertainty_m,
        verified_at_utc=found.verified_at,
        verified_by=tuple(found.verified_by),
        attribution=found.attribution,
        licence=found.licence,
        address=address,
    )


def _superseded(request: HttpRequest, left: Tombstone, found: VerifiedPoint) -> HttpResponse:
    """Who cited it learns that another revision is verified. Where it lay is in the record, for members."""
    context = {
        "tombstone": left,
        "point": found,
        "approvals": left.revision.reviews.filter(decision=Decision.APPROVE).select_related("reviewer"),
        "is_member": may(request.user, "evidence.view", left.investigation),
    }
    return render(request, "geolocation/point_superseded.html", context)
