"""The reader of Content Credentials as a worker runs it: what it writes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.credentials import SUPPORTED_TYPES
from evidence.models import CustodyEvent, MetadataReading, ReadingState
from evidence.services.media import Logged
from evidence.services.readers import base as reader_base
from evidence.services.readers.registry import CREDENTIALS
from evidence.services.reading import reading_run
from tests.evidence.credentials.signing import authority, changed_pixel, picture, ruined_store, signed
from tests.evidence.services.conftest import file_of

pytestmark = pytest.mark.django_db
Log = Callable[..., Logged]


def _read(logged: Logged) -> MetadataReading:
    reading = MetadataReading.objects.get(media_file=file_of(logged), reader=CREDENTIALS)
    reading_run(reading_id=reading.pk)
    reading.refresh_from_db()
    return reading


@pytest.mark.parametrize(
    ("damage", "state", "words"),
    [
        (lambda content: content, "valid", "no trust list"),
        (changed_pixel, "invalid", "does not fit"),
        (ruined_store, "unreadable", "cannot be read"),
    ],
)
def test_the_row_and_the_log_say_the_state(log_file: Log, damage: Any, state: str, words: str) -> None:
    logged = log_file(damage(signed()), "signed.jpg")
    reading = _read(logged)
    assert (reading.state, reading.fields["state"]) == (ReadingState.DONE, state)
    assert words in reading.sentence
    event = CustodyEvent.objects.filter(action="file.read").last()
    assert event is not None
    assert event.details["credentials"] == state


def test_a_file_without_any_starts_no_program(log_file: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(reader_base, "run_limited", refuse)
    reading = _read(log_file(picture(), "plain.jpg"))
    assert (reading.state, reading.fields["state"]) == (ReadingState.NOTHING_FOUND, "none")
    assert "Most files hold none" in reading.sentence


def test_the_configured_list_decides_who_is_trusted(log_file: Log, settings: Any, tmp_path: Path) -> None:
    trusted = tmp_path / "list.pem"
    trusted.write_bytes(authority().root)
    settings.CREDENTIALS_TRUST_LIST = str(trusted)
    reading = _read(log_file(signed(), "signed.jpg"))
    assert reading.fields["state"] == "trusted"
    assert "trust list" in reading.sentence


def test_a_list_that_is_gone_fails_with_a_sentence_and_never_counts_as_none(
    log_file: Log, settings: Any, tmp_path: Path
) -> None:
    settings.CREDENTIALS_TRUST_LIST = str(tmp_path / "gone.pem")
    reading = _read(log_file(signed(), "signed.jpg"))
    assert reading.state == ReadingState.FAILED
    assert "gone.pem" in reading.sentence


def test_kinds_that_the_standard_does_not_know_are_not_asked(log_file: Log) -> None:
    assert "video/x-matroska" not in SUPPORTED_TYPES
    logged = log_file(b"\x1a\x45\xdf\xa3" + b"\x42\x82\x88matroska" + bytes(40), "x.mkv")
    assert not MetadataReading.objects.filter(media_file=file_of(logged), reader=CREDENTIALS).exists()
