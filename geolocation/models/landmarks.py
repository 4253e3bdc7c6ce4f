"""Landmark: one feature seen in the picture and found on the ground, or a place that was excluded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evidence.models.positions import position_constraints
from geolocation.models.geolocations import GeolocationRevision


class Landmark(models.Model):
    """Belongs to one revision for ever. Pixels are of the original, from its upper left corner."""

    revision = models.ForeignKey(GeolocationRevision, on_delete=models.PROTECT, related_name="landmarks")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(_("label"), max_length=80)
    x_px = models.FloatField(null=True, blank=True)
    y_px = models.FloatField(null=True, blank=True)
    frame_time_s = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    uncertainty_m = models.FloatField(null=True, blank=True)
    height_m = models.FloatField(null=True, blank=True)
    as_typed = models.CharField(max_length=2000, blank=True)
    is_excluded = models.BooleanField(default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["revision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="landmark_number_unique"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1) & ~models.Q(label=""), name="landmark_is_named"
            ),
            models.CheckConstraint(
                condition=models.Q(x_px=None, y_px=None)
                | models.Q(x_px__isnull=False, y_px__isnull=False, x_px__gte=0, y_px__gte=0),
                name="landmark_pixel_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(frame_time_s=None) | models.Q(frame_time_s__gte=0),
                name="landmark_frame_time_not_negative",
            ),
            *position_constraints("landmark"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, uncertainty_m=None)
                | models.Q(latitude__isnull=False, uncertainty_m__isnull=False, uncertainty_m__gt=0),
                name="landmark_uncertainty_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(is_excluded=True, latitude__isnull=False) & ~models.Q(note="")
                | models.Q(is_excluded=False, x_px__isnull=False, latitude__isnull=False),
                name="landmark_is_pair_or_excluded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"
