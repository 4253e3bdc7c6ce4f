"""Geolocations: list, one with its history, propose, revise, submit, withdraw, retract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import (
    CODE_PARAMETER,
    REFERENCE_PARAMETER,
    InvestigationView,
    checked,
    created,
    refusals,
    row_for,
    rows_named,
)
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.models import MediaItem
from geolocation.api.geolocation_shapes import GeolocationDetailSerializer, GeolocationSerializer
from geolocation.api.proposal_shapes import (
    DisclosureSerializer,
    NewGeolocationSerializer,
    NewRevisionSerializer,
    ReasonSerializer,
    proposal_from,
)
from geolocation.models import Geolocation
from geolocation.services.disclosure import disclosure_set
from geolocation.services.geolocations import (
    geolocation_propose,
    geolocation_retract,
    geolocation_revise,
    geolocation_submit,
    geolocation_withdraw,
)
from geolocation.services.nearby import nearby

_CHANGED = {200: GeolocationDetailSerializer, **refusals(400, 401, 403, 404, 409)}


class GeolocationView(InvestigationView):
    """What the resources of geolocations share."""

    writing_needs = "geolocation.propose"

    def geolocations(self) -> Any:
        visible = Geolocation.objects.visible_to(self.request.user)
        return visible.filter(investigation=self.investigation).select_related(
            "investigation", "media_item", "author", "current_revision"
        )

    def answer(self, geolocation: Geolocation) -> dict[str, Any]:
        full = self.geolocations().prefetch_related(
            "revisions__author",
            "revisions__check_runs",
            "revisions__landmarks",
            "revisions__reviews__reviewer",
            "revisions__reviews__revision",
        )
        return GeolocationDetailSerializer(full.get(pk=geolocation.pk)).data


@extend_schema(parameters=[CODE_PARAMETER])
class GeolocationList(GeolocationView):
    known_parameters = PAGE_NAMES

    @extend_schema(
        operation_id="geolocations_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("GeolocationPage", GeolocationSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The geolocations of an investigation, in every state."""
        page = page_of(self.geolocations(), request)
        return Response({"results": GeolocationSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="geolocations_propose",
        request=NewGeolocationSerializer,
        responses={201: GeolocationDetailSerializer, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Propose where a recording was made. A text that could mean two places is refused with both."""
        given = checked(NewGeolocationSerializer, request)
        items = MediaItem.objects.filter(investigation=self.investigation).select_related("investigation")
        item = rows_named(items, [given["media"]], column="reference", field="media")[0]
        made = geolocation_propose(
            actor=request.user,
            media_item=item,
            proposal=proposal_from(given, nearby(item)),
            submit=given["submit"],
        )
        return created(
            self.answer(made), reverse("api-geolocation", args=[self.investigation.code, made.reference])
        )


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class GeolocationDetail(GeolocationView):
    @extend_schema(
        operation_id="geolocations_read",
        responses={200: GeolocationDetailSerializer, **refusals(401, 404)},
    )
    def get(self, request: Request, code: str, reference: str) -> Response:
        """One geolocation with its revisions, their checks and their reviews."""
        return Response(self.answer(row_for(self.geolocations(), reference=reference)))


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class RevisionList(GeolocationView):
    @extend_schema(
        operation_id="geolocations_revise",
        request=NewRevisionSerializer,
        responses={201: GeolocationDetailSerializer, **refusals(400, 401, 403, 404, 409)},
    )
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Add a revision. It reopens a verified geolocation, and its point leaves the exports at once."""
        geolocation = row_for(self.geolocations(), reference=reference)
        given = checked(NewRevisionSerializer, request)
        revised = geolocation_revise(
            actor=request.user,
            geolocation=geolocation,
            based_on=given["based_on"],
            proposal=proposal_from(given, nearby(geolocation.media_item)),
            submit=given["submit"],
        )
        return created(
            self.answer(revised),
            reverse("api-geolocation", args=[self.investigation.code, geolocation.reference]),
        )


class StepView(GeolocationView):
    """One step in the life of a geolocation, by the service that does it on the pages too."""

    service: ClassVar[Callable[..., Geolocation]]

    def step(self, request: Request, reference: str) -> Response:
        geolocation = row_for(self.geolocations(), reference=reference)
        given = checked(ReasonSerializer, request)
        changed = type(self).service(actor=request.user, geolocation=geolocation, **given)
        return Response(self.answer(changed))


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class GeolocationSubmit(GeolocationView):
    @extend_schema(operation_id="geolocations_submit", request=None, responses=_CHANGED)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Hand a draft to the reviewers."""
        geolocation = row_for(self.geolocations(), reference=reference)
        return Response(self.answer(geolocation_submit(actor=request.user, geolocation=geolocation)))


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class GeolocationWithdraw(StepView):
    service = staticmethod(geolocation_withdraw)

    @extend_schema(operation_id="geolocations_withdraw", request=ReasonSerializer, responses=_CHANGED)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Its author takes it back before it is verified."""
        return self.step(request, reference)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class GeolocationDisclose(GeolocationView):
    writing_needs = "geolocation.disclose"

    @extend_schema(operation_id="geolocations_disclose", request=DisclosureSerializer, responses=_CHANGED)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """An editor decides what is given out: the exact position, a circle that holds it, or nothing."""
        geolocation = row_for(self.geolocations(), reference=reference)
        disclosure_set(actor=request.user, geolocation=geolocation, **checked(DisclosureSerializer, request))
        return Response(self.answer(geolocation))


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class GeolocationRetract(StepView):
    writing_needs = "geolocation.retract"
    service = staticmethod(geolocation_retract)

    @extend_schema(operation_id="geolocations_retract", request=ReasonSerializer, responses=_CHANGED)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """An editor takes a verified point back; readers who hold it are told the reason."""
        return self.step(request, reference)
