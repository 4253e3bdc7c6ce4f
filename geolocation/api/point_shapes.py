"""How a verified point and a tombstone look in the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from geolocation.exports.base import PointRow
from geolocation.exports.geojson import properties
from geolocation.models import DisclosureKind, PositionRole, TombstoneReason, VerifiedPoint
from geolocation.services.feed import StoredPoint

FILTER_PARAMETERS = [
    OpenApiParameter(
        "bbox",
        str,
        description="`west,south,east,north` in degrees. West greater than east crosses the date line.",
    ),
    OpenApiParameter("investigation", str, description="Code of one investigation."),
    OpenApiParameter(
        "captured_after",
        str,
        description="A day (`2023-09-20`, in UTC) or a time with its offset. A recording known only by its "
        "day is compared by the day; one whose time is not known never fits.",
    ),
    OpenApiParameter("captured_before", str, description="As `captured_after`; the day itself is included."),
    OpenApiParameter(
        "updated_since",
        str,
        description="A time with its offset. To follow changes without missing any, use `points/changes`.",
    ),
    OpenApiParameter("q", str, description="Words in title or place, or the reference of a media item."),
    OpenApiParameter(
        "published",
        {"type": "string", "enum": ["true"]},
        description="`true`: only what everybody may read, also for a member who may read more.",
    ),
]


class PointSerializer(serializers.Serializer[Any]):
    """One verified point. Text that is not known is empty, anything else that is not known is null."""

    id = serializers.UUIDField()
    url = serializers.URLField(help_text="The page of this point, to cite.")
    investigation = serializers.CharField()
    reference = serializers.CharField(help_text="Of the geolocation.")
    media_reference = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    latitude = serializers.FloatField(help_text="WGS 84, degrees.")
    longitude = serializers.FloatField(help_text="WGS 84, degrees.")
    uncertainty_m = serializers.FloatField(help_text="Radius in metres.")
    position_role = serializers.ChoiceField(choices=PositionRole.choices)
    disclosure = serializers.ChoiceField(
        choices=[DisclosureKind.EXACT, DisclosureKind.GENERALISED],
        help_text="Where generalised, the true position lies somewhere within `uncertainty_m`.",
    )
    camera_latitude = serializers.FloatField(allow_null=True)
    camera_longitude = serializers.FloatField(allow_null=True)
    subject_latitude = serializers.FloatField(allow_null=True)
    subject_longitude = serializers.FloatField(allow_null=True)
    place_name = serializers.CharField()
    captured_from = serializers.DateTimeField(allow_null=True)
    captured_to = serializers.DateTimeField(allow_null=True)
    captured_on = serializers.DateField(allow_null=True, help_text="Where only the day is known.")
    claims = serializers.ListField(child=serializers.CharField())
    source_url = serializers.CharField()
    licence = serializers.CharField()
    attribution = serializers.CharField()
    revision = serializers.IntegerField(help_text="The revision that was approved.")
    verified_at = serializers.DateTimeField()
    verified_by = serializers.ListField(child=serializers.CharField())
    updated_at = serializers.DateTimeField()


class TombstoneSerializer(serializers.Serializer[Any]):
    """A point that left. Drop it; if it is verified again it comes back under the same id."""

    id = serializers.UUIDField(source="uid")
    investigation = serializers.CharField(source="investigation.code")
    reason = serializers.ChoiceField(choices=TombstoneReason.choices)
    explanation = serializers.CharField()
    removed_at = serializers.DateTimeField()


#: What `stored_json` reads of a point.
STORED = ("uid", "latitude", "longitude", "properties")
_ANY_POINT = UUID(int=0)


def point_urls(request: HttpRequest) -> Callable[[object], str]:
    """From the id of a point to the address of its page, made out once for all of them."""
    pattern = request.build_absolute_uri(reverse("geolocation:point", args=[_ANY_POINT]))
    before, after = pattern.split(str(_ANY_POINT))
    return lambda uid: f"{before}{uid}{after}"


def stored_json(
    point: VerifiedPoint | StoredPoint, url: Callable[[object], str], **first: str
) -> orjson.Fragment:
    """A point for a JSON page, as `point_json` makes it, around the text that the database keeps."""
    head = orjson.dumps(
        {
            **first,
            "id": str(point.uid),
            "url": url(point.uid),
            "latitude": point.latitude,
            "longitude": point.longitude,
        }
    )
    return orjson.Fragment(head[:-1] + b"," + point.properties[1:].encode())


def point_json(row: PointRow, request: HttpRequest) -> dict[str, object]:
    """A point for a JSON page: what its GeoJSON feature says, flat."""
    return {
        "id": row.id,
        "url": point_urls(request)(row.id),
        "latitude": row.latitude,
        "longitude": row.longitude,
        **properties(row),
    }
