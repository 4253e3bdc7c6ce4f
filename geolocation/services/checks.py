"""Gather what the checks need, run them, keep what they say with the inputs they used."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from evidence.models import Investigation, MediaItem
from geolocation.checks import CheckInputs, registered_checks, run_many
from geolocation.checks.base import CheckResult
from geolocation.checks.registry import RegisteredCheck, run_one
from geolocation.models import CheckRun, Geolocation, GeolocationRevision
from geolocation.review.states import State
from geolocation.services.check_inputs import COMPARED_STATES, inputs_gather_many
from geolocation.services.check_neighbours import look_alikes

log = structlog.get_logger(__name__)

_CHECKED_STATES = [State.AWAITING_SECOND.value, *COMPARED_STATES]
# Geolocations that are locked, gathered and judged together: arrays long enough, transactions short enough.
BATCH = 500


def checks_request(*, geolocation: Geolocation) -> None:
    """Have the current revision checked, once the transaction is committed. The caller saves the row."""
    geolocation.checks_requested_at = timezone.now()
    transaction.on_commit(partial(checks_enqueue, geolocation.pk))


def checks_request_for_item(*, item: MediaItem) -> None:
    """An input changed: have every geolocation of the item that is not closed checked again."""
    checks_request_for_items(items=[item])


def checks_request_for_items(*, items: Sequence[MediaItem]) -> None:
    """The same for an input of many items."""
    _request_again(Geolocation.objects.filter(media_item__in=items))


def checks_request_for_others(*, geolocation: Geolocation) -> None:
    """This one came, moved or left: have the others of its item, and of its look-alikes, compared again."""
    items = {geolocation.media_item_id, *look_alikes(item=geolocation.media_item_id)}
    _request_again(Geolocation.objects.filter(media_item__in=items).exclude(pk=geolocation.pk))


def checks_request_for_investigation(*, investigation: Investigation) -> None:
    """Its area changed: have every geolocation in it that is not closed checked again, by one task."""
    Geolocation.objects.filter(
        investigation=investigation, state__in=_CHECKED_STATES, current_revision__isnull=False
    ).update(checks_requested_at=timezone.now())
    transaction.on_commit(partial(_enqueue, "geolocation.tasks.recheck_investigation", investigation.pk))


def _request_again(candidates: QuerySet[Geolocation]) -> None:
    found = list(candidates.filter(state__in=_CHECKED_STATES).values_list("pk", flat=True))
    Geolocation.objects.filter(pk__in=found).update(checks_requested_at=timezone.now())
    for pk in found:
        transaction.on_commit(partial(checks_enqueue, pk))


def checks_enqueue(geolocation_id: int) -> bool:
    """Hand it to the queue; False if the broker is down: the sweep finds it later."""
    return _enqueue("geolocation.tasks.run_checks", geolocation_id)


def _enqueue(task: str, key: int) -> bool:
    try:
        current_app.send_task(task, args=[key], ignore_result=True)
    except Exception as error:
        log.warning("checks_not_queued", task=task, key=key, error=str(error))
        return False
    return True


def checks_sweep() -> int:
    """Queue the checks that a lost broker or a dead worker forgot. Returns how many."""
    late = timezone.now() - timedelta(seconds=45)
    forgotten = Geolocation.objects.filter(
        checks_requested_at__lt=late, current_revision__isnull=False
    ).filter(Q(checks_done_at=None) | Q(checks_done_at__lt=F("checks_requested_at")))
    return sum(checks_enqueue(pk) for pk in forgotten.values_list("pk", flat=True)[:500])


@transaction.atomic
def checks_run(*, geolocation_id: int) -> list[CheckRun]:
    """Run every check on the current revision. Run again with the same inputs, it adds nothing."""
    return checks_run_many(geolocation_ids=[geolocation_id])


@transaction.atomic
def checks_run_many(*, geolocation_ids: Sequence[int]) -> list[CheckRun]:
    """The same for many geolocations: one query a table, the sun and the magnetic field in arrays."""
    # In the order of their keys, so that two workers with overlapping batches wait instead of deadlocking.
    locked = (
        Geolocation.objects.select_for_update(of=("self",))
        .select_related("current_revision", "media_item__author")
        .filter(pk__in=geolocation_ids, current_revision__isnull=False)
        .order_by("pk")
    )
    started = timezone.now()
    revisions: list[GeolocationRevision] = []
    for geolocation in locked:
        revision = geolocation.current_revision
        if revision is None:
            continue
        revision.geolocation = geolocation
        revisions.append(revision)
    if not revisions:
        return []
    gathered = inputs_gather_many(revisions=revisions)
    newest = _newest(revisions)
    results = run_many([gathered[revision.pk] for revision in revisions])
    checks = {check.key: check for check in registered_checks()}
    runs = [
        _as_row(revision, checks[result.key], result, gathered[revision.pk])
        for revision, found in zip(revisions, results, strict=True)
        for result in found
        if not _is_same(newest.get((revision.pk, result.key)), result)
    ]
    CheckRun.objects.bulk_create(runs, batch_size=2000)
    Geolocation.objects.filter(pk__in=[revision.geolocation_id for revision in revisions]).update(
        checks_done_at=started
    )
    return runs


def checks_recheck(*, geolocations: QuerySet[Geolocation], batch: int = BATCH) -> Iterable[tuple[int, int]]:
    """Run the checks on all of them, batch by batch; yields how many were looked at, and what was added.

    For after a change of the checks themselves, or of what they read. Closed geolocations are left alone.
    """
    wanted = geolocations.filter(state__in=_CHECKED_STATES, current_revision__isnull=False)
    keys = iter(list(wanted.order_by("pk").values_list("pk", flat=True)))
    while together := list(islice(keys, batch)):
        yield len(together), len(checks_run_many(geolocation_ids=together))


def check_recompute(*, run: CheckRun) -> CheckResult:
    """The verdict of a stored run, computed again from its own inputs alone.

    The version of the result is the one that this code has: where it differs from the run's, the check has
    been changed since and may answer differently. Raises LookupError for a check that is no longer here.
    """
    check = {each.key: each for each in registered_checks()}.get(run.key)
    if check is None:
        raise LookupError(run.key)
    return run_one(check, CheckInputs.from_json(run.inputs))


def is_same_result(run: CheckRun, result: CheckResult) -> bool:
    """Whether a stored run says what a result says: its last digits may differ between machines."""
    return (run.version, run.verdict, run.sentence) == (
        result.version,
        result.verdict.value,
        result.sentence,
    ) and _is_close(run.measured_value, result.measured_value)


def checks_newest(*, revision: GeolocationRevision) -> dict[str, CheckRun]:
    """The newest run of each check on this revision, by key."""
    return {run.key: run for run in revision.check_runs.order_by("pk")}


def _newest(revisions: Sequence[GeolocationRevision]) -> dict[tuple[int, str], CheckRun]:
    runs = (
        CheckRun.objects.filter(revision__in=revisions)
        .order_by("revision_id", "key", "-pk")
        .distinct("revision_id", "key")
        .defer("inputs", "drawing")
    )
    return {(run.revision_id, run.key): run for run in runs}


def _as_row(
    revision: GeolocationRevision, check: RegisteredCheck, result: CheckResult, inputs: CheckInputs
) -> CheckRun:
    return CheckRun(
        revision=revision,
        key=result.key,
        version=result.version,
        verdict=result.verdict.value,
        measured_value=result.measured_value,
        unit=result.unit,
        threshold=result.threshold,
        sentence=result.sentence,
        drawing=result.drawing,
        inputs=inputs.to_json(check.reads),
        ran_at=timezone.now(),
    )


def _is_same(run: CheckRun | None, result: CheckResult) -> bool:
    return run is not None and is_same_result(run, result)


def _is_close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)
