"""Archived copies of a posting: list, keep one more, take the bytes of one away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import (
    CODE_PARAMETER,
    REFERENCE_PARAMETER,
    InvestigationView,
    checked,
    created,
    refusals,
)
from evidence.errors import NotFound
from evidence.file_answers import copy_answer
from evidence.models import Appearance, ArchivedCopy
from evidence.services.archived_copies import (
    archived_copy_add,
    archived_copy_store,
    copy_refuse,
    digests_held,
)
from evidence.upload import IncomingUploadHandler

_APPEARANCE_PARAMETER = OpenApiParameter(
    "appearance_id", int, OpenApiParameter.PATH, description="The `id` of the appearance."
)


class FindingSerializer(serializers.Serializer[Any]):
    """One thing that was checked in a copy, or that it says."""

    key = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["right", "wrong", "open", "note"])
    sentence = serializers.CharField()


class CopySerializer(serializers.ModelSerializer[ArchivedCopy]):
    """One archived copy: `captured_basis` says how its time is known, `said` what it says of itself."""

    verdicts = FindingSerializer(many=True)
    said = serializers.DictField()
    digests_held = serializers.SerializerMethodField(
        help_text="Digests named in auto-archiver's report of which a file is kept in this investigation."
    )
    added_by = serializers.StringRelatedField[Any]()

    class Meta:
        model = ArchivedCopy
        fields = [
            "id",
            "kind",
            "sha256",
            "size_bytes",
            "mime_type",
            "original_name",
            "state",
            "sentence",
            "captured_at",
            "captured_basis",
            "captured_url",
            "title",
            "verdicts",
            "said",
            "digests_held",
            "added_by",
            "added_at",
        ]
        read_only_fields = fields

    def get_digests_held(self, copy: ArchivedCopy) -> list[str]:
        return sorted(digests_held(copy=copy)) if copy.said.get("media") else []


class NewCopySerializer(serializers.Serializer[Any]):
    """One file: a WACZ, a WARC, a saved page, a screenshot, or auto-archiver's metadata.json."""

    file = serializers.FileField(allow_empty_file=True)


_ADDED = inline_serializer(
    "CopyAdded",
    {
        "existed": serializers.BooleanField(),
        "sentence": serializers.CharField(),
        "copy": CopySerializer(),
    },
)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER, _APPEARANCE_PARAMETER])
class CopyList(InvestigationView):
    writing_needs = "evidence.log_media"
    parser_classes = [MultiPartParser]

    def file_handler(self, request: HttpRequest) -> IncomingUploadHandler:
        return IncomingUploadHandler(request, judge=copy_refuse)

    @extend_schema(
        operation_id="copies_list",
        responses={
            200: inline_serializer("Copies", {"results": CopySerializer(many=True)}),
            **refusals(401, 404),
        },
    )
    def get(self, request: Request, code: str, reference: str, appearance_id: int) -> Response:
        """The archived copies of one posting."""
        appearance = self._appearance(reference, appearance_id)
        copies = appearance.archived_copies.select_related("added_by")
        return Response({"results": CopySerializer(copies, many=True).data})

    @extend_schema(
        operation_id="copy_add",
        request={"multipart/form-data": NewCopySerializer},
        responses={200: _ADDED, 201: _ADDED, **refusals(400, 401, 403, 404, 413, 415)},
    )
    def post(self, request: Request, code: str, reference: str, appearance_id: int) -> Response:
        """Keep one copy; a worker then reads it. The same bytes again are the copy that is there: 200."""
        appearance = self._appearance(reference, appearance_id)
        given = checked(NewCopySerializer, request)
        stored = archived_copy_store(given["file"])
        added = archived_copy_add(actor=request.user, appearance=appearance, stored=stored)
        answer = {
            "existed": added.existed,
            "sentence": added.sentence,
            "copy": CopySerializer(added.copy).data,
        }
        if added.existed:
            return Response(answer)
        parts = [self.investigation.code, reference, appearance_id, added.copy.pk]
        return created(answer, reverse("api-copy-file", args=parts))

    def _appearance(self, reference: str, appearance_id: int) -> Appearance:
        found = (
            Appearance.objects.select_related("investigation", "media_item")
            .filter(
                pk=appearance_id,
                investigation=self.investigation,
                media_item__reference__iexact=reference,
            )
            .first()
        )
        if found is None:
            raise NotFound(_("There is no such appearance."))
        return found


class _AnyKind(BaseContentNegotiation):
    """The bytes are what they are, whatever a client says it accepts; refusals are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@extend_schema(
    parameters=[
        CODE_PARAMETER,
        REFERENCE_PARAMETER,
        _APPEARANCE_PARAMETER,
        OpenApiParameter("copy_id", int, OpenApiParameter.PATH, description="The `id` of the copy."),
    ]
)
class CopyFile(InvestigationView):
    content_negotiation_class = _AnyKind

    @extend_schema(
        operation_id="copy_file",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The bytes as kept."),
            **refusals(401, 404),
        },
    )
    def get(
        self, request: Request, code: str, reference: str, appearance_id: int, copy_id: int
    ) -> HttpResponseBase:
        """The bytes of a copy, to be saved; the log says who took them."""
        found = (
            ArchivedCopy.objects.select_related("appearance__media_item", "investigation")
            .filter(
                pk=copy_id,
                appearance_id=appearance_id,
                investigation=self.investigation,
                appearance__media_item__reference__iexact=reference,
            )
            .first()
        )
        if found is None:
            raise NotFound(_("There is no such archived copy."))
        return copy_answer(request, found)
