"""Webhooks: who may name one, what is written with a change, how it is sent and tried again."""

import json
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evidence.errors import Conflict, InvalidInput, NotAllowed, NotFound
from evidence.models import CustodyEvent
from evidence.services.media import MediaDetails, media_change
from geolocation.models import VerifiedPoint, Webhook, WebhookDelivery, WebhookEvent
from geolocation.services.geolocations import geolocation_retract, geolocation_revise
from geolocation.services.review import review_decide
from geolocation.services.webhook_sending import deliveries_send
from geolocation.services.webhooks import (
    delivery_again,
    webhook_add,
    webhook_end,
    webhook_resume,
    webhook_secret,
)
from geolocation.webhooks.schedule import MOST_TRIES
from geolocation.webhooks.signature import HEADER, signature_fits
from tests.geolocation.conftest import ALL_YES, a_proposal
from tests.geolocation.webhooks.receiving import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiving(settings):
    settings.WEBHOOKS_TO_LOOPBACK = True
    with receiver() as held:
        yield held


@pytest.fixture
def webhook(receiving, editor, investigation) -> Webhook:
    made, _secret = webhook_add(
        actor=editor, investigation=investigation, url=receiving.url, events=WebhookEvent.values
    )
    return made


def approved(geolocation, reviewer) -> VerifiedPoint:
    review_decide(
        actor=reviewer, revision=geolocation.current_revision, decision="approve", checklist=ALL_YES
    )
    return VerifiedPoint.objects.get(geolocation=geolocation)


def events() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("event", flat=True))


def make_due() -> None:
    WebhookDelivery.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_each_thing_that_happens_to_a_point_is_written_once(
    webhook, in_review, reviewer, investigator, editor
):
    point = approved(in_review, reviewer)
    media_change(actor=investigator, item=point.media_item, details=MediaDetails(title="The old quay"))
    media_change(actor=investigator, item=point.media_item, details=MediaDetails(title="The old quay"))
    revised = geolocation_revise(
        actor=investigator, geolocation=point.geolocation, based_on=1, proposal=a_proposal(), submit=True
    )
    geolocation_retract(
        actor=editor, geolocation=approved(revised, reviewer).geolocation, reason="The mast is another one."
    )
    assert events() == [
        "point.verified",
        "point.changed",
        "point.reopened",
        "point.verified",
        "point.retracted",
    ]


def test_a_message_holds_ids_and_links_and_nothing_that_the_point_says(
    webhook, in_review, reviewer, settings
):
    settings.SITE_URL = "https://catalogue.example/"
    point = approved(in_review, reviewer)
    body = json.loads(WebhookDelivery.objects.get().body)
    assert set(body) == {"id", "event", "occurred_at", "investigation", "point"}
    assert body["point"] == {
        "id": str(point.uid),
        "revision": 1,
        "url": f"https://catalogue.example/points/{point.uid}/",
        "api_url": f"https://catalogue.example/api/v1/verified-points/{point.uid}",
    }


def test_the_reason_of_a_retraction_is_not_sent(webhook, in_review, reviewer, editor):
    point = approved(in_review, reviewer)
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="It named a witness.")
    assert "witness" not in "".join(WebhookDelivery.objects.values_list("body", flat=True))


def test_what_is_rolled_back_is_never_told(webhook, in_review, reviewer):
    with transaction.atomic():
        approved(in_review, reviewer)
        assert events() == ["point.verified"]
        transaction.set_rollback(True)
    assert events() == []


def test_an_address_is_told_what_it_asked_for(receiving, editor, investigation, in_review, reviewer):
    webhook_add(actor=editor, investigation=investigation, url=receiving.url, events=["point.retracted"])
    point = approved(in_review, reviewer)
    assert events() == []
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The mast is another one.")
    assert events() == ["point.retracted"]


def test_what_arrives_is_signed_with_the_secret_that_was_shown(
    receiving, editor, investigation, in_review, reviewer
):
    _webhook, secret = webhook_add(
        actor=editor, investigation=investigation, url=receiving.url, events=WebhookEvent.values
    )
    approved(in_review, reviewer)
    assert deliveries_send() == 1
    (body,), (headers,) = receiving.bodies, receiving.headers
    assert signature_fits(secret, header=headers[HEADER], body=body, now_s=int(time.time()))
    delivery = WebhookDelivery.objects.get()
    assert headers["X-Catalogue-Delivery"] == json.loads(body)["id"] == str(delivery.uid)
    assert (delivery.state, delivery.attempts[0]["status"]) == ("delivered", 204)
    assert deliveries_send() == 0


def test_no_two_webhooks_share_a_secret_and_the_database_holds_none(receiving, editor, investigation):
    made = [
        webhook_add(actor=editor, investigation=investigation, url=f"{receiving.url}{end}", events=[event])
        for end, event in (("&a", "point.verified"), ("&b", "point.verified"))
    ]
    secrets = {secret for _webhook, secret in made}
    assert len(secrets) == 2
    held = str(list(Webhook.objects.values()))
    assert not any(secret.removeprefix("whsec_") in held for secret in secrets)


