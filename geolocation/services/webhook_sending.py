"""Send the messages that wait: each is taken by one worker, and tried again later if it did not arrive."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from geolocation.exports.base import utc_text
from geolocation.models import DeliveryState, Webhook, WebhookDelivery
from geolocation.services.webhooks import webhook_secret
from geolocation.webhooks import signature
from geolocation.webhooks.schedule import MOST_TRIES, wait_s
from geolocation.webhooks.sending import Outcome, post

log = structlog.get_logger(__name__)

# Longer than a request may take, resolving its name included; after that its worker is taken for dead.
_LEASE = timedelta(seconds=90)
# A worker has files to read too; what is still due after this is for the next task.
_TURN_S = 25.0


def deliveries_send(*, turn_s: float = _TURN_S) -> int:
    """Send what is due, one after the other, for one turn. Returns how many were tried."""
    count, until = 0, time.monotonic() + turn_s
    while time.monotonic() < until:
        delivery = _take()
        if delivery is None:
            break
        _settle(delivery, _send(delivery))
        count += 1
    return count


@transaction.atomic
def _take() -> WebhookDelivery | None:
    """The oldest that is due, marked as taken; others skip it. None if nothing is due."""
    now = timezone.now()
    is_due = Q(state=DeliveryState.WAITING, next_attempt_at__lte=now)
    is_forgotten = Q(state=DeliveryState.SENDING, leased_until__lt=now)
    # One worker an address: a receiver that hangs holds up its own messages and nobody else's.
    busy = WebhookDelivery.objects.filter(state=DeliveryState.SENDING, leased_until__gte=now)
    delivery = (
        WebhookDelivery.objects.filter(is_due | is_forgotten, webhook__paused_at=None, webhook__ended_at=None)
        .exclude(webhook__in=busy.values("webhook"))
        .select_related("webhook__investigation")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_attempt_at", "pk")
        .first()
    )
    if delivery is not None:
        delivery.state = DeliveryState.SENDING
        delivery.leased_until = now + _LEASE
        delivery.save(update_fields=["state", "leased_until"])
    return delivery


def _send(delivery: WebhookDelivery) -> Outcome:
    """Outside of any transaction: nothing in the database waits for somebody else's server."""
    body = delivery.body.encode()
    at_s = int(time.time())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "geolocation-evidence-catalogue/1",
        "X-Catalogue-Delivery": str(delivery.uid),
        "X-Catalogue-Event": delivery.event,
        signature.HEADER: signature.signature_write(webhook_secret(delivery.webhook), at_s=at_s, body=body),
    }
    return post(delivery.webhook.url, body=body, headers=headers, loopback=settings.WEBHOOKS_TO_LOOPBACK)


@transaction.atomic
def _settle(delivery: WebhookDelivery, outcome: Outcome) -> None:
    """Write down what came of it. Whoever lost the lease meanwhile adds to the log and decides nothing."""
    now = timezone.now()
    locked = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    is_ours = locked.leased_until == delivery.leased_until and locked.state == DeliveryState.SENDING
    locked.attempts = [*locked.attempts, _attempt(outcome, at=utc_text(now.replace(microsecond=0)))]
    if is_ours:
        locked.tries += 1
        locked.leased_until = None
        if outcome.is_delivered:
            locked.state, locked.finished_at = DeliveryState.DELIVERED, now
        elif locked.tries >= MOST_TRIES:
            locked.state, locked.finished_at = DeliveryState.FAILED, now
            _pause(locked)
        else:
            wait = wait_s(locked.tries, chance=random.random())  # noqa: S311  not a secret
            locked.state, locked.next_attempt_at = DeliveryState.WAITING, now + timedelta(seconds=wait)
            # The receiver is not well: its other messages wait as long, and lose no try by it.
            WebhookDelivery.objects.filter(
                webhook=locked.webhook_id,
                state=DeliveryState.WAITING,
                next_attempt_at__lt=locked.next_attempt_at,
            ).exclude(pk=locked.pk).update(next_attempt_at=locked.next_attempt_at)
    locked.save()


def _pause(delivery: WebhookDelivery) -> None:
    """One message failed for a day, so the next ones would too. They wait until an editor has looked."""
    reason = _("A message of %(day)s did not arrive in %(tries)d tries.") % {
        "day": f"{delivery.created_at:%Y-%m-%d %H:%M} UTC",
        "tries": MOST_TRIES,
    }
    paused = Webhook.objects.filter(pk=delivery.webhook_id, paused_at=None)
    paused.update(paused_at=timezone.now(), pause_reason=reason)
    log.warning("webhook_paused", webhook=delivery.webhook_id, delivery=str(delivery.uid))


def _attempt(outcome: Outcome, *, at: str) -> dict[str, Any]:
    return {
        "at": at,
        "status": outcome.status,
        "failure": outcome.failure,
        "duration_ms": outcome.duration_ms,
    }
