"""Investigations: those a person belongs to, and a new one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, CatalogueView, InvestigationView, checked, created, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.models import Investigation
from evidence.permissions import role_in
from evidence.services.investigations import investigation_open


class InvestigationSerializer(serializers.ModelSerializer[Investigation]):
    """One investigation as its members see it."""

    role = serializers.SerializerMethodField(help_text="What the reader is in it.")

    class Meta:
        model = Investigation
        fields = [
            "code",
            "title",
            "summary",
            "published_by",
            "as_of",
            "period_from",
            "period_to",
            "licence",
            "attribution",
            "is_training",
            "visibility",
            "required_approvals",
            "blind_since",
            "role",
            "created_at",
        ]
        read_only_fields = fields

    def get_role(self, investigation: Investigation) -> str | None:
        role = role_in(self.context["request"].user, investigation)
        return role.value if role else None


class NewInvestigationSerializer(serializers.Serializer[Any]):
    """What an investigation needs to be opened."""

    code = serializers.CharField(max_length=16, help_text="2 to 16 capital letters, digits or hyphens.")
    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(required=False, allow_blank=True)
    licence = serializers.CharField(required=False, allow_blank=True, max_length=120)
    attribution = serializers.CharField(required=False, allow_blank=True, max_length=200)
    required_approvals = serializers.IntegerField(required=False, min_value=1, max_value=20)


class InvestigationList(CatalogueView):
    known_parameters = PAGE_NAMES

    @extend_schema(
        operation_id="investigations_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("InvestigationPage", InvestigationSerializer), **refusals(400, 401)},
    )
    def get(self, request: Request) -> Response:
        """The investigations that the reader belongs to."""
        page = page_of(Investigation.objects.for_user(request.user), request)
        rows = InvestigationSerializer(page.rows, many=True, context={"request": request}).data
        return Response({"results": rows, "next": page.next_url})

    @extend_schema(
        operation_id="investigations_open",
        request=NewInvestigationSerializer,
        responses={201: InvestigationSerializer, **refusals(400, 401, 409)},
    )
    def post(self, request: Request) -> Response:
        """Open an investigation; whoever opens it is its first editor."""
        opened = investigation_open(actor=request.user, **checked(NewInvestigationSerializer, request))
        return created(
            InvestigationSerializer(opened, context={"request": request}).data,
            reverse("api-investigation", args=[opened.code]),
        )


@extend_schema(parameters=[CODE_PARAMETER])
class InvestigationDetail(InvestigationView):
    @extend_schema(
        operation_id="investigations_read",
        responses={200: InvestigationSerializer, **refusals(401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """One investigation."""
        return Response(InvestigationSerializer(self.investigation, context={"request": request}).data)
