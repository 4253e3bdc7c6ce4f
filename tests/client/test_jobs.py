"""Files that the service makes in the background, and what becomes of the job."""

import threading
import time
from dataclasses import replace

import pyogrio
import pytest
from celery import Celery
from django.db import connection

from catalogue_client import Invalid, ServerFault, UnexpectedAnswer, Unreachable
from catalogue_client.jobs import made_file
from catalogue_client.transport import Transport
from geolocation.models import ExportJob
from geolocation.services.export_formats import FORMATS
from geolocation.services.export_making import export_run
from tests.client.conftest import QUICK, Told

pytestmark = pytest.mark.django_db(transaction=True)
DONE = b'{"id": "1", "state": "done", "sha256": "00", "file_url": "/api/v1/exports/1/file"}'


@pytest.fixture(autouse=True)
def _large(monkeypatch):
    """One point is many, and nobody but the test works on a queue."""
    monkeypatch.setitem(FORMATS, "gpkg", replace(FORMATS["gpkg"], most_at_once=1))
    monkeypatch.setattr(Celery, "send_task", lambda *args, **kwargs: None)


@pytest.fixture
def worker():
    """A worker that makes every file that is waiting, until the test ends."""
    ends = threading.Event()

    def work() -> None:
        while not ends.is_set():
            for job in ExportJob.objects.filter(state="queued"):
                export_run(job_id=job.pk)
            time.sleep(0.05)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ends.set()
    thread.join(timeout=30)


def test_a_large_file_is_made_awaited_and_its_job_removed(
    catalogue_of, verified, published, viewer, tmp_path, worker
):
    for number in range(3):
        verified(number, number)
    path = tmp_path / "points.gpkg"
    got = catalogue_of(viewer).save(path)
    assert pyogrio.read_info(path)["features"] == 3
    assert got.size_bytes == path.stat().st_size
    assert ExportJob.objects.count() == 0


def test_without_a_token_the_refusal_says_what_else_there_is(catalogue_of, verified, published, tmp_path):
    verified(1, 1)
    verified(2, 2)
    with pytest.raises(Invalid, match="format that is streamed") as caught:
        catalogue_of().save(tmp_path / "points.gpkg")
    assert caught.value.code == "export_too_large"
    assert list(tmp_path.glob("*points*")) == []


def test_a_job_that_takes_too_long_is_given_up_and_removed(
    catalogue_of, verified, published, viewer, tmp_path
):
    verified(1, 1)
    verified(2, 2)
    catalogue = catalogue_of(viewer)
    catalogue._longest_job_s = 0.5
    with pytest.raises(Unreachable, match="given up"):
        catalogue.save(tmp_path / "points.gpkg")
    assert not ExportJob.objects.filter(state__in=["queued", "running"]).exists()


def asked_of(server) -> Transport:
    return Transport(server.url, token="t", timeout_s=5, patience=QUICK)


def test_a_job_that_failed_says_why(scripted):
    server = scripted()
    server.answers = [
        Told(status=201, body=b'{"id": "1", "state": "queued"}'),
        Told(body=b'{"id": "1", "state": "failed", "sentence": "The disk is full."}'),
        Told(status=204, body=b""),
    ]
    transport = asked_of(server)
    with (
        pytest.raises(ServerFault, match="The disk is full"),
        made_file(transport, {"format": "gpkg"}, longest_s=9, sleep=lambda _seconds: None),
    ):
        pass
    transport.close()
    assert [method for method, _path, _headers in server.asked] == ["POST", "GET", "DELETE"]


def test_a_file_with_another_digest_is_not_kept(scripted, tmp_path):
    from tests.client.test_transport import client

    server = scripted()
    refusal = (
        b'{"error": {"code": "export_too_large", "sentence": "Many.", "job": {"body": {"format": "gpkg"}}}}'
    )
    server.answers = [
        Told(status=400, body=refusal),
        Told(status=201, body=DONE),
        Told(body=b"something else"),
        Told(status=204, body=b""),
    ]
    with client(server, token="t") as catalogue, pytest.raises(UnexpectedAnswer, match="digest"):
        catalogue.save(tmp_path / "points.gpkg")
    assert list(tmp_path.glob("*points*")) == []
    assert server.asked[-1][0] == "DELETE"
