"""What else stands near a revision: look-alikes, recordings of the same device or source, the same point."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from evidence.models import LikenessState, MediaItem, MediaLikeness, MetadataReading
from evidence.services.readers.registry import WALKER
from geolocation.checks.base import Crowd, Interval, Recording, Twin
from geolocation.checks.window import day_window
from geolocation.coordinates.position import Position
from geolocation.models import Geolocation, GeolocationRevision
from geolocation.review.states import State

STANDING = [State.IN_REVIEW.value, State.CHANGES_REQUESTED.value, State.VERIFIED.value]
ROLES = ("camera", "subject")
# Of one device or source the recordings nearest in time decide; more would only lengthen every run's inputs.
NEAREST = 4
SAME_NUMBER = "the same serial number"


def twins_of(*, items: Mapping[int, MediaItem]) -> dict[int, tuple[Twin, ...]]:
    """By item: where standing geolocations put the items that look like it, dismissed likenesses left out."""
    pairs = _likenesses(items)
    others = {other for partners in pairs.values() for other, _kind, _score in partners}
    if not others:
        return {}
    placed: dict[int, list[Geolocation]] = defaultdict(list)
    for geolocation in _standing().filter(media_item__in=others).select_related("media_item"):
        placed[geolocation.media_item_id].append(geolocation)
    return {
        item: tuple(
            twin
            for other, kind, score in partners
            for geolocation in placed.get(other, ())
            for twin in _twins(geolocation, kind, score)
        )
        for item, partners in pairs.items()
    }


def _likenesses(items: Iterable[int]) -> dict[int, list[tuple[int, str, float]]]:
    """By item: the items that look like it, and how."""
    wanted = set(items)
    rows = (
        MediaLikeness.objects.filter(Q(item_a__in=wanted) | Q(item_b__in=wanted))
        .exclude(state=LikenessState.DISMISSED)
        .order_by("-score", "pk")
        .values_list("item_a_id", "item_b_id", "kind", "score")
    )
    found: dict[int, list[tuple[int, str, float]]] = defaultdict(list)
    for first, second, kind, score in rows:
        for item, other in ((first, second), (second, first)):
            if item in wanted:
                found[item].append((other, kind, score))
    return found


def look_alikes(*, item: int) -> set[int]:
    """The items that look like this one, by key."""
    return {other for other, _kind, _score in _likenesses([item]).get(item, ())}


def _twins(geolocation: Geolocation, kind: str, score: float) -> Iterable[Twin]:
    for role, position, uncertainty_m in _points(geolocation):
        yield Twin(
            item=geolocation.media_item.reference,
            reference=geolocation.reference,
            state=geolocation.state,
            position=position,
            uncertainty_m=uncertainty_m,
            role=role,
            kind=kind,
            score=score,
        )


def _points(geolocation: Geolocation) -> Iterable[tuple[str, Position, float]]:
    revision: Any = geolocation.current_revision
    for role in ROLES:
        latitude = getattr(revision, f"{role}_latitude")
        if latitude is not None:
            position = Position(latitude, getattr(revision, f"{role}_longitude"))
            yield role, position, getattr(revision, f"{role}_uncertainty_m")


def _standing() -> Any:
    return (
        Geolocation.objects.filter(state__in=STANDING, current_revision__isnull=False)
        .select_related("current_revision")
        .order_by("pk")
    )


def recordings_of(
    *, revisions: Sequence[GeolocationRevision], fields: Mapping[int, dict[str, Any]]
) -> dict[int, tuple[Recording, ...]]:
    """By revision: the nearest in time of the other placed recordings of its device and of its source."""
    own = {each.geolocation.media_item_id: each.geolocation.media_item for each in revisions}
    investigations = {each.geolocation.investigation_id for each in revisions}
    devices = {item: device for item in own if (device := _device(fields.get(item, {})))}
    others = _items_by_device(set(devices.values()), investigations)
    authors = {item.author_id for item in own.values() if item.author_id}
    wanted = Q(media_item__author__in=authors) | Q(
        media_item__in={item for items in others.values() for item in items}
    )
    known: dict[tuple[str, Any, int], list[Recording]] = defaultdict(list)
    rows = _standing().filter(wanted, investigation__in=investigations).select_related("media_item__author")
    device_of = {item: serial for serial, items in others.items() for item in items}
    models = {item: name for items in others.values() for item, name in items.items()}
    for geolocation in rows:
        item = geolocation.media_item
        ties = {"device": device_of.get(item.pk), "source": item.author_id}
        # Never the serial number: not everybody who reads a verdict may read it.
        names = {"device": models.get(item.pk, ""), "source": str(item.author) if item.author else ""}
        for tie, key in ties.items():
            recording = _recording(geolocation, tie, names[tie]) if key else None
            if recording is not None:
                known[tie, key, geolocation.investigation_id].append(recording)
    return {revision.pk: _nearest(revision, devices, known) for revision in revisions}


def _device(fields: dict[str, Any]) -> str:
    """A device by its serial number; by make and model alone many devices are one."""
    serials = fields.get("serials") or []
    return str(serials[0]) if serials else ""


def _items_by_device(serials: set[str], investigations: set[int]) -> dict[str, dict[int, str]]:
    """By serial number: the items with it, each with make and model in words."""
    if not serials:
        return {}
    rows = MetadataReading.objects.filter(
        reader=WALKER,
        media_file__media_item__investigation__in=investigations,
        fields__serials__has_any_keys=sorted(serials),
    ).values_list(
        "media_file__media_item_id", "fields__serials", "fields__camera_make", "fields__camera_model"
    )
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for item, numbers, make, model in rows:
        if numbers and numbers[0] in serials:
            words = " ".join(part for part in (make, model) if part)
            found[numbers[0]][item] = words or SAME_NUMBER
    return found


def _recording(geolocation: Geolocation, tie: str, name: str) -> Recording | None:
    """None where the camera is not placed or the time not known."""
    revision: Any = geolocation.current_revision
    captured = _captured(revision)
    if revision.camera_latitude is None or captured is None:
        return None
    return Recording(
        item=geolocation.media_item.reference,
        tie=tie,
        name=name,
        position=Position(revision.camera_latitude, revision.camera_longitude),
        uncertainty_m=revision.camera_uncertainty_m,
        captured=captured,
    )


def _captured(revision: GeolocationRevision) -> Interval | None:
    if revision.captured_from is not None and revision.captured_to is not None:
        return Interval(revision.captured_from, revision.captured_to, revision.captured_basis)
    if revision.captured_on is None:
        return None
    position = (
        Position(revision.camera_latitude, revision.camera_longitude)
        if revision.camera_latitude is not None and revision.camera_longitude is not None
        else None
    )
    return day_window(revision.captured_on, position).interval


def _nearest(
    revision: GeolocationRevision,
    devices: Mapping[int, str],
    known: Mapping[tuple[str, Any, int], list[Recording]],
) -> tuple[Recording, ...]:
    item = revision.geolocation.media_item
    captured = _captured(revision)
    if captured is None or revision.camera_latitude is None:
        return ()
    middle = captured.start_utc + (captured.end_utc - captured.start_utc) / 2
    found: list[Recording] = []
    seen = {item.reference}
    for tie, key in (("device", devices.get(item.pk)), ("source", item.author_id)):
        candidates = [
            each
            for each in known.get((tie, key, revision.geolocation.investigation_id), ())
            if each.item not in seen
        ]
        candidates.sort(key=lambda each: (_apart(each.captured, middle), each.item))
        found += candidates[:NEAREST]
        seen |= {each.item for each in candidates[:NEAREST]}
    return tuple(found)


def _apart(captured: Interval, moment: datetime) -> timedelta:
    return abs(captured.start_utc + (captured.end_utc - captured.start_utc) / 2 - moment)


def crowds_of(*, revisions: Sequence[GeolocationRevision]) -> dict[int, tuple[Crowd, ...]]:
    """By revision: how many other items of its investigation stand on exactly its numbers."""
    investigations = {revision.geolocation.investigation_id for revision in revisions}
    counts: dict[str, dict[tuple[int, float, float], set[int]]] = {}
    for role in ROLES:
        latitudes = {getattr(revision, f"{role}_latitude") for revision in revisions} - {None}
        rows = Geolocation.objects.filter(
            state__in=STANDING,
            investigation__in=investigations,
            **{f"current_revision__{role}_latitude__in": latitudes},
        ).values_list(
            "investigation_id",
            f"current_revision__{role}_latitude",
            f"current_revision__{role}_longitude",
            "media_item_id",
        )
        counts[role] = defaultdict(set)
        for investigation, latitude, longitude, item in rows:
            counts[role][investigation, latitude, longitude].add(item)
    return {revision.pk: _crowds(revision, counts) for revision in revisions}


def _crowds(
    revision: GeolocationRevision, counts: Mapping[str, Mapping[tuple[int, float, float], set[int]]]
) -> tuple[Crowd, ...]:
    geolocation = revision.geolocation
    found = []
    for role in ROLES:
        latitude, longitude = getattr(revision, f"{role}_latitude"), getattr(revision, f"{role}_longitude")
        if latitude is None:
            continue
        items = counts[role].get((geolocation.investigation_id, latitude, longitude), set())
        others = len(items - {geolocation.media_item_id})
        if others:
            found.append(Crowd(role, others))
    return tuple(found)
