"""Real files, good and hostile, through the real readers in their limited child process."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from evidence import sandbox
from evidence.models import CustodyEvent, FileRole, MediaFile, MetadataReading, ReadingState
from evidence.services.ingest import reading_retry
from evidence.services.media import Logged
from evidence.services.readers import base as reader_base
from evidence.services.readers.registry import PIXELS, WALKER
from evidence.services.reading import reading_run
from evidence.signals import reading_finished
from evidence.storage import media_storage
from evidence.training import TrainingFile, generate
from tests.evidence.credentials.signing import signed
from tests.evidence.services.conftest import file_of, picture

pytestmark = pytest.mark.django_db
Log = Callable[..., Logged]


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[TrainingFile, bytes]]:
    folder: Path = tmp_path_factory.mktemp("training")
    return {made.key: (made, (folder / made.filename).read_bytes()) for made in generate(folder)}


def _read(logged: Logged) -> dict[str, MetadataReading]:
    """Run both readers; whatever the file is, the original stays and the reading comes to an end."""
    for reading in MetadataReading.objects.filter(media_file=file_of(logged)):
        reading_run(reading_id=reading.pk)
    stored = media_storage().path_of(file_of(logged).sha256)
    assert stored.stat().st_size == file_of(logged).size_bytes
    readings = {each.reader: each for each in MetadataReading.objects.filter(media_file=file_of(logged))}
    assert not any(each.is_unfinished for each in readings.values())
    return readings


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def test_every_training_file_is_read_as_its_maker_says(log_file: Log, training: dict[str, Any]) -> None:
    assert len(training) >= 9
    for made, content in training.values():
        readings = _read(log_file(content, made.filename))
        walker, expected = readings[WALKER], made.expected
        assert walker.state in (ReadingState.DONE, ReadingState.NOTHING_FOUND), made.key
        if "latitude" in expected:
            # A ten-thousandth of a second of arc, which is what EXIF rationals keep here.
            assert walker.latitude == pytest.approx(expected["latitude"], abs=1e-6), made.key
            assert walker.longitude == pytest.approx(expected["longitude"], abs=1e-6), made.key
        else:
            assert walker.latitude is None, made.key
        if "captured_at_utc" in expected:
            assert walker.captured_at is not None
            assert walker.captured_at.isoformat()[:19] == expected["captured_at_utc"][:19], made.key
        heading = expected.get("heading_deg")
        assert walker.fields["heading_deg"] == (pytest.approx(heading) if heading is not None else None)


def test_a_video_gets_a_thumbnail_a_poster_and_a_sheet_of_its_frames(
    log_file: Log, training: dict[str, Any]
) -> None:
    made, content = training["T04"]
    logged = log_file(content, made.filename)
    pixels = _read(logged)[PIXELS]
    assert pixels.state == ReadingState.DONE
    derived = {file.role: file for file in MediaFile.objects.filter(parent=file_of(logged))}
    assert set(derived) == {FileRole.THUMBNAIL, FileRole.POSTER, FileRole.CONTACT_SHEET}
    for file in derived.values():
        with Image.open(media_storage().path_of(file.sha256)) as image:
            assert image.size == (file.width, file.height)
            assert not image.getexif()


def test_a_messenger_photo_says_plainly_that_it_says_nothing(log_file: Log) -> None:
    walker = _read(log_file(picture()))[WALKER]
    assert walker.state == ReadingState.NOTHING_FOUND
    assert "says nothing of where, when or with what" in walker.sentence


def test_a_photo_cut_short_keeps_its_position_and_says_that_it_is_damaged(
    log_file: Log, training: dict[str, Any]
) -> None:
    made, content = training["T07"]
    readings = _read(log_file(content, made.filename))
    assert readings[WALKER].latitude == pytest.approx(made.expected["latitude"], abs=1e-6)
    said = readings[WALKER].sentence + readings[PIXELS].sentence
    assert "ends" in said or "cut" in said or "damaged" in said or "incomplete" in said


def test_a_wrong_name_is_said(log_file: Log) -> None:
    walker = _read(log_file(picture(format="PNG"), "holiday.jpg"))[WALKER]
    assert "The name says .jpg, the content is PNG." in walker.sentence


def test_the_head_of_a_video_alone_ends_in_sentences(log_file: Log, training: dict[str, Any]) -> None:
    made, content = training["T04"]
    readings = _read(log_file(content[:600], made.filename))
    assert readings[PIXELS].state == ReadingState.FAILED
    assert readings[PIXELS].sentence.endswith("The original is kept as it is.")


def test_a_picture_that_claims_ten_thousand_million_pixels_is_not_opened(log_file: Log) -> None:
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 300_001)
    bomb = b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", body)
    readings = _read(log_file(bomb + _png_chunk(b"IEND", b""), "bomb.png"))
    assert readings[PIXELS].state == ReadingState.FAILED
    assert "100,000 x 100,000 pixels" in readings[PIXELS].sentence
    assert not MediaFile.objects.exclude(parent=None).exists()


def test_a_tiff_that_unpacks_to_gigabytes_stops_at_the_limit(log_file: Log, settings: Any) -> None:
    settings.READER_MEMORY_BYTES = 768 * 1024**2
    # One strip of 10,900 x 10,900 RGB pixels: 356 MB of zeros in 350 kB, and few enough to be tried.
    side = 10_900
    packed = zlib.compress(b"\x00" * (side * side * 3), 9)
    entries = [
        (256, 4, 1, side), (257, 4, 1, side), (258, 3, 3, 8 + len(packed)), (259, 3, 1, 8), (262, 3, 1, 2),
        (273, 4, 1, 8), (277, 3, 1, 3), (278, 4, 1, side), (279, 4, 1, len(packed)),
    ]  # fmt: skip
    where = 8 + len(packed) + 6
    bomb = struct.pack("<2sHI", b"II", 42, where) + packed + struct.pack("<3H", 8, 8, 8)
    bomb += struct.pack("<H", len(entries))
    bomb += b"".join(struct.pack("<HHII", *entry) for entry in entries) + struct.pack("<I", 0)
    readings = _read(log_file(bomb, "bomb.tif"))
    assert readings[PIXELS].state == ReadingState.FAILED
    assert "memory" in readings[PIXELS].sentence
    assert readings[WALKER].state in (ReadingState.DONE, ReadingState.NOTHING_FOUND)


def test_what_postgresql_cannot_keep_is_replaced_and_not_lost(log_file: Log) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Ma\x00ker"
    exif[0x010E] = "half \ud800 pair".encode("utf-8", "surrogatepass")
    walker = _read(log_file(picture(exif=exif)))[WALKER]
    assert walker.state != ReadingState.FAILED
    assert walker.raw_tags


def test_a_child_that_is_killed_fails_the_reading_with_a_sentence(
    log_file: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(argv: list[str], **limits: Any) -> Any:
        return sandbox.run_limited(["/bin/sh", "-c", "kill -SEGV $$"], **limits)

    monkeypatch.setattr(reader_base, "run_limited", killed)
    readings = _read(log_file(signed()))
    assert {each.state for each in readings.values()} == {ReadingState.FAILED}
    assert "crashed (signal 11)" in readings[WALKER].sentence
    assert "original is kept" in readings[WALKER].sentence


def test_a_child_that_never_ends_is_stopped(
    log_file: Log, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.READER_WALL_SECONDS = 0.3

    def asleep(argv: list[str], **limits: Any) -> Any:
        return sandbox.run_limited(["/bin/sleep", "60"], **limits)

    monkeypatch.setattr(reader_base, "run_limited", asleep)
    readings = _read(log_file(picture()))
    assert "took longer than 0.3 s" in readings[PIXELS].sentence


def test_a_task_that_is_delivered_twice_does_its_work_once(log_file: Log) -> None:
    logged = log_file(picture())
    before = _read(logged)
    for reading in before.values():
        reading_run(reading_id=reading.pk)
    after = {each.reader: each for each in MetadataReading.objects.all()}
    assert {key: (each.attempts, each.finished_at) for key, each in after.items()} == {
        key: (each.attempts, each.finished_at) for key, each in before.items()
    }
    actions = list(CustodyEvent.objects.values_list("action", flat=True))
    assert actions.count("file.read") == 1
    assert actions.count("file.derived") == 1


def test_bytes_that_are_gone_are_said_to_be_gone(log_file: Log) -> None:
    logged = log_file(picture())
    media_storage().path_of(file_of(logged).sha256).unlink()
    for reading in MetadataReading.objects.all():
        reading_run(reading_id=reading.pk)
    sentences = set(MetadataReading.objects.values_list("state", "sentence"))
    assert sentences == {
        ("failed", "The bytes of this file are not in the storage. Tell whoever runs this server.")
    }


def test_what_the_checks_read_of_a_file_is_told_once_and_again_only_when_it_changed(log_file: Log) -> None:
    heard: list[str] = []

    def listener(sender: Any, item: Any, **kwargs: Any) -> None:
        heard.append(item.reference)

    reading_finished.connect(listener)
    try:
        logged = log_file(picture())
        readings = _read(logged)
        assert len(readings) >= 4
        assert heard == [logged.item.reference]
        walker = readings[WALKER]
        reading_retry(reading=walker)
        reading_run(reading_id=walker.pk)
        assert len(heard) == 1, "the same answer is no news"
        MetadataReading.objects.filter(pk=walker.pk).update(fields={"positions": []})
        reading_retry(reading=walker)
        reading_run(reading_id=walker.pk)
        assert len(heard) == 2
    finally:
        reading_finished.disconnect(listener)
