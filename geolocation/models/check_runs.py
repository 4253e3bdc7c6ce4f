"""CheckRun: one check on one revision, with the inputs it used."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from evidence.models.positions import known_values
from geolocation.checks.base import Verdict
from geolocation.models.geolocations import GeolocationRevision


class CheckRun(models.Model):
    """A check advises; it never approves. The newest run of a key on a revision is the one shown."""

    revision = models.ForeignKey(GeolocationRevision, on_delete=models.CASCADE, related_name="check_runs")
    key = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=16)
    measured_value = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True)
    threshold = models.FloatField(null=True, blank=True)
    sentence = models.TextField()
    drawing = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict)
    ran_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["revision", "pk"]
        constraints = [known_values("checkrun", "verdict", [verdict.value for verdict in Verdict])]
        indexes = [models.Index(fields=["revision", "key", "-id"], name="checkrun_newest")]

    def __str__(self) -> str:
        return f"{self.key} {self.verdict}"
