"""Batches: bring in a ZIP, and read what became of each file in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
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
    row_for,
)
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.models import IntakeBatch, IntakeMember, MemberState
from evidence.services.intake import batch_counts, batch_of_zip, zip_refuse, zip_store
from evidence.upload import IncomingUploadHandler

_COUNTS = inline_serializer(
    "BatchCounts", {str(state): serializers.IntegerField() for state in MemberState.values}
)


class BatchSerializer(serializers.ModelSerializer[IntakeBatch]):
    """One batch: where it came from, how far it is, and how many of its files are in each state."""

    begun_by = serializers.CharField(source="created_by.name", read_only=True)
    begun_at = serializers.DateTimeField(source="created_at", read_only=True)
    counts = serializers.SerializerMethodField()

    class Meta:
        model = IntakeBatch
        fields = [
            "reference",
            "kind",
            "source_name",
            "sha256",
            "size_bytes",
            "state",
            "sentence",
            "counts",
            "begun_by",
            "begun_at",
            "finished_at",
        ]
        read_only_fields = fields

    @extend_schema_field(_COUNTS)
    def get_counts(self, batch: IntakeBatch) -> dict[str, int]:
        return batch_counts(batch)


class MemberSerializer(serializers.ModelSerializer[IntakeMember]):
    """One file of a batch: what became of it, and the item that has its bytes."""

    media = serializers.CharField(
        source="media_item.reference", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = IntakeMember
        fields = ["position", "name", "state", "sentence", "sha256", "size_bytes", "media"]
        read_only_fields = fields


class NewBatchSerializer(serializers.Serializer[Any]):
    """A ZIP, and whether all that is in it is to be shown blurred."""

    file = serializers.FileField(allow_empty_file=True)
    is_sensitive = serializers.BooleanField(default=False)


@extend_schema(parameters=[CODE_PARAMETER])
class BatchList(InvestigationView):
    known_parameters = PAGE_NAMES
    writing_needs = "evidence.log_media"
    parser_classes = [MultiPartParser]

    def file_handler(self, request: HttpRequest) -> IncomingUploadHandler:
        return IncomingUploadHandler(request, judge=zip_refuse)

    @extend_schema(
        operation_id="batches_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("BatchPage", BatchSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The batches of an investigation."""
        batches = IntakeBatch.objects.filter(investigation=self.investigation)
        page = page_of(batches.select_related("created_by"), request)
        return Response({"results": BatchSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="batch_begin",
        request={"multipart/form-data": NewBatchSerializer},
        responses={200: BatchSerializer, 201: BatchSerializer, **refusals(400, 401, 403, 404, 413, 415)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Bring in a ZIP. The same ZIP again is the same batch: 200, and nothing is done twice."""
        given = checked(NewBatchSerializer, request)
        batch, existed = batch_of_zip(
            actor=request.user,
            investigation=self.investigation,
            stored=zip_store(given["file"]),
            name=given["file"].name or "",
            is_sensitive=given["is_sensitive"],
        )
        data = BatchSerializer(batch).data
        if existed:
            return Response(data)
        return created(data, reverse("api-batch", args=[code, batch.reference]))


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class BatchDetail(InvestigationView):
    @extend_schema(operation_id="batch_read", responses={200: BatchSerializer, **refusals(401, 404)})
    def get(self, request: Request, code: str, reference: str) -> Response:
        """How far a batch is. Ask again until its state is `done` or `failed`."""
        batches = IntakeBatch.objects.filter(investigation=self.investigation).select_related("created_by")
        return Response(BatchSerializer(row_for(batches, reference=reference)).data)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class BatchMembers(InvestigationView):
    known_parameters = PAGE_NAMES

    @extend_schema(
        operation_id="batch_members",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("BatchMemberPage", MemberSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str, reference: str) -> Response:
        """The report: what became of each file, in the order of the ZIP or folder."""
        batches = IntakeBatch.objects.filter(investigation=self.investigation)
        batch = row_for(batches, reference=reference)
        page = page_of(batch.members.select_related("media_item"), request, key="position")
        return Response({"results": MemberSerializer(page.rows, many=True).data, "next": page.next_url})
