"""Archived copies of postings: kept as they came, then read by a worker in a limited child process.

The row and the bytes are safe before anything reads them. A copy that is refused or damaged stays kept, with
the sentence that says why nothing was read in it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.archives import kind_of
from evidence.errors import FileKindRefused, FileRefused
from evidence.incoming import HEAD_BYTES, IncomingUpload
from evidence.models import Appearance, ArchivedCopy, CapturedBasis, MediaFile, ReadingState
from evidence.models.media import COLLECTED_ROLES
from evidence.permissions import require
from evidence.sandbox import Failure, run_limited
from evidence.services import custody
from evidence.services.custody import custody_record, investigation_lock
from evidence.services.ingest import Upload, file_too_large
from evidence.services.readers.base import child_sentence, storable
from evidence.storage import StoredBytes, media_storage

log = structlog.get_logger(__name__)

ATTEMPTS = 3
_SWEEP_AFTER = timedelta(seconds=45)
_OUTPUT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class StoredCopy:
    """A copy whose bytes are safely kept, and what its first bytes say it is."""

    name: str
    sha256: str
    size_bytes: int
    kind: str
    mime_type: str


@dataclass(frozen=True, kw_only=True)
class CopyAdded:
    """Where adding led: to a new copy, or to the one of this posting that has these bytes already."""

    copy: ArchivedCopy
    existed: bool
    sentence: str


def archived_copy_store(upload: Upload) -> StoredCopy:
    """Keep an uploaded copy, hashed while it is written. Raises FileRefused; nothing is half kept."""
    name = Path((upload.name or "").replace("\x00", "").replace("\\", "/")).name[:255]
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
    first, chunks = _first_and_all(upload.chunks())
    return _stored(name, first[:HEAD_BYTES], lambda: media_storage().put(chunks))


def _stored(name: str, head: bytes, keep: Callable[[], StoredBytes]) -> StoredCopy:
    kind = kind_of(head)
    if kind is None:
        raise _kind_refused(name)
    stored = keep()
    return StoredCopy(
        name=name, sha256=stored.sha256, size_bytes=stored.size_bytes, kind=kind[0], mime_type=kind[1]
    )


def copy_refuse(name: str, head: bytes) -> FileRefused | None:
    """The refusal of a file that is no copy of a known kind by its first bytes; None for one that is."""
    return _kind_refused(name) if kind_of(head) is None else None


def _kind_refused(name: str) -> FileKindRefused:
    return FileKindRefused(
        _(
            "“%(name)s” is not a copy of a kind that is read here. Send a WACZ, a WARC, a saved page "
            "(HTML), a screenshot (PNG, JPEG, WebP) or auto-archiver’s metadata.json. "
            "A video of the posting belongs to the recording itself."
        )
        % {"name": name},
        field="file",
    )


@transaction.atomic
def archived_copy_add(*, actor: Any, appearance: Appearance, stored: StoredCopy) -> CopyAdded:
    """Note a kept copy of a posting. The same bytes for the same posting are the copy that is there."""
    require(actor, "evidence.log_media", appearance.investigation)
    investigation_lock(appearance.investigation)
    known = appearance.archived_copies.filter(sha256=stored.sha256).first()
    if known is not None:
        sentence = _("This file is kept already as a copy of this posting.")
        return CopyAdded(copy=known, existed=True, sentence=sentence)
    copy = ArchivedCopy(
        investigation=appearance.investigation,
        appearance=appearance,
        kind=stored.kind,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        mime_type=stored.mime_type,
        original_name=stored.name,
        added_by=actor,
    )
    copy.full_clean()
    copy.save()
    _record(copy, actor, custody.COPY_ADDED, {"kind": copy.kind, "name": copy.original_name})
    transaction.on_commit(partial(_enqueue, copy.pk))
    return CopyAdded(copy=copy, existed=False, sentence=_("The copy is kept. A worker reads it now."))


def archived_copy_read(*, copy_id: int) -> None:
    """Claim a copy, read it, keep what was found. Delivered twice, it does its work once."""
    copy = _claim(copy_id)
    if copy is None:
        return
    path = media_storage().path_of(copy.sha256)
    if not path.exists():
        _fail(copy, _("The bytes of this copy are not in the storage. Tell whoever runs this server."))
        return
    output = run_limited(
        [sys.executable, "-m", "evidence.archives", str(path), copy.kind, copy.appearance.canonical_url],
        memory_bytes=settings.READER_MEMORY_BYTES,
        cpu_seconds=settings.READER_CPU_SECONDS,
        wall_seconds=settings.READER_WALL_SECONDS,
        # It writes nothing but its one line.
        file_size_bytes=0,
        stdout_limit_bytes=_OUTPUT_BYTES,
        cwd=settings.BASE_DIR,
    )
    if isinstance(output, Failure):
        _fail(copy, child_sentence(output))
        return
    _keep(copy, storable(orjson.loads(output.stdout)))


def archived_copy_read_again(*, actor: Any, copy: ArchivedCopy) -> None:
    """Read a copy again on a person's request, whatever came of it before."""
    require(actor, "evidence.log_media", copy.investigation)
    ArchivedCopy.objects.filter(pk=copy.pk).exclude(state=ReadingState.READING).update(
        state=ReadingState.WAITING, attempts=0, sentence="", queued_at=timezone.now()
    )
    transaction.on_commit(partial(_enqueue, copy.pk))


