"""Pages of webhooks: named by an editor, the secret once, the log and its buttons."""

import pytest

from geolocation.models import Webhook, WebhookDelivery, WebhookEvent
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES
from tests.geolocation.views.test_points import as_person, text

PAGE = "/TEST1/webhooks/"
URL = "http://127.0.0.1:9/hook"


@pytest.fixture(autouse=True)
def _local(settings):
    settings.WEBHOOKS_TO_LOOPBACK = True


@pytest.fixture
def named(editor, investigation) -> Webhook:
    answer = as_person(editor).post(PAGE, {"url": URL, "events": WebhookEvent.values})
    assert answer.status_code == 200
    return Webhook.objects.get()


@pytest.fixture
def delivery(named, in_review, reviewer) -> WebhookDelivery:
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    return WebhookDelivery.objects.get()


def test_the_secret_is_on_the_page_once(editor, investigation):
    client = as_person(editor)
    answer = client.post(PAGE, {"url": URL, "events": ["point.retracted"]})
    assert answer.context["secret"] in text(answer)
    assert "no-store" in answer["Cache-Control"]
    again = client.get(PAGE)
    assert URL in text(again)
    assert answer.context["secret"] not in text(again)


def test_a_refused_address_stays_in_the_form_with_its_sentence(editor, investigation, settings):
    settings.WEBHOOKS_TO_LOOPBACK = False
    answer = as_person(editor).post(PAGE, {"url": "https://10.0.0.1/x", "events": ["point.retracted"]})
    assert "private or reserved network" in text(answer)
    assert 'value="https://10.0.0.1/x"' in text(answer)
    assert answer.context["form"]["events"].value() == ["point.retracted"]
    assert not Webhook.objects.exists()


def test_without_an_event_it_is_refused_at_that_field(editor, investigation):
    answer = as_person(editor).post(PAGE, {"url": URL})
    assert "at least one of the events" in text(answer)


def test_the_log_shows_what_was_sent_and_its_attempts(delivery, named, editor):
    delivery.attempts = [
        {"at": "2026-01-02T03:04:05Z", "status": 503, "failure": "", "duration_ms": 12},
        {"at": "2026-01-02T03:05:05Z", "status": None, "failure": "timeout", "duration_ms": 20000},
    ]
    delivery.save()
    page = text(as_person(editor).get(f"{PAGE}{named.pk}/"))
    for shown in (str(delivery.uid), "answered 503", "no answer in time", "20000 ms", "All 2 attempts"):
        assert shown in page


def test_the_log_continues_on_further_pages(named, editor, monkeypatch):
    monkeypatch.setattr("geolocation.views.webhooks.PAGE_SIZE", 2)
    for number in range(3):
        WebhookDelivery.objects.create(
            webhook=named,
            event="point.verified",
            point_uid=f"00000000-0000-0000-0000-00000000000{number}",
            body="{}",
        )
    client = as_person(editor)
    first = client.get(f"{PAGE}{named.pk}/")
    second = client.get(f"{PAGE}{named.pk}/?cursor={first.context['next_cursor']}")
    assert [len(page.context["deliveries"]) for page in (first, second)] == [2, 1]
    assert second.context["next_cursor"] == ""


def test_a_paused_address_says_why_and_goes_on_by_a_button(delivery, named, editor, reviewer):
    Webhook.objects.update(paused_at=named.created_at, pause_reason="A message did not arrive in 9 tries.")
    client = as_person(editor)
    assert "did not arrive in 9 tries" in text(client.get(f"{PAGE}{named.pk}/"))
    assert "Paused" in text(client.get(PAGE))
    # Editors meet it where they look at the points; nobody else is told.
    assert "1 paused" in text(client.get("/TEST1/points/"))
    assert "1 paused" not in text(as_person(reviewer).get("/TEST1/points/"))
    client.post(f"{PAGE}{named.pk}/resume/")
    named.refresh_from_db()
    assert named.paused_at is None
    assert "1 paused" not in text(client.get("/TEST1/points/"))


def test_send_again_and_end(delivery, named, editor):
    WebhookDelivery.objects.update(state="failed")
    client = as_person(editor)
    client.post(f"{PAGE}{named.pk}/deliveries/{delivery.pk}/again/")
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    client.post(f"{PAGE}{named.pk}/end/")
    refused = client.post(f"{PAGE}{named.pk}/deliveries/{delivery.pk}/again/", follow=True)
    assert "not told any more" in text(refused)
    assert client.post(f"{PAGE}{named.pk}/deliveries/999999/again/").status_code == 404


def test_a_webhook_of_another_investigation_is_not_there(named, editor):
    from evidence.services.investigations import investigation_open

    investigation_open(actor=editor, code="OTHER", title="Another")
    assert as_person(editor).get(f"/OTHER/webhooks/{named.pk}/").status_code == 404


def test_reviewers_and_strangers_see_nothing_of_it(named, reviewer, stranger):
    assert as_person(reviewer).get(PAGE).status_code == 403
    assert as_person(stranger).get(PAGE).status_code == 404
