"""Bring in many files at once: a batch, its members, what became of each. Run twice, it changes nothing.

A ZIP is worked on by workers in slices (evidence.services.intake_zip), a folder by whoever sends it
(evidence.services.intake_folder, or a page that sends one file after the other).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import CatalogueError, FileKindRefused, FileRefused, NotAllowed, NotFound
from evidence.incoming import IncomingUpload
from evidence.models import BatchKind, BatchState, IntakeBatch, IntakeMember, Investigation, MemberState
from evidence.permissions import require
from evidence.services import custody
from evidence.services.custody import custody_record, investigation_lock
from evidence.services.ingest import ATTEMPTS, StoredOriginal, Upload, file_empty
from evidence.services.media import MediaDetails, media_log_file
from evidence.services.readers import Lane
from evidence.services.references import reference_next
from evidence.storage import StoredBytes, media_storage

log = structlog.get_logger(__name__)

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_SWEEP_AFTER = timedelta(seconds=45)


def zip_refuse(name: str, head: bytes) -> FileRefused | None:
    """The refusal of a file that is no ZIP by its first bytes; None for one that is."""
    if head.startswith(_ZIP_STARTS):
        return None
    sentence = _("“%(name)s” is not a ZIP. Pack the files into one, or send the folder itself.")
    return FileKindRefused(sentence % {"name": name}, field="file")


def zip_store(upload: Upload) -> StoredBytes:
    """Keep a ZIP as it was sent, under its digest. Raises FileRefused."""
    name = upload.name or ""
    if isinstance(upload, IncomingUpload):
        if upload.refusal is not None:
            raise upload.refusal
        if upload.size:
            return media_storage().keep(upload.incoming)
    raise file_empty(name)


def batch_require_own(*, actor: Any, batch: IntakeBatch) -> None:
    """What a batch brings in is logged in the name of who began it, so nobody else adds to it."""
    require(actor, "evidence.log_media", batch.investigation)
    if batch.created_by_id != actor.pk:
        raise NotAllowed(_("%(reference)s was begun by somebody else.") % {"reference": batch.reference})


@transaction.atomic
def batch_of_zip(
    *, actor: Any, investigation: Investigation, stored: StoredBytes, name: str, is_sensitive: bool = False
) -> tuple[IntakeBatch, bool]:
    """The batch of a stored ZIP, and whether it was there before: the same ZIP again is the same batch."""
    require(actor, "evidence.log_media", investigation)
    investigation_lock(investigation)
    known = investigation.batches.filter(kind=BatchKind.ZIP, sha256=stored.sha256).first()
    if known is not None:
        return known, True
    batch = _begin(
        actor=actor,
        investigation=investigation,
        kind=BatchKind.ZIP,
        source_name=name,
        is_sensitive=is_sensitive,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
    )
    transaction.on_commit(partial(batch_enqueue, batch))
    return batch, False


@transaction.atomic
def batch_of_folder(
    *, actor: Any, investigation: Investigation, name: str, is_sensitive: bool = False
) -> tuple[IntakeBatch, bool]:
    """The batch of a folder, and whether it was there before: that of the same name by the same person."""
    require(actor, "evidence.log_media", investigation)
    investigation_lock(investigation)
    known = investigation.batches.filter(kind=BatchKind.FOLDER, source_name=name, created_by=actor).first()
    if known is not None:
        IntakeBatch.objects.filter(pk=known.pk).update(state=BatchState.READING)
        known.state = BatchState.READING
        return known, True
    batch = _begin(
        actor=actor,
        investigation=investigation,
        kind=BatchKind.FOLDER,
        source_name=name,
        is_sensitive=is_sensitive,
        state=BatchState.READING,
        is_listed=True,
    )
    return batch, False


def _begin(*, actor: Any, investigation: Investigation, **columns: Any) -> IntakeBatch:
    batch = IntakeBatch(
        investigation=investigation,
        reference=reference_next(model=IntakeBatch, investigation=investigation, letter="B"),
        created_by=actor,
        **{**columns, "source_name": columns["source_name"][:500]},
    )
    batch.full_clean()
    batch.save()
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.BATCH_BEGUN,
        object_type="batch",
        object_reference=batch.reference,
        details={"name": batch.source_name, **({"sha256": batch.sha256} if batch.sha256 else {})},
    )
    return batch


def batch_enqueue(batch: IntakeBatch) -> bool:
    """Hand a batch to the queue. False if the broker is down: the row waits, and the sweep finds it.

    To the quick one: a slice takes seconds, and must not wait behind a video.
    """
    try:
        current_app.send_task(
            "evidence.tasks.bring_in", args=[batch.pk], queue=str(Lane.QUICK), ignore_result=True
        )
    except Exception as error:
        log.warning("batch_not_queued", batch_id=batch.pk, error=str(error))
        return False
    return True


def batch_claim(*, batch_id: int) -> IntakeBatch | None:
    """Take a ZIP for this worker, or None if it is finished or another worker has it."""
    now = timezone.now()
    free = Q(state=BatchState.WAITING) | Q(state=BatchState.READING, lease_until__lt=now)
    claimed = IntakeBatch.objects.filter(free, pk=batch_id, kind=BatchKind.ZIP).update(
        state=BatchState.READING, attempts=F("attempts") + 1, lease_until=now + _lease()
    )
    if not claimed:
        return None
    found: IntakeBatch = IntakeBatch.objects.select_related("investigation", "created_by").get(pk=batch_id)
    return found


def batch_lease_renew(batch: IntakeBatch) -> bool:
    """Still at work. False if this worker's claim stands no more."""
    return bool(_claimed(batch).update(lease_until=timezone.now() + _lease()))