def archived_copy_downloaded(*, actor: Any, copy: ArchivedCopy) -> None:
    """Somebody took the bytes away; the log says who."""
    require(actor, "evidence.view", copy.investigation)
    _record(copy, actor, custody.COPY_DOWNLOADED, {"name": copy.original_name})


def archived_copies_sweep() -> int:
    """Queue what a lost broker or a dead worker left; give up what failed too often. Returns how many."""
    now = timezone.now()
    left = ArchivedCopy.objects.filter(
        Q(state=ReadingState.WAITING, queued_at__lt=now - _SWEEP_AFTER)
        | Q(state=ReadingState.READING, lease_until__lt=now)
    )
    left.filter(attempts__gte=ATTEMPTS).update(
        state=ReadingState.FAILED,
        sentence=_("Reading stopped %(count)d times before it ended. The copy is kept; you can try again.")
        % {"count": ATTEMPTS},
    )
    found = list(left.filter(attempts__lt=ATTEMPTS).order_by("queued_at").values_list("pk", flat=True)[:500])
    ArchivedCopy.objects.filter(pk__in=found).update(queued_at=now)
    return sum(_enqueue(pk) for pk in found)


def digests_held(*, copy: ArchivedCopy) -> set[str]:
    """Which digests of auto-archiver's report are those of files kept in this investigation."""
    named = [media["sha256"] for media in copy.said.get("media", []) if media.get("sha256")]
    files = MediaFile.objects.filter(
        investigation_id=copy.investigation_id, role__in=COLLECTED_ROLES, sha256__in=named
    )
    copies = ArchivedCopy.objects.filter(investigation_id=copy.investigation_id, sha256__in=named)
    return {*files.values_list("sha256", flat=True), *copies.values_list("sha256", flat=True)}


def _first_and_all(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    iterator = iter(chunks)
    first = next(iterator, b"")
    return first, chain([first], iterator)


def _enqueue(copy_id: int) -> bool:
    """Hand a copy to the queue. False if the broker is down: the row waits, and the sweep finds it."""
    try:
        current_app.send_task("evidence.tasks.read_archived_copy", args=[copy_id], ignore_result=True)
    except Exception as error:
        log.warning("copy_not_queued", copy_id=copy_id, error=str(error))
        return False
    return True


def _claim(copy_id: int) -> ArchivedCopy | None:
    now = timezone.now()
    free = Q(state=ReadingState.WAITING) | Q(state=ReadingState.READING, lease_until__lt=now)
    claimed = ArchivedCopy.objects.filter(free, pk=copy_id).update(
        state=ReadingState.READING,
        attempts=F("attempts") + 1,
        lease_until=now + timedelta(seconds=settings.READER_WALL_SECONDS + 60),
    )
    if not claimed:
        return None
    return ArchivedCopy.objects.select_related("appearance__media_item", "investigation").get(pk=copy_id)


def _finish(copy: ArchivedCopy, **columns: Any) -> bool:
    """Write what came out, unless somebody else finished it meanwhile. True if this call wrote it."""
    mine = ArchivedCopy.objects.filter(pk=copy.pk, state=ReadingState.READING, attempts=copy.attempts)
    return bool(mine.update(lease_until=None, **columns))


def _keep(copy: ArchivedCopy, found: dict[str, Any]) -> None:
    captured = found["captured_at_utc"]
    with transaction.atomic():
        written = _finish(
            copy,
            state=ReadingState.DONE,
            sentence="",
            captured_at=datetime.fromisoformat(captured) if captured else None,
            captured_basis=CapturedBasis(found["captured_basis"]),
            captured_url=found["captured_url"][:2000],
            title=found["title"][:500],
            verdicts=found["findings"],
            said=found["said"],
        )
        if written:
            verdicts = {finding["key"]: finding["verdict"] for finding in found["findings"]}
            _record(copy, None, custody.COPY_READ, {"verdicts": verdicts, "captured_at": captured})


def _fail(copy: ArchivedCopy, sentence: str) -> None:
    log.warning("copy_failed", copy_id=copy.pk, sentence=sentence)
    _finish(
        copy,
        state=ReadingState.FAILED,
        sentence=_("%(reason)s The copy is kept as it is.") % {"reason": sentence},
    )


def _record(copy: ArchivedCopy, actor: Any | None, action: str, details: dict[str, Any]) -> None:
    custody_record(
        investigation=copy.investigation,
        actor=actor,
        action=action,
        object_type="media",
        object_reference=copy.appearance.media_item.reference,
        details={**details, "sha256": copy.sha256},
    )
