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
from pathlib import Path
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
from evidence.services.readers import Lane, reader_of, readers_for
from evidence.storage import StoredBytes, media_storage

log = structlog.get_logger(__name__)

# A reading is tried again after its worker died, and given up after this many tries: a file that kills
# every worker it meets must not stop the queue.
ATTEMPTS = 3
_SWEEP_AFTER = timedelta(seconds=45)
_SWEPT_MOST = 5000
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

    @property
    def name(self) -> str | None: ...

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
        raise file_empty(name)
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


def original_from_copy(*, name: str, sha256: str, size_bytes: int, mime_type: str) -> StoredOriginal:
    """Bytes that are kept already, as a recording's own file."""
    kind = MediaKind.VIDEO if mime_type.startswith("video/") else MediaKind.PHOTO
    return StoredOriginal(name=name, sha256=sha256, size_bytes=size_bytes, mime_type=mime_type, kind=kind)


def original_store_path(path: Path, *, name: str) -> StoredOriginal:
    """Keep a file that was made in a scratch folder, without a copy. Raises FileRefused."""
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise file_empty(name)
    if size_bytes > settings.MAX_UPLOAD_BYTES:
        raise file_too_large(name)
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    return _stored(name, head, lambda: media_storage().put_path(path))


def file_empty(name: str) -> FileRefused:
    sentence = _("“%(name)s” is empty. Check the file and send it again.") % {"name": name}
    return FileRefused(sentence, field="file")


def media_refuse(name: str, head: bytes) -> FileRefused | None:
    """The refusal of a file that is no picture or video by its first bytes; None for one that is."""
    return file_kind_refused(name) if sniff(head) is None else None


def file_kind_refused(name: str) -> FileKindRefused:
    sentence = _(
        "“%(name)s” is not a picture or video of a kind that is kept here. "
        "Send JPEG, PNG, WebP, HEIC, AVIF, TIFF, GIF, MP4, MOV, MKV or WebM."
    )
    return FileKindRefused(sentence % {"name": name}, field="file")


def file_not_stored(name: str, error: OSError) -> FileRefused:
    """The disk took no more of it."""
    log.error("file_not_stored", error=str(error))
    sentence = _("“%(name)s” could not be stored: %(reason)s. Tell whoever runs this server.")
    return FileRefused(sentence % {"name": name, "reason": error.strerror or "?"}, field="file")


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
        reading, is_new = MetadataReading.objects.get_or_create(media_file=media_file, reader=reader.key)
        if is_new:
            transaction.on_commit(partial(reading_enqueue, reading))


def reading_enqueue(reading: MetadataReading) -> bool:
    """Hand a reading to its queue. False if the broker is down: the row waits, and the sweep finds it."""
    lane = lane_of(reading)
    try:
        current_app.send_task(
            "evidence.tasks.read_file", args=[reading.pk], queue=str(lane), ignore_result=True
        )
    except Exception as error:
        log.warning("reading_not_queued", reading_id=reading.pk, error=str(error))
        return False
    return True


def lane_holds_work(lane: Lane) -> bool:
    """Whether the broker still holds tasks of this queue; False if it cannot be asked."""
    try:
        with current_app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
            channel = broker.default_channel
            return bool(channel.queue_declare(str(lane), passive=True).message_count)
    except Exception:
        # There is no such queue yet, or no broker: then queuing says so.
        return False


def reading_claim(*, reading_id: int) -> MetadataReading | None:
    """Take a reading for this worker, or None if it is finished or another worker has it."""
    now = timezone.now()
    rows = MetadataReading.objects.select_related("media_file__media_item__investigation")
    free = Q(state=ReadingState.WAITING) | Q(state=ReadingState.READING, lease_until__lt=now)
    reading: MetadataReading | None = rows.filter(free, pk=reading_id).first()
    if reading is None:
        return None
    claimed = MetadataReading.objects.filter(free, pk=reading_id).update(
        state=ReadingState.READING,
        attempts=F("attempts") + 1,
        progress_pct=None,
        lease_until=now + _lease(reading),
    )
    return rows.get(pk=reading_id) if claimed else None


def lane_of(reading: MetadataReading) -> Lane:
    """The queue that this reading waits in."""
    return reader_of(reading.reader).lane(reading.media_file)


def _lease(reading: MetadataReading) -> timedelta:
    """How long a worker may be silent: to its limit, or, where it tells of its progress, to the next word."""
    is_long = reader_of(reading.reader).is_long(reading.media_file)
    patience_s = settings.LONG_READER_SILENCE_SECONDS if is_long else settings.READER_WALL_SECONDS
    return timedelta(seconds=patience_s + 60)


def reading_progress(*, reading: MetadataReading, percent: int) -> bool:
    """Say how far a reading is, which also renews its lease. False if this worker's claim stands no more."""
    told = MetadataReading.objects.filter(
        pk=reading.pk, state=ReadingState.READING, attempts=reading.attempts
    ).update(progress_pct=max(0, min(100, percent)), lease_until=timezone.now() + _lease(reading))
    return bool(told)


def reading_retry(*, reading: MetadataReading) -> None:
    """Read again on a person's request, whatever came of it before."""
    MetadataReading.objects.filter(pk=reading.pk).exclude(state=ReadingState.READING).update(
        state=ReadingState.WAITING, attempts=0, sentence="", progress_pct=None, queued_at=timezone.now()
    )
    transaction.on_commit(partial(reading_enqueue, reading))


def readings_sweep() -> int:
    """Queue what a lost broker or a dead worker left; give up what failed too often. Returns how many.

    A reading that waits in a queue which still holds work is not lost: queued again, it would come twice, and
    before others that came earlier.
    """
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
    full = {lane for lane in Lane if lane_holds_work(lane)}
    candidates = left.filter(attempts__lt=ATTEMPTS).select_related("media_file").order_by("queued_at")
    found = [
        reading
        for reading in candidates[:_SWEPT_MOST]
        if reading.state == ReadingState.READING or lane_of(reading) not in full
    ]
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
    ).update(
        state=state,
        sentence=sentence,
        finished_at=timezone.now(),
        lease_until=None,
        progress_pct=None,
        **columns,
    )
    return bool(written)
