"""The custody log of an investigation, event by event, and whether its chain holds."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, InvestigationView, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.models import CustodyEvent
from evidence.services.custody import custody_verify


class CustodyEventSerializer(serializers.ModelSerializer[CustodyEvent]):
    """One event. `hash` is the SHA-256 of `previous_hash`, a line feed and `canonical`, in UTF-8."""

    details = serializers.DictField()

    class Meta:
        model = CustodyEvent
        fields = [
            "sequence",
            "occurred_at",
            "actor_name",
            "action",
            "object_type",
            "object_reference",
            "details",
            "previous_hash",
            "canonical",
            "hash",
        ]
        read_only_fields = fields


@extend_schema(parameters=[CODE_PARAMETER])
class CustodyList(InvestigationView):
    known_parameters = PAGE_NAMES

    @extend_schema(
        operation_id="custody_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("CustodyPage", CustodyEventSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """What was done, by whom, when and to what, from the first event on."""
        events = CustodyEvent.objects.filter(investigation=self.investigation)
        page = page_of(events, request, key="sequence")
        return Response({"results": CustodyEventSerializer(page.rows, many=True).data, "next": page.next_url})


@extend_schema(parameters=[CODE_PARAMETER])
class CustodyVerification(InvestigationView):
    @extend_schema(
        operation_id="custody_verify",
        responses={
            200: inline_serializer(
                "CustodyVerification",
                {
                    "ok": serializers.BooleanField(),
                    "length": serializers.IntegerField(help_text="Events that hold, from the first one."),
                    "head_hash": serializers.CharField(help_text="The hash of the last of them: keep it."),
                    "first_problem": serializers.CharField(allow_null=True),
                },
            ),
            **refusals(401, 404),
        },
    )
    def get(self, request: Request, code: str) -> Response:
        """Computes the whole chain again from what is stored."""
        report = custody_verify(investigation=self.investigation)
        return Response(
            {
                "ok": report.ok,
                "length": report.length,
                "head_hash": report.head_hash,
                "first_problem": report.first_problem,
            }
        )