def _lease() -> timedelta:
    return timedelta(seconds=settings.LONG_READER_SILENCE_SECONDS + 60)


def _claimed(batch: IntakeBatch) -> Any:
    return IntakeBatch.objects.filter(pk=batch.pk, state=BatchState.READING, attempts=batch.attempts)


def batch_release(batch: IntakeBatch) -> None:
    """The next slice is somebody's turn: back to the end of the queue."""
    released = _claimed(batch).update(
        state=BatchState.WAITING, attempts=0, lease_until=None, queued_at=timezone.now()
    )
    if released:
        batch_enqueue(batch)


@transaction.atomic
def batch_finish(batch: IntakeBatch, *, state: str = BatchState.DONE, sentence: str = "") -> None:
    """The end, with its line in the log: how many of each. What is finished already stays as it is."""
    investigation_lock(batch.investigation)
    written = IntakeBatch.objects.filter(pk=batch.pk, state=BatchState.READING).update(
        state=state, sentence=sentence, finished_at=timezone.now(), lease_until=None
    )
    if not written:
        return
    custody_record(
        investigation=batch.investigation,
        actor=batch.created_by,
        action=custody.BATCH_FINISHED,
        object_type="batch",
        object_reference=batch.reference,
        details={"name": batch.source_name, "state": state, "files": batch_counts(batch)},
    )


def batch_counts(batch: IntakeBatch) -> dict[str, int]:
    """How many members are in each state; all states are named."""
    counted = dict(batch.members.values_list("state").annotate(Count("pk")))
    return {str(state): counted.get(state, 0) for state in MemberState.values}


@transaction.atomic
def batch_retry(*, actor: Any, batch: IntakeBatch) -> int:
    """Try again what failed or was left waiting. Returns how many; what was refused stays refused."""
    batch_require_own(actor=actor, batch=batch)
    again = batch.members.filter(state=MemberState.FAILED).update(state=MemberState.WAITING, sentence="")
    if batch.kind == BatchKind.ZIP:
        IntakeBatch.objects.filter(pk=batch.pk).exclude(state=BatchState.READING).update(
            state=BatchState.WAITING, sentence="", attempts=0, queued_at=timezone.now(), finished_at=None
        )
        transaction.on_commit(partial(batch_enqueue, batch))
    return again


def batches_sweep() -> int:
    """Queue batches that a lost broker or a dead worker left; give up those that failed too often."""
    now = timezone.now()
    stale = Q(state=BatchState.WAITING, queued_at__lt=now - _SWEEP_AFTER) | Q(
        state=BatchState.READING, lease_until__lt=now
    )
    left = IntakeBatch.objects.filter(stale, kind=BatchKind.ZIP)
    left.filter(attempts__gte=ATTEMPTS).update(
        state=BatchState.FAILED,
        finished_at=now,
        sentence=_("Bringing it in stopped %(count)d times. What was brought in is kept; you can try again.")
        % {"count": ATTEMPTS},
    )
    found = list(left.filter(attempts__lt=ATTEMPTS).order_by("queued_at")[:100])
    IntakeBatch.objects.filter(pk__in=[batch.pk for batch in found]).update(queued_at=now)
    return sum(map(batch_enqueue, found))


def member_store(batch: IntakeBatch, member: IntakeMember, keep: Callable[[], StoredOriginal]) -> None:
    """Keep one file and log it, and write down what became of it: one bad file never stops the others.

    Raises NotAllowed or NotFound when the person who began the batch may not log media any more.
    """
    try:
        stored = keep()
        with transaction.atomic():
            logged = media_log_file(
                actor=batch.created_by,
                investigation=batch.investigation,
                stored=stored,
                details=MediaDetails(is_sensitive=batch.is_sensitive),
            )
            member_end(
                member,
                state=MemberState.KNOWN if logged.existed else MemberState.NEW,
                sentence=logged.sentence,
                sha256=stored.sha256,
                size_bytes=stored.size_bytes,
                media_item=logged.item,
            )
    except FileRefused as refusal:
        member_end(member, state=MemberState.REFUSED, sentence=refusal.sentence)
    except (NotAllowed, NotFound):
        raise
    except CatalogueError as refusal:
        member_end(member, state=MemberState.FAILED, sentence=refusal.sentence)
    except ValidationError as refusal:
        member_end(member, state=MemberState.FAILED, sentence=" ".join(refusal.messages))
    except OSError as error:
        log.warning("member_not_stored", batch_id=batch.pk, position=member.position, error=str(error))
        sentence = _("It could not be stored: %(reason)s.") % {"reason": error.strerror or "?"}
        member_end(member, state=MemberState.FAILED, sentence=sentence)


def member_end(member: IntakeMember, *, state: str, sentence: str, **columns: Any) -> None:
    """What became of one file."""
    for name, value in {"state": state, "sentence": sentence, **columns}.items():
        setattr(member, name, value)
    member.save()
