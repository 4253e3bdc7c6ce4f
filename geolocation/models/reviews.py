"""Review: one decision by one person on one revision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.positions import known_values
from geolocation.models.geolocations import GeolocationRevision


class Decision(models.TextChoices):
    APPROVE = "approve", _("Approve")
    REQUEST_CHANGES = "request_changes", _("Request changes")
    REJECT = "reject", _("Reject")


class Review(models.Model):
    """Inserted once, never changed; the database refuses one by the revision's own author."""

    revision = models.ForeignKey(GeolocationRevision, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(_("decision"), max_length=16, choices=Decision.choices)
    checklist = models.JSONField(default=dict)
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["revision", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "reviewer"], name="one_decision_a_person_a_revision"),
            known_values("review", "decision", Decision.values),
            models.CheckConstraint(
                condition=models.Q(decision=Decision.APPROVE) | ~models.Q(reason=""),
                name="review_refusal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.decision}"
