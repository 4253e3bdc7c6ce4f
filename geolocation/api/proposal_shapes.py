"""What a proposal takes: positions as numbers or as text in any usual notation, times with their offset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from geolocation.api.landmark_shapes import LandmarkPartSerializer, corners_from, landmarks_from
from geolocation.api.strict import StrictSerializer, TextRefused
from geolocation.coordinates.outcome import Refused
from geolocation.coordinates.parse import LONGEST_TEXT, Nearby, parse_position
from geolocation.coordinates.position import Position
from geolocation.forms.points import moment_understand
from geolocation.models import DisclosureKind, LightSeen, Method
from geolocation.services.geolocations import Captured, Placed, Proposal, ShadowSeen


class PlacedSerializer(StrictSerializer):
    """Either `latitude` and `longitude`, or `text`: never both, so that neither can contradict the other."""

    latitude = serializers.FloatField(required=False, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    text = serializers.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Decimal, DMS, UTM, MGRS, plus code, geo: link or a map link. Refused if ambiguous.",
    )
    uncertainty_m = serializers.FloatField(help_text="Radius in metres, more than 0.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        numbers = {"latitude", "longitude"} & given.keys()
        if ("text" in given) == bool(numbers) or len(numbers) == 1:
            raise serializers.ValidationError(_("Give latitude and longitude, or text, not both."))
        return given


class MomentField(serializers.DateTimeField):
    """A time with its offset, kept in that offset; one without is refused, never taken for UTC."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment_understand(value if isinstance(value, str) else "")
            return datetime.fromisoformat(value.strip().upper())
        except (ValidationError, ValueError, AttributeError) as error:
            sentences = getattr(error, "messages", None)
            raise serializers.ValidationError(
                sentences or _("Write a time with its offset, as 2023-09-20T14:00:00+04:00.")
            ) from error


class CapturedSerializer(StrictSerializer):
    """A day alone (`on`), or the earliest and latest moment with their offsets (`start`, `end`)."""

    on = serializers.DateField(default=None, allow_null=True)
    start = MomentField(default=None, allow_null=True)
    end = MomentField(default=None, allow_null=True)
    basis = serializers.CharField(default="", allow_blank=True, max_length=200)


class ShadowSerializer(StrictSerializer):
    """A shadow on level ground; each measure comes with its error (one standard deviation)."""

    azimuth_deg = serializers.FloatField(
        default=None, allow_null=True, help_text="Where it points, from true north."
    )
    azimuth_error_deg = serializers.FloatField(default=None, allow_null=True)
    length_ratio = serializers.FloatField(
        default=None, allow_null=True, help_text="Its length by the height of what casts it."
    )
    length_ratio_error = serializers.FloatField(default=None, allow_null=True)


class ProposalSerializer(LandmarkPartSerializer):
    """What one revision says."""

    camera = PlacedSerializer(required=False, allow_null=True)
    subject = PlacedSerializer(required=False, allow_null=True)
    bearing_deg = serializers.FloatField(default=None, allow_null=True)
    field_of_view_deg = serializers.FloatField(default=None, allow_null=True)
    captured = CapturedSerializer(required=False, allow_null=True)
    light_seen = serializers.ChoiceField(
        choices=LightSeen.choices, default="", allow_blank=True, help_text="What light the media show."
    )
    shadow = ShadowSerializer(required=False, allow_null=True)
    method = serializers.ChoiceField(choices=Method.choices)
    reasoning = serializers.CharField()
    references = serializers.CharField(default="", allow_blank=True)
    submit = serializers.BooleanField(default=False, help_text="Hand it to the reviewers at once.")


class NewGeolocationSerializer(ProposalSerializer):
    """A first revision, and the recording it is about."""

    media = serializers.CharField(max_length=16, help_text="Reference of a media item.")


class NewRevisionSerializer(ProposalSerializer):
    """A further revision, and the number of the one it was written against."""

    based_on = serializers.IntegerField(min_value=1, max_value=2_147_483_647)


class DecisionSerializer(StrictSerializer):
    """One decision on exactly the revision that was looked at."""

    revision = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    decision = serializers.CharField(max_length=16, help_text="approve, request_changes or reject.")
    checklist = serializers.DictField(
        child=serializers.CharField(max_length=16, allow_blank=True),
        default=dict,
        help_text="Answer by the key of each item: yes, no or not_applicable.",
    )
    reason = serializers.CharField(default="", allow_blank=True)


class DisclosureSerializer(StrictSerializer):
    """What is given out of a position, and why."""

    kind = serializers.ChoiceField(choices=DisclosureKind.choices)
    radius_m = serializers.FloatField(
        allow_null=True, default=None, help_text="Metres; for `generalised` alone."
    )
    reason = serializers.CharField(help_text="For members of the investigation.")


class ReasonSerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField(default="", allow_blank=True)


def proposal_from(given: dict[str, Any], near: Nearby) -> Proposal:
    """The validated body as the services take it. Raises TextRefused for a text that is not a position."""
    return Proposal(
        camera=_placed(given.get("camera"), "camera", near),
        subject=_placed(given.get("subject"), "subject", near),
        subject_area=corners_from(given),
        landmarks=landmarks_from(given, near),
        bearing_deg=given["bearing_deg"],
        field_of_view_deg=given["field_of_view_deg"],
        captured=_captured(given.get("captured")),
        light_seen=given["light_seen"],
        shadow=ShadowSeen(**(given.get("shadow") or {})),
        method=given["method"],
        reasoning=given["reasoning"],
        references=given["references"],
    )


def _placed(given: dict[str, Any] | None, role: str, near: Nearby) -> Placed | None:
    if given is None:
        return None
    if "text" not in given:
        position = Position(given["latitude"], given["longitude"])
        return Placed(position=position, uncertainty_m=given["uncertainty_m"])
    parsed = parse_position(given["text"], near=near)
    if isinstance(parsed, Refused):
        raise TextRefused(parsed, field=f"{role}.text")
    return Placed(position=parsed.position, uncertainty_m=given["uncertainty_m"], as_typed=given["text"])


def _captured(given: dict[str, Any] | None) -> Captured:
    if given is None:
        return Captured()
    start, end = given["start"], given["end"]
    offset = start.utcoffset() if start else None
    return Captured(
        on=given["on"],
        start=start,
        end=end,
        offset_min=int(offset.total_seconds() // 60) if offset is not None else None,
        basis=given["basis"],
    )
