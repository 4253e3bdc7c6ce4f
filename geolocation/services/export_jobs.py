"""Files of verified points made in the background: ask for one, end it, read it, see what left it since.

A job is a row (docs/decisions/0006): the queue carries only its number. `export_making` makes the file,
`export_keeping` picks up what a dead worker left and removes what was kept long enough.
"""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import Conflict, InvalidInput, NotFound
from evidence.models import Investigation
from evidence.services.readers import Lane
from geolocation.models import Audience, ChangeKind, ExportJob, ExportState, PointChange, VerifiedPoint
from geolocation.querysets import PointFilter
from geolocation.services.export_formats import FORMATS, ExportFormat, exports_root

log = structlog.get_logger(__name__)

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('geolocation_exportjob', %s))"


@transaction.atomic
def export_ask(
    *, actor: Any, format_key: str, wanted: PointFilter, asked: Mapping[str, str], text: str
) -> ExportJob:
    """Have a file made of the points that the person may read and the filter asks for.

    `asked` is the filter as it was written and `text` as the file names it. Raises InvalidInput for a format
    that is not known or does not hold so many points, and Conflict where the person has as many jobs as one
    may have, or no room is left for files.
    """
    if format_key not in FORMATS:
        raise InvalidInput(
            _("There is no format “%(name)s”. Known are: %(known)s.")
            % {"name": format_key[:80], "known": ", ".join(FORMATS)},
            field="format",
        )
    if not actor.is_active:
        raise NotFound(_("There is no such account."))
    with connection.cursor() as cursor:
        # Two requests at once would both find room for one more.
        cursor.execute(_LOCK, [actor.pk])
    _limits_hold(actor)
    named = None
    if wanted.investigation:
        named = _investigation_named(actor, wanted.investigation)
    points = VerifiedPoint.objects.readable_by(actor).matching(wanted)
    FORMATS[format_key].refuse_overflow(points)
    job: ExportJob = ExportJob.objects.create(
        asked_by=actor, format=format_key, asked=dict(asked), wanted=wanted.to_json(), filter_text=text
    )
    if named is not None:
        job.holds.add(named)
    transaction.on_commit(partial(export_enqueue, job))
    return job


def _investigation_named(actor: Any, code: str) -> Investigation:
    """The one whose points were asked for; the same refusal whether it is closed or does not exist."""
    readable = Investigation.objects.published() | Investigation.objects.filter(
        pk__in=Investigation.objects.for_user(actor).values("pk")
    )
    found: Investigation | None = readable.filter(code=code).first()
    if found is None:
        raise InvalidInput(
            _("There is no investigation “%(code)s” whose points you may read.") % {"code": code},
            field="investigation",
        )
    return found


def _limits_hold(actor: Any) -> None:
    if ExportJob.objects.filter(asked_by=actor).unfinished().count() >= settings.EXPORTS_AT_ONCE:
        raise Conflict(
            _(
                "You have %(most)d files waiting or being made, which is as many as one person may have. "
                "Wait for one of them, or cancel it."
            )
            % {"most": settings.EXPORTS_AT_ONCE}
        )
    if room_left() <= 0:
        raise Conflict(
            _(
                "There is no room for another file. Delete one of yours that you have downloaded, or try "
                "again when older ones have been removed; files are kept for %(days)d days."
            )
            % {"days": settings.EXPORTS_KEPT_DAYS}
        )


def room_left() -> int:
    """Bytes that kept files may still take, all of them together; negative beyond."""
    kept = ExportJob.objects.filter(state=ExportState.DONE).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    return int(settings.EXPORTS_KEPT_BYTES) - int(kept)


def export_enqueue(job: ExportJob) -> bool:
    """Hand a job to the long queue. False if the broker is down: the row waits, and the sweep finds it."""
    try:
        current_app.send_task(
            "geolocation.tasks.make_export", args=[job.pk], queue=str(Lane.LONG), ignore_result=True
        )
    # Whatever is wrong with the broker: the sweep queues it again.
    except Exception as error:
        log.warning("export_not_queued", job=str(job.uid), error=str(error))
        return False
    return True


def export_of(*, reader: Any, uid: UUID) -> ExportJob:
    """One's own job, if one may still read what it holds; else NotFound."""
    found: ExportJob | None = ExportJob.objects.of(reader).filter(uid=uid).first()
    if found is None:
        raise NotFound(_("There is no such export, or you may not read it."))
    return found


@transaction.atomic
def export_end(*, job: ExportJob) -> None:
    """Cancel what waits or is being made; of what is finished, remove file and row."""
    locked = ExportJob.objects.select_for_update().get(pk=job.pk)
    if locked.is_unfinished:
        locked.state, locked.finished_at = ExportState.CANCELLED, timezone.now()
        locked.lease_until, locked.sentence = None, _("You cancelled it.")
        locked.save()
        return
    transaction.on_commit(partial(file_remove, locked.uid, locked.format))
    locked.delete()


def export_format(job: ExportJob) -> ExportFormat:
    """What the job's file is written in."""
    return FORMATS[job.format]


def file_path(uid: UUID, format_key: str) -> Path:
    """Where a file is kept: outside of what any web server serves, named by the job alone."""
    return kept_root() / f"{uid}.{FORMATS[format_key].extension}"


def points_path(uid: UUID) -> Path:
    """Beside the file: the numbers of the geolocations whose points it holds, in order, eight bytes each."""
    return kept_root() / f"{uid}.points"


def kept_root() -> Path:
    """The folder of files that are kept for a while."""
    root = exports_root() / "kept"
    root.mkdir(exist_ok=True)
    return root


def file_remove(uid: UUID, format_key: str) -> None:
    """Remove a file and what stands beside it; gone already is fine."""
    for path in (file_path(uid, format_key), points_path(uid)):
        path.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class Since:
    """Points of a file that are not verified any more, and those that are, with something changed."""

    left: int = 0
    changed: int = 0

    @property
    def is_current(self) -> bool:
        """Whether the file shows its points as they are now. Points that came since do not count."""
        return not (self.left or self.changed)


def export_since(job: ExportJob) -> Since:
    """What the corrections feed tells of the points of a kept file since it was made."""
    path = points_path(job.uid)
    if not job.is_kept or not path.is_file() or not path.stat().st_size:
        return Since()
    told = PointChange.objects.filter(
        Q(place__gt=job.feed_place) | Q(place=None),
        audience=Audience.MEMBERS,
        investigation__in=job.holds.values("pk"),
    ).values_list("geolocation", "kind")
    left = changed = 0
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held,
        memoryview(held) as octets,
        octets.cast("q") as numbers,
    ):
        for geolocation, kind in told.iterator():
            place = bisect_left(numbers, geolocation)
            if place < len(numbers) and numbers[place] == geolocation:
                left += kind == ChangeKind.REMOVED
                changed += kind != ChangeKind.REMOVED
    return Since(left=left, changed=changed)


def points_keep(path: Path, geolocations: Any) -> int:
    """Write down which geolocations' points a file holds, from numbers in order. Returns how many."""
    numbers = array("q", geolocations)
    path.write_bytes(numbers.tobytes())
    return len(numbers)
