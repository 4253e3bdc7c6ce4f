"""Run one reader on one file, and keep what it found."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from evidence.models import MediaItem, MetadataReading, ReadingState
from evidence.services.custody import custody_record
from evidence.services.ingest import reading_claim, reading_finish
from evidence.services.readers import Job, Outcome, Reader, reader_of
from evidence.services.readers.base import original_path
from evidence.signals import reading_finished

log = structlog.get_logger(__name__)


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
    return reader.read(Job(reading=reading, path=path))


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
        if has_answer:
            reading_finished.send(sender=MetadataReading, item=item)
