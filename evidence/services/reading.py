"""Run one reader on one file in a limited child process, and keep what it found."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from evidence.metadata import VERSION as WALKER_VERSION
from evidence.metadata import MetadataReading as Reading
from evidence.models import FileRole, MediaFile, MediaItem, MetadataReading, ReadingState
from evidence.sandbox import Failure, run_limited
from evidence.services import custody
from evidence.services.custody import custody_record
from evidence.services.ingest import PIXELS, media_storage, reading_claim, reading_finish
from evidence.signals import reading_finished

log = structlog.get_logger(__name__)

_DERIVATIVE_BYTES = 512 * 1024 * 1024
_METADATA_BYTES = 64 * 1024 * 1024


def reading_run(*, reading_id: int) -> None:
    """Claim, read, keep. Delivered twice, it does its work once; a hostile file fails with a sentence."""
    reading = reading_claim(reading_id=reading_id)
    if reading is None:
        return
    if not _path(reading).exists():
        sentence = _("The bytes of this file are not in the storage. Tell whoever runs this server.")
        reading_finish(reading, state=ReadingState.FAILED, sentence=sentence)
        return
    run = _read_pixels if reading.reader == PIXELS else _read_metadata
    log.info("reading_started", reading_id=reading_id, reader=reading.reader, attempt=reading.attempts)
    run(reading)
    log.info("reading_ended", reading_id=reading_id, reader=reading.reader)


def _read_metadata(reading: MetadataReading) -> None:
    with tempfile.TemporaryDirectory(prefix="read-", dir=_scratch()) as folder:
        # The reader notices a name that promises another type; in the storage the name is a digest.
        named = Path(folder) / f"original{_extension(reading.media_file.original_name)}"
        named.symlink_to(_path(reading).resolve())
        output = _child("evidence.metadata", str(named), stdout_limit_bytes=_METADATA_BYTES)
    if isinstance(output, Failure):
        _failed(reading, output.sentence)
        return
    found = _storable(json.loads(output.stdout))
    raw_tags = found.pop("raw_tags", [])
    said = Reading.from_json({**found, "raw_tags": []})
    preferred = said.preferred_position
    with transaction.atomic():
        written = reading_finish(
            reading,
            state=ReadingState.NOTHING_FOUND if said.nothing_found else ReadingState.DONE,
            sentence=_nothing_found(reading, said) if said.nothing_found else " ".join(said.warnings),
            reader_version=WALKER_VERSION,
            latitude=preferred.latitude if preferred else None,
            longitude=preferred.longitude if preferred else None,
            captured_at=said.captured.utc if said.captured else None,
            fields=found,
            raw_tags=raw_tags,
        )
        if written:
            _record(reading, custody.FILE_READ, {"reader": reading.reader, "version": WALKER_VERSION})
            reading_finished.send(sender=MetadataReading, item=reading.media_file.media_item)


def _extension(name: str) -> str:
    """`.jpg` of a name that came from outside; nothing but letters and digits."""
    return re.sub(r"[^.A-Za-z0-9]", "", Path(name.replace("\\", "/")).suffix)[:12]


def _storable(value: Any) -> Any:
    """The same JSON without what PostgreSQL cannot keep: NUL, and halves of surrogate pairs.

    Both occur in files: NUL shows as its symbol, a half pair as a question mark.
    """
    if isinstance(value, str):
        return value.replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return value


def _nothing_found(reading: MetadataReading, said: Reading) -> str:
    if said.warnings:
        return " ".join(said.warnings)
    return _(
        "The file says nothing of where, when or with what it was made. That is common, and no fault of it."
    )


def _read_pixels(reading: MetadataReading) -> None:
    media_file = reading.media_file
    kind = "video" if media_file.mime_type.startswith("video/") else "photo"
    with tempfile.TemporaryDirectory(prefix="derive-", dir=_scratch()) as outdir:
        output = _child("evidence.derivatives", str(_path(reading)), outdir, "--kind", kind)
        if isinstance(output, Failure):
            _failed(reading, _child_sentence(output))
            return
        report = orjson.loads(output.stdout)
        with transaction.atomic():
            kept = [_keep_derivative(media_file, made) for made in report["derivatives"]]
            written = reading_finish(
                reading,
                state=ReadingState.DONE if kept else ReadingState.NOTHING_FOUND,
                sentence=" ".join(report["warnings"]),
                fields={name: value for name, value in report.items() if name != "derivatives"},
            )
            if written and kept:
                roles = sorted(derivative.role for derivative in kept)
                _record(reading, custody.FILE_DERIVED, {"roles": roles})
    if written:
        reading_finished.send(sender=MetadataReading, item=media_file.media_item)


def _keep_derivative(parent: MediaFile, made: dict[str, Any]) -> MediaFile:
    with Path(made["path"]).open("rb") as stream:
        stored = media_storage().put(iter(lambda: stream.read(1 << 20), b""))
    derivative, _created = MediaFile.objects.get_or_create(
        parent=parent,
        role=FileRole(made["role"]),
        defaults={
            "investigation_id": parent.investigation_id,
            "media_item": parent.media_item,
            "sha256": stored.sha256,
            "size_bytes": stored.size_bytes,
            "mime_type": made["mime_type"],
            "width": made["width"],
            "height": made["height"],
        },
    )
    return derivative


def _child(module: str, *arguments: str, stdout_limit_bytes: int = 4 * 1024 * 1024) -> Any:
    return run_limited(
        [sys.executable, "-m", module, *arguments],
        memory_bytes=settings.READER_MEMORY_BYTES,
        cpu_seconds=settings.READER_CPU_SECONDS,
        wall_seconds=settings.READER_WALL_SECONDS,
        file_size_bytes=_DERIVATIVE_BYTES,
        stdout_limit_bytes=stdout_limit_bytes,
        cwd=settings.BASE_DIR,
    )


def _child_sentence(failure: Failure) -> str:
    """The child's own sentence if it gave one, else what stopped it."""
    try:
        return str(orjson.loads(failure.stdout)["error"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return failure.sentence


def _failed(reading: MetadataReading, sentence: str) -> None:
    log.warning("reading_failed", reading_id=reading.pk, reader=reading.reader, sentence=sentence)
    reading_finish(
        reading,
        state=ReadingState.FAILED,
        sentence=_("%(reason)s The original is kept as it is.") % {"reason": sentence},
    )


def _path(reading: MetadataReading) -> Path:
    return media_storage().path_of(reading.media_file.sha256)


def _scratch() -> Path:
    scratch = Path(settings.MEDIA_ROOT) / "incoming"
    scratch.mkdir(parents=True, exist_ok=True)
    return scratch


def _record(reading: MetadataReading, action: str, details: dict[str, Any]) -> None:
    item: MediaItem = reading.media_file.media_item
    custody_record(
        investigation=item.investigation,
        actor=None,
        action=action,
        object_type="media",
        object_reference=item.reference,
        details={**details, "sha256": reading.media_file.sha256},
    )
