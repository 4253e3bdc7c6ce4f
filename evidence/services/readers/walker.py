"""Metadata: what the file says of itself, read by the project's own walker."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata import VERSION
from evidence.metadata import MetadataReading as Reading
from evidence.models import ReadingState
from evidence.sandbox import Failure
from evidence.services import custody
from evidence.services.readers.base import Job, Outcome, Reader, failed, storable

_OUTPUT_BYTES = 64 * 1024 * 1024


def _read(job: Job) -> Outcome:
    with job.scratch() as folder:
        # The reader notices a name that promises another type; in the storage the name is a digest.
        named = folder / f"original{_extension(job.media_file.original_name)}"
        named.symlink_to(job.path.resolve())
        output = job.child("evidence.metadata", str(named), stdout_limit_bytes=_OUTPUT_BYTES)
    if isinstance(output, Failure):
        return failed(output.sentence)
    found = storable(json.loads(output.stdout))
    raw_tags = found.pop("raw_tags", [])
    said = Reading.from_json({**found, "raw_tags": []})
    preferred = said.preferred_position
    return Outcome(
        state=ReadingState.NOTHING_FOUND if said.nothing_found else ReadingState.DONE,
        sentence=_nothing_found(said) if said.nothing_found else " ".join(said.warnings),
        columns={
            "latitude": preferred.latitude if preferred else None,
            "longitude": preferred.longitude if preferred else None,
            "captured_at": said.captured.utc if said.captured else None,
            "fields": found,
            "raw_tags": raw_tags,
        },
        custody=(custody.FILE_READ, {"reader": READER.key, "version": VERSION}),
    )


def _extension(name: str) -> str:
    """`.jpg` of a name that came from outside; nothing but letters and digits."""
    return re.sub(r"[^.A-Za-z0-9]", "", Path(name.replace("\\", "/")).suffix)[:12]


def _nothing_found(said: Reading) -> str:
    if said.warnings:
        return " ".join(said.warnings)
    return _(
        "The file says nothing of where, when or with what it was made. That is common, and no fault of it."
    )


READER = Reader(key="walker", version=VERSION, label=gettext_lazy("Metadata"), read=_read, feeds_checks=True)
