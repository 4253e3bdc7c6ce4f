"""VerifiedPoint: the one table that exports, tiles and public pages read; Tombstone: what left it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evidence.models import Investigation, MediaItem
from evidence.models.positions import generated_point, known_values, position_constraints
from geolocation.models.disclosure import DisclosureKind
from geolocation.models.geolocations import Geolocation, GeolocationRevision
from geolocation.querysets import TombstoneQuerySet, VerifiedPointQuerySet


class PositionRole(models.TextChoices):
    """What the point marks: where the camera stood, or what it saw."""

    CAMERA = "camera", _("camera position")
    SUBJECT = "subject", _("subject position")


class TombstoneReason(models.TextChoices):
    REOPENED = "reopened", _("A new revision is in review")
    RETRACTED = "retracted", _("Retracted")
    WITHHELD = "withheld", _("Withheld")


class VerifiedPoint(models.Model):
    """A row exists only while its gate holds: that revision approved, current, and in state `verified`.

    Copied from the revision when it is approved, so that reading it needs no join and nothing that was not
    approved or not disclosed can be read by accident: a generalised point holds no exact number, and a
    withheld one has no row. The database compares the numbers with revision and disclosure.
    """

    geolocation = models.OneToOneField(Geolocation, on_delete=models.PROTECT, related_name="verified_point")
    revision = models.OneToOneField(GeolocationRevision, on_delete=models.PROTECT, related_name="+")
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="verified_points")
    media_item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField(unique=True)
    position_role = models.CharField(max_length=8, choices=PositionRole.choices)
    latitude = models.FloatField()
    longitude = models.FloatField()
    position = generated_point()
    uncertainty_m = models.FloatField()
    disclosure = models.CharField(max_length=12, choices=DisclosureKind.choices, default=DisclosureKind.EXACT)
    camera_latitude = models.FloatField(null=True, blank=True)
    camera_longitude = models.FloatField(null=True, blank=True)
    subject_latitude = models.FloatField(null=True, blank=True)
    subject_longitude = models.FloatField(null=True, blank=True)
    media_reference = models.CharField(max_length=16)
    media_kind = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    place_name = models.CharField(max_length=400, blank=True)
    source_url = models.CharField(max_length=2000, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    attribution = models.CharField(max_length=200, blank=True)
    claim_references = ArrayField(models.CharField(max_length=16), default=list)
    captured_on = models.DateField(null=True, blank=True)
    captured_from = models.DateTimeField(null=True, blank=True)
    captured_to = models.DateTimeField(null=True, blank=True)
    verified_by = ArrayField(models.CharField(max_length=120), default=list)
    verified_at = models.DateTimeField()
    updated_at = models.DateTimeField(default=timezone.now)
    # JSON, written by the database with the row: see migration 0013. Not to be set from here.
    properties = models.TextField(default="", editable=False)

    objects = VerifiedPointQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            known_values("verifiedpoint", "position_role", PositionRole.values),
            models.CheckConstraint(
                condition=models.Q(uncertainty_m__gt=0), name="verifiedpoint_uncertainty_positive"
            ),
            known_values(
                "verifiedpoint", "disclosure", [DisclosureKind.EXACT.value, DisclosureKind.GENERALISED.value]
            ),
            *position_constraints("verifiedpoint"),
        ]
        indexes = [
            GistIndex(fields=["position"], name="verifiedpoint_position"),
            models.Index(fields=["investigation", "id"], name="verifiedpoint_page"),
            models.Index(fields=["updated_at", "id"], name="verifiedpoint_updated"),
            # Pages of a box or a time walk along this one, and read the wide rows of what fits alone.
            models.Index(
                fields=["id"],
                include=[
                    *("investigation", "latitude", "longitude"),
                    *("captured_on", "captured_from", "captured_to"),
                ],
                name="verifiedpoint_walk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_reference} {self.latitude}, {self.longitude}"


class Tombstone(models.Model):
    """A point that left: which, when, and why; clients that hold it can drop it."""

    uid = models.UUIDField()
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="tombstones")
    geolocation = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="tombstones")
    revision = models.ForeignKey(GeolocationRevision, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=TombstoneReason.choices)
    explanation = models.TextField(blank=True)
    removed_at = models.DateTimeField(default=timezone.now)

    objects = TombstoneQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [known_values("tombstone", "reason", TombstoneReason.values)]
        indexes = [models.Index(fields=["investigation", "removed_at"], name="tombstone_removed")]

    def __str__(self) -> str:
        return f"{self.uid} {self.reason}"

    @property
    def sentence(self) -> str:
        """What a reader who holds the point is told."""
        if self.reason == TombstoneReason.RETRACTED:
            return gettext("This point was retracted: %(why)s") % {"why": self.explanation}
        if self.reason == TombstoneReason.WITHHELD:
            return gettext("The position of this point is not given out any more.")
        return gettext("This point is under review again, so it is not verified now.")
