"""Sources: who says and who publishes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, InvestigationView, checked, created, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import NotFound
from evidence.models import Reliability, Source, SourceKind
from evidence.services.catalogue import source_add


class SourceSerializer(serializers.ModelSerializer[Source]):
    """One source; `key` is what claims and media name it by."""

    class Meta:
        model = Source
        fields = ["key", "name", "kind", "platform", "handle", "note", "reliability", "created_at"]
        read_only_fields = fields


class NewSourceSerializer(serializers.Serializer[Any]):
    """What is known of a new source."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=SourceKind.choices, default=SourceKind.INDIVIDUAL)
    platform = serializers.CharField(max_length=24, default="", allow_blank=True)
    handle = serializers.CharField(max_length=120, default="", allow_blank=True)
    note = serializers.CharField(default="", allow_blank=True)
    reliability = serializers.ChoiceField(choices=Reliability.choices, default=Reliability.F)


@extend_schema(parameters=[CODE_PARAMETER])
class SourceList(InvestigationView):
    known_parameters = PAGE_NAMES
    writing_needs = "evidence.write_source"

    @extend_schema(
        operation_id="sources_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("SourcePage", SourceSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The sources of an investigation."""
        page = page_of(Source.objects.filter(investigation=self.investigation), request)
        return Response({"results": SourceSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="sources_add",
        request=NewSourceSerializer,
        responses={201: SourceSerializer, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Add a source."""
        source = source_add(
            actor=request.user, investigation=self.investigation, **checked(NewSourceSerializer, request)
        )
        return created(
            SourceSerializer(source).data, reverse("api-source", args=[self.investigation.code, source.key])
        )


@extend_schema(parameters=[CODE_PARAMETER])
class SourceDetail(InvestigationView):
    @extend_schema(operation_id="sources_read", responses={200: SourceSerializer, **refusals(401, 404)})
    def get(self, request: Request, code: str, key: str) -> Response:
        """One source."""
        source = Source.objects.filter(investigation=self.investigation, key=key).first()
        if source is None:
            raise NotFound(_("There is no source “%(key)s” in this investigation.") % {"key": key})
        return Response(SourceSerializer(source).data)
