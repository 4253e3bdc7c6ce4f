"""Addresses that editors have told of changes, and the messages that wait for them.

A message is a row, written in the transaction of what it tells: what is rolled back is never told, and what
is committed is never forgotten. Sending is `services.webhook_sending`.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import Conflict, InvalidInput, NotFound
from evidence.models import Investigation
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record, investigation_lock
from geolocation.exports.base import utc_text
from geolocation.models import DeliveryState, VerifiedPoint, Webhook, WebhookDelivery, WebhookEvent
from geolocation.webhooks.addresses import AddressRefused, Target, addresses_checked, target_read

log = structlog.get_logger(__name__)

ADDED = action_register("webhook.added", gettext_lazy("had told of its points the address"))
ENDED = action_register("webhook.ended", gettext_lazy("no longer has told of its points the address"))
RESUMED = action_register("webhook.resumed", gettext_lazy("has told again of its points the address"))

MOST_WEBHOOKS = 20
_SECRET_PREFIX = "whsec_"  # noqa: S105  what every secret begins with, so that scanners know it


@transaction.atomic
def webhook_add(
    *, actor: Any, investigation: Investigation, url: str, events: Iterable[str]
) -> tuple[Webhook, str]:
    """Have an address told. Returns the webhook and its secret, which is shown once and not kept.

    Raises InvalidInput for an address that is not public HTTPS, Conflict for one that is told already.
    """
    require(actor, "geolocation.manage_webhooks", investigation)
    chosen = [event for event in WebhookEvent.values if event in set(events)]
    if not chosen or set(events) - set(chosen):
        raise InvalidInput(_("Choose at least one of the events."), field="events")
    target = _target(url.strip())
    investigation_lock(investigation)
    live = Webhook.objects.filter(investigation=investigation, ended_at=None)
    if live.filter(url=url.strip()).exists():
        raise Conflict(_("This address is told already. End it first to choose anew."), field="url")
    if live.count() >= MOST_WEBHOOKS:
        raise Conflict(
            _("An investigation has at most %(most)d addresses.") % {"most": MOST_WEBHOOKS}, field="url"
        )
    webhook = Webhook.objects.create(
        investigation=investigation,
        url=url.strip(),
        events=chosen,
        nonce=secrets.token_hex(32),
        created_by=actor,
    )
    _record(webhook, actor, ADDED, {"events": chosen}, target)
    return webhook, webhook_secret(webhook)


@transaction.atomic
def webhook_end(*, actor: Any, webhook: Webhook) -> None:
    """Tell it nothing more; what waits is not sent. The log of what was sent stays."""
    require(actor, "geolocation.manage_webhooks", webhook.investigation)
    investigation_lock(webhook.investigation)
    if Webhook.objects.filter(pk=webhook.pk, ended_at=None).update(ended_at=timezone.now()):
        _record(webhook, actor, ENDED, {}, target_read(webhook.url))


@transaction.atomic
def webhook_resume(*, actor: Any, webhook: Webhook) -> None:
    """Send again to an address that was paused: what waits, and what failed since."""
    require(actor, "geolocation.manage_webhooks", webhook.investigation)
    investigation_lock(webhook.investigation)
    resumed = Webhook.objects.filter(pk=webhook.pk, ended_at=None).exclude(paused_at=None)
    if not resumed.update(paused_at=None, pause_reason=""):
        return
    webhook.deliveries.filter(state__in=[DeliveryState.FAILED, DeliveryState.WAITING]).update(
        state=DeliveryState.WAITING, tries=0, next_attempt_at=timezone.now(), finished_at=None
    )
    _record(webhook, actor, RESUMED, {}, target_read(webhook.url))
    transaction.on_commit(deliveries_enqueue)


@transaction.atomic
def delivery_again(*, actor: Any, delivery: WebhookDelivery) -> None:
    """Send one message once more, with the same id; the receiver sees that it is the same."""
    require(actor, "geolocation.manage_webhooks", delivery.webhook.investigation)
    locked = WebhookDelivery.objects.select_for_update().select_related("webhook").get(pk=delivery.pk)
    if locked.webhook.ended_at is not None:
        raise Conflict(_("This address is not told any more."))
    if locked.state == DeliveryState.SENDING:
        raise Conflict(_("This message is being sent at this moment."))
    locked.state = DeliveryState.WAITING
    locked.tries = 0
    locked.next_attempt_at = timezone.now()
    locked.finished_at = None
    locked.save()
    transaction.on_commit(deliveries_enqueue)


def webhook_of(*, investigation: Investigation, webhook_id: int) -> Webhook:
    """One webhook of the investigation; else NotFound."""
    found = Webhook.objects.filter(investigation=investigation, pk=webhook_id).first()
    if found is None:
        raise NotFound(_("There is no such address in this investigation."))
    return found


def webhooks_paused(*, investigation: Investigation) -> int:
    """How many of its addresses wait for an editor to look at them."""
    return Webhook.objects.filter(investigation=investigation, ended_at=None).exclude(paused_at=None).count()


def webhook_secret(webhook: Webhook) -> str:
    """What signs its messages: derived from SECRET_KEY, so that a copy of the database does not hold it."""
    key = f"webhook:{settings.SECRET_KEY}".encode()
    digest = hmac.digest(key, webhook.nonce.encode(), "sha256")
    return _SECRET_PREFIX + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def points_tell(*, event: WebhookEvent, points: Iterable[VerifiedPoint]) -> None:
    """Write a message for each point and each address that asked for this, in the caller's transaction.

    It holds ids and addresses and nothing that a point says: who may not read the point learns nothing of it.
    """
    points = list(points)
    if not points:
        return
    webhooks = Webhook.objects.filter(
        investigation__in={point.investigation_id for point in points},
        ended_at=None,
        events__contains=[event.value],
    )
    of: dict[int, list[Webhook]] = {}
    for webhook in webhooks:
        of.setdefault(webhook.investigation_id, []).append(webhook)
    rows = [
        _message(webhook, event, point) for point in points for webhook in of.get(point.investigation_id, [])
    ]
    if rows:
        WebhookDelivery.objects.bulk_create(rows, batch_size=1000)
        transaction.on_commit(deliveries_enqueue, robust=True)


def deliveries_enqueue() -> bool:
    """Have what waits sent now; without a queue the sweep finds it."""
    try:
        current_app.send_task("geolocation.tasks.send_webhooks", ignore_result=True)
    # Whatever is wrong with the broker: the sweep sends what waits in the outbox.
    except Exception as error:
        log.warning("webhooks_not_queued", error=str(error))
        return False
    return True


def _message(webhook: Webhook, event: WebhookEvent, point: VerifiedPoint) -> WebhookDelivery:
    uid = uuid4()
    site = settings.SITE_URL.rstrip("/")
    body = {
        "id": str(uid),
        "event": event.value,
        "occurred_at": utc_text(timezone.now()),
        "investigation": point.investigation.code,
        "point": {
            "id": str(point.uid),
            "revision": point.revision.number,
            "url": site + reverse("geolocation:point", args=[point.uid]),
            "api_url": site + reverse("api-point", args=[point.uid]),
        },
    }
    return WebhookDelivery(
        uid=uid, webhook=webhook, event=event, point_uid=point.uid, body=json.dumps(body, ensure_ascii=False)
    )


def _target(url: str) -> Target:
    """The address, if it is one that may be told; InvalidInput with what is wrong with it."""
    try:
        if len(url) > 1000:
            raise AddressRefused("form")
        target = target_read(url)
        addresses_checked(target, loopback=settings.WEBHOOKS_TO_LOOPBACK)
    except AddressRefused as refused:
        raise InvalidInput(address_sentence(refused.reason), field="url") from None
    return target


def address_sentence(reason: str) -> str:
    """Why an address is not told, and what to do."""
    return {
        "form": _("Write a whole web address, as https://example.org/catalogue."),
        "scheme": _(
            "The address begins with https://, so that nobody on the way reads or changes what is sent."
        ),
        "credentials": _(
            "Leave name and password out of the address. The receiver knows us by the signature."
        ),
        "unknown_host": _("No address is known for this host. Check how it is written."),
        "private": _("This host leads into a private or reserved network. Only public addresses are told."),
    }[reason]


def _record(webhook: Webhook, actor: Any, action: str, details: dict[str, Any], target: Target) -> None:
    """By its host alone: paths of such addresses often hold a secret, and every member reads the log."""
    custody_record(
        investigation=webhook.investigation,
        actor=actor,
        action=action,
        object_type="webhook",
        object_reference=target.host_header[:60],
        details={"webhook": webhook.pk, **details},
    )
