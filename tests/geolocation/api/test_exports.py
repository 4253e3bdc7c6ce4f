"""Files in the background through the API: ask, watch, take with its digest, end; refusals with a way out."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from celery import Celery
from django.urls import reverse
from django.utils import timezone

from evidence.services.investigations import member_remove
from geolocation.models import ExportJob, VerifiedPoint
from geolocation.services.export_formats import FORMATS
from geolocation.services.export_making import export_run
from geolocation.services.geolocations import geolocation_retract

pytestmark = pytest.mark.django_db(transaction=True)
EXPORTS = "/api/v1/exports"


@pytest.fixture(autouse=True)
def _own_queue(monkeypatch):
    monkeypatch.setattr(Celery, "send_task", lambda *args, **kwargs: None)


@pytest.fixture
def asked(client_of, viewer, verified):
    """A client, and what it was answered when it asked for CSV of one investigation."""
    verified(39.8, 46.7)
    client = client_of(viewer)
    answer = client.post(
        EXPORTS, {"format": "csv", "filter": {"investigation": "test1", "q": "quay"}}, format="json"
    )
    assert answer.status_code == 201, answer.content
    return client, answer


def made(answer) -> dict:
    export_run(job_id=ExportJob.objects.get(uid=answer.json()["id"]).pk)
    return answer.json()


def test_a_file_is_asked_for_watched_and_taken_with_its_digest(asked):
    client, answer = asked
    assert answer["Location"] == f"{EXPORTS}/{answer.json()['id']}"
    told = answer.json()
    assert (told["state"], told["file_url"], told["sha256"]) == ("queued", None, "")
    assert told["filter"] == {"investigation": "test1", "q": "quay"}
    assert client.get(f"{answer['Location']}/file").status_code == 409
    made(answer)
    told = client.get(answer["Location"]).json()
    assert (told["state"], told["rows_done"], told["rows_of"]) == ("done", 1, 1)
    file = client.get(told["file_url"])
    octets = b"".join(file.streaming_content)
    digest = hashlib.sha256(octets).digest()
    assert told["sha256"] == digest.hex()
    assert file["ETag"] == f'"{digest.hex()}"'
    assert file["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert file["Cache-Control"] == "private, no-store"
    assert file["Content-Disposition"].startswith('attachment; filename="verified-points-test1-')
    assert client.get(told["file_url"], HTTP_IF_NONE_MATCH=file["ETag"]).status_code == 304
    part = client.get(told["file_url"], HTTP_RANGE="bytes=0-1")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"id")


def test_the_file_of_a_csv_names_its_metadata(asked):
    client, answer = asked
    told = made(answer)
    file = client.get(f"{told['url']}/file")
    file.close()
    link = file["Link"]
    assert 'rel="describedby"; type="application/csvm+json"' in link
    document = orjson.loads(client.get(link[1 : link.index(">")]).content)
    job = ExportJob.objects.get()
    assert document["url"].startswith("verified-points-test1-")
    assert document["notes"][0]["filter"] == "investigation=test1; q=quay"
    assert document["dc:created"]["@value"] == job.shown_at.isoformat().replace("+00:00", "Z")


def test_other_formats_have_no_metadata_beside_them(client_of, viewer, verified):
    answer = client_of(viewer).post(EXPORTS, {"format": "geojson"}, format="json")
    made(answer)
    assert client_of(viewer).get(f"{answer['Location']}/file-metadata.json").status_code == 404


def test_a_point_that_left_is_told_with_the_file(asked, editor):
    client, answer = asked
    told = made(answer)
    assert client.get(told["url"]).json()["since"] == {"left": 0, "changed": 0}
    point = VerifiedPoint.objects.get()
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="Another mast.")
    assert client.get(told["url"]).json()["since"] == {"left": 1, "changed": 0}


def test_who_lost_access_gets_404_for_job_and_file(asked, viewer, editor, investigation):
    client, answer = asked
    told = made(answer)
    member_remove(actor=editor, investigation=investigation, user=viewer)
    for address in (told["url"], f"{told['url']}/file", f"{told['url']}/file-metadata.json"):
        assert client.get(address).status_code == 404
    assert client.get(EXPORTS).json()["results"] == []


def test_somebody_else_gets_404_whatever_their_role(asked, client_of, editor, stranger):
    _client, answer = asked
    told = made(answer)
    for reader in (editor, stranger):
        assert client_of(reader).get(f"{told['url']}/file").status_code == 404
        assert client_of(reader).delete(told["url"]).status_code == 404
    assert client_of(None).get(told["url"]).status_code == 401


def test_after_its_time_the_file_is_gone_and_the_job_says_so(asked):
    client, answer = asked
    told = made(answer)
    ExportJob.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    gone = client.get(f"{told['url']}/file")
    assert gone.status_code == 410
    assert gone.json()["error"]["code"] == "export_gone"
    assert client.get(told["url"]).json()["file_url"] is None


def test_ending_cancels_first_and_deletes_later(asked):
    client, answer = asked
    assert client.delete(answer["Location"]).status_code == 204
    assert client.get(answer["Location"]).json()["state"] == "cancelled"
    assert client.delete(answer["Location"]).status_code == 204
    assert client.get(answer["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"format": "shapefile"}, "format"),
        ({"format": "csv", "filter": {"bbox": "1"}}, "filter.bbox"),
        ({"format": "csv", "filter": {"qq": "1"}}, "filter"),
        ({"format": "csv", "filter": {"investigation": "NEVER"}}, "investigation"),
        ({}, "format"),
        ({"format": "csv", "until": "1"}, "until"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(client_of, viewer, investigation, body, field):
    answer = client_of(viewer).post(EXPORTS, body, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]
    assert not ExportJob.objects.exists()


def test_the_fourth_at_once_is_refused_with_what_to_do(client_of, viewer, investigation):
    statuses = [
        client_of(viewer).post(EXPORTS, {"format": "csv"}, format="json").status_code for _each in range(4)
    ]
    assert statuses == [201, 201, 201, 409]


def test_nobody_without_an_account_asks_for_a_job(client_of, db):
    assert client_of(None).post(EXPORTS, {"format": "csv"}, format="json").status_code == 401


@pytest.fixture
def narrow(monkeypatch):
    """GeoPackages of more than one point take too long to wait for."""
    monkeypatch.setitem(FORMATS, "gpkg", replace(FORMATS["gpkg"], most_at_once=1))


def test_too_many_points_to_wait_for_lead_a_program_to_a_job(client_of, verified, published, viewer, narrow):
    address = "/api/v1/verified-points.gpkg"
    verified(39.8, 46.7)
    small = client_of(None).get(address)
    assert small.status_code == 200
    small.close()
    verified(39.9, 46.7)
    refused = client_of(viewer).get(address, {"published": "true"})
    assert refused.status_code == 400
    error = refused.json()["error"]
    assert (error["code"], error["points_at_once"]) == ("export_too_large", 1)
    answer = client_of(viewer).post(error["job"]["url"], error["job"]["body"], format="json")
    assert answer.status_code == 201
    assert made(answer)["filter"] == {"published": "true"}
    assert client_of(viewer).get(answer["Location"]).json()["rows_of"] == 2


def test_too_many_points_to_wait_for_lead_a_browser_to_the_page(client_of, verified, published, narrow):
    verified(39.8, 46.7)
    verified(39.9, 46.7)
    answer = client_of(None).get(
        "/api/v1/verified-points.gpkg", {"q": "quay"}, HTTP_ACCEPT="text/html,application/xhtml+xml,*/*;q=0.8"
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('geolocation:export-ask')}?q=quay&format=gpkg"


@pytest.mark.parametrize("key", [key for key, each in FORMATS.items() if each.stream])
def test_what_is_streamed_is_never_refused_for_its_size(key):
    assert FORMATS[key].most_at_once is None