def test_what_did_not_arrive_is_tried_again_later_under_the_same_id(webhook, receiving, in_review, reviewer):
    receiving.statuses = [500, 200]
    approved(in_review, reviewer)
    assert deliveries_send() == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.tries) == ("waiting", 1)
    assert delivery.next_attempt_at > timezone.now()
    assert deliveries_send() == 0
    make_due()
    assert deliveries_send() == 1
    assert [attempt["status"] for attempt in WebhookDelivery.objects.get().attempts] == [500, 200]
    assert len({headers["X-Catalogue-Delivery"] for headers in receiving.headers}) == 1


def test_after_the_last_try_it_failed_and_the_address_is_paused_until_an_editor_resumes(
    webhook, receiving, in_review, reviewer, editor
):
    receiving.statuses = [503]
    point = approved(in_review, reviewer)
    for _each in range(MOST_TRIES):
        make_due()
        assert deliveries_send() == 1
    webhook.refresh_from_db()
    assert WebhookDelivery.objects.get().state == "failed"
    assert webhook.paused_at is not None
    assert f"{MOST_TRIES} tries" in webhook.pause_reason
    # What happens meanwhile waits.
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The mast is another one.")
    make_due()
    assert deliveries_send() == 0
    receiving.statuses = [200]
    webhook_resume(actor=editor, webhook=webhook)
    assert deliveries_send() == 2
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_while_a_receiver_is_not_well_its_other_messages_wait_and_lose_no_try(
    webhook, receiving, in_review, reviewer, editor
):
    receiving.statuses = [500, 200]
    point = approved(in_review, reviewer)
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The mast is another one.")
    assert deliveries_send() == 1
    first, second = WebhookDelivery.objects.order_by("pk")
    assert (first.tries, second.tries) == (1, 0)
    assert second.next_attempt_at == first.next_attempt_at
    make_due()
    assert deliveries_send() == 2


def test_an_address_that_is_being_asked_is_left_to_the_worker_who_asks(
    webhook, receiving, in_review, reviewer, editor
):
    point = approved(in_review, reviewer)
    WebhookDelivery.objects.update(state="sending", leased_until=timezone.now() + timedelta(seconds=60))
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The mast is another one.")
    assert deliveries_send() == 0


def test_a_message_of_a_dead_worker_is_taken_again_when_its_lease_is_over(
    webhook, receiving, in_review, reviewer
):
    approved(in_review, reviewer)
    WebhookDelivery.objects.update(state="sending", leased_until=timezone.now() + timedelta(seconds=60))
    assert deliveries_send() == 0
    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert deliveries_send() == 1


def test_an_editor_sends_a_message_again(webhook, receiving, in_review, reviewer, editor, investigator):
    approved(in_review, reviewer)
    deliveries_send()
    delivery = WebhookDelivery.objects.get()
    with pytest.raises(NotAllowed):
        delivery_again(actor=investigator, delivery=delivery)
    delivery_again(actor=editor, delivery=delivery)
    assert deliveries_send() == 1
    assert receiving.bodies[0] == receiving.bodies[1]


def test_what_waits_for_an_address_that_was_ended_is_not_sent(
    webhook, receiving, in_review, reviewer, editor
):
    approved(in_review, reviewer)
    webhook_end(actor=editor, webhook=webhook)
    assert deliveries_send() == 0
    with pytest.raises(Conflict):
        delivery_again(actor=editor, delivery=WebhookDelivery.objects.get())


def test_editors_alone_name_an_address(receiving, investigation, reviewer, stranger):
    for person, refusal in ((reviewer, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            webhook_add(
                actor=person, investigation=investigation, url=receiving.url, events=["point.verified"]
            )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/", "begins with https://"),
        ("https://127.0.0.1/", "private or reserved network"),
        ("https://169.254.169.254/latest/meta-data", "private or reserved network"),
        ("https://[::1]/", "private or reserved network"),
        ("https://a:b@127.0.0.1/", "name and password"),
        ("catalogue", "begins with https://"),
        ("https://127.0.0.1/" + "a" * 1000, "whole web address"),
    ],
)
def test_an_address_that_may_not_be_told_is_refused_at_its_field(editor, investigation, url, said, settings):
    settings.WEBHOOKS_TO_LOOPBACK = False
    with pytest.raises(InvalidInput, match=said) as refused:
        webhook_add(actor=editor, investigation=investigation, url=url, events=["point.verified"])
    assert refused.value.field == "url"
    assert not Webhook.objects.exists()


def test_an_event_that_is_not_known_is_refused(receiving, editor, investigation):
    with pytest.raises(InvalidInput):
        webhook_add(actor=editor, investigation=investigation, url=receiving.url, events=["point.moved"])


def test_the_same_address_twice_is_a_conflict(webhook, receiving, editor, investigation):
    with pytest.raises(Conflict):
        webhook_add(actor=editor, investigation=investigation, url=receiving.url, events=["point.verified"])


def test_the_custody_log_names_the_host_and_no_path(webhook, receiving):
    event = CustodyEvent.objects.get(action="webhook.added")
    assert event.object_reference == receiving.url.split("/")[2]
    assert "key=1" not in event.canonical


def test_the_database_takes_no_webhook_that_asks_for_nothing_or_for_something_else(webhook):
    for events_ in ([], ["point.moved"]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Webhook.objects.filter(pk=webhook.pk).update(events=events_)


def test_another_secret_key_makes_another_secret(webhook, settings):
    before = webhook_secret(webhook)
    settings.SECRET_KEY = "another one"
    assert webhook_secret(webhook) != before
