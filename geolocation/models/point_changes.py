"""PointChange: where a point stands in the order in which its readers learn of changes."""

from __future__ import annotations

from django.db import models

from evidence.models import Investigation
from evidence.models.positions import known_values
from geolocation.models.geolocations import Geolocation
from geolocation.querysets_feed import PointChangeQuerySet


class Audience(models.TextChoices):
    """Who is told: everybody, of published investigations alone; or the members of the investigation."""

    PUBLIC = "public"
    MEMBERS = "members"


class ChangeKind(models.TextChoices):
    """What happened last, for people; programs look at the state that the feed tells."""

    VERIFIED = "verified"
    CHANGED = "changed"
    REMOVED = "removed"


class PointChange(models.Model):
    """One row for each point and audience: its last change, and its place in the feed.

    Triggers write it in the transaction that changes the point, and take its place away then. It gets a new
    one, higher than every other, from `services.feed.changes_order`, once that transaction is committed.
    """

    geolocation = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="changes")
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    kind = models.CharField(max_length=8, choices=ChangeKind.choices)
    place = models.BigIntegerField(null=True, unique=True)
    changed_at = models.DateTimeField()
    ordered_at = models.DateTimeField(null=True)

    objects = PointChangeQuerySet.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [
            known_values("pointchange", "audience", Audience.values),
            known_values("pointchange", "kind", ChangeKind.values),
            models.UniqueConstraint(
                fields=["geolocation", "audience"], name="pointchange_one_a_point_and_audience"
            ),
            models.CheckConstraint(
                condition=models.Q(place=None, ordered_at=None)
                | models.Q(place__isnull=False, ordered_at__isnull=False),
                name="pointchange_ordered_as_a_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["audience", "place"], name="pointchange_public_page"),
            models.Index(fields=["investigation", "audience", "place"], name="pointchange_page"),
            models.Index(fields=["changed_at"], name="pointchange_waiting", condition=models.Q(place=None)),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.place}: {self.kind}"
