"""The Atom feeds: of everything public, and of one investigation for its members."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from evidence.api.base import CODE_PARAMETER, InvestigationView, refusals
from evidence.errors import NotFound
from evidence.models import Investigation
from geolocation.api.changes import code_asked
from geolocation.atom import MEDIA_TYPE
from geolocation.models import Audience
from geolocation.services.people_feed import people_feed


@require_safe
def public_feed(request: HttpRequest) -> HttpResponseBase:
    """What changed in the points that everybody may read; `investigation=CODE` for one of them."""
    asked = request.GET.get("investigation", "")
    try:
        code = code_asked(asked)
    except ValidationError:
        code = None
    investigation = Investigation.objects.published().filter(code=code).first() if code else None
    if asked and investigation is None:
        raise NotFound(_("There is no published investigation with this code."))
    page = reverse("geolocation:public-points")
    query = f"?investigation={investigation.code}" if investigation else ""
    return answered(
        request,
        audience=Audience.PUBLIC,
        investigation=investigation,
        path=request.path + query,
        page=page + query,
    )


class InvestigationFeed(InvestigationView):
    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The address names the format; the renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    @extend_schema(
        operation_id="investigation_feed",
        parameters=[CODE_PARAMETER],
        responses={
            (200, "application/atom+xml"): OpenApiResponse(OpenApiTypes.BINARY, "An Atom feed (RFC 4287)."),
            **{(status, "application/json"): body for status, body in refusals(401, 404).items()},
        },
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The newest changes of the investigation's verified points, for feed readers of its members."""
        return answered(
            request._request,
            audience=Audience.MEMBERS,
            investigation=self.investigation,
            path=request.path,
            page=reverse("geolocation:verified-points", args=[self.investigation.code]),
        )


def answered(
    request: HttpRequest, *, audience: Audience, investigation: Investigation | None, path: str, page: str
) -> HttpResponseBase:
    """The feed, or 304 for a reader that has it already."""
    body, newest = people_feed(
        audience=audience,
        investigation=investigation,
        path=path,
        page=page,
        absolute=request.build_absolute_uri,
    )
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    answer = HttpResponse(body, content_type=MEDIA_TYPE)
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(newest.timestamp())
    answer["Cache-Control"] = "no-cache" if audience == Audience.PUBLIC else "private, no-cache"
    found = get_conditional_response(request, etag=etag, last_modified=None, response=answer)
    return found if found is not None else answer
