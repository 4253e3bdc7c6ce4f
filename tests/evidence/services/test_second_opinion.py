"""Asking another reader: who may, what it writes, and what happens where it is not or does not end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import InvalidInput, NotAllowed, NotFound
from evidence.models import CustodyEvent, Investigation, MetadataReading, ReadingState
from evidence.services.media import Logged
from evidence.services.readers.registry import EXIFTOOL
from evidence.services.reading import reading_ask, reading_run
from tests.evidence.services.conftest import file_of, picture

pytestmark = pytest.mark.django_db
Log = Callable[..., Logged]
ANSWER = {
    "SourceFile": "x",
    "ExifTool:ExifToolVersion": 13.0,
    "IFD0:Make": "Exercise",
    "Composite:GPSLatitude": -33.8568,
    "Composite:GPSLongitude": -70.6693,
}


@pytest.fixture
def fake(tmp_path: Path, settings: Any) -> Callable[[str], None]:
    """A program in exiftool's place that does what the test says."""

    def install(script: str) -> None:
        program = tmp_path / "exiftool"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        settings.EXIFTOOL = str(program)

    return install


def _ask(actor: Any, logged: Logged) -> MetadataReading:
    reading = reading_ask(actor=actor, media_file=file_of(logged), reader_key=EXIFTOOL)
    reading_run(reading_id=reading.pk)
    reading.refresh_from_db()
    return reading


def test_nobody_asks_it_unasked(log_file: Log) -> None:
    logged = log_file(picture())
    assert not MetadataReading.objects.filter(media_file=file_of(logged), reader=EXIFTOOL).exists()


def test_its_answer_is_kept_beside_ours_and_never_as_the_files_position(
    log_file: Log, investigator: Any, fake: Callable[[str], None]
) -> None:
    fake(f"cat <<'END'\n{json.dumps([ANSWER])}\nEND")
    reading = _ask(investigator, log_file(picture()))
    assert reading.state == ReadingState.DONE
    assert reading.fields["latitude"] == -33.8568
    assert (reading.latitude, reading.longitude) == (None, None)
    assert {"group": "IFD0", "name": "Make", "value": "Exercise"} in reading.raw_tags
    actions = list(CustodyEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions[-2:] == ["file.reading_asked", "file.read"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("sleep 60", "longer than"),
        ("yes", "more output than is accepted"),
        ("echo not json", "cannot be read"),
        ("exit 3", "status 3"),
        ("kill -SEGV $$", "crashed"),
    ],
)
def test_a_program_that_misbehaves_fails_with_a_sentence(
    log_file: Log, investigator: Any, fake: Callable[[str], None], settings: Any, script: str, words: str
) -> None:
    settings.READER_WALL_SECONDS = 2
    fake(script)
    reading = _ask(investigator, log_file(picture()))
    assert reading.state == ReadingState.FAILED
    assert words in reading.sentence


def test_its_own_error_about_a_broken_file_is_its_answer(
    log_file: Log, investigator: Any, fake: Callable[[str], None]
) -> None:
    fake('echo \'[{"SourceFile": "x", "ExifTool:Error": "File format error"}]\'; exit 1')
    reading = _ask(investigator, log_file(picture()))
    assert (reading.state, reading.sentence) == (ReadingState.NOTHING_FOUND, "File format error")


def test_without_the_program_it_is_refused_with_how_to_get_it(
    log_file: Log, investigator: Any, settings: Any
) -> None:
    settings.EXIFTOOL = ""
    with pytest.raises(InvalidInput, match="libimage-exiftool-perl"):
        reading_ask(actor=investigator, media_file=file_of(log_file(picture())), reader_key=EXIFTOOL)


def test_a_viewer_and_a_stranger_may_not_ask(log_file: Log, viewer: Any, stranger: Any) -> None:
    media_file = file_of(log_file(picture()))
    with pytest.raises(NotAllowed):
        reading_ask(actor=viewer, media_file=media_file, reader_key=EXIFTOOL)
    with pytest.raises(NotFound):
        reading_ask(actor=stranger, media_file=media_file, reader_key=EXIFTOOL)


def test_a_reader_that_does_not_exist_is_not_found(log_file: Log, investigator: Any) -> None:
    with pytest.raises(NotFound):
        reading_ask(actor=investigator, media_file=file_of(log_file(picture())), reader_key="oracle")


def test_asking_twice_while_it_waits_asks_once(
    log_file: Log, investigator: Any, fake: Callable[[str], None], investigation: Investigation
) -> None:
    fake("true")
    media_file = file_of(log_file(picture()))
    first = reading_ask(actor=investigator, media_file=media_file, reader_key=EXIFTOOL)
    again = reading_ask(actor=investigator, media_file=media_file, reader_key=EXIFTOOL)
    assert first.pk == again.pk
    assert CustodyEvent.objects.filter(action="file.reading_asked").count() == 1


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_the_real_program_answers_within_the_limits(log_file: Log, investigator: Any) -> None:
    reading = _ask(investigator, log_file(picture()))
    assert reading.state == ReadingState.DONE, reading.sentence
    assert reading.fields["reader"].startswith("exiftool ")
    assert reading.fields["width"]
