"""Verified points for everybody who may read them, signed in or not: pages, one point, what was removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import ERROR, OPEN_TO_ALL, CatalogueView, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import NotFound
from geolocation.api.point_shapes import (
    FILTER_PARAMETERS,
    STORED,
    PointSerializer,
    TombstoneSerializer,
    point_json,
    point_urls,
    stored_json,
)
from geolocation.forms.points import PointFilterForm
from geolocation.models import Tombstone, VerifiedPoint
from geolocation.services.exporting import point_rows

FILTER_NAMES = tuple(PointFilterForm.base_fields)
_UPDATED_SINCE = [each for each in FILTER_PARAMETERS if each.name in ("updated_since", "investigation")]


def filter_form(request: Request) -> PointFilterForm:
    """The filter in the address; raises ValidationError with a sentence for each refused part."""
    form = PointFilterForm(request.query_params)
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return form


class PublicView(CatalogueView):
    """Open to readers without an account: published points only, never anything else."""

    permission_classes = [AllowAny]


class PointList(PublicView):
    known_parameters = (*FILTER_NAMES, *PAGE_NAMES)

    @extend_schema(
        operation_id="verified_points_list",
        parameters=[*FILTER_PARAMETERS, *PAGE_PARAMETERS],
        responses={200: paged("VerifiedPointPage", PointSerializer), **refusals(400, 401)},
        auth=OPEN_TO_ALL,
    )
    def get(self, request: Request) -> HttpResponse:
        """Verified points, in pages. Without a sign-in: those of published investigations."""
        points = VerifiedPoint.objects.readable_by(request.user).matching(filter_form(request).point_filter)
        stored: Any = VerifiedPoint.objects.values_list("pk", *STORED, named=True)
        page = page_of(points, request, read=stored)
        url = point_urls(request)
        body = {"results": [stored_json(point, url) for point in page.rows], "next": page.next_url}
        return HttpResponse(orjson.dumps(body), content_type="application/json")


class PointDetail(PublicView):
    @extend_schema(
        operation_id="verified_points_read",
        responses={
            200: PointSerializer,
            410: inline_serializer("PointGone", {**ERROR.get_fields(), "tombstone": TombstoneSerializer()}),
            **refusals(401, 404),
        },
        auth=OPEN_TO_ALL,
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """One point. 410 once it was retracted or is under review again, with the reason."""
        rows = point_rows(VerifiedPoint.objects.readable_by(request.user).filter(uid=uid))
        if rows:
            return Response(point_json(rows[0], request))
        tombstone = Tombstone.objects.readable_by(request.user).newest_of(uid)
        if tombstone is None:
            raise NotFound(_("There is no such point, or you may not read it."))
        return Response(
            {
                "error": {"code": "gone", "sentence": tombstone.sentence},
                "tombstone": TombstoneSerializer(tombstone).data,
            },
            status=410,
        )


class RemovedList(PublicView):
    known_parameters = ("updated_since", "investigation", *PAGE_NAMES)

    @extend_schema(
        operation_id="verified_points_removed",
        parameters=[*_UPDATED_SINCE, *PAGE_PARAMETERS],
        responses={200: paged("TombstonePage", TombstoneSerializer), **refusals(400, 401)},
        auth=OPEN_TO_ALL,
    )
    def get(self, request: Request) -> Response:
        """Points that left and have not come back: who holds one of them drops it."""
        wanted = filter_form(request).point_filter
        gone = Tombstone.objects.readable_by(request.user).still_gone()
        if wanted.updated_since is not None:
            gone = gone.filter(removed_at__gte=wanted.updated_since)
        if wanted.investigation:
            gone = gone.filter(investigation__code=wanted.investigation)
        page = page_of(gone.select_related("investigation"), request)
        return Response({"results": TombstoneSerializer(page.rows, many=True).data, "next": page.next_url})
