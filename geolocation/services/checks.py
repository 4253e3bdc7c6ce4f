"""Gather what the checks need, run them, keep what they say with the inputs they used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from evidence.models import MediaItem, MetadataReading, Place
from evidence.models.media import COLLECTED_ROLES
from evidence.services.readers.registry import WALKER
from geolocation.checks import run_all
from geolocation.checks.base import (
    CheckInputs,
    CheckResult,
    FileFix,
    FileTime,
    Interval,
    NamedPoint,
    PlacedPoint,
    Posting,
    SiblingGeolocation,
)
from geolocation.coordinates.position import Position
from geolocation.models import CheckRun, Geolocation, GeolocationRevision
from geolocation.review.states import State

log = structlog.get_logger(__name__)

_COMPARED_STATES = [State.IN_REVIEW.value, State.CHANGES_REQUESTED.value, State.VERIFIED.value]
_CHECKED_STATES = [State.IN_REVIEW.value, State.CHANGES_REQUESTED.value, State.VERIFIED.value]


def checks_request(*, geolocation: Geolocation) -> None:
    """Have the current revision checked, once the transaction is committed. The caller saves the row."""
    geolocation.checks_requested_at = timezone.now()
    transaction.on_commit(partial(checks_enqueue, geolocation.pk))


def checks_request_for_item(*, item: MediaItem) -> None:
    """An input changed: have every geolocation of the item that is not closed checked again."""
    _request_again(Geolocation.objects.filter(media_item=item))


def checks_request_for_others(*, geolocation: Geolocation) -> None:
    """This one came, moved or left: have the item's other geolocations compared with it again."""
    _request_again(Geolocation.objects.filter(media_item=geolocation.media_item).exclude(pk=geolocation.pk))


def _request_again(candidates: QuerySet[Geolocation]) -> None:
    found = list(candidates.filter(state__in=_CHECKED_STATES).values_list("pk", flat=True))
    Geolocation.objects.filter(pk__in=found).update(checks_requested_at=timezone.now())
    for pk in found:
        transaction.on_commit(partial(checks_enqueue, pk))


def checks_enqueue(geolocation_id: int) -> bool:
    """Hand it to the queue; False if the broker is down: the sweep finds it later."""
    try:
        current_app.send_task("geolocation.tasks.run_checks", args=[geolocation_id], ignore_result=True)
    except Exception as error:
        log.warning("checks_not_queued", geolocation_id=geolocation_id, error=str(error))
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
    geolocation = (
        Geolocation.objects.select_for_update(of=("self",))
        .select_related("current_revision", "media_item")
        .filter(pk=geolocation_id)
        .first()
    )
    if geolocation is None or geolocation.current_revision is None:
        return []
    started = timezone.now()
    revision = geolocation.current_revision
    inputs = inputs_gather(revision=revision)
    newest = checks_newest(revision=revision)
    runs = [
        _as_row(revision, result, inputs)
        for result in run_all(inputs)
        if not _is_same(newest.get(result.key), result)
    ]
    CheckRun.objects.bulk_create(runs)
    Geolocation.objects.filter(pk=geolocation.pk).update(checks_done_at=started)
    return runs


def checks_newest(*, revision: GeolocationRevision) -> dict[str, CheckRun]:
    """The newest run of each check on this revision, by key."""
    return {run.key: run for run in revision.check_runs.order_by("pk")}


def inputs_gather(*, revision: GeolocationRevision) -> CheckInputs:
    """Everything around a revision that a check may compare it with, as it is in the database now."""
    geolocation = revision.geolocation
    item = geolocation.media_item
    fields = _file_fields(item)
    fixes = tuple(_fix(found) for found in fields.get("positions", []))
    preferred = fields.get("preferred_position")
    return CheckInputs(
        camera=_placed(revision, "camera"),
        subject=_placed(revision, "subject"),
        bearing_deg=revision.bearing_deg,
        field_of_view_deg=revision.field_of_view_deg,
        captured=_captured(revision),
        file_fixes=fixes,
        preferred_fix=fixes.index(_fix(preferred)) if preferred else None,
        file_heading_deg=fields.get("heading_deg"),
        file_heading_reference=fields.get("heading_reference"),
        file_times=tuple(_file_time(found) for found in _capture_times(fields)),
        claim_places=tuple(_named(place) for place in _claim_places(item)),
        item_place=_named(item.place) if item.place else None,
        siblings=tuple(_siblings(geolocation)),
        earliest_posting=_earliest_posting(item),
    )


