"""Health: each part that is down is named, and the answer is 503."""

import time

import pytest
from django.core.cache import cache
from django.db import connection

from osint_catalogue import health
from osint_catalogue.celery import app, heartbeat_key, record_heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_up(settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setitem(health.PROBES, "broker", lambda: None)
    cache.set_many(dict.fromkeys(map(heartbeat_key, ("quick", "long")), time.time()))


def test_healthz_answers_while_the_process_is_up(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "up"})


def test_readyz_names_every_part(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["parts"] == {
        "database": "ready",
        "migrations": "ready",
        "broker": "ready",
        "storage": "ready",
        "worker, quick": "ready",
        "worker, long": "ready",
    }


def test_a_broker_that_nobody_answers_is_named(client, settings, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(
        health.current_app,
        "connection_for_read",
        lambda: health.current_app.connection("redis://127.0.0.1:1/0", connect_timeout=1),
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"] == "down"


def test_storage_that_cannot_be_written_is_named(client, settings, tmp_path):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    settings.MEDIA_ROOT = blocked
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["storage"] == "down"


@pytest.mark.parametrize(("lane", "other"), [("quick", "long"), ("long", "quick")])
def test_a_worker_that_stopped_reporting_is_named(client, settings, lane, other):
    cache.set(heartbeat_key(lane), time.time() - settings.WORKER_HEARTBEAT_SECONDS - 5)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    parts = answer.json()["parts"]
    assert parts[f"worker, {lane}"].startswith(f"the last worker that takes {lane} work reported")
    assert parts[f"worker, {other}"] == "ready"
    cache.delete(heartbeat_key(lane))
    parts = client.get("/readyz").json()["parts"]
    assert parts[f"worker, {lane}"] == f"no worker has reported yet that takes {lane} work"


def test_a_worker_reports_for_the_queues_it_takes_work_from(monkeypatch):
    for lane in ("quick", "long"):
        cache.delete(heartbeat_key(lane))
    monkeypatch.setattr(app.amqp.queues, "_consume_from", {"long": None})
    record_heartbeat()
    assert time.time() - cache.get(heartbeat_key("long")) < 5
    assert cache.get(heartbeat_key("quick")) is None


def test_migrations_that_wait_are_counted(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'geolocation'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "have not been applied" in answer.json()["parts"]["migrations"]


def test_a_database_that_is_down_is_named(client, monkeypatch):
    def refuse():
        raise OSError("secret-host refused")

    monkeypatch.setitem(health.PROBES, "database", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "down"
    assert b"secret-host" not in answer.content
