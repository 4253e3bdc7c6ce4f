"""Snapshot: an investigation's verified points as they were at one moment, under a name of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import Investigation
from geolocation.models.geolocations import Geolocation, GeolocationRevision
from geolocation.querysets import SnapshotQuerySet


class Snapshot(models.Model):
    """Published once and never changed: the database refuses it.

    The points stand in a GeoJSON file that the storage keeps by its SHA-256. `manifest` is the text of the
    manifest as it is handed out; `changelog` holds `added`, `changed` and `removed` against the last one.
    """

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    identifier = models.CharField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    filter_text = models.CharField(max_length=200)
    attribution = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    point_count = models.PositiveIntegerField()
    geojson_sha256 = models.CharField(max_length=64)
    geojson_bytes = models.PositiveBigIntegerField()
    manifest = models.TextField()
    manifest_sha256 = models.CharField(max_length=64)
    changelog = models.JSONField()
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="following", null=True, blank=True
    )
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "number"], name="snapshot_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="snapshot_numbers_from_one"),
            models.CheckConstraint(
                condition=models.Q(geojson_sha256__regex=r"^[0-9a-f]{64}$")
                & models.Q(manifest_sha256__regex=r"^[0-9a-f]{64}$"),
                name="snapshot_digests_are_sha256",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("geolocation:snapshot", args=[self.short_name])

    @property
    def short_name(self) -> str:
        """Code and number, as in its addresses: `NK23.1`."""
        return f"{self.investigation.code}.{self.number}"


class SnapshotPoint(models.Model):
    """One point of a snapshot: which revision, and the digest of its line in the file."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="points")
    geolocation = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(GeolocationRevision, on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField()
    media_reference = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "geolocation"], name="snapshotpoint_once"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="snapshotpoint_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_reference} {self.uid}"
