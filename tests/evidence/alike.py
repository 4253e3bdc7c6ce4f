"""Recordings that were logged and read, so that those which look alike are suggested."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from evidence.models import Investigation, MediaItem, MediaLikeness, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.media import MediaDetails, media_log_file
from evidence.services.reading import reading_run


def log_picture(actor: Any, investigation: Investigation, picture: Image.Image, **details: Any) -> MediaItem:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=90)
    return log_bytes(actor, investigation, stream.getvalue(), "photo.jpg", **details)


def log_bytes(
    actor: Any, investigation: Investigation, content: bytes, name: str, **details: Any
) -> MediaItem:
    stored = original_store(SimpleUploadedFile(name, content))
    return media_log_file(
        actor=actor, investigation=investigation, stored=stored, details=MediaDetails(**details)
    ).item


def read_all() -> None:
    """What the workers would do."""
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING).order_by("pk"):
        reading_run(reading_id=reading.pk)


def pair_of(one: MediaItem, other: MediaItem) -> MediaLikeness:
    return MediaLikeness.objects.of_item(one).of_item(other).get()  # type: ignore[no-any-return]
