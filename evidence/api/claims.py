"""Claims: what was said, what speaks for and against it, and what the team makes of it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
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
from evidence.models import Assessment, Claim, ClaimEvidence, Credibility, MediaItem, Place, Relation, Source
from evidence.services.claims import ClaimDetails, claim_assess, claim_evidence_link, claim_log


class EvidenceSerializer(serializers.ModelSerializer[ClaimEvidence]):
    """One media item that speaks to the claim."""

    media = serializers.SlugRelatedField[MediaItem](
        source="media_item", slug_field="reference", read_only=True
    )

    class Meta:
        model = ClaimEvidence
        fields = ["media", "relation", "note", "created_at"]
        read_only_fields = fields


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """One claim. Dates are days; what is not known is null."""

    claimant = serializers.SlugRelatedField[Source](slug_field="key", read_only=True)
    via = serializers.SlugRelatedField[Source](slug_field="key", read_only=True, allow_null=True)
    places = serializers.SlugRelatedField[Place](slug_field="key", many=True, read_only=True)
    contradicts = serializers.SlugRelatedField[Claim](slug_field="reference", many=True, read_only=True)
    figures = serializers.DictField()
    assessed_by = serializers.StringRelatedField[Any](allow_null=True)
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Claim
        fields = [
            "reference",
            "statement",
            "claimant",
            "via",
            "made_on",
            "about_from",
            "about_to",
            "places",
            "figures",
            "credibility",
            "contradicts",
            "note",
            "assessment",
            "assessment_reason",
            "assessed_by",
            "assessed_at",
            "evidence",
            "created_at",
        ]
        read_only_fields = fields


class NewClaimSerializer(serializers.Serializer[Any]):
    """A statement in neutral words. Sources and places are named by their keys, claims by references."""

    statement = serializers.CharField()
    claimant = serializers.CharField(max_length=80, help_text="Key of a source.")
    via = serializers.CharField(max_length=80, default=None, allow_null=True, help_text="Key of a source.")
    made_on = serializers.DateField(default=None, allow_null=True)
    about_from = serializers.DateField(default=None, allow_null=True)
    about_to = serializers.DateField(default=None, allow_null=True)
    places = serializers.ListField(child=serializers.CharField(max_length=80), default=list, max_length=500)
    contradicts = serializers.ListField(
        child=serializers.CharField(max_length=16), default=list, max_length=500
    )
    figures = serializers.DictField(default=dict)
    credibility = serializers.ChoiceField(choices=Credibility.choices, default=Credibility.UNKNOWN)
    note = serializers.CharField(default="", allow_blank=True)


class AssessmentSerializer(serializers.Serializer[Any]):
    """What the evidence makes of the claim, and why."""

    assessment = serializers.ChoiceField(choices=Assessment.choices)
    reason = serializers.CharField(default="", allow_blank=True)


class NewEvidenceSerializer(serializers.Serializer[Any]):
    """How a media item speaks to the claim."""

    media = serializers.CharField(max_length=16, help_text="Reference of a media item.")
    relation = serializers.ChoiceField(choices=Relation.choices)
    note = serializers.CharField(default="", allow_blank=True)


class ClaimView(InvestigationView):
    """What the resources of claims share."""

    def claims(self) -> Any:
        return (
            Claim.objects.filter(investigation=self.investigation)
            .select_related("claimant", "via", "assessed_by")
            .prefetch_related("places", "contradicts", "evidence__media_item")
        )

    def answer(self, claim: Claim) -> dict[str, Any]:
        return ClaimSerializer(self.claims().get(pk=claim.pk)).data


@extend_schema(parameters=[CODE_PARAMETER])
class ClaimList(ClaimView):
    known_parameters = PAGE_NAMES
    writing_needs = "evidence.write_claim"

    @extend_schema(
        operation_id="claims_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("ClaimPage", ClaimSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The claims of an investigation."""
        page = page_of(self.claims(), request)
        return Response({"results": ClaimSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="claims_log",
        request=NewClaimSerializer,
        responses={201: ClaimSerializer, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Log a claim; it is unverified until somebody assesses it."""
        given = checked(NewClaimSerializer, request)
        sources = Source.objects.filter(investigation=self.investigation)
        for field in ("claimant", "via"):
            if given[field] is not None:
                given[field] = rows_named(sources, [given[field]], column="key", field=field)[0]
        claim = claim_log(
            actor=request.user,
            investigation=self.investigation,
            details=ClaimDetails(**{field.name: given[field.name] for field in fields(ClaimDetails)}),
            places=rows_named(
                Place.objects.filter(investigation=self.investigation),
                given["places"],
                column="key",
                field="places",
            ),
            contradicts=rows_named(
                Claim.objects.filter(investigation=self.investigation),
                given["contradicts"],
                column="reference",
                field="contradicts",
            ),
        )
        return created(
            self.answer(claim), reverse("api-claim", args=[self.investigation.code, claim.reference])
        )


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ClaimDetail(ClaimView):
    @extend_schema(operation_id="claims_read", responses={200: ClaimSerializer, **refusals(401, 404)})
    def get(self, request: Request, code: str, reference: str) -> Response:
        """One claim with the media that speak to it."""
        return Response(ClaimSerializer(row_for(self.claims(), reference=reference)).data)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ClaimAssessment(ClaimView):
    writing_needs = "evidence.assess_claim"

    @extend_schema(
        operation_id="claims_assess",
        request=AssessmentSerializer,
        responses={200: ClaimSerializer, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Set the assessment; anything but `unverified` needs a reason."""
        claim = row_for(self.claims(), reference=reference)
        claim_assess(actor=request.user, claim=claim, **checked(AssessmentSerializer, request))
        return Response(self.answer(claim))


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ClaimEvidenceList(ClaimView):
    writing_needs = "evidence.write_claim"

    @extend_schema(
        operation_id="claims_link_evidence",
        request=NewEvidenceSerializer,
        responses={200: ClaimSerializer, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Tie a media item to the claim, or change how it is tied."""
        claim = row_for(self.claims(), reference=reference)
        given = checked(NewEvidenceSerializer, request)
        items = MediaItem.objects.filter(investigation=self.investigation)
        item = rows_named(items, [given.pop("media")], column="reference", field="media")[0]
        claim_evidence_link(actor=request.user, claim=claim, media_item=item, **given)
        return Response(self.answer(claim))
