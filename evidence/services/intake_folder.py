"""Bring in a folder's files, one after the other: from this machine's disk, or as a page sends them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from evidence.errors import FileRefused
from evidence.models import IntakeBatch, IntakeMember, MemberState
from evidence.services.ingest import StoredOriginal, Upload, original_store
from evidence.services.intake import member_end, member_store

_PIECE_BYTES = 1 << 20
_SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_ENDED = (MemberState.NEW, MemberState.KNOWN, MemberState.REFUSED)


@dataclass(frozen=True, kw_only=True)
class OnDisk:
    """A file on this machine, as `original_store` takes an upload."""

    name: str | None
    size: int | None
    stream: IO[bytes]

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from iter(lambda: self.stream.read(chunk_size or _PIECE_BYTES), b"")


def folder_files(root: Path) -> Iterator[Path]:
    """Every file below a folder in the order of their names; links to folders are not followed."""
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders.sort()
        yield from (Path(folder) / name for name in sorted(names))


def folder_bring_in(
    batch: IntakeBatch, root: Path, *, told: Callable[[IntakeMember], None] = lambda member: None
) -> None:
    """Bring in what is new or failed before; `told` hears of each file. Read twice, nothing changes."""
    for path in folder_files(root):
        relative = path.name if path == root else str(path.relative_to(root))
        # Names are bytes here: what is no UTF-8 is shown with the sign for that.
        name = os.fsencode(relative).decode("utf-8", "replace")[:1000]
        about = path.lstat()
        member = member_for(batch, name=name, stamp=f"{about.st_size}-{about.st_mtime_ns}")
        if member is None:
            continue
        if name.rpartition("/")[2].lower() in _SYSTEM_NAMES or name.rpartition("/")[2].startswith("._"):
            sentence = _("Written by the operating system beside the files; left out.")
            member_end(member, state=MemberState.REFUSED, sentence=sentence)
        elif not stat.S_ISREG(about.st_mode):
            member_end(member, state=MemberState.REFUSED, sentence=_("A link or a device, and not a file."))
        else:
            member_store(batch, member, _kept(path, name.rpartition("/")[2]))
        told(member)


def _kept(path: Path, name: str) -> Callable[[], StoredOriginal]:
    def keep() -> StoredOriginal:
        # A link that took the file's place meanwhile is not followed.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            return original_store(OnDisk(name=name, size=size, stream=stream))

    return keep


def member_take(batch: IntakeBatch, *, name: str, stamp: str, upload: Upload) -> IntakeMember:
    """One file that a page sent of a folder; sent again, it leads to what became of it the first time."""
    member = member_for(batch, name=name, stamp=stamp)
    if member is None:
        return batch.members.get(name=name)
    member_store(batch, member, lambda: original_store(upload))
    return member


def stamps_ended(batch: IntakeBatch) -> dict[str, str]:
    """Name to stamp of what needs not be sent again."""
    return dict(batch.members.filter(state__in=_ENDED).values_list("name", "stamp"))


@transaction.atomic
def member_for(batch: IntakeBatch, *, name: str, stamp: str) -> IntakeMember | None:
    """The row of a file that is to be brought in; None if it was, and has not changed since."""
    IntakeBatch.objects.select_for_update().get(pk=batch.pk)
    member: IntakeMember | None = batch.members.filter(name=name).order_by("position").first()
    if member is not None:
        if member.stamp == stamp and member.state in _ENDED:
            return None
        member.stamp, member.state, member.sentence = stamp, MemberState.WAITING, ""
        member.save()
        return member
    last = batch.members.aggregate(Max("position"))["position__max"]
    position = 0 if last is None else last + 1
    if position >= settings.INTAKE_MOST_FILES:
        raise FileRefused(
            _("A folder may bring in %(most)d files at most. Send it in parts.")
            % {"most": settings.INTAKE_MOST_FILES}
        )
    return IntakeMember.objects.create(batch=batch, position=position, name=name, stamp=stamp)


def name_of(value: Any) -> str:
    """A name that a page sent, as a label: no NUL, no more than fits."""
    return str(value or "").replace("\x00", "")[:1000]