def _placed(revision: GeolocationRevision, prefix: str) -> PlacedPoint | None:
    latitude = getattr(revision, f"{prefix}_latitude")
    if latitude is None:
        return None
    return PlacedPoint(
        position=Position(latitude, getattr(revision, f"{prefix}_longitude")),
        uncertainty_m=getattr(revision, f"{prefix}_uncertainty_m"),
        as_typed=getattr(revision, f"{prefix}_as_typed"),
    )


def _captured(revision: GeolocationRevision) -> Interval | None:
    if revision.captured_from is None or revision.captured_to is None:
        return None
    return Interval(revision.captured_from, revision.captured_to, revision.captured_basis)


def _file_fields(item: MediaItem) -> dict[str, Any]:
    """The normalised fields of the item's original, as the metadata reader found them."""
    reading = (
        MetadataReading.objects.filter(
            media_file__media_item=item, media_file__role__in=COLLECTED_ROLES, reader=WALKER
        )
        .exclude(fields={})
        .order_by("media_file__role", "pk")
        .last()
    )
    return reading.fields if reading else {}


def _fix(found: dict[str, Any]) -> FileFix:
    return FileFix(
        latitude=found["latitude"],
        longitude=found["longitude"],
        horizontal_error_m=found.get("horizontal_error_m"),
        dilution=found.get("dilution"),
        source=found["source"],
        status=found["status"],
    )


def _capture_times(fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [found for found in fields.get("times", []) if found.get("basis") != "file"]


def _file_time(found: dict[str, Any]) -> FileTime:
    return FileTime(
        local_naive=found.get("local"),
        offset_min=found.get("offset_min"),
        utc=parse_datetime(found["utc"]) if found.get("utc") else None,
        basis=found.get("basis") or "",
    )


def _claim_places(item: MediaItem) -> Iterable[Place]:
    return Place.objects.filter(claims__evidence__media_item=item).prefetch_related("names").distinct()


def _named(place: Place) -> NamedPoint:
    position = (
        Position(place.latitude, place.longitude)
        if place.latitude is not None and place.longitude is not None
        else None
    )
    return NamedPoint(name=place.display_name, position=position, radius_m=place.radius_m)


def _siblings(geolocation: Geolocation) -> Iterable[SiblingGeolocation]:
    others = (
        Geolocation.objects.filter(media_item=geolocation.media_item, state__in=_COMPARED_STATES)
        .exclude(pk=geolocation.pk)
        .select_related("current_revision", "author")
        .order_by("pk")
    )
    for other in others:
        revision = other.current_revision
        if revision is None:
            continue
        for role in ("camera", "subject"):
            placed = _placed(revision, role)
            if placed is not None:
                yield SiblingGeolocation(
                    reference=other.reference,
                    author=str(other.author),
                    state=other.state,
                    position=placed.position,
                    uncertainty_m=placed.uncertainty_m,
                    role=role,
                )


def _earliest_posting(item: MediaItem) -> Posting | None:
    earliest = item.appearances.filter(is_earliest_known=True).first()
    if earliest is None:
        return None
    posted: Any = earliest.posted_at or earliest.posted_on
    return Posting(posted, earliest.posted_basis) if posted else None


def _as_row(revision: GeolocationRevision, result: CheckResult, inputs: CheckInputs) -> CheckRun:
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
        inputs=inputs.to_json(),
        ran_at=timezone.now(),
    )


def _is_same(run: CheckRun | None, result: CheckResult) -> bool:
    return run is not None and (run.version, run.verdict, run.measured_value, run.sentence) == (
        result.version,
        result.verdict.value,
        result.measured_value,
        result.sentence,
    )
