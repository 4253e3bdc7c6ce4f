"""Webhook: an address that is told of an investigation's points; WebhookDelivery: one thing it is told."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import Investigation
from evidence.models.positions import known_values


class WebhookEvent(models.TextChoices):
    """What an address may ask to be told of. The keys are permanent: receivers compare them."""

    VERIFIED = "point.verified", _("a point was verified")
    CHANGED = "point.changed", _("what a point says was changed")
    RETRACTED = "point.retracted", _("a point was retracted")
    REOPENED = "point.reopened", _("a point is under review again")
    WITHHELD = "point.withheld", _("a point is not given out any more")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")


class Webhook(models.Model):
    """An HTTPS address that an editor named. Its secret is derived from `nonce`, and is not kept."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(_("address"), max_length=1000)
    events = ArrayField(models.CharField(max_length=20, choices=WebhookEvent.choices))
    nonce = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(events__len__gt=0), name="webhook_asks_for_something"),
            models.CheckConstraint(
                condition=models.Q(events__contained_by=WebhookEvent.values), name="webhook_events_are_known"
            ),
            models.CheckConstraint(
                condition=models.Q(url__regex=r"^https?://"), name="webhook_address_is_of_the_web"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def event_labels(self) -> list[str]:
        """What it asks for, in words."""
        return [str(WebhookEvent(event).label) for event in self.events]


class WebhookDelivery(models.Model):
    """One message: written in the transaction of what it tells, sent after it, kept as the log.

    `body` is exactly what is sent and signed. `attempts` holds, for each try, `at`, `status` or None,
    `duration_ms` and `error`.
    """

    uid = models.UUIDField(default=uuid4, unique=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=20, choices=WebhookEvent.choices)
    point_uid = models.UUIDField()
    body = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.JSONField(default=list)
    # Counted from the last time a person asked for it; `attempts` keeps them all.
    tries = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            known_values("webhookdelivery", "event", WebhookEvent.values),
            known_values("webhookdelivery", "state", DeliveryState.values),
        ]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhookdelivery_log"),
            models.Index(
                fields=["next_attempt_at"],
                name="webhookdelivery_due",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.uid} {self.state}"

    @property
    def last_attempt(self) -> dict[str, object] | None:
        """The newest try, or None before the first."""
        return self.attempts[-1] if self.attempts else None
