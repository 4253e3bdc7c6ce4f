"""Take in originals, and have them read by workers.

The original is stored and its row committed before anything reads it. Each reader is a row with a state of
its own; a worker claims it with a lease, so that a task which is delivered twice, or again after its worker
was killed, runs once at a time and finishes once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import FileKindRefused, FileRefused, FileTooLarge
from evidence.incoming import HEAD_BYTES, IncomingUpload
from evidence.metadata import sniff
from evidence.models import MediaFile, MediaKind, MetadataReading, ReadingState
from evidence.services.readers import reader_of, readers_for
from evidence.storage import StoredBytes, media_storage

log = structlog.get_logger(__name__)

# A reading is tried again after its worker died, and given up after this many tries: a file that kills
# every worker it meets must not stop the queue.
ATTEMPTS = 3
_SWEEP_AFTER = timedelta(seconds=45)
# An upload that arrives is written to all the time: what has been still for a day is of a dead one.
_INCOMING_KEPT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class StoredOriginal:
    """An original that is safely kept: what it is called, how large, and what its first bytes say it is."""

    name: str
    sha256: str
    size_bytes: int
    mime_type: str
    kind: str


class Upload(Protocol):
    """An uploaded file, as Django's handlers give it."""

    name: str | None

    @property
    def size(self) -> int | None: ...

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]: ...


def original_store(upload: Upload) -> StoredOriginal:
    """Keep an uploaded file, hashed while it is written. Raises FileRefused; nothing is half kept.

    The kind is told by the first bytes, never by the name: a file of a known kind under a wrong name is
    taken, and its reading says so.
    """
    name = (upload.name or "").replace("\x00", "")
    if isinstance(upload, IncomingUpload) and upload.refusal is not None:
        raise upload.refusal
    if not upload.size:
        raise FileRefused(
            _("“%(name)s” is empty. Check the file and send it again.") % {"name": name}, field="file"
        )
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise file_too_large(name)
    if isinstance(upload, IncomingUpload):
        return _stored(name, upload.incoming.head, lambda: media_storage().keep(upload.incoming))
    head, chunks = _peek(upload.chunks())
    return _stored(name, head, lambda: media_storage().put(chunks))


def _stored(name: str, head: bytes, keep: Callable[[], StoredBytes]) -> StoredOriginal:
    sniffed = sniff(head)
    if sniffed is None:
        raise file_kind_refused(name)
    stored = keep()
    return StoredOriginal(
        name=name,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        mime_type=sniffed.mime_type,
        kind=MediaKind.VIDEO if sniffed.kind == "video" else MediaKind.PHOTO,
    )


def media_refuse(name: str, head: bytes) -> FileRefused | None:
    """The refusal of a file that is no picture or video by its first bytes; None for one that is."""
    return file_kind_refused(name) if sniff(head) is None else None


def file_kind_refused(name: str) -> FileKindRefused:
    sentence = _(
        "“%(name)s” is not a picture or video of a kind that is kept here. "
        "Send JPEG, PNG, WebP, HEIC, AVIF, TIFF, GIF, MP4, MOV, MKV or WebM."
    )
    return FileKindRefused(sentence % {"name": name}, field="file")


def file_too_large(name: str) -> FileTooLarge:
    most = filesizeformat(settings.MAX_UPLOAD_BYTES)
    if not name:
        sentence = _("This is larger than %(most)s, the most that is taken here.") % {"most": most}
    else:
        sentence = _("“%(name)s” is larger than %(most)s, the most that is taken here.") % {
            "name": name,
            "most": most,
        }
    return FileTooLarge(sentence, field="file")


def _peek(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    iterator = iter(chunks)
    held: list[bytes] = []
    while sum(map(len, held)) < HEAD_BYTES:
        chunk = next(iterator, None)
        if chunk is None:
            break
        held.append(chunk)

    def again() -> Iterator[bytes]:
        yield from held
        yield from iterator

    return b"".join(held)[:HEAD_BYTES], again()


def readings_request(*, media_file: MediaFile) -> None:
    """Ask every reader that this file is for to read it, once the transaction is committed."""
    for reader in readers_for(media_file):
        reading, _created = MetadataReading.objects.get_or_create(media_file=media_file, reader=reader.key)
        transaction.on_commit(partial(reading_enqueue, reading))


def reading_enqueue(reading: MetadataReading) -> bool:
    """Hand a reading to its queue. False if the broker is down: the row waits, and the sweep finds it."""
    lane = reader_of(reading.reader).lane(reading.media_file)
    try:
        current_app.send_task(
            "evidence.tasks.read_file", args=[reading.pk], queue=str(lane), ignore_result=True
        )
    except Exception as error:
        log.warning("reading_not_queued", reading_id=reading.pk, error=str(error))
        return False
    return True


def reading_claim(*, reading_id: int) -> MetadataReading | None:
    """Take a reading for this worker, or None if it is finished or another worker has it."""
    now = timezone.now()
    free = Q(state=ReadingState.WAITING) | Q(state=ReadingState.READING, lease_until__lt=now)
    claimed = MetadataReading.objects.filter(free, pk=reading_id).update(
        state=ReadingState.READING,
        attempts=F("attempts") + 1,
        lease_until=now + timedelta(seconds=settings.READER_WALL_SECONDS + 60),
    )
    if not claimed:
        return None
    return MetadataReading.objects.select_related("media_file__media_item__investigation").get(pk=reading_id)


def reading_retry(*, reading: MetadataReading) -> None:
    """Read again on a person's request, whatever came of it before."""
    MetadataReading.objects.filter(pk=reading.pk).exclude(state=ReadingState.READING).update(
        state=ReadingState.WAITING, attempts=0, sentence="", queued_at=timezone.now()
    )
    transaction.on_commit(partial(reading_enqueue, reading))


def readings_sweep() -> int:
    """Queue what a lost broker or a dead worker left; give up what failed too often. Returns how many."""
    now = timezone.now()
    stale = Q(state=ReadingState.WAITING, queued_at__lt=now - _SWEEP_AFTER) | Q(
        state=ReadingState.READING, lease_until__lt=now
    )
    left = MetadataReading.objects.filter(stale)
    left.filter(attempts__gte=ATTEMPTS).update(
        state=ReadingState.FAILED,
        finished_at=now,
        sentence=_(
            "Reading stopped %(count)d times before it ended. The original is kept; you can try again."
        )
        % {"count": ATTEMPTS},
    )
    found = list(left.filter(attempts__lt=ATTEMPTS).select_related("media_file").order_by("queued_at")[:500])
    MetadataReading.objects.filter(pk__in=[reading.pk for reading in found]).update(queued_at=now)
    queued = sum(map(reading_enqueue, found))
    if found:
        log.info("readings_swept", found=len(found), queued=queued)
    return queued


def incoming_sweep() -> int:
    """Remove what broken uploads and dead workers left beside the storage. Returns how many entries."""
    return media_storage().sweep(older_than_s=_INCOMING_KEPT.total_seconds())


def reading_finish(reading: MetadataReading, *, state: str, sentence: str, **columns: Any) -> bool:
    """Write what came out, unless somebody else finished it meanwhile. True if this call wrote it."""
    written = MetadataReading.objects.filter(
        pk=reading.pk, state=ReadingState.READING, attempts=reading.attempts
    ).update(state=state, sentence=sentence, finished_at=timezone.now(), lease_until=None, **columns)
    return bool(written)
