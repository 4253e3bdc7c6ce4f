"""Pictures to look at: thumbnail and preview of a photo, thumbnail and poster of a video."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from evidence.models import FileRole, MediaFile, MetadataReading, ReadingState
from evidence.sandbox import Failure
from evidence.services import custody
from evidence.services.readers.base import Job, Outcome, Reader, child_sentence, failed
from evidence.storage import StoredBytes, media_storage

Made = dict[str, Any]


def _read(job: Job) -> Outcome:
    return derive(job, "video" if job.is_video else "photo")


def derive(job: Job, kind: str, *, sentence: Callable[[Made], str] | None = None) -> Outcome:
    """Have a child process make one kind of derivative, and keep what it made: done, or nothing found."""
    with job.scratch() as outdir:
        output = job.child("evidence.derivatives", str(job.path), str(outdir), "--kind", kind)
        if isinstance(output, Failure):
            return failed(child_sentence(output))
        report: Made = orjson.loads(output.stdout)
        stored = [(made, store_file(Path(made["path"]))) for made in report["derivatives"]]
    said = [sentence(report)] if sentence is not None else []
    return Outcome(
        state=ReadingState.DONE if stored else ReadingState.NOTHING_FOUND,
        sentence=" ".join([*said, *report["warnings"]]).strip(),
        columns={"fields": {name: value for name, value in report.items() if name != "derivatives"}},
        keep=partial(keep_derivatives, stored=stored),
        custody=(custody.FILE_DERIVED, {"roles": sorted(made["role"] for made, _ in stored)})
        if stored
        else None,
    )


def store_file(path: Path) -> StoredBytes:
    """Put a file that a child process wrote into a job's scratch folder into the storage, without a copy."""
    return media_storage().put_path(path)


def keep_derivatives(reading: MetadataReading, *, stored: list[tuple[Made, StoredBytes]]) -> None:
    """Catalogue derived files under their original; one that is there already stays as it is."""
    parent = reading.media_file
    for made, put in stored:
        MediaFile.objects.get_or_create(
            parent=parent,
            role=FileRole(made["role"]),
            defaults={
                "investigation_id": parent.investigation_id,
                "media_item": parent.media_item,
                "sha256": put.sha256,
                "size_bytes": put.size_bytes,
                "mime_type": made["mime_type"],
                "width": made["width"],
                "height": made["height"],
            },
        )


READER = Reader(key="pixels", version=2, label=_("Pictures to look at"), read=_read)
