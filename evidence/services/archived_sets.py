"""Several files of one posting given in one go: copies of the posting, and the recording's own files.

auto-archiver leaves a folder: its report (`metadata.json`), screenshots, a WACZ, and the media of the post.
Its report says which is which; all of them are taken, or none.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.archives import CopyKind
from evidence.errors import FileRefused
from evidence.incoming import IncomingUpload
from evidence.models import Appearance
from evidence.permissions import require
from evidence.sandbox import Failure, run_limited
from evidence.services.archived_copies import (
    StoredCopy,
    archived_copy_add,
    archived_copy_store,
    copy_refuse,
)
from evidence.services.ingest import (
    StoredOriginal,
    Upload,
    media_refuse,
    original_from_copy,
    original_store,
)
from evidence.services.media import media_log_file
from evidence.storage import media_storage

MOST_FILES = 100
_REPORT_OUTPUT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class SetAdded:
    """What came of it: how many copies and files of the recording are new, and how many were here."""

    copies: int
    files: int
    known: int
    sentence: str


def set_refuse(name: str, head: bytes) -> FileRefused | None:
    """The refusal of a file that is neither a copy nor a recording by its first bytes."""
    refused = copy_refuse(name, head)
    return refused if refused is not None and media_refuse(name, head) is not None else None


def archived_set_add(*, actor: Any, appearance: Appearance, uploads: Sequence[Upload]) -> SetAdded:
    """Keep all of the files, or raise FileRefused for the first that cannot be taken: then none is noted."""
    require(actor, "evidence.log_media", appearance.investigation)
    if len(uploads) > MOST_FILES:
        raise FileRefused(
            _("These are more than %(count)d files. Bring them in with several uploads.")
            % {"count": MOST_FILES},
            field="file",
        )
    for upload in uploads:
        if isinstance(upload, IncomingUpload) and upload.refusal is not None:
            raise upload.refusal
    stored = [_store(upload) for upload in uploads]
    named = [each for one in stored if isinstance(one, StoredCopy) for each in _named_in(one)]
    sorted_out = [_sorted_out(one, named) for one in stored]
    return _note(actor, appearance, sorted_out)


def _store(upload: Upload) -> StoredCopy | StoredOriginal:
    """By its first bytes; what is a copy of no kind is a recording, or refused with the copy's sentence."""
    try:
        return archived_copy_store(upload)
    except FileRefused as refused:
        try:
            return original_store(upload)
        except FileRefused:
            raise refused from None


def _named_in(report: StoredCopy) -> list[dict[str, Any]]:
    """The files that a report of auto-archiver names, read in a child process with limits."""
    if report.kind != CopyKind.auto_archiver:
        return []
    output = run_limited(
        [sys.executable, "-m", "evidence.archives", str(media_storage().path_of(report.sha256)), report.kind],
        memory_bytes=settings.READER_MEMORY_BYTES,
        cpu_seconds=settings.READER_CPU_SECONDS,
        wall_seconds=settings.READER_WALL_SECONDS,
        file_size_bytes=0,
        stdout_limit_bytes=_REPORT_OUTPUT_BYTES,
        cwd=settings.BASE_DIR,
    )
    if isinstance(output, Failure):
        return []  # it is kept, and its own reading will say what is wrong with it
    found: list[dict[str, Any]] = orjson.loads(output.stdout)["said"].get("media", [])
    return found


def _sorted_out(
    stored: StoredCopy | StoredOriginal, named: Sequence[dict[str, Any]]
) -> StoredCopy | StoredOriginal:
    """A picture that the report names and that is no screenshot belongs to the recording."""
    entry = next((each for each in named if _is_of(each, stored)), None)
    if isinstance(stored, StoredOriginal):
        if entry is None:
            raise FileRefused(
                _(
                    "“%(name)s” is a recording, and no report of auto-archiver that was sent with it names "
                    "it. Add it to the recording itself, or send the metadata.json that names it as well."
                )
                % {"name": stored.name},
                field="file",
            )
        return stored
    is_picture = stored.kind == CopyKind.picture
    if entry is None or not is_picture or "screenshot" in f"{entry['id']} {entry['name']}".lower():
        return stored
    return original_from_copy(
        name=stored.name,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        mime_type=stored.mime_type,
    )


def _is_of(entry: dict[str, Any], stored: StoredCopy | StoredOriginal) -> bool:
    """By the SHA-256 where the report gives one; by the name where it gives none."""
    if entry["sha256"]:
        return bool(entry["sha256"] == stored.sha256)
    return bool(entry["name"]) and entry["name"] == PurePosixPath(stored.name).name


@transaction.atomic
def _note(actor: Any, appearance: Appearance, stored: Sequence[StoredCopy | StoredOriginal]) -> SetAdded:
    copies = files = known = 0
    for each in stored:
        if isinstance(each, StoredCopy):
            existed = archived_copy_add(actor=actor, appearance=appearance, stored=each).existed
            copies += not existed
        else:
            logged = media_log_file(
                actor=actor,
                investigation=appearance.investigation,
                stored=each,
                item=appearance.media_item,
            )
            existed = logged.existed
            files += not existed
        known += existed
    sentences = [
        ngettext("%(n)d copy is kept.", "%(n)d copies are kept.", copies) % {"n": copies} if copies else "",
        ngettext("%(n)d file was added to the recording.", "%(n)d files were added to the recording.", files)
        % {"n": files}
        if files
        else "",
        ngettext("%(n)d file was here already.", "%(n)d files were here already.", known) % {"n": known}
        if known
        else "",
    ]
    return SetAdded(copies=copies, files=files, known=known, sentence=" ".join(filter(None, sentences)))
