"""Pictures to look at: thumbnail, preview, poster and contact sheet, made by a child process."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from evidence.models import FileRole, MediaFile, MetadataReading, ReadingState
from evidence.sandbox import Failure
from evidence.services import custody
from evidence.services.readers.base import Job, Lane, Outcome, Reader, child_sentence, failed
from evidence.storage import StoredBytes, media_storage

Made = dict[str, Any]


def _read(job: Job) -> Outcome:
    kind = "video" if job.is_video else "photo"
    with job.scratch() as outdir:
        output = job.child("evidence.derivatives", str(job.path), str(outdir), "--kind", kind)
        if isinstance(output, Failure):
            return failed(child_sentence(output))
        report = orjson.loads(output.stdout)
        stored = [(made, store_file(Path(made["path"]))) for made in report["derivatives"]]
    return Outcome(
        state=ReadingState.DONE if stored else ReadingState.NOTHING_FOUND,
        sentence=" ".join(report["warnings"]),
        columns={"fields": {name: value for name, value in report.items() if name != "derivatives"}},
        keep=partial(keep_derivatives, stored=stored),
        custody=(custody.FILE_DERIVED, {"roles": sorted(made["role"] for made, _ in stored)})
        if stored
        else None,
    )


def store_file(path: Path) -> StoredBytes:
    """Put a file that a child process wrote into the storage."""
    with path.open("rb") as stream:
        return media_storage().put(iter(lambda: stream.read(1 << 20), b""))


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


def _lane(media_file: MediaFile) -> Lane:
    return Lane.LONG if media_file.mime_type.startswith("video/") else Lane.QUICK


READER = Reader(key="pixels", version=1, label=_("Pictures to look at"), read=_read, lane=_lane)
