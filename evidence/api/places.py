"""Places: where things are, under all their names."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, InvestigationView, checked, created, refusals, rows_named
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import NotFound
from evidence.models import Place, PlaceKind, PlaceName
from evidence.services.catalogue import Name, place_add


class PlaceNameSerializer(serializers.ModelSerializer[PlaceName]):
    """One name; the first of a place leads, those marked as shown stand beside it."""

    class Meta:
        model = PlaceName
        fields = ["name", "language", "is_shown"]
        read_only_fields = fields


class PlaceSerializer(serializers.ModelSerializer[Place]):
    """One place; `key` is what claims and media name it by."""

    names = PlaceNameSerializer(many=True)
    within = serializers.SlugRelatedField[Place](slug_field="key", read_only=True, allow_null=True)
    display_name = serializers.CharField(read_only=True)

    class Meta:
        model = Place
        fields = [
            "key",
            "display_name",
            "names",
            "kind",
            "within",
            "latitude",
            "longitude",
            "radius_m",
            "note",
            "created_at",
        ]
        read_only_fields = fields


class NewNameSerializer(serializers.Serializer[Any]):
    """A name with its language as a BCP 47 tag, empty where it is not known."""

    name = serializers.CharField(max_length=200)
    language = serializers.CharField(max_length=16, default="", allow_blank=True)
    is_shown = serializers.BooleanField(default=False)


class NewPlaceSerializer(serializers.Serializer[Any]):
    """What is known of a new place. A position is both numbers or neither."""

    names = serializers.ListField(child=NewNameSerializer(), allow_empty=False, max_length=100)
    kind = serializers.ChoiceField(choices=PlaceKind.choices, default=PlaceKind.OTHER)
    within = serializers.CharField(max_length=80, default=None, allow_null=True, help_text="Key of a place.")
    latitude = serializers.FloatField(min_value=-90, max_value=90, default=None, allow_null=True)
    longitude = serializers.FloatField(min_value=-180, max_value=180, default=None, allow_null=True)
    radius_m = serializers.FloatField(min_value=0.01, max_value=20_100_000, default=None, allow_null=True)
    note = serializers.CharField(default="", allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if (given["latitude"] is None) != (given["longitude"] is None):
            raise serializers.ValidationError(_("Give both latitude and longitude, or neither."))
        return given


@extend_schema(parameters=[CODE_PARAMETER])
class PlaceList(InvestigationView):
    known_parameters = PAGE_NAMES
    writing_needs = "evidence.write_place"

    @extend_schema(
        operation_id="places_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("PlacePage", PlaceSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The named places of an investigation."""
        page = page_of(self._places(), request)
        return Response({"results": PlaceSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="places_add",
        request=NewPlaceSerializer,
        responses={201: PlaceSerializer, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Add a place; the first name leads."""
        given = checked(NewPlaceSerializer, request)
        within = given.pop("within")
        place = place_add(
            actor=request.user,
            investigation=self.investigation,
            **{**given, "names": [Name(**name) for name in given["names"]]},
            within=rows_named(self._places(), [within], column="key", field="within")[0] if within else None,
        )
        return created(
            PlaceSerializer(place).data, reverse("api-place", args=[self.investigation.code, place.key])
        )

    def _places(self) -> Any:
        return Place.objects.filter(investigation=self.investigation).select_related("within")


@extend_schema(parameters=[CODE_PARAMETER])
class PlaceDetail(InvestigationView):
    @extend_schema(operation_id="places_read", responses={200: PlaceSerializer, **refusals(401, 404)})
    def get(self, request: Request, code: str, key: str) -> Response:
        """One place."""
        place = Place.objects.filter(investigation=self.investigation, key=key).first()
        if place is None:
            raise NotFound(_("There is no place “%(key)s” in this investigation.") % {"key": key})
        return Response(PlaceSerializer(place).data)
