"""Uploads and a queue that only writes down what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from celery import Celery
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from evidence.models import Investigation, MediaFile
from evidence.services import ingest
from evidence.services.ingest import original_store
from evidence.services.media import Logged, media_log_file
from osint_catalogue.accounts.models import User


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the readings that were handed to the queue, in order."""
    ids: list[int] = []
    # Whatever else uses the same broker: here the queues are empty.
    monkeypatch.setattr(ingest, "lane_holds_work", lambda lane: False)
    monkeypatch.setattr(Celery, "send_task", lambda self, name, args, **options: ids.append(args[0]))
    return ids


def picture(
    colour: str = "teal", format: str = "JPEG", size: tuple[int, int] = (64, 48), **save: Any
) -> bytes:
    """A small picture of one colour, as a file."""
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, format, **save)
    return buffer.getvalue()


@pytest.fixture
def log_file(
    investigation: Investigation, investigator: User, queued: list[int], run_on_commit: Callable[..., Any]
) -> Callable[..., Logged]:
    """`log_file(content, name)`: what an upload does, up to the queue."""

    def log(content: bytes, name: str = "photo.jpg", **more: Any) -> Logged:
        stored = original_store(SimpleUploadedFile(name, content))
        with run_on_commit():
            return media_log_file(actor=investigator, investigation=investigation, stored=stored, **more)

    return log


def file_of(logged: Logged) -> MediaFile:
    assert logged.media_file is not None
    return logged.media_file
