"""A real worker process, killed in the middle of a reading: the reading is done again, and once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
import redis
from celery import Celery
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from kombu import Connection

from evidence.models import CustodyEvent, Investigation, MediaFile, MetadataReading, ReadingState
from evidence.services.ingest import original_store, readings_sweep
from evidence.services.media import media_log_file
from osint_catalogue.accounts.models import User
from tests.evidence.services.conftest import picture

OWN_DATABASE = 9
PATIENCE_S = 60.0

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("CELERY_BROKER_URL"), reason="needs a broker: make test brings one"
    ),
]


def _own_broker() -> str:
    """The same Redis, in a database that nothing else uses."""
    address, _, query = os.environ["CELERY_BROKER_URL"].partition("?")
    if address.startswith("redis+socket"):
        return f"{address}?{urlencode({**dict(parse_qsl(query)), 'virtual_host': OWN_DATABASE})}"
    return urlunsplit(urlsplit(address)._replace(path=f"/{OWN_DATABASE}", query=query))


def _empty(broker: str) -> None:
    parts = urlsplit(broker)
    if parts.scheme.endswith("socket"):
        client = redis.Redis(unix_socket_path=parts.path, db=OWN_DATABASE)
    else:
        client = redis.Redis.from_url(broker)
    with client:
        client.flushdb()


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Tasks that this process sends go to the broker that only this test's worker listens to."""
    url = _own_broker()
    _empty(url)
    send = Celery.send_task
    with Connection(url) as own:

        def send_there(self: Celery, *args: Any, **options: Any) -> Any:
            return send(self, *args, **options, connection=own)

        monkeypatch.setattr(Celery, "send_task", send_there)
        yield url
    _empty(url)


@contextmanager
def _worker(broker: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on this test's database, files and broker; killed at the end if it is still there."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "CELERY_BROKER_URL": broker,
        "DATABASE_URL": urlunsplit(database),
        "MEDIA_ROOT": str(django_settings.MEDIA_ROOT),
    }
    command = ["-m", "celery", "-A", "osint_catalogue", "worker", "--concurrency=1", "--pool=prefork"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel=WARNING", "--hostname=killed@test"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command, *quiet],
            env=environment,
            cwd=django_settings.BASE_DIR,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the worker and the processes of its pool, as when a machine runs out of memory."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def _wait_until(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"it took too long; the worker said:\n{log.read_text()[-3000:]}"
        time.sleep(0.02)


def test_a_worker_killed_in_the_middle_of_a_reading_costs_nothing_and_doubles_nothing(
    broker: str, investigation: Investigation, investigator: User, tmp_path: Path
) -> None:
    # Large enough that opening it takes a while: the kill comes in the middle.
    content = picture(format="PNG", size=(9000, 9000))
    stored = original_store(SimpleUploadedFile("large.png", content))
    media_log_file(actor=investigator, investigation=investigation, stored=stored)
    log = tmp_path / "worker.log"
    readings = MetadataReading.objects.all()
    with _worker(broker, log) as first:
        _wait_until(lambda: readings.filter(reader="pixels", state=ReadingState.READING).exists(), log)
        _kill(first)
    interrupted = readings.get(reader="pixels")
    assert interrupted.state == ReadingState.READING
    assert not MediaFile.objects.exclude(parent=None).exists()

    # The time that a lease lasts goes by; then the sweep of the beat finds what was left.
    past = timezone.now() - timedelta(minutes=1)
    readings.exclude(state=ReadingState.DONE).update(queued_at=past)
    readings.filter(state=ReadingState.READING).update(lease_until=past)
    assert readings_sweep() >= 1
    with _worker(broker, log):
        unfinished = readings.filter(state__in=[ReadingState.WAITING, ReadingState.READING])
        _wait_until(lambda: not unfinished.exists(), log)
        # Whatever the queue still holds of the first worker's tasks has time to arrive and to be turned away.
        time.sleep(1.0)

    assert readings.get(reader="pixels").state == ReadingState.DONE
    assert readings.get(reader="pixels").attempts == 2
    roles = sorted(MediaFile.objects.exclude(parent=None).values_list("role", flat=True))
    assert roles == ["preview", "thumbnail"]
    actions = list(CustodyEvent.objects.values_list("action", flat=True))
    assert actions.count("file.derived") == 1
    assert actions.count("file.read") == 1
