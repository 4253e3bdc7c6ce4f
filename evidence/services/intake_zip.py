"""Work through a stored ZIP in slices of some seconds: a child process unpacks, this process keeps and logs.

Nothing of the ZIP is read in the worker's own process. A slice that is cut off is done again: what it had
logged is known by then.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from evidence.errors import FileRefused, NotAllowed, NotFound
from evidence.models import BatchState, IntakeBatch, IntakeMember, MemberState
from evidence.sandbox import Failure
from evidence.services.ingest import StoredOriginal, file_kind_refused, file_too_large, original_store_path
from evidence.services.intake import (
    batch_claim,
    batch_finish,
    batch_lease_renew,
    batch_release,
    member_end,
    member_store,
)
from evidence.services.readers.base import child_sentence, run_child, scratch
from evidence.storage import media_storage

log = structlog.get_logger(__name__)

# One slice: a photo that arrives meanwhile waits for no more than this. The last file may take longer.
_SLICE_SECONDS = 4.0
_SLICE_BYTES = 256 * 1024 * 1024
_SLICE_FILES = 100
_LIST_BYTES = 64 * 1024 * 1024
_RENEWED_EVERY_S = 5.0


def batch_run(*, batch_id: int) -> None:
    """Claim, list or unpack the next files, hand back. Delivered twice, it does its work once."""
    batch = batch_claim(batch_id=batch_id)
    if batch is None:
        return
    try:
        if not batch.is_listed and not _list(batch):
            return
        _slice(batch)
    except (NotAllowed, NotFound) as refusal:
        batch_finish(batch, state=BatchState.FAILED, sentence=refusal.sentence)
        return
    if batch.members.filter(state=MemberState.WAITING).exists():
        batch_release(batch)
    else:
        batch_finish(batch)
        log.info("batch_ended", batch_id=batch.pk)


def _list(batch: IntakeBatch) -> bool:
    """Write down every file that the ZIP names. False if the ZIP as a whole is refused."""
    output = run_child(
        "evidence.zips",
        "list",
        str(media_storage().path_of(batch.sha256)),
        "--most",
        str(settings.INTAKE_MOST_FILES),
        stdout_limit_bytes=_LIST_BYTES,
    )
    if isinstance(output, Failure):
        batch_finish(batch, state=BatchState.FAILED, sentence=child_sentence(output))
        return False
    entries = [orjson.loads(line) for line in output.stdout.splitlines()]
    total_bytes = sum(entry["size_bytes"] for entry in entries if not entry["refusal"])
    free_bytes = shutil.disk_usage(media_storage().incoming).free
    if total_bytes > free_bytes:
        sentence = _("It unpacks to %(total)s, and %(free)s are free on the disk. Nothing was brought in.")
        values = {"total": filesizeformat(total_bytes), "free": filesizeformat(free_bytes)}
        batch_finish(batch, state=BatchState.FAILED, sentence=sentence % values)
        return False
    members = [
        IntakeMember(
            batch=batch,
            position=entry["index"],
            name=entry["name"],
            size_bytes=min(entry["size_bytes"], 2**63 - 1),
            state=MemberState.REFUSED if entry["refusal"] else MemberState.WAITING,
            sentence=entry["refusal"],
        )
        for entry in entries
    ]
    # A worker that was killed in the middle of this leaves rows that are the same as these.
    IntakeMember.objects.bulk_create(members, batch_size=1000, ignore_conflicts=True)
    IntakeBatch.objects.filter(pk=batch.pk).update(is_listed=True)
    return True


def _slice(batch: IntakeBatch) -> None:
    """Unpack and keep the next files."""
    waiting = batch.members.filter(state=MemberState.WAITING).order_by("position")[:_SLICE_FILES]
    members = {member.position: member for member in waiting}
    if not members:
        return
    with scratch() as folder:
        output = run_child(
            "evidence.zips",
            "extract",
            str(media_storage().path_of(batch.sha256)),
            str(folder),
            *("--limit-bytes", str(settings.MAX_UPLOAD_BYTES)),
            *("--most-bytes", str(_SLICE_BYTES), "--most-seconds", str(_SLICE_SECONDS)),
            *map(str, members),
            progress=_renewing(batch),
        )
        for result in _results(output.stdout):
            member = members.pop(result["index"], None)
            if member is not None:
                _end(batch, member, result, folder)
        if isinstance(output, Failure):
            # The file at which the child came to its end is to blame; the others have their turn again.
            _blame(batch, members, output)


def _blame(batch: IntakeBatch, members: dict[int, IntakeMember], failure: Failure) -> None:
    culprit = next(iter(members.values()), None)
    if culprit is not None:
        log.warning(
            "member_failed", batch_id=batch.pk, position=culprit.position, error=failure.stderr[-500:]
        )
        member_end(culprit, state=MemberState.FAILED, sentence=child_sentence(failure))


def _results(stdout: bytes) -> Iterator[dict[str, Any]]:
    """The lines that were whole when the child ended."""
    for line in stdout.splitlines():
        try:
            result = orjson.loads(line)
        except orjson.JSONDecodeError:
            return
        if "index" in result:
            yield result


def _end(batch: IntakeBatch, member: IntakeMember, result: dict[str, Any], folder: Path) -> None:
    name = member.name.replace("\\", "/").rpartition("/")[2]
    if result["failed"]:
        member_end(member, state=MemberState.FAILED, sentence=result["failed"])
        return
    path = folder / str(member.position)
    member_store(batch, member, _kept(result, path, name))
    path.unlink(missing_ok=True)


def _kept(result: dict[str, Any], path: Path, name: str) -> Callable[[], StoredOriginal]:
    def keep() -> StoredOriginal:
        if result["refused"]:
            raise FileRefused(result["refused"])
        if result["is_unknown_kind"]:
            raise file_kind_refused(name)
        if result["is_too_large"]:
            raise file_too_large(name)
        return original_store_path(path, name=name)

    return keep


def _renewing(batch: IntakeBatch) -> Callable[[int], None]:
    """A long file is no dead worker."""
    renewed_at = time.monotonic()

    def renew(percent: int) -> None:
        nonlocal renewed_at
        if time.monotonic() - renewed_at >= _RENEWED_EVERY_S:
            renewed_at = time.monotonic()
            batch_lease_renew(batch)

    return renew
