"""A second opinion by exiftool, where it is installed, and only when a person asks for it."""

from __future__ import annotations

import json
import shutil

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata import MetadataReading as Said
from evidence.models import MediaFile, MetadataReading, ReadingState
from evidence.sandbox import Failure, FailureReason
from evidence.second_opinion import (
    ARGUMENTS,
    TRACK_ARGUMENTS,
    Compared,
    Opinion,
    compare,
    opinion_of_exiftool,
    opinion_of_walker,
    tags_of_exiftool,
    track_of_exiftool,
)
from evidence.second_opinion.base import Fix
from evidence.services import custody
from evidence.services.readers.base import Job, Lane, Outcome, Reader, failed, storable

_OUTPUT_BYTES = 16 * 1024 * 1024
_TAGS_READ_PERCENT = 50  # of a video; the track of positions is the other half
_TRACK_BYTES = 8 * 1024 * 1024  # some 200,000 fixes: three hours of eighteen a second
VERSION = 1
_MISSING = gettext_lazy(
    "exiftool is not installed where this application runs. On Debian: apt-get install "
    "libimage-exiftool-perl. Elsewhere, the setting EXIFTOOL names the program."
)


def exiftool_path() -> str:
    """Where the program is; empty where there is none."""
    return (shutil.which(settings.EXIFTOOL) if settings.EXIFTOOL else None) or ""


def _missing() -> str | Promise:
    return "" if exiftool_path() else _MISSING


def _read(job: Job) -> Outcome:
    program = exiftool_path()
    if not program:
        return failed(str(_MISSING))
    path = str(job.path.resolve())
    output = job.program([program, *ARGUMENTS, path], stdout_limit_bytes=_OUTPUT_BYTES)
    # It ends with status 1 for a file it cannot make sense of, and says so in its JSON.
    printed = output.stdout
    if isinstance(output, Failure) and (output.reason != FailureReason.exit_status or not printed):
        return failed(output.sentence)
    try:
        answer = storable(json.loads(printed, parse_constant=str)[0])
    except (ValueError, LookupError, TypeError):
        return failed(_("What exiftool answered cannot be read."))
    job.progress(_TAGS_READ_PERCENT)
    track, note = _track(job, program, path)
    opinion = opinion_of_exiftool(answer, track)
    tags = [{"group": group, "name": name, "value": value} for group, name, value in tags_of_exiftool(answer)]
    said = [str(answer[key]) for key in ("ExifTool:Error", "ExifTool:Warning") if answer.get(key)]
    return Outcome(
        state=ReadingState.DONE if tags else ReadingState.NOTHING_FOUND,
        sentence=" ".join([*said, *note]),
        # Not into the row's own position: what counts as the file's position stays the walker's finding.
        columns={"fields": opinion.to_json(), "raw_tags": tags},
        custody=(custody.FILE_READ, {"reader": READER.key, "version": VERSION, "program": opinion.reader}),
    )


def _track(job: Job, program: str, path: str) -> tuple[list[Fix], list[str]]:
    """The timed positions of a video, and a note where they are not all of them."""
    if not job.is_video:
        return [], []
    output = job.program([program, *TRACK_ARGUMENTS, path], stdout_limit_bytes=_TRACK_BYTES)
    lines = output.stdout.decode("utf-8", "replace")
    if isinstance(output, Failure) and output.reason != FailureReason.exit_status:
        # The last line may be cut in the middle of a number.
        return track_of_exiftool(lines.rpartition("\n")[0]), [
            _("Its track of positions was not read to the end: %(why)s") % {"why": output.sentence}
        ]
    return track_of_exiftool(lines), []


def compared(walker: MetadataReading | None, second: MetadataReading | None) -> tuple[Compared, ...] | None:
    """Our reading and exiftool's value by value; None while one of them has no answer."""
    if walker is None or second is None or not walker.fields or not second.fields:
        return None
    said = Said.from_json({**walker.fields, "raw_tags": []})
    return compare(opinion_of_walker(said, walker.fields), Opinion.from_json(second.fields))


def _lane(media_file: MediaFile) -> Lane:
    return Lane.LONG if media_file.mime_type.startswith("video/") else Lane.QUICK


READER = Reader(
    key="exiftool",
    version=VERSION,
    label=gettext_lazy("Second opinion (exiftool)"),
    read=_read,
    lane=_lane,
    is_automatic=False,
    missing=_missing,
)
