"""Likeness: fingerprints of what is seen, made by a child process, and what they are near to."""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evidence.fingerprints import Algorithm, Fingerprint
from evidence.models import MediaFile, MetadataReading, ReadingState
from evidence.sandbox import Failure
from evidence.services import custody
from evidence.services.likeness_search import Search, fingerprints_keep, likeness_search
from evidence.services.readers.base import Job, Lane, Outcome, Reader, child_sentence, failed


def _read(job: Job) -> Outcome:
    kind = "video" if job.is_video else "photo"
    output = job.child("evidence.fingerprints", str(job.path), "--kind", kind)
    if isinstance(output, Failure):
        return failed(child_sentence(output))
    report = orjson.loads(output.stdout)
    fingerprints = [_fingerprint(each) for each in report.pop("fingerprints")]
    search = likeness_search(
        media_file=job.media_file,
        fingerprints=fingerprints,
        investigation_ids=[job.media_file.investigation_id],
    )
    is_searchable = any(each.is_searchable for each in fingerprints)
    return Outcome(
        state=ReadingState.DONE if is_searchable else ReadingState.NOTHING_FOUND,
        sentence=" ".join([*report["warnings"], *_left_out(search)]),
        columns={"fields": {**report, "skipped_probes": search.found.skipped_probes}},
        keep=partial(_keep, fingerprints=fingerprints, search=search),
        custody=(
            custody.FILE_FINGERPRINTED,
            {"fingerprints": len(fingerprints), "version": READER.version},
        ),
    )


def _keep(reading: MetadataReading, *, fingerprints: list[Fingerprint], search: Search) -> None:
    fingerprints_keep(media_file=reading.media_file, fingerprints=fingerprints, search=search)


def _fingerprint(said: dict[str, Any]) -> Fingerprint:
    return Fingerprint(
        algorithm=Algorithm(said["algorithm"]),
        is_mirrored=said["is_mirrored"],
        quality=said["quality"],
        hash_bytes=bytes.fromhex(said["hash"]),
        time_s=said["time_s"],
        until_s=said["until_s"],
    )


def _left_out(search: Search) -> list[str]:
    """What a reader of the result has to know: with this, a copy may have been missed."""
    sentences = []
    if search.found.skipped_probes:
        sentences.append(
            ngettext(
                "%(count)d look-up was left out because too many pictures share it; a copy may be missed.",
                "%(count)d look-ups were left out because too many pictures share them: one may be missed.",
                search.found.skipped_probes,
            )
            % {"count": search.found.skipped_probes}
        )
    if search.found.is_cut:
        sentences.append(_("Very many stored pictures look like this; only a part of them was compared."))
    return sentences


def _lane(media_file: MediaFile) -> Lane:
    return Lane.LONG if media_file.mime_type.startswith("video/") else Lane.QUICK


READER = Reader(
    key="likeness",
    version=1,
    label=gettext_lazy("Likeness"),
    read=_read,
    lane=_lane,
    tells_progress=True,
    is_said_elsewhere=True,
)
