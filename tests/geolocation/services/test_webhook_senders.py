"""Several workers send at once: every message arrives once."""

import threading

import pytest
from django.db import connection

from geolocation.models import Webhook, WebhookDelivery, WebhookEvent
from geolocation.services.webhook_sending import deliveries_send
from tests.geolocation.webhooks.receiving import receiver

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 3
MESSAGES = 12


def test_workers_beside_each_other_send_each_message_once(settings, editor, investigation):
    settings.WEBHOOKS_TO_LOOPBACK = True
    failures: list[BaseException] = []

    def work() -> None:
        try:
            # A worker that finds an address busy goes home; the next task comes for the rest.
            while WebhookDelivery.objects.exclude(state="delivered").exists():
                deliveries_send()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    with receiver() as one, receiver() as other:
        for held in (one, other):
            webhook = Webhook.objects.create(
                investigation=investigation,
                url=held.url,
                events=WebhookEvent.values,
                nonce="0" * 64,
                created_by=editor,
            )
            WebhookDelivery.objects.bulk_create(
                WebhookDelivery(
                    webhook=webhook,
                    event=WebhookEvent.VERIFIED,
                    point_uid="00000000-0000-0000-0000-000000000001",
                    body=f'{{"number": {number}}}',
                )
                for number in range(MESSAGES)
            )
        threads = [threading.Thread(target=work) for _each in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    for held in (one, other):
        assert sorted(held.bodies) == sorted(b'{"number": %d}' % number for number in range(MESSAGES))
    assert all(len(delivery.attempts) == 1 for delivery in WebhookDelivery.objects.all())
