"""The custody log of an investigation, event by event, and whether its chain holds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, InvestigationView, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.models import CustodyEvent
from evidence.sealed import emptied
from evidence.services.custody import custody_verify


class CustodyEventSerializer(serializers.ModelSerializer[CustodyEvent]):
    """One event. `hash` is the SHA-256 of `previous_hash`, a line feed and `canonical`, in UTF-8.

    A line about a proposal that the reader may not see yet is `withheld`: number and hashes alone are given.
    """

    details = serializers.DictField()
    withheld = serializers.BooleanField(source="is_withheld")
    canonical = serializers.CharField(allow_null=True)
    occurred_at = serializers.DateTimeField(allow_null=True)

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
            "withheld",
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
        events: Any = CustodyEvent.objects.filter(investigation=self.investigation)
        page = page_of(events.with_withheld(request.user), request, key="sequence")
        rows = CustodyEventSerializer(emptied(page.rows), many=True).data
        return Response({"results": rows, "next": page.next_url})


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
