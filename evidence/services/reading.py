"""Run one reader on one file and keep what it found; ask one that does not read by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput, NotFound
from evidence.models import MediaFile, MediaItem, MetadataReading, ReadingState
from evidence.models.media import COLLECTED_ROLES
from evidence.permissions import require
from evidence.services import custody
from evidence.services.custody import custody_record, investigation_lock
from evidence.services.ingest import reading_claim, reading_finish, reading_progress, reading_retry
from evidence.services.readers import READERS, Job, Outcome, Reader, reader_of
from evidence.services.readers.base import original_path
from evidence.signals import reading_finished

log = structlog.get_logger(__name__)

_NOTED_EVERY_S = 1.0


def reading_run(*, reading_id: int) -> None:
    """Claim, read, keep. Delivered twice, it does its work once; a hostile file fails with a sentence."""
    reading = reading_claim(reading_id=reading_id)
    if reading is None:
        return
    reader = reader_of(reading.reader)
    log.info("reading_started", reading_id=reading_id, reader=reader.key, attempt=reading.attempts)
    outcome = _outcome(reader, reading)
    if outcome.state == ReadingState.FAILED:
        log.warning("reading_failed", reading_id=reading_id, reader=reader.key, sentence=outcome.sentence)
    _keep(reader, reading, outcome)
    log.info("reading_ended", reading_id=reading_id, reader=reader.key)


def _outcome(reader: Reader, reading: MetadataReading) -> Outcome:
    path = original_path(reading.media_file)
    if not path.exists():
        sentence = _("The bytes of this file are not in the storage. Tell whoever runs this server.")
        return Outcome(state=ReadingState.FAILED, sentence=sentence)
    progress = _noted(reading)
    is_long = reader.is_long(reading.media_file)
    return reader.read(Job(reading=reading, path=path, is_long=is_long, progress=progress))


def _noted(reading: MetadataReading) -> Callable[[int], None]:
    """Writes a reading's progress down, at most once a second."""
    noted_at = float("-inf")

    def note(percent: int) -> None:
        nonlocal noted_at
        if time.monotonic() - noted_at >= _NOTED_EVERY_S:
            noted_at = time.monotonic()
            reading_progress(reading=reading, percent=percent)

    return note


def _keep(reader: Reader, reading: MetadataReading, outcome: Outcome) -> None:
    """One transaction: the row, what was made of the file, the custody line, and who has to know."""
    has_answer = outcome.state != ReadingState.FAILED
    columns = {**outcome.columns, "reader_version": reader.version} if has_answer else outcome.columns
    with transaction.atomic():
        written = reading_finish(reading, state=outcome.state, sentence=outcome.sentence, **columns)
        if not written:
            return
        if outcome.keep is not None:
            outcome.keep(reading)
        item: MediaItem = reading.media_file.media_item
        if outcome.custody is not None:
            action, details = outcome.custody
            custody_record(
                investigation=item.investigation,
                actor=None,
                action=action,
                object_type="media",
                object_reference=item.reference,
                details={**details, "sha256": reading.media_file.sha256},
            )
        if has_answer and reader.feeds_checks and _is_news(reading, outcome):
            reading_finished.send(sender=MetadataReading, item=item)


def _is_news(reading: MetadataReading, outcome: Outcome) -> bool:
    """Whether the answer is another one than the row held when it was claimed."""
    before: dict[str, Any] = reading.fields
    return bool(outcome.columns.get("fields", {}) != before)


@transaction.atomic
def reading_ask(*, actor: Any, media_file: MediaFile, reader_key: str) -> MetadataReading:
    """Have one reader read a file because a person asks for it; one that is under way is left to end.

    Raises NotFound for a reader that does not exist, and InvalidInput with what to do where it cannot run
    or is not for this kind of file.
    """
    item: MediaItem = media_file.media_item
    require(actor, "evidence.edit_media", item.investigation)
    reader = READERS.get(reader_key)
    if reader is None:
        raise NotFound(_("There is no such reader."))
    if missing := reader.missing():
        raise InvalidInput(str(missing), field="reader")
    if media_file.role not in COLLECTED_ROLES or not reader.is_wanted(media_file):
        raise InvalidInput(_("This reader is not for this kind of file."), field="reader")
    investigation_lock(item.investigation)
    reading, created = MetadataReading.objects.get_or_create(media_file=media_file, reader=reader.key)
    if reading.is_unfinished and not created:
        return reading
    custody_record(
        investigation=item.investigation,
        actor=actor,
        action=custody.FILE_READING_ASKED,
        object_type="media",
        object_reference=item.reference,
        details={"reader": reader.key, "sha256": media_file.sha256},
    )
    reading_retry(reading=reading)
    return reading
