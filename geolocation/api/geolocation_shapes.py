"""How a geolocation looks in the API, with its revisions, checks and reviews."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.models import MediaItem
from geolocation.api.landmark_shapes import CornerSerializer, LandmarkOutSerializer, corners_out
from geolocation.models import CheckRun, DisclosureKind, Geolocation, GeolocationRevision, Review
from geolocation.services.disclosed import disclosure_of


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """One decision by one person on one revision."""

    revision = serializers.IntegerField(source="revision.number")
    reviewer = serializers.StringRelatedField[Any]()
    checklist = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Review
        fields = ["revision", "reviewer", "decision", "checklist", "reason", "created_at"]
        read_only_fields = fields


class CheckSerializer(serializers.ModelSerializer[CheckRun]):
    """The newest run of one check. It advises; it never approves."""

    inputs = serializers.DictField()

    class Meta:
        model = CheckRun
        fields = [
            "key",
            "version",
            "verdict",
            "measured_value",
            "unit",
            "threshold",
            "sentence",
            "inputs",
            "ran_at",
        ]
        read_only_fields = fields


class PlacedOutSerializer(serializers.Serializer[Any]):
    """A position in WGS 84 degrees, its radius of uncertainty, and the text as somebody typed it."""

    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    uncertainty_m = serializers.FloatField()
    as_typed = serializers.CharField()


class RevisionSerializer(serializers.ModelSerializer[GeolocationRevision]):
    """One immutable wording. A capture known only by its day is `captured_on`, never a time."""

    author = serializers.StringRelatedField[Any]()
    camera = serializers.SerializerMethodField()
    subject = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField()
    reviews = ReviewSerializer(many=True)
    landmarks = LandmarkOutSerializer(many=True)
    subject_area = serializers.SerializerMethodField()
    # What was solved from the landmarks, with inputs and version; never taken over by itself.
    resection = serializers.DictField(allow_null=True)

    class Meta:
        model = GeolocationRevision
        fields = [
            "number",
            "author",
            "camera",
            "subject",
            "bearing_deg",
            "field_of_view_deg",
            "subject_area",
            "landmarks",
            "picture_width_px",
            "picture_height_px",
            "resection",
            "captured_on",
            "captured_from",
            "captured_to",
            "captured_offset_min",
            "captured_basis",
            "light_seen",
            "shadow_azimuth_deg",
            "shadow_azimuth_error_deg",
            "shadow_length_ratio",
            "shadow_length_ratio_error",
            "shadow_marks",
            "method",
            "reasoning",
            "references",
            "created_at",
            "checks",
            "reviews",
        ]
        read_only_fields = fields

    @extend_schema_field(PlacedOutSerializer(allow_null=True))
    def get_camera(self, revision: GeolocationRevision) -> dict[str, Any] | None:
        return _placed(revision, "camera")

    @extend_schema_field(PlacedOutSerializer(allow_null=True))
    def get_subject(self, revision: GeolocationRevision) -> dict[str, Any] | None:
        return _placed(revision, "subject")

    @extend_schema_field(CornerSerializer(many=True, allow_null=True))
    def get_subject_area(self, revision: GeolocationRevision) -> list[dict[str, float]] | None:
        return corners_out(revision)

    @extend_schema_field(CheckSerializer(many=True))
    def get_checks(self, revision: GeolocationRevision) -> list[dict[str, Any]]:
        newest = {run.key: run for run in sorted(revision.check_runs.all(), key=lambda run: run.pk)}
        return list(CheckSerializer(list(newest.values()), many=True).data)


class GeolocationSerializer(serializers.ModelSerializer[Geolocation]):
    """One geolocation in a list."""

    media = serializers.SlugRelatedField[MediaItem](
        source="media_item", slug_field="reference", read_only=True
    )
    author = serializers.StringRelatedField[Any]()
    current_revision = serializers.IntegerField(source="current_revision.number", default=None)

    class Meta:
        model = Geolocation
        fields = [
            "reference",
            "uid",
            "media",
            "author",
            "state",
            "state_reason",
            "current_revision",
            "submitted_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class GeolocationDetailSerializer(GeolocationSerializer):
    """One geolocation with all its revisions, newest first."""

    revisions = RevisionSerializer(many=True)
    disclosure = serializers.SerializerMethodField(
        help_text="What is given out: `exact`, `generalised` or `withheld`; `radius_m` in metres."
    )

    class Meta(GeolocationSerializer.Meta):
        fields = [*GeolocationSerializer.Meta.fields, "disclosure", "revisions"]
        read_only_fields = fields

    def get_disclosure(self, geolocation: Geolocation) -> dict[str, str | float | None]:
        decided = disclosure_of(geolocation)
        if decided is None:
            return {"kind": DisclosureKind.EXACT.value, "radius_m": None}
        return {"kind": decided.kind, "radius_m": decided.radius_m}


def _placed(revision: GeolocationRevision, role: str) -> dict[str, Any] | None:
    if getattr(revision, f"{role}_latitude") is None:
        return None
    return {
        name: getattr(revision, f"{role}_{name}")
        for name in ("latitude", "longitude", "uncertainty_m", "as_typed")
    }
