"""Recordings that look alike: the pairs, and what people decide on them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import (
    CODE_PARAMETER,
    REFERENCE_PARAMETER,
    InvestigationView,
    checked,
    refusals,
    row_for,
)
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import InvalidInput, NotFound
from evidence.models import LikenessKind, LikenessState, MediaItem, MediaLikeness
from evidence.services.likeness import likeness_decide

STATE_PARAMETER = OpenApiParameter(
    "state", str, enum=LikenessState.values, description="Only pairs in this state."
)
OTHER_PARAMETER = OpenApiParameter(
    "other", str, OpenApiParameter.PATH, description="The reference of the other media item."
)


class StretchSerializer(serializers.Serializer[Any]):
    """Seconds after the start of a video."""

    from_s = serializers.FloatField()
    to_s = serializers.FloatField()


class LikenessSerializer(serializers.ModelSerializer[MediaLikeness]):
    """Two media items that look alike. A stretch is null for a picture and for a whole recording."""

    a = serializers.SlugRelatedField[MediaItem](source="item_a", slug_field="reference", read_only=True)
    b = serializers.SlugRelatedField[MediaItem](source="item_b", slug_field="reference", read_only=True)
    kind = serializers.ChoiceField(choices=LikenessKind.choices)
    state = serializers.ChoiceField(choices=LikenessState.choices)
    score = serializers.FloatField(help_text="From 0 to 1; 1 is the same.")
    a_stretch = serializers.SerializerMethodField()
    b_stretch = serializers.SerializerMethodField()
    evidence = serializers.DictField(
        help_text="What was compared: distances in bits, keyframes, shift in time."
    )
    decided_by = serializers.StringRelatedField[Any](allow_null=True)

    class Meta:
        model = MediaLikeness
        fields = [
            "a",
            "b",
            "kind",
            "score",
            "a_stretch",
            "b_stretch",
            "evidence",
            "state",
            "reason",
            "decided_by",
            "decided_at",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(StretchSerializer(allow_null=True))
    def get_a_stretch(self, pair: MediaLikeness) -> dict[str, float] | None:
        return _stretch(pair.a_from_s, pair.a_to_s)

    @extend_schema_field(StretchSerializer(allow_null=True))
    def get_b_stretch(self, pair: MediaLikeness) -> dict[str, float] | None:
        return _stretch(pair.b_from_s, pair.b_to_s)


class LikenessDecisionSerializer(serializers.Serializer[Any]):
    """Whether the two show the same recording; dismissing needs a reason."""

    decision = serializers.ChoiceField(
        choices=[(value, value) for value in (LikenessState.CONFIRMED.value, LikenessState.DISMISSED.value)]
    )
    reason = serializers.CharField(default="", allow_blank=True, max_length=2000)
    seen = serializers.ChoiceField(
        choices=LikenessState.choices,
        default=None,
        allow_null=True,
        help_text="The state that was seen; if it is another by now, nothing is saved.",
    )


@extend_schema(parameters=[CODE_PARAMETER])
class LikenessList(InvestigationView):
    known_parameters = (*PAGE_NAMES, "state")

    @extend_schema(
        operation_id="likeness_list",
        parameters=[STATE_PARAMETER, *PAGE_PARAMETERS],
        responses={200: paged("LikenessPage", LikenessSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """Pairs of media items that look alike, in every state unless one is asked for."""
        rows = MediaLikeness.objects.filter(investigation=self.investigation).with_both()
        state = request.query_params.get("state")
        if state is not None:
            if state not in LikenessState.values:
                raise InvalidInput(
                    _("A state is one of: %(known)s.") % {"known": ", ".join(LikenessState.values)},
                    field="state",
                )
            rows = rows.filter(state=state)
        page = page_of(rows, request)
        return Response({"results": LikenessSerializer(page.rows, many=True).data, "next": page.next_url})


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER, OTHER_PARAMETER])
class LikenessDecision(InvestigationView):
    writing_needs = "evidence.decide_likeness"

    @extend_schema(
        operation_id="likeness_decide",
        request=LikenessDecisionSerializer,
        responses={200: LikenessSerializer, **refusals(400, 401, 403, 404, 409)},
    )
    def post(self, request: Request, code: str, reference: str, other: str) -> Response:
        """Confirm that two items show the same recording, or dismiss it."""
        items = MediaItem.objects.filter(investigation=self.investigation)
        one, two = row_for(items, reference=reference), row_for(items, reference=other)
        pairs = (
            MediaLikeness.objects.of_item(one).of_item(two) if one != two else MediaLikeness.objects.none()
        )
        pair = pairs.with_both().first()
        if pair is None:
            raise NotFound(_("These two were not found to look alike."))
        decided = likeness_decide(
            actor=request.user, likeness=pair, **checked(LikenessDecisionSerializer, request)
        )
        return Response(LikenessSerializer(decided).data)


def _stretch(from_s: float | None, to_s: float | None) -> dict[str, float] | None:
    return None if from_s is None or to_s is None else {"from_s": from_s, "to_s": to_s}
