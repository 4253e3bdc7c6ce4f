"""Pairs that look alike through the API: the same service as the page, so the same refusals."""

import pytest
from celery import Celery

from evidence.models import LikenessState, MediaLikeness
from tests.evidence.alike import log_picture, read_all
from tests.evidence.fingerprints.scenes import jpeg_30, scene

INSIDE = "/api/v1/investigations/TEST1/likeness"
DECISION = f"{INSIDE}/M01/M02/decision"


@pytest.fixture(autouse=True)
def pair(monkeypatch, investigation, investigator) -> MediaLikeness:
    monkeypatch.setattr(Celery, "send_task", lambda *args, **options: None)
    log_picture(investigator, investigation, scene(1))
    log_picture(investigator, investigation, jpeg_30(scene(1)))
    read_all()
    return MediaLikeness.objects.get()


def test_pairs_are_listed_by_state(client_of, viewer):
    client = client_of(viewer)
    (row,) = client.get(INSIDE).json()["results"]
    assert (row["a"], row["b"], row["kind"], row["state"]) == ("M01", "M02", "whole", "suggested")
    assert (row["a_stretch"], row["decided_by"]) == (None, None)
    assert set(row["evidence"]["distances"]) == {"pdq256", "phash64", "dhash64"}
    assert client.get(f"{INSIDE}?state=confirmed").json()["results"] == []
    assert len(client.get(f"{INSIDE}?state=suggested").json()["results"]) == 1
    refused = client.get(f"{INSIDE}?state=perhaps")
    assert refused.status_code == 400
    assert "suggested, confirmed, dismissed" in refused.json()["error"]["sentence"]


def test_a_pair_is_confirmed_in_either_order_and_only_as_it_was_seen(client_of, investigator, pair):
    client = client_of(investigator)
    answer = client.post(
        f"{INSIDE}/M02/M01/decision", {"decision": "confirmed", "seen": "suggested"}, format="json"
    )
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["decided_by"]) == ("confirmed", str(investigator))
    late = client.post(
        DECISION, {"decision": "dismissed", "reason": "The lamp.", "seen": "suggested"}, format="json"
    )
    assert (late.status_code, late.json()["error"]["code"]) == (409, "conflict")
    pair.refresh_from_db()
    assert pair.state == LikenessState.CONFIRMED


def test_dismissing_without_a_reason_is_refused_at_its_field(client_of, investigator):
    answer = client_of(investigator).post(DECISION, {"decision": "dismissed"}, format="json")
    assert answer.status_code == 400
    assert "reason" in answer.json()["error"]["fields"]


@pytest.mark.parametrize("address", [f"{INSIDE}/M01/M01/decision", f"{INSIDE}/M01/M77/decision"])
def test_what_is_no_pair_is_not_found(address, client_of, investigator):
    answer = client_of(investigator).post(address, {"decision": "confirmed"}, format="json")
    assert answer.status_code == 404


def test_a_viewer_may_not_decide(client_of, viewer, pair):
    assert client_of(viewer).post(DECISION, {"decision": "confirmed"}, format="json").status_code == 403
    pair.refresh_from_db()
    assert pair.state == LikenessState.SUGGESTED
