"""Real worker processes: one killed in the middle of its work, and two that do not wait for each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
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

from evidence.models import (
    BatchState,
    CustodyEvent,
    IntakeBatch,
    Investigation,
    MediaFile,
    MemberState,
    MetadataReading,
    ReadingState,
)
from evidence.services.ingest import original_store, readings_sweep
from evidence.services.intake import batch_of_zip, batches_sweep
from evidence.services.media import media_log_file
from evidence.storage import media_storage
from osint_catalogue.accounts.models import User
from tests.evidence.derivatives.clips import write_clip
from tests.evidence.services.conftest import picture
from tests.evidence.zips.hostile import packed

OWN_DATABASE = 9
PATIENCE_S = 180.0

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
def _worker(broker: str, log: Path, lane: str = "quick") -> Iterator[subprocess.Popen[bytes]]:
    """A worker on this test's database, files and broker; killed at the end if it is still there."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "CELERY_BROKER_URL": broker,
        "DATABASE_URL": urlunsplit(database),
        "MEDIA_ROOT": str(django_settings.MEDIA_ROOT),
    }
    command = ["-m", "celery", "-A", "osint_catalogue", "worker", "--concurrency=1", "--pool=prefork"]
    command += ["--queues", lane]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel=WARNING", f"--hostname={lane}@test"]
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


def test_a_photo_is_read_while_a_video_is_being_copied(
    broker: str, investigation: Investigation, investigator: User, tmp_path: Path
) -> None:
    def log_it(name: str, content: bytes) -> None:
        stored = original_store(SimpleUploadedFile(name, content))
        media_log_file(actor=investigator, investigation=investigation, stored=stored)

    # Large enough that its copy takes a while.
    clip = write_clip(tmp_path / "long.mkv", seconds=40, rate=25, size=(1280, 720))
    log_it("long.mkv", clip.read_bytes())
    log = tmp_path / "worker.log"
    proxy = MetadataReading.objects.filter(reader="proxy")
    photo = MetadataReading.objects.filter(media_file__mime_type="image/jpeg")
    with _worker(broker, log, "long"), _worker(broker, log, "quick"):
        _wait_until(lambda: proxy.filter(progress_pct__gte=1).exists(), log)
        log_it("photo.jpg", picture())
        _wait_until(lambda: photo.exclude(finished_at=None).count() == 2, log)
        at_that_time = proxy.get()
        _wait_until(lambda: not proxy.filter(finished_at=None).exists(), log)
    assert at_that_time.state == ReadingState.READING
    assert at_that_time.progress_pct is not None
    assert proxy.get().state == ReadingState.DONE
    assert MediaFile.objects.filter(role="proxy", mime_type="video/webm").exists()


def test_a_worker_killed_in_the_middle_of_a_batch_costs_nothing_and_doubles_nothing(
    broker: str, investigation: Investigation, investigator: User, tmp_path: Path
) -> None:
    # Noise, so that each file takes a moment to unpack, and all differ.
    files = [(f"{n}.jpg", picture(f"#{n * 20:02x}4080") + os.urandom(8_000_000)) for n in range(12)]
    batch, _existed = batch_of_zip(
        actor=investigator,
        investigation=investigation,
        stored=media_storage().put([packed(files, zipfile.ZIP_STORED)]),
        name="card.zip",
    )
    log = tmp_path / "worker.log"
    members = batch.members.all()
    with _worker(broker, log) as first:
        _wait_until(lambda: members.filter(state=MemberState.NEW).count() >= 3, log)
        _kill(first)
    batch.refresh_from_db()
    assert batch.state == BatchState.READING
    assert members.filter(state=MemberState.WAITING).exists()

    # The time that a lease lasts goes by; then the sweep of the beat finds what was left.
    IntakeBatch.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    assert batches_sweep() == 1
    with _worker(broker, log):
        _wait_until(lambda: IntakeBatch.objects.filter(state=BatchState.DONE).exists(), log)
        time.sleep(1.0)
    assert members.filter(state__in=[MemberState.NEW, MemberState.KNOWN]).count() == 12
    assert MediaFile.objects.filter(parent=None).count() == 12
    actions = list(CustodyEvent.objects.values_list("action", flat=True))
    assert actions.count("file.stored") == 12
    assert actions.count("batch.finished") == 1
