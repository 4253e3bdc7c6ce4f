"""Geolocation: a proposal about one media item; GeolocationRevision: one immutable wording of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from math import isclose

from django.conf import settings
from django.contrib.gis.db.models import PolygonField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import Investigation, MediaItem
from evidence.models.checks_at_once import ChecksAtOnce
from evidence.models.positions import generated_point, known_values, position_constraints
from geolocation.coordinates.position import Position
from geolocation.geodesy import covering_circle
from geolocation.querysets import GeolocationQuerySet
from geolocation.review.states import State

STATE_CHOICES = [
    (State.DRAFT.value, _("Draft")),
    (State.AWAITING_SECOND.value, _("Blind second look")),
    (State.IN_REVIEW.value, _("In review")),
    (State.CHANGES_REQUESTED.value, _("Changes requested")),
    (State.VERIFIED.value, _("Verified")),
    (State.REJECTED.value, _("Rejected")),
    (State.WITHDRAWN.value, _("Withdrawn")),
    (State.RETRACTED.value, _("Retracted")),
    (State.SUPPORTING.value, _("Supports another")),
]
# A sealed proposal is in one of these. Whatever reads the other states alone cannot leak one.
SEALABLE = [
    State.DRAFT.value,
    State.AWAITING_SECOND.value,
    State.WITHDRAWN.value,
]


class Method(models.TextChoices):
    """How the position was found."""

    LANDMARKS = "landmarks", _("Landmarks matched with imagery or a map")
    FILE_POSITION = "file_position", _("Position in the file, confirmed by what is seen")
    KNOWN_PLACE = "known_place", _("Place recognised by name or sign")
    TERRAIN = "terrain", _("Terrain or skyline matched")
    PUBLISHED = "published", _("Published by others, taken over as stated")
    OTHER = "other", _("Other, described in the reasoning")


class LightSeen(models.TextChoices):
    """What light the media show, as the person sees it."""

    DAY = "day", _("Day")
    TWILIGHT = "twilight", _("Twilight")
    NIGHT = "night", _("Night")


class Geolocation(models.Model):
    """A proposal about one media item. Its content lives in revisions; this row holds where it stands."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="geolocations")
    media_item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="geolocations")
    reference = models.CharField(max_length=16)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="geolocations"
    )
    state = models.CharField(_("state"), max_length=20, choices=STATE_CHOICES, default=State.DRAFT.value)
    state_reason = models.TextField(blank=True)
    current_revision = models.ForeignKey(
        "geolocation.GeolocationRevision", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The revision of a confirmed copy's geolocation that this began with.
    taken_over_from = models.ForeignKey(
        "geolocation.GeolocationRevision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_over",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    checks_requested_at = models.DateTimeField(null=True, blank=True)
    checks_done_at = models.DateTimeField(null=True, blank=True)
    is_sealed = models.BooleanField(
        default=False, help_text=_("Only its author, editors and who placed the item too may see it.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = GeolocationQuerySet.as_manager()

    class Meta:
        ordering = ["investigation", "reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["investigation", "reference"], name="geolocation_reference_unique"
            ),
            known_values("geolocation", "state", [value for value, _label in STATE_CHOICES]),
            models.CheckConstraint(
                condition=models.Q(is_sealed=False) | models.Q(state__in=SEALABLE),
                name="geolocation_sealed_before_review",
            ),
        ]
        indexes = [
            # The last reference is found at once; see evidence.services.references.
            models.Index(
                models.F("investigation"),
                Length("reference").desc(),
                models.F("reference").desc(),
                name="geolocation_reference_last",
            ),
            models.Index(
                fields=["investigation", "submitted_at"],
                condition=models.Q(state=State.IN_REVIEW.value),
                name="geolocation_queue",
            ),
            models.Index(
                fields=["investigation", "reference"],
                condition=models.Q(is_sealed=True),
                name="geolocation_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} of {self.media_item.reference}"


class GeolocationRevision(ChecksAtOnce):
    """One immutable wording: positions as numbers and as typed, uncertainty, time, method, reasoning."""

    geolocation = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    camera_latitude = models.FloatField(null=True, blank=True)
    camera_longitude = models.FloatField(null=True, blank=True)
    camera_position = generated_point("camera_")
    camera_uncertainty_m = models.FloatField(null=True, blank=True)
    camera_as_typed = models.CharField(max_length=2000, blank=True)

    subject_latitude = models.FloatField(null=True, blank=True)
    subject_longitude = models.FloatField(null=True, blank=True)
    subject_position = generated_point("subject_")
    subject_uncertainty_m = models.FloatField(null=True, blank=True)
    subject_as_typed = models.CharField(max_length=2000, blank=True)
    subject_area = PolygonField(geography=True, null=True, blank=True)

    bearing_deg = models.FloatField(null=True, blank=True)
    field_of_view_deg = models.FloatField(null=True, blank=True)

    # Of the original that the landmarks' pixels count in; and what was solved from them, with its inputs.
    picture_width_px = models.PositiveIntegerField(null=True, blank=True)
    picture_height_px = models.PositiveIntegerField(null=True, blank=True)
    landmark_count = models.PositiveSmallIntegerField(db_default=0, default=0)
    resection = models.JSONField(null=True, blank=True)

    captured_on = models.DateField(null=True, blank=True)
    captured_from = models.DateTimeField(null=True, blank=True)
    captured_to = models.DateTimeField(null=True, blank=True)
    captured_offset_min = models.SmallIntegerField(null=True, blank=True)
    captured_basis = models.CharField(max_length=200, blank=True)

    # What the person sees in the media: the light, and a shadow on level ground with its errors (one sigma).
    light_seen = models.CharField(
        max_length=8, choices=LightSeen.choices, blank=True, default="", db_default=""
    )
    shadow_azimuth_deg = models.FloatField(null=True, blank=True)
    shadow_azimuth_error_deg = models.FloatField(null=True, blank=True)
    shadow_length_ratio = models.FloatField(null=True, blank=True)
    shadow_length_ratio_error = models.FloatField(null=True, blank=True)
    # Where in the picture the shadow was measured, with what was assumed of the camera.
    shadow_marks = models.JSONField(null=True, blank=True)

    method = models.CharField(_("method"), max_length=16, choices=Method.choices)
    reasoning = models.TextField(_("reasoning"))
    references = models.TextField(_("references"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["geolocation", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["geolocation", "number"], name="revision_number_unique"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_number_from_one"),
            known_values("revision", "method", Method.values),
            *position_constraints("revision", "camera_"),
            *position_constraints("revision", "subject_"),
            models.CheckConstraint(
                condition=models.Q(camera_latitude__isnull=False) | models.Q(subject_latitude__isnull=False),
                name="revision_places_something",
            ),
            models.CheckConstraint(
                condition=models.Q(camera_latitude=None, camera_uncertainty_m=None)
                | models.Q(
                    camera_latitude__isnull=False,
                    camera_uncertainty_m__isnull=False,
                    camera_uncertainty_m__gt=0,
                ),
                name="revision_camera_uncertainty_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(subject_latitude=None, subject_uncertainty_m=None)
                | models.Q(
                    subject_latitude__isnull=False,
                    subject_uncertainty_m__isnull=False,
                    subject_uncertainty_m__gt=0,
                ),
                name="revision_subject_uncertainty_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(bearing_deg=None) | models.Q(bearing_deg__gte=0, bearing_deg__lt=360),
                name="revision_bearing_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(field_of_view_deg=None)
                | models.Q(field_of_view_deg__gt=0, field_of_view_deg__lte=360),
                name="revision_field_of_view_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(picture_width_px=None, picture_height_px=None)
                | models.Q(
                    picture_width_px__isnull=False,
                    picture_height_px__isnull=False,
                    picture_width_px__gte=2,
                    picture_height_px__gte=2,
                ),
                name="revision_picture_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(resection=None)
                | models.Q(resection__has_keys=["version", "problem", "result"], landmark_count__gte=1),
                name="revision_resection_has_inputs",
            ),
            models.CheckConstraint(
                condition=models.Q(captured_from=None, captured_to=None)
                | models.Q(captured_from__lte=models.F("captured_to")),
                name="revision_capture_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(captured_on=None) | models.Q(captured_from=None),
                name="revision_date_or_interval",
            ),
        ]
        constraints += [
            known_values("revision", "light_seen", ["", *LightSeen.values]),
            models.CheckConstraint(
                condition=models.Q(shadow_azimuth_deg=None, shadow_azimuth_error_deg=None)
                | models.Q(
                    shadow_azimuth_deg__isnull=False,
                    shadow_azimuth_error_deg__isnull=False,
                    shadow_azimuth_deg__gte=0,
                    shadow_azimuth_deg__lt=360,
                    shadow_azimuth_error_deg__gt=0,
                    shadow_azimuth_error_deg__lte=180,
                ),
                name="revision_shadow_azimuth_with_its_error",
            ),
            models.CheckConstraint(
                condition=models.Q(shadow_length_ratio=None, shadow_length_ratio_error=None)
                | models.Q(
                    shadow_length_ratio__isnull=False,
                    shadow_length_ratio_error__isnull=False,
                    shadow_length_ratio__gte=0,
                    shadow_length_ratio__lt=1000,
                    shadow_length_ratio_error__gt=0,
                    shadow_length_ratio_error__lt=1000,
                ),
                name="revision_shadow_length_with_its_error",
            ),
            models.CheckConstraint(
                condition=models.Q(shadow_marks=None)
                | models.Q(shadow_marks__has_keys=["version", "foot", "tip"])
                & (models.Q(shadow_azimuth_deg__isnull=False) | models.Q(shadow_length_ratio__isnull=False)),
                name="revision_shadow_marks_with_a_measure",
            ),
        ]
        indexes = [
            GistIndex(fields=["camera_position"], name="revision_camera"),
            GistIndex(fields=["subject_position"], name="revision_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.geolocation.reference} revision {self.number}"

    def area_corners(self) -> tuple[Position, ...]:
        """The corners of the subject's area, not closed; empty without one."""
        ring: Sequence[Sequence[float]] = self.subject_area.coords[0][:-1] if self.subject_area else ()
        return tuple(Position(corner[1], corner[0]) for corner in ring)

    @property
    def places_area_alone(self) -> bool:
        """Whether the subject's position was not stated: it is the middle of its area, and its reach."""
        if not self.subject_area or self.camera_latitude is not None or self.subject_latitude is None:
            return False
        middle, radius_m = covering_circle(self.area_corners())
        stated = (self.subject_latitude, self.subject_longitude, self.subject_uncertainty_m)
        derived = (middle.latitude, middle.longitude, radius_m)
        return all(
            one is not None and isclose(one, other) for one, other in zip(stated, derived, strict=True)
        )
