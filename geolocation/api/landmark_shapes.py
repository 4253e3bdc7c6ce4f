"""Landmarks and the subject's area in the API: what a proposal takes, and how a revision shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from geolocation.api.strict import StrictSerializer, TextRefused
from geolocation.coordinates.outcome import Refused
from geolocation.coordinates.parse import LONGEST_TEXT, Nearby, parse_position
from geolocation.coordinates.position import Position
from geolocation.models import GeolocationRevision, Landmark
from geolocation.resection.problem import GROUND_UNCERTAINTY_M, PICKING_SIGMA_PX
from geolocation.services.landmarks import MOST_CORNERS, MOST_LANDMARKS, LandmarkGiven, Landmarks


class LandmarkSerializer(StrictSerializer):
    """One feature: its pixel in the picture, its place on the ground; or an excluded candidate and why."""

    label = serializers.CharField(max_length=80)  # type: ignore[assignment]  # as DRF names its own
    x_px = serializers.FloatField(default=None, allow_null=True, help_text="From the left edge.")
    y_px = serializers.FloatField(default=None, allow_null=True, help_text="From the upper edge.")
    frame_time_s = serializers.FloatField(default=None, allow_null=True, help_text="Of a video's frame.")
    latitude = serializers.FloatField(required=False, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    text = serializers.CharField(
        required=False, max_length=LONGEST_TEXT, help_text="The place in any notation, instead of numbers."
    )
    uncertainty_m = serializers.FloatField(default=GROUND_UNCERTAINTY_M, help_text="Radius in metres.")
    height_m = serializers.FloatField(default=None, allow_null=True, help_text="Above sea level.")
    is_excluded = serializers.BooleanField(default=False)
    note = serializers.CharField(default="", allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        numbers = {"latitude", "longitude"} & given.keys()
        if ("text" in given) == bool(numbers) or len(numbers) == 1:
            raise serializers.ValidationError(_("Give latitude and longitude, or text, not both."))
        return given


class PictureSerializer(StrictSerializer):
    """The picture that pixels count in, and what is known of its lens. Unknown: it is solved."""

    width_px = serializers.IntegerField(min_value=2, max_value=1_000_000)
    height_px = serializers.IntegerField(min_value=2, max_value=1_000_000)
    lens_field_of_view_deg = serializers.FloatField(default=None, allow_null=True)
    pixel_sigma_px = serializers.FloatField(default=PICKING_SIGMA_PX, help_text="Error of a mark.")


class CornerSerializer(StrictSerializer):
    """One corner of an area."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)


class LandmarkPartSerializer(StrictSerializer):
    """The part of a proposal that speaks of landmarks and of the subject's area."""

    landmarks = serializers.ListField(child=LandmarkSerializer(), required=False, max_length=MOST_LANDMARKS)
    picture = PictureSerializer(required=False, allow_null=True)
    subject_area = serializers.ListField(
        child=CornerSerializer(),
        required=False,
        max_length=MOST_CORNERS,
        help_text="Corners in order, not closed.",
    )


class LandmarkOutSerializer(serializers.ModelSerializer[Landmark]):
    """One landmark as it is kept."""

    class Meta:
        model = Landmark
        fields = [
            "number",
            "label",
            "x_px",
            "y_px",
            "frame_time_s",
            "latitude",
            "longitude",
            "uncertainty_m",
            "height_m",
            "as_typed",
            "is_excluded",
            "note",
        ]
        read_only_fields = fields


def landmarks_from(given: dict[str, Any], near: Nearby) -> Landmarks:
    """The validated body as the services take it. Raises TextRefused for a text that is not a position."""
    picture = given.get("picture") or {}
    return Landmarks(
        given=tuple(_landmark(each, at, near) for at, each in enumerate(given.get("landmarks") or [])),
        width_px=picture.get("width_px"),
        height_px=picture.get("height_px"),
        lens_field_of_view_deg=picture.get("lens_field_of_view_deg"),
        pixel_sigma_px=picture.get("pixel_sigma_px", PICKING_SIGMA_PX),
    )


def corners_from(given: dict[str, Any]) -> tuple[Position, ...]:
    """The corners of the subject's area."""
    return tuple(Position(**corner) for corner in given.get("subject_area") or [])


def corners_out(revision: GeolocationRevision) -> list[dict[str, float]] | None:
    """The corners of a stored area, not closed; None if there is none."""
    corners = revision.area_corners()
    return [{"latitude": each.latitude, "longitude": each.longitude} for each in corners] or None


def _landmark(given: dict[str, Any], at: int, near: Nearby) -> LandmarkGiven:
    values = {name: value for name, value in given.items() if name not in {"latitude", "longitude", "text"}}
    if "text" not in given:
        return LandmarkGiven(**values, position=Position(given["latitude"], given["longitude"]))
    parsed = parse_position(given["text"], near=near)
    if isinstance(parsed, Refused):
        raise TextRefused(parsed, field=f"landmarks.{at}.text")
    return LandmarkGiven(**values, position=parsed.position, as_typed=given["text"])
