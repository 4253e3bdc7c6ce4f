"""CustodyEvent: one line of an investigation's append-only, hash-chained log."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from evidence.models.investigations import Investigation
from evidence.models.media import SHA256
from evidence.querysets import CustodyEventQuerySet


class CustodyEvent(models.Model):
    """Who did what, when, to what.

    `canonical` is the exact text that was hashed: canonical JSON of sequence, action, actor, time, object
    and details. `hash` is the SHA-256 of the previous hash, a newline and that text; the database computes
    it again before it accepts the row, and accepts no change afterwards.
    """

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="custody_events")
    sequence = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    canonical = models.TextField()
    hash = models.CharField(max_length=64)
    action = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    actor_name = models.CharField(max_length=120)
    object_type = models.CharField(max_length=40)
    object_reference = models.CharField(max_length=120)
    details = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()

    objects = CustodyEventQuerySet.as_manager()

    class Meta:
        ordering = ["investigation", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "sequence"], name="custody_no_fork"),
            models.CheckConstraint(condition=models.Q(hash__regex=SHA256), name="custody_hash_is_sha256"),
            models.CheckConstraint(
                condition=models.Q(previous_hash__regex=SHA256), name="custody_previous_hash_is_sha256"
            ),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="custody_sequence_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["investigation", "object_type", "object_reference"], name="custody_of_object"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_reference}"
