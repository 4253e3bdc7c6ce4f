"""The API of imports: send, ask, read the report, decide, bring in; each refusal in the one error shape."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from geolocation.models import Geolocation, ImportBatch
from geolocation.services import importing_work
from geolocation.services.importing_work import import_run

pytestmark = pytest.mark.django_db
LIST = "/api/v1/investigations/TEST1/imports"
ONE = f"{LIST}/I01"
CONTENT = "id,Breite,Laenge\na,39.8,46.7\nb,0,0\nc,99,46.7\n"
MAPPING = {"upstream_id": "id", "latitude": "Breite", "longitude": "Laenge"}


@pytest.fixture(autouse=True)
def _own_queue(monkeypatch):
    monkeypatch.setattr(importing_work, "import_enqueue", lambda number: True)


@pytest.fixture
def client(client_of, investigator, investigation):
    return client_of(investigator)


def send(client, content=CONTENT, name="points.csv", **fields):
    file = SimpleUploadedFile(name, content.encode())
    return client.post(LIST, {"file": file, **fields}, format="multipart")


def run():
    import_run(batch_id=ImportBatch.objects.get().pk)


def test_a_file_is_sent_checked_reported_decided_on_and_brought_in(client, investigator):
    sent = send(client, mapping=json.dumps(MAPPING))
    assert (sent.status_code, sent["Location"], sent.json()["state"]) == (201, ONE, "checking")
    run()
    report = client.get(ONE).json()
    assert report["state"] == "checked"
    assert report["counts"] == {"new": 1, "changed": 0, "same": 0, "doubtful": 1, "refused": 1}
    assert {(each["reason"], each["count"], each["open"]) for each in report["reasons"]} == {
        ("zero_position", 1, 1),
        ("axes_swapped", 1, 0),
    }
    refused = client.get(f"{ONE}/rows?verdict=refused").json()["results"]
    assert [(row["number"], row["faults"][0]["column"], row["latitude"]) for row in refused] == [
        (3, "Breite, Laenge", None)
    ]
    decided = client.post(f"{ONE}/decisions", {"decision": "let_in", "row": 2}, format="json")
    assert decided.status_code == 200
    assert client.get(f"{ONE}/rows?verdict=doubtful").json()["results"][0]["let_in_by"] == investigator.name
    assert client.post(f"{ONE}/apply").status_code == 202
    run()
    done = client.get(ONE).json()
    assert (done["state"], done["brought_in"], Geolocation.objects.count()) == ("done", 2, 2)


def test_the_same_file_again_is_the_same_import(client):
    send(client, mapping=json.dumps(MAPPING))
    again = send(client)
    assert (again.status_code, again.json()["reference"]) == (200, "I01")


def test_other_columns_judge_the_rows_again(client):
    send(client, mapping=json.dumps(MAPPING))
    run()
    answer = client.post(f"{ONE}/check", {"mapping": {"latitude": "nothing"}}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["latitude"]
    swapped = {"latitude": "Laenge", "longitude": "Breite"}
    assert client.post(f"{ONE}/check", {"mapping": swapped}, format="json").status_code == 202
    run()
    assert client.get(ONE).json()["counts"]["refused"] == 0


def test_rows_come_in_pages(client):
    send(client, mapping=json.dumps(MAPPING))
    run()
    first = client.get(f"{ONE}/rows?limit=2").json()
    assert [row["number"] for row in first["results"]] == [1, 2]
    assert [row["number"] for row in client.get(first["next"]).json()["results"]] == [3]


def test_the_errors_are_a_csv(client):
    send(client, mapping=json.dumps(MAPPING))
    run()
    answer = client.get(f"{ONE}/errors.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["row number"], row["verdict"], row["id"]) for row in rows] == [
        ("2", "doubtful", "b"),
        ("3", "refused", "c"),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mapping": "[1]"}, "mapping"),
        ({"mapping": "{"}, "mapping"),
        ({"mapping": '{"latitude": "Breite"}'}, "latitude"),
        ({"format": "nonsense"}, "format"),
        ({}, "latitude"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(client, fields, field):
    answer = send(client, **fields)
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]


@pytest.mark.parametrize(
    "body", [{"decision": "let_in"}, {"decision": "let_in", "row": 2, "reason": "id_twice"}]
)
def test_a_decision_names_a_row_or_a_reason(client, body):
    send(client, mapping=json.dumps(MAPPING))
    run()
    answer = client.post(f"{ONE}/decisions", body, format="json")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["row"])


def test_what_is_not_at_work_cannot_be_stopped_and_what_is_cannot_be_begun(client):
    send(client, mapping=json.dumps(MAPPING))
    assert client.post(f"{ONE}/apply").status_code == 409
    run()
    assert client.post(f"{ONE}/cancel").status_code == 409
    assert client.get(f"{ONE}/rows?verdict=nonsense").status_code == 400
    assert client.get(f"{LIST}/I77").status_code == 404


def test_a_viewer_and_a_stranger_get_nothing(client, client_of, viewer, stranger):
    send(client, mapping=json.dumps(MAPPING))
    for person, status in ((viewer, 403), (stranger, 404), (None, 401)):
        theirs = client_of(person)
        assert theirs.get(ONE).status_code == status
        assert theirs.get(LIST).status_code == status
        assert send(theirs).status_code == status
        assert theirs.post(f"{ONE}/apply").status_code == status
