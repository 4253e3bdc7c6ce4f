"""The pages of batches: a ZIP, a folder file by file, the report; and who may not."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evidence.models import BatchState, IntakeBatch, Investigation, MediaItem, MemberState
from evidence.services.intake_zip import batch_run
from evidence.storage import media_storage
from osint_catalogue.accounts.models import User
from tests.evidence.services.conftest import picture
from tests.evidence.zips.hostile import packed

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
JSON = {"Accept": "application/json"}
ZIP = packed([("card/1.jpg", picture("red")), ("card/2.jpg", picture("blue")), ("=cmd.txt", b"x")])


def _url(name: str, *arguments: str) -> str:
    return reverse(f"evidence:{name}", args=["TEST1", *arguments])


def _zip(content: bytes = ZIP, name: str = "card.zip") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content, "application/zip")}


@pytest.fixture
def client(client_of: ClientOf, investigation: Investigation, investigator: User) -> Client:
    return client_of(investigator)


def test_a_zip_is_stored_and_its_page_shows_what_became_of_each_file(client: Client) -> None:
    answer = client.post(_url("batch-list"), _zip())
    assert answer.headers["Location"] == _url("batch-detail", "B01")
    assert not list(media_storage().incoming.iterdir())
    page = client.get(_url("batch-detail", "B01")).content.decode()
    assert "Waiting" in page
    assert 'hx-trigger="every 2s"' in page
    batch_run(batch_id=IntakeBatch.objects.get().pk)
    page = client.get(_url("batch-lines", "B01")).content.decode()
    assert 'hx-trigger="every 2s"' not in page
    assert page.count("<tr>") == 4
    assert _url("media-detail", "M01") in page
    assert "is not a picture or video" in page
    only = client.get(_url("batch-detail", "B01") + "?state=refused").content.decode()
    assert "=cmd.txt" in only
    assert "card/1.jpg" not in only


def test_the_same_zip_leads_to_its_batch(client: Client) -> None:
    client.post(_url("batch-list"), _zip())
    answer = client.post(_url("batch-list"), _zip(name="again.zip"), headers=JSON).json()
    assert (answer["existed"], answer["reference"]) == (True, "B01")


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        (_zip(picture(), "photo.zip"), 415, "is not a ZIP"),
        (_zip(b""), 400, "is empty"),
        ({}, 400, "No file came"),
    ],
)
def test_what_is_no_zip_is_refused_in_its_place(
    client: Client, sent: dict[str, Any], status: int, sentence: str
) -> None:
    for each in sent.values():
        each.seek(0)
    answer = client.post(_url("batch-list"), sent, headers=JSON)
    assert (answer.status_code, answer.json()["ok"]) == (status, False)
    assert sentence in answer.json()["sentence"]
    for each in sent.values():
        each.seek(0)
    page = client.post(_url("batch-list"), sent).content.decode()
    assert "errorlist" in page
    assert not IntakeBatch.objects.exists()


def test_a_folder_comes_file_by_file_and_goes_on_where_it_stopped(client: Client) -> None:
    begun = client.post(_url("batch-folder"), {"name": "card", "is_sensitive": "on"}).json()
    for number, colour in enumerate(("red", "blue")):
        file = SimpleUploadedFile(f"{number}.jpg", picture(colour))
        sent = {"name": f"card/{number}.jpg", "stamp": f"s{number}", "file": file}
        said = client.post(begun["file_url"], sent, headers=JSON).json()
        assert (said["ok"], said["state"]) == (True, "new")
    again = client.post(_url("batch-folder"), {"name": "card"}).json()
    assert (again["existed"], again["file_url"]) == (True, begun["file_url"])
    assert again["ended"] == {"card/0.jpg": "s0", "card/1.jpg": "s1"}
    # Sent all the same, it changes nothing.
    file = SimpleUploadedFile("0.jpg", picture("red"))
    said = client.post(again["file_url"], {"name": "card/0.jpg", "stamp": "s0", "file": file}).json()
    assert said["state"] == "new"
    client.post(again["end_url"])
    batch = IntakeBatch.objects.get()
    assert (batch.state, batch.members.count()) == (BatchState.DONE, 2)
    assert MediaItem.objects.filter(is_sensitive=True).count() == 2


def test_a_refused_file_of_a_folder_is_in_the_report_and_stops_nothing(client: Client) -> None:
    begun = client.post(_url("batch-folder"), {"name": "card"}).json()
    file = SimpleUploadedFile("notes.txt", b"hello")
    said = client.post(begun["file_url"], {"name": "card/notes.txt", "stamp": "s", "file": file}).json()
    assert (said["ok"], said["state"]) == (True, "refused")
    assert IntakeBatch.objects.get().members.get().state == MemberState.REFUSED
    assert not list(media_storage().incoming.iterdir())


def test_a_file_without_a_name_is_refused(client: Client) -> None:
    begun = client.post(_url("batch-folder"), {"name": "card"}).json()
    file = SimpleUploadedFile("a.jpg", picture())
    assert client.post(begun["file_url"], {"file": file}).status_code == 400
    assert client.post(_url("batch-folder"), {"name": ""}).status_code == 400


def test_nobody_adds_to_what_somebody_else_began(
    client: Client, client_of: ClientOf, reviewer: User, viewer: User
) -> None:
    begun = client.post(_url("batch-folder"), {"name": "card"}).json()
    for person in (reviewer, viewer):
        file = SimpleUploadedFile("a.jpg", picture())
        answer = client_of(person).post(begun["file_url"], {"name": "a", "stamp": "s", "file": file})
        assert answer.status_code == 403
        assert client_of(person).post(begun["end_url"]).status_code == 403
    assert not MediaItem.objects.exists()


def test_the_report_is_a_table_that_no_spreadsheet_runs(client: Client) -> None:
    client.post(_url("batch-list"), _zip())
    batch_run(batch_id=IntakeBatch.objects.get().pk)
    answer = client.get(_url("batch-report", "B01"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="TEST1_B01.csv"'
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[arg-type]
    assert [row["name"] for row in rows] == ["card/1.jpg", "card/2.jpg", "'=cmd.txt"]
    assert [row["state"] for row in rows] == ["new", "new", "refused"]
    assert rows[0]["reference"] == "M01"


def test_who_may_only_read_sees_the_report_and_no_button(
    client: Client, client_of: ClientOf, viewer: User
) -> None:
    client.post(_url("batch-list"), _zip())
    IntakeBatch.objects.update(state=BatchState.FAILED, sentence="It broke.")
    assert _url("batch-retry", "B01") in client.get(_url("batch-detail", "B01")).content.decode()
    page = client_of(viewer).get(_url("batch-detail", "B01")).content.decode()
    assert "It broke." in page
    assert _url("batch-retry", "B01") not in page
    assert client_of(viewer).get(_url("batch-list")).status_code == 403


def test_what_failed_is_tried_again_by_its_button(client: Client) -> None:
    client.post(_url("batch-list"), _zip())
    batch = IntakeBatch.objects.get()
    batch_run(batch_id=batch.pk)
    batch.members.filter(position=0).update(state=MemberState.FAILED, sentence="It broke.")
    client.post(_url("batch-retry", "B01"))
    batch_run(batch_id=batch.pk)
    member = batch.members.get(position=0)
    assert (member.state, member.media_item.reference) == (MemberState.KNOWN, "M01")


def test_the_api_begins_a_batch_and_reads_its_report(client: Client) -> None:
    address = reverse("api-batches", args=["TEST1"])
    answer = client.post(address, _zip())
    assert answer.status_code == 201, answer.content
    assert answer.headers["Location"] == reverse("api-batch", args=["TEST1", "B01"])
    assert client.post(address, _zip()).status_code == 200
    batch_run(batch_id=IntakeBatch.objects.get().pk)
    told = client.get(answer.headers["Location"]).json()
    assert (told["state"], told["counts"]["new"], told["counts"]["refused"]) == ("done", 2, 1)
    members = client.get(reverse("api-batch-members", args=["TEST1", "B01"]) + "?limit=2").json()
    assert [(each["name"], each["media"]) for each in members["results"]] == [
        ("card/1.jpg", "M01"),
        ("card/2.jpg", "M02"),
    ]
    last = client.get(members["next"]).json()
    assert [each["state"] for each in last["results"]] == ["refused"]
    refused = client.post(address, _zip(picture(), "photo.jpg"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "file_kind_refused")
