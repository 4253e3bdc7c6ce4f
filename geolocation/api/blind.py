"""Blind second looks: what wants one, one round, and what an editor decides in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, REFERENCE_PARAMETER, InvestigationView, checked, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import NotFound
from evidence.models import MediaItem
from geolocation.models import BlindEntry, BlindRound, Geolocation, RoundState
from geolocation.services.blind_decisions import RoundDecision, round_resolve


class SecondLookSerializer(serializers.ModelSerializer[BlindRound]):
    """A recording that wants a blind second look. Nothing else of its round is given."""

    media = serializers.SlugRelatedField[MediaItem](
        source="media_item", slug_field="reference", read_only=True
    )
    title = serializers.CharField(source="media_item.title")

    class Meta:
        model = BlindRound
        fields = ["media", "title"]
        read_only_fields = fields


class BlindEntrySerializer(serializers.ModelSerializer[BlindEntry]):
    """One proposal in a round."""

    geolocation = serializers.SlugRelatedField[Geolocation](slug_field="reference", read_only=True)
    revision = serializers.IntegerField(source="revision.number")
    author = serializers.StringRelatedField[Any]()

    class Meta:
        model = BlindEntry
        fields = ["geolocation", "revision", "author", "is_withdrawn", "placed_at"]
        read_only_fields = fields


class ComparedRoleSerializer(serializers.Serializer[Any]):
    """One role of two proposals; `agrees` is null where only one of them places it, or neither does."""

    role = serializers.CharField()
    distance_m = serializers.FloatField(allow_null=True)
    allowed_m = serializers.FloatField(allow_null=True)
    agrees = serializers.BooleanField(allow_null=True)
    sentence = serializers.CharField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """Two proposals of a round measured against each other."""

    first = serializers.CharField()
    second = serializers.CharField()
    outcome = serializers.CharField(help_text="agree, apart or not_comparable")
    parts = ComparedRoleSerializer(many=True)


class BlindRoundSerializer(serializers.ModelSerializer[BlindRound]):
    """One round, for whoever may see all that was placed in it."""

    media = serializers.SlugRelatedField[MediaItem](
        source="media_item", slug_field="reference", read_only=True
    )
    entries = BlindEntrySerializer(many=True)
    comparisons = ComparisonSerializer(many=True)
    chosen = serializers.SlugRelatedField[Geolocation](slug_field="reference", read_only=True)
    resolved_by = serializers.StringRelatedField[Any]()

    class Meta:
        model = BlindRound
        fields = [
            "media",
            "state",
            "cause",
            "wanted",
            "entries",
            "comparisons",
            "chosen",
            "resolved_by",
            "reason",
            "opened_at",
            "closed_at",
        ]
        read_only_fields = fields


class RoundDecisionSerializer(serializers.Serializer[Any]):
    """What an editor decides. `geolocation` names the one that goes to review."""

    decision = serializers.ChoiceField(choices=[each.value for each in RoundDecision])
    geolocation = serializers.CharField(required=False, allow_blank=True, max_length=16)
    reason = serializers.CharField(max_length=10_000)


class BlindView(InvestigationView):
    """What the two resources of a round share."""

    def round(self, request: Request, reference: str) -> BlindRound:
        """The newest round of the item that the reader may see; else NotFound."""
        found: BlindRound | None = (
            BlindRound.objects.visible_to(request.user)
            .filter(investigation=self.investigation, media_item__reference__iexact=reference)
            .select_related("investigation", "media_item", "resolved_by", "chosen")
            .order_by("-pk")
            .first()
        )
        if found is None:
            raise NotFound(_("There is no such round, or it is not yours to see."))
        return found


@extend_schema(parameters=[CODE_PARAMETER])
class SecondLookList(InvestigationView):
    known_parameters = PAGE_NAMES

    @extend_schema(
        operation_id="second_looks_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("SecondLookPage", SecondLookSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The recordings that want a blind second look."""
        rounds = BlindRound.objects.filter(investigation=self.investigation, state=RoundState.OPEN)
        page = page_of(rounds.select_related("media_item"), request)
        return Response({"results": SecondLookSerializer(page.rows, many=True).data, "next": page.next_url})


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class BlindRoundDetail(BlindView):
    @extend_schema(
        operation_id="blind_rounds_read",
        responses={200: BlindRoundSerializer, **refusals(401, 404)},
    )
    def get(self, request: Request, code: str, reference: str) -> Response:
        """The newest round of one media item; 404 for whoever may not see all that was placed in it."""
        return Response(BlindRoundSerializer(self.round(request, reference)).data)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class BlindRoundResolution(BlindView):
    writing_needs = "geolocation.resolve_round"

    @extend_schema(
        operation_id="blind_rounds_resolve",
        request=RoundDecisionSerializer,
        responses={200: BlindRoundSerializer, **refusals(400, 401, 403, 404, 409)},
    )
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Send one proposal to review, ask for a third look, or reject them all; editors, with a reason."""
        placed = self.round(request, reference)
        given = checked(RoundDecisionSerializer, request)
        resolved = round_resolve(actor=request.user, placed=placed, **given)
        return Response(BlindRoundSerializer(resolved).data)
