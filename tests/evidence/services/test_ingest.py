"""Originals are kept before anything reads them; each reading runs once at a time and ends once."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from kombu.exceptions import OperationalError

from evidence.errors import FileRefused
from evidence.models import MediaFile, MetadataReading, ReadingState
from evidence.services import ingest
from evidence.services.ingest import (
    ATTEMPTS,
    original_store,
    reading_claim,
    reading_enqueue,
    reading_finish,
    reading_progress,
    reading_retry,
    readings_sweep,
)
from evidence.services.media import Logged
from evidence.storage import media_storage
from tests.evidence.derivatives.clips import write_clip
from tests.evidence.services.conftest import file_of, picture

pytestmark = pytest.mark.django_db
Log = Callable[..., Logged]


def test_the_original_is_kept_byte_for_byte_under_its_digest_and_read_only() -> None:
    content = picture()
    stored = original_store(SimpleUploadedFile("a.jpg", content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    path = media_storage().path_of(stored.sha256)
    assert path.read_bytes() == content
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o440
    assert not list((path.parents[3] / "incoming").iterdir())


def test_the_same_bytes_twice_keep_the_first_file() -> None:
    first = original_store(SimpleUploadedFile("a.jpg", picture()))
    path = media_storage().path_of(first.sha256)
    inode = path.stat().st_ino
    again = original_store(SimpleUploadedFile("other name.jpg", picture()))
    assert again.sha256 == first.sha256
    assert path.stat().st_ino == inode


def test_an_empty_file_is_refused_with_its_name_and_what_to_do() -> None:
    with pytest.raises(FileRefused, match=r"“nothing\.mp4” is empty\. Check the file"):
        original_store(SimpleUploadedFile("nothing.mp4", b""))


def test_a_file_of_no_known_kind_is_refused_and_leaves_nothing_behind() -> None:
    with pytest.raises(FileRefused, match="not a picture or video"):
        original_store(SimpleUploadedFile("evil.jpg", b"<html><script>alert(1)</script></html>"))
    incoming = media_storage().path_of("0" * 64).parents[3] / "incoming"
    assert not incoming.exists() or not list(incoming.iterdir())


def test_the_first_bytes_tell_the_kind_and_not_the_name() -> None:
    stored = original_store(SimpleUploadedFile("holiday.jpg", picture(format="PNG")))
    assert (stored.mime_type, stored.kind) == ("image/png", "photo")


def test_a_file_over_the_limit_is_refused_before_it_is_copied(settings: object) -> None:
    settings.MAX_UPLOAD_BYTES = 100  # type: ignore[attr-defined]
    with pytest.raises(FileRefused, match="larger than 100"):
        original_store(SimpleUploadedFile("a.jpg", picture()))


def test_a_stream_that_breaks_leaves_no_half_file() -> None:
    class Broken(SimpleUploadedFile):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield picture()[:4096]
            raise OSError("the line went dead")

    with pytest.raises(OSError, match="line went dead"):
        original_store(Broken("a.jpg", picture()))
    root = media_storage().path_of("0" * 64).parents[3]
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_storing_a_file_queues_its_readers_after_the_commit(log_file: Log, queued: list[int]) -> None:
    logged = log_file(picture())
    readings = MetadataReading.objects.filter(media_file=file_of(logged))
    assert sorted(queued) == sorted(readings.values_list("pk", flat=True))
    assert {reading.reader for reading in readings} == {"walker", "pixels", "likeness", "credentials"}


def test_only_what_goes_through_a_whole_video_waits_in_the_long_queue(
    log_file: Log, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lanes: dict[str, str] = {}

    def remember(self: Celery, name: str, args: list[int], queue: str, **options: object) -> None:
        reading = MetadataReading.objects.select_related("media_file").get(pk=args[0])
        lanes[f"{reading.media_file.mime_type} {reading.reader}"] = queue

    monkeypatch.setattr(Celery, "send_task", remember)
    log_file(picture())
    clip = write_clip(tmp_path / "clip.mp4", seconds=1)
    log_file(clip.read_bytes(), "clip.mp4")
    assert lanes == {
        "image/jpeg walker": "quick",
        "image/jpeg pixels": "quick",
        "image/jpeg likeness": "quick",
        "image/jpeg credentials": "quick",
        "video/mp4 walker": "quick",
        "video/mp4 pixels": "quick",
        "video/mp4 contact_sheet": "long",
        "video/mp4 waveform": "long",
        "video/mp4 proxy": "long",
        "video/mp4 likeness": "long",
        "video/mp4 credentials": "long",  # hashed whole
    }


def test_a_broker_that_is_down_costs_no_upload_and_the_sweep_queues_it_later(
    log_file: Log, queued: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **options: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(Celery, "send_task", down)
        logged = log_file(picture())
        assert MediaFile.objects.filter(pk=file_of(logged).pk).exists()
        assert not reading_enqueue(MetadataReading.objects.earliest("pk"))
    assert readings_sweep() == 0  # too early: the queue may simply be long
    MetadataReading.objects.update(queued_at=timezone.now() - timedelta(minutes=1))
    assert readings_sweep() == MetadataReading.objects.count() == 4
    assert sorted(queued) == sorted(MetadataReading.objects.values_list("pk", flat=True))
    assert readings_sweep() == 0  # asked for just now


def test_what_waits_in_a_queue_that_holds_work_is_not_queued_a_second_time(
    log_file: Log, queued: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log_file(write_clip(tmp_path / "clip.mp4", seconds=1).read_bytes(), "clip.mp4")
    MetadataReading.objects.update(queued_at=timezone.now() - timedelta(hours=1))
    queued.clear()
    monkeypatch.setattr(ingest, "lane_holds_work", lambda lane: lane == "long")
    assert readings_sweep() == 2
    quick = MetadataReading.objects.filter(reader__in=["walker", "pixels"])
    assert sorted(queued) == sorted(quick.values_list("pk", flat=True))
    # What a dead worker had in hand is in no queue.
    reading_claim(reading_id=MetadataReading.objects.get(reader="proxy").pk)
    MetadataReading.objects.filter(reader="proxy").update(lease_until=timezone.now() - timedelta(seconds=1))
    assert readings_sweep() == 1


def test_progress_is_written_down_and_renews_the_lease(log_file: Log, tmp_path: Path) -> None:
    log_file(write_clip(tmp_path / "clip.mp4", seconds=1).read_bytes(), "clip.mp4")
    reading = reading_claim(reading_id=MetadataReading.objects.get(reader="proxy").pk)
    assert reading is not None
    MetadataReading.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    assert reading_progress(reading=reading, percent=37)
    reading.refresh_from_db()
    assert reading.progress_pct == 37
    assert reading.lease_until is not None
    assert reading.lease_until > timezone.now() + timedelta(seconds=60)
    assert reading_finish(reading, state=ReadingState.DONE, sentence="")
    # A word that comes after the end changes nothing.
    assert not reading_progress(reading=reading, percent=99)
    reading.refresh_from_db()
    assert (reading.progress_pct, reading.lease_until) == (None, None)


def test_long_work_is_given_up_by_its_silence_and_quick_work_by_its_limit(
    log_file: Log, settings: Any, tmp_path: Path
) -> None:
    settings.READER_WALL_SECONDS, settings.LONG_READER_SILENCE_SECONDS = 10, 1000
    log_file(write_clip(tmp_path / "clip.mp4", seconds=1).read_bytes(), "clip.mp4")
    for reader, patience_s in (("walker", 70), ("proxy", 1060), ("likeness", 1060), ("credentials", 1060)):
        claimed = reading_claim(reading_id=MetadataReading.objects.get(reader=reader).pk)
        assert claimed is not None
        assert claimed.lease_until is not None
        left_s = (claimed.lease_until - timezone.now()).total_seconds()
        assert left_s == pytest.approx(patience_s, abs=5)


def test_a_photo_is_quick_work_for_readers_whose_videos_are_long(log_file: Log, settings: Any) -> None:
    settings.READER_WALL_SECONDS, settings.LONG_READER_SILENCE_SECONDS = 10, 1000
    log_file(picture())
    claimed = reading_claim(reading_id=MetadataReading.objects.get(reader="likeness").pk)
    assert claimed is not None
    assert claimed.lease_until is not None
    assert (claimed.lease_until - timezone.now()).total_seconds() == pytest.approx(70, abs=5)


def test_a_reading_is_claimed_by_one_worker_only(log_file: Log) -> None:
    log_file(picture())
    pk = MetadataReading.objects.earliest("pk").pk
    first = reading_claim(reading_id=pk)
    assert first is not None
    assert (first.attempts, first.state) == (1, ReadingState.READING)
    assert reading_claim(reading_id=pk) is None


def test_a_reading_whose_worker_died_is_free_when_its_lease_ends(log_file: Log) -> None:
    log_file(picture())
    pk = MetadataReading.objects.earliest("pk").pk
    dead = reading_claim(reading_id=pk)
    assert dead is not None
    MetadataReading.objects.filter(pk=pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    second = reading_claim(reading_id=pk)
    assert second is not None
    assert second.attempts == 2
    # The one thought dead comes back late: what it found is not written over the other's turn.
    assert not reading_finish(dead, state=ReadingState.DONE, sentence="")
    assert reading_finish(second, state=ReadingState.DONE, sentence="")
    assert not reading_finish(second, state=ReadingState.FAILED, sentence="twice")
    assert MetadataReading.objects.get(pk=pk).state == ReadingState.DONE


def test_a_file_that_kills_every_worker_is_given_up_with_a_sentence(log_file: Log, queued: list[int]) -> None:
    log_file(picture())
    pk = MetadataReading.objects.earliest("pk").pk
    for attempt in range(1, ATTEMPTS + 1):
        claimed = reading_claim(reading_id=pk)
        assert claimed is not None
        assert claimed.attempts == attempt
        MetadataReading.objects.filter(pk=pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        queued.clear()
        readings_sweep()
        assert (pk in queued) is (attempt < ATTEMPTS)
    reading = MetadataReading.objects.get(pk=pk)
    assert reading.state == ReadingState.FAILED
    assert "stopped 3 times" in reading.sentence
    assert "original is kept" in reading.sentence


def test_a_person_can_have_a_failed_file_read_again(
    log_file: Log, queued: list[int], run_on_commit: Callable[..., object]
) -> None:
    log_file(picture())
    reading = MetadataReading.objects.earliest("pk")
    MetadataReading.objects.filter(pk=reading.pk).update(
        state=ReadingState.FAILED, attempts=ATTEMPTS, sentence="It broke."
    )
    queued.clear()
    with run_on_commit():
        reading_retry(reading=reading)
    reading.refresh_from_db()
    assert (reading.state, reading.attempts, reading.sentence) == (ReadingState.WAITING, 0, "")
    assert queued == [reading.pk]


def test_a_reading_that_runs_is_not_started_a_second_time_by_asking(log_file: Log) -> None:
    log_file(picture())
    running = reading_claim(reading_id=MetadataReading.objects.earliest("pk").pk)
    assert running is not None
    reading_retry(reading=running)
    running.refresh_from_db()
    assert (running.state, running.attempts) == (ReadingState.READING, 1)
