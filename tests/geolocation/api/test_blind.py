"""Blind rounds through the API: the same services, and the same silence."""

import pytest

from evidence.services.investigations import investigation_blind_set
from geolocation.models import Geolocation

INSIDE = "/api/v1/investigations/TEST1"


def proposal(latitude=39.821232, **changes):
    return {
        "media": "M01",
        "camera": {"latitude": latitude, "longitude": 46.758423, "uncertainty_m": 15},
        "method": "landmarks",
        "reasoning": "The tower and the quay wall line up as seen from the bridge.",
        "submit": True,
        **changes,
    }


@pytest.fixture
def first(client_of, investigation, investigator, editor, media_item):
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    client = client_of(investigator)
    made = client.post(f"{INSIDE}/geolocations", proposal(), format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["state"] == "awaiting_second"
    return client


def references(client, address):
    answer = client.get(f"{INSIDE}/{address}")
    assert answer.status_code == 200, answer.json()
    return [row.get("reference") or row.get("media") for row in answer.json()["results"]]


def test_the_second_person_finds_the_media_and_nothing_else(first, client_of, reviewer):
    client = client_of(reviewer)
    assert client.get(INSIDE).json()["blind_since"] is not None
    looks = client.get(f"{INSIDE}/second-looks").json()["results"]
    assert looks == [{"media": "M01", "title": "Smoke over the quay"}]
    assert references(client, "geolocations") == []
    assert references(first, "geolocations") == ["G01"]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "geolocations/G01"),
        ("get", "geolocations/G01/reviews"),
        ("post", "geolocations/G01/revisions"),
        ("post", "geolocations/G01/submit"),
        ("post", "geolocations/G01/withdraw"),
        ("post", "geolocations/G01/reviews"),
        ("get", "second-looks/M01"),
    ],
)
def test_a_guessed_address_is_not_found(first, client_of, reviewer, method, address):
    answer = getattr(client_of(reviewer), method)(f"{INSIDE}/{address}", {}, format="json")
    assert answer.status_code == 404, answer.json()
    assert "39.82" not in answer.content.decode()


def test_the_log_withholds_the_content_and_keeps_the_hashes(first, client_of, reviewer, editor):
    by_second = client_of(reviewer).get(f"{INSIDE}/custody").json()["results"]
    whole = client_of(editor).get(f"{INSIDE}/custody").json()["results"]
    withheld = [event for event in by_second if event["withheld"]]
    assert len(withheld) == 2
    assert [event["hash"] for event in by_second] == [event["hash"] for event in whole]
    for event in withheld:
        assert (event["canonical"], event["occurred_at"], event["details"]) == (None, None, {})
        assert {event["actor_name"], event["action"], event["object_type"], event["object_reference"]} == {""}
    verified = client_of(reviewer).get(f"{INSIDE}/custody/verification").json()
    assert (verified["ok"], verified["length"]) == (True, len(whole))


def test_two_agree_and_the_round_says_how_near(first, client_of, reviewer):
    client = client_of(reviewer)
    made = client.post(f"{INSIDE}/geolocations", proposal(39.821332), format="json")
    assert (made.status_code, made.json()["state"]) == (201, "supporting")
    placed = client.get(f"{INSIDE}/second-looks/M01").json()
    assert (placed["state"], [entry["geolocation"] for entry in placed["entries"]]) == (
        "agreed",
        ["G01", "G02"],
    )
    camera = placed["comparisons"][0]["parts"][0]
    assert camera["agrees"] is True
    assert camera["distance_m"] == pytest.approx(11.10, abs=0.01)
    assert references(client, "geolocations") == ["G01", "G02"]
    assert client.get(f"{INSIDE}/geolocations/G01").json()["state"] == "in_review"


def test_an_editor_resolves_a_disagreement_with_a_reason(first, client_of, reviewer, editor):
    client, deciding = client_of(reviewer), client_of(editor)
    client.post(f"{INSIDE}/geolocations", proposal(39.9), format="json")
    address = f"{INSIDE}/second-looks/M01/resolution"
    body = {"decision": "review", "geolocation": "G02", "reason": "It fits the quay."}
    assert client.post(address, body, format="json").status_code == 403
    assert deciding.post(address, {**body, "reason": ""}, format="json").status_code == 400
    assert deciding.post(address, {**body, "geolocation": "G09"}, format="json").status_code == 400
    assert deciding.post(address, {**body, "decision": "toss"}, format="json").status_code == 400
    resolved = deciding.post(address, body, format="json")
    assert (resolved.status_code, resolved.json()["state"], resolved.json()["chosen"]) == (
        200,
        "resolved",
        "G02",
    )
    again = deciding.post(address, body, format="json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")


def test_an_editor_cannot_be_the_second(first, client_of, editor):
    answer = client_of(editor).post(f"{INSIDE}/geolocations", proposal(), format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_blind")
    assert Geolocation.objects.count() == 1
