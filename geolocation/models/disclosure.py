"""Disclosure: what leaves the workroom of a verified position; GeneralisedPosition: where it was drawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.positions import known_values, position_constraints
from geolocation.models.geolocations import Geolocation

#: Metres. Narrower than this hides nobody; wider says less than the name of a country.
RADIUS_LEAST_M, RADIUS_MOST_M = 100.0, 100_000.0


class DisclosureKind(models.TextChoices):
    EXACT = "exact", _("Exact")
    GENERALISED = "generalised", _("Generalised")
    WITHHELD = "withheld", _("Withheld")


class Disclosure(models.Model):
    """One decision of an editor on one geolocation; the newest holds. Rows are added, never changed.

    Without any the position leaves as it was approved.
    """

    geolocation = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="disclosures")
    kind = models.CharField(max_length=12, choices=DisclosureKind.choices)
    radius_m = models.FloatField(null=True, blank=True)
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            known_values("disclosure", "kind", DisclosureKind.values),
            models.CheckConstraint(
                condition=models.Q(
                    kind=DisclosureKind.GENERALISED,
                    radius_m__gte=RADIUS_LEAST_M,
                    radius_m__lte=RADIUS_MOST_M,
                )
                | (~models.Q(kind=DisclosureKind.GENERALISED) & models.Q(radius_m=None)),
                name="disclosure_radius_where_generalised",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="disclosure_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.geolocation_id} {self.kind}"


class GeneralisedPosition(models.Model):
    """The middle of a circle that holds the true position: drawn once, and kept.

    A second draw for the same place would let a reader cut two circles with each other.
    """

    geolocation = models.ForeignKey(
        Geolocation, on_delete=models.PROTECT, related_name="generalised_positions"
    )
    latitude = models.FloatField()
    longitude = models.FloatField()
    radius_m = models.FloatField()
    drawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            *position_constraints("generalisedposition"),
            models.CheckConstraint(
                condition=models.Q(radius_m__gte=RADIUS_LEAST_M, radius_m__lte=RADIUS_MOST_M),
                name="generalisedposition_radius_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.geolocation_id} within {self.radius_m:g} m"
