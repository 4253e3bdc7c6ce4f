"""Gather what the checks read about many revisions at once: one query a table, not one a revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from evidence.models import (
    Appearance,
    Claim,
    Investigation,
    MediaItem,
    MetadataReading,
    Place,
    PostedBasis,
    Relation,
)
from evidence.models.media import COLLECTED_ROLES
from evidence.platforms import RefusedLink, read_link
from evidence.services.readers.registry import WALKER
from geolocation.checks.base import (
    CheckInputs,
    Event,
    FileFix,
    FileTime,
    Interval,
    NamedPoint,
    PlacedPoint,
    Posting,
    Shadow,
    SiblingGeolocation,
)
from geolocation.coordinates.position import Position
from geolocation.models import BlindEntry, Geolocation, GeolocationRevision, RoundState
from geolocation.review.states import State
from geolocation.services.check_neighbours import crowds_of, recordings_of, twins_of
from geolocation.services.check_resection import resected_from

ROLES = ("camera", "subject")
COMPARED_STATES = [State.IN_REVIEW.value, State.CHANGES_REQUESTED.value, State.VERIFIED.value]


def inputs_gather(*, revision: GeolocationRevision) -> CheckInputs:
    """Everything around a revision that a check may compare it with, as it is in the database now."""
    return inputs_gather_many(revisions=[revision])[revision.pk]


def inputs_gather_many(*, revisions: Sequence[GeolocationRevision]) -> dict[int, CheckInputs]:
    """The inputs of each revision by its key; a fixed number of queries, however many there are.

    Each revision comes with `geolocation` and its `media_item` selected.
    """
    items = {revision.geolocation.media_item_id: revision.geolocation.media_item for revision in revisions}
    fields = _file_fields(items)
    places = _places(items.values())
    areas = _areas(revisions)
    claim_places, events = _claims(items, places)
    postings = _postings(items)
    siblings = _siblings(items)
    blind_seconds = _blind_seconds(revisions)
    twins = twins_of(items=items)
    recordings = recordings_of(revisions=revisions, fields=fields)
    crowds = crowds_of(revisions=revisions)
    gathered = {}
    for revision in revisions:
        geolocation = revision.geolocation
        item = items[geolocation.media_item_id]
        gathered[revision.pk] = CheckInputs(
            **_of_revision(revision),
            **_of_file(fields.get(item.pk, {})),
            claim_places=claim_places.get(item.pk, ()),
            item_place=places.get(item.place_id) if item.place_id else None,
            events=events.get(item.pk, ()),
            area=areas.get(geolocation.investigation_id, ()),
            siblings=tuple(sibling for key, sibling in siblings.get(item.pk, ()) if key != geolocation.pk),
            twins=twins.get(item.pk, ()),
            recordings=recordings.get(revision.pk, ()),
            crowds=crowds.get(revision.pk, ()),
            blind_seconds=blind_seconds.get(revision.pk, ()),
            earliest_posting=postings.get(item.pk),
        )
    return gathered


def _of_revision(revision: GeolocationRevision) -> dict[str, Any]:
    """What the person says."""
    captured = None
    if revision.captured_from is not None and revision.captured_to is not None:
        captured = Interval(revision.captured_from, revision.captured_to, revision.captured_basis)
    area = revision.subject_area
    return {
        "camera": placed_point(revision, "camera"),
        "subject": placed_point(revision, "subject"),
        "subject_area": _ring(list(area.coords[0])) if area is not None else None,
        "bearing_deg": revision.bearing_deg,
        "field_of_view_deg": revision.field_of_view_deg,
        "captured": captured,
        "captured_on": revision.captured_on,
        "light_seen": revision.light_seen or None,
        "shadow": _shadow(revision),
        # A column of revisions that have landmarks.
        "resected": resected_from(getattr(revision, "resection", None)),
    }


def placed_point(revision: GeolocationRevision, role: str) -> PlacedPoint | None:
    """Camera or subject of a revision."""
    latitude = getattr(revision, f"{role}_latitude")
    if latitude is None:
        return None
    return PlacedPoint(
        position=Position(latitude, getattr(revision, f"{role}_longitude")),
        uncertainty_m=getattr(revision, f"{role}_uncertainty_m"),
        as_typed=getattr(revision, f"{role}_as_typed"),
    )


def _shadow(revision: GeolocationRevision) -> Shadow | None:
    if revision.shadow_azimuth_deg is None and revision.shadow_length_ratio is None:
        return None
    return Shadow(
        azimuth_deg=revision.shadow_azimuth_deg,
        azimuth_error_deg=revision.shadow_azimuth_error_deg,
        length_ratio=revision.shadow_length_ratio,
        length_ratio_error=revision.shadow_length_ratio_error,
    )


def _of_file(fields: dict[str, Any]) -> dict[str, Any]:
    """What the file says."""
    fixes = tuple(_fix(found) for found in fields.get("positions", []))
    preferred = fields.get("preferred_position")
    return {
        "file_fixes": fixes,
        "preferred_fix": fixes.index(_fix(preferred)) if preferred else None,
        "file_heading_deg": fields.get("heading_deg"),
        "file_heading_reference": fields.get("heading_reference"),
        "file_times": tuple(
            _file_time(found) for found in fields.get("times", []) if found.get("basis") != "file"
        ),
    }


def _file_fields(items: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The normalised fields of each item's original, as the metadata reader found them."""
    readings = (
        MetadataReading.objects.filter(
            media_file__media_item__in=list(items), media_file__role__in=COLLECTED_ROLES, reader=WALKER
        )
        .exclude(fields={})
        .order_by("media_file__role", "pk")
        .values_list("media_file__media_item_id", "fields")
    )
    return dict(readings)


def _fix(found: dict[str, Any]) -> FileFix:
    return FileFix(
        latitude=found["latitude"],
        longitude=found["longitude"],
        horizontal_error_m=found.get("horizontal_error_m"),
        dilution=found.get("dilution"),
        source=found["source"],
        status=found["status"],
    )


def _file_time(found: dict[str, Any]) -> FileTime:
    return FileTime(
        local_naive=found.get("local"),
        offset_min=found.get("offset_min"),
        utc=parse_datetime(found["utc"]) if found.get("utc") else None,
        basis=found.get("basis") or "",
    )


def _places(items: Iterable[MediaItem]) -> dict[int, NamedPoint]:
    """Every place that the items or their claims name, by key."""
    keys = [item.pk for item in items]
    of_items = Place.objects.filter(media_items__in=keys)
    of_claims = Place.objects.filter(claims__evidence__media_item__in=keys)
    found = Place.objects.filter(pk__in=of_items.values("pk").union(of_claims.values("pk")))
    return {place.pk: _named(place) for place in found.prefetch_related("names")}


def _named(place: Place) -> NamedPoint:
    position = (
        Position(place.latitude, place.longitude)
        if place.latitude is not None and place.longitude is not None
        else None
    )
    return NamedPoint(name=place.display_name, position=position, radius_m=place.radius_m)


def _claims(
    items: Iterable[int], places: dict[int, NamedPoint]
) -> tuple[dict[int, tuple[NamedPoint, ...]], dict[int, tuple[Event, ...]]]:
    """For each item the places of its claims, and what they say that it shows."""
    links = (
        Claim.objects.filter(evidence__media_item__in=list(items))
        .order_by("places__pk", "reference")
        .values_list(
            "evidence__media_item_id",
            "evidence__relation",
            "reference",
            "about_from",
            "about_to",
            "places__pk",
        )
    )
    named: dict[int, dict[int, NamedPoint]] = defaultdict(dict)
    events: dict[int, dict[str, Event]] = defaultdict(dict)
    for item, relation, reference, first, last, place in links:
        if place in places:
            named[item][place] = places[place]
        # What merely gives context is not said to show the event.
        if relation != Relation.CONTEXT and (first or last):
            events[item][reference] = Event(reference, first, last)
    return (
        {item: tuple(each.values()) for item, each in named.items()},
        {item: tuple(each[key] for key in sorted(each)) for item, each in events.items()},
    )


def _areas(revisions: Sequence[GeolocationRevision]) -> dict[int, tuple[tuple[Position, ...], ...]]:
    wanted = {revision.geolocation.investigation_id for revision in revisions}
    found = Investigation.objects.filter(pk__in=wanted, area__isnull=False).values_list("pk", "area")
    return {key: tuple(_ring(polygon[0]) for polygon in area.coords) for key, area in found}


def _ring(corners: Any) -> tuple[Position, ...]:
    """The corners without the last, which repeats the first."""
    return tuple(Position(latitude, longitude) for longitude, latitude in corners[:-1])


def _siblings(items: Iterable[int]) -> dict[int, list[tuple[int, SiblingGeolocation]]]:
    """By item: every standing geolocation's key with each point it places."""
    standing = (
        Geolocation.objects.filter(
            media_item__in=list(items), state__in=COMPARED_STATES, current_revision__isnull=False
        )
        .select_related("current_revision", "author")
        .order_by("pk")
    )
    found: dict[int, list[tuple[int, SiblingGeolocation]]] = defaultdict(list)
    for other in standing:
        if other.current_revision is not None:
            placed = _as_siblings(other, other.current_revision)
            found[other.media_item_id] += [(other.pk, sibling) for sibling in placed]
    return found


def _as_siblings(other: Geolocation, revision: GeolocationRevision) -> Iterable[SiblingGeolocation]:
    """Camera and subject of a revision, each as one sibling."""
    for role in ROLES:
        placed = placed_point(revision, role)
        if placed is not None:
            yield SiblingGeolocation(
                reference=other.reference,
                author=str(other.author),
                state=other.state,
                position=placed.position,
                uncertainty_m=placed.uncertainty_m,
                role=role,
            )


def _blind_seconds(
    revisions: Sequence[GeolocationRevision],
) -> dict[int, tuple[SiblingGeolocation, ...]]:
    """By revision: what the others of its blind round placed, once the round is over."""
    over = [RoundState.AGREED, RoundState.RESOLVED]
    own = BlindEntry.objects.filter(revision__in=revisions, round__state__in=over).order_by("pk")
    # A revision's newest round counts.
    rounds = {entry.revision_id: entry for entry in own}
    others = (
        BlindEntry.objects.filter(round__in={entry.round_id for entry in rounds.values()}, is_withdrawn=False)
        .select_related("revision", "geolocation__author")
        .order_by("pk")
    )
    by_round: dict[int, list[BlindEntry]] = defaultdict(list)
    for other in others:
        by_round[other.round_id].append(other)
    return {
        revision: tuple(
            sibling
            for other in by_round[entry.round_id]
            if other.pk != entry.pk
            for sibling in _as_siblings(other.geolocation, other.revision)
        )
        for revision, entry in rounds.items()
    }


def _postings(items: Iterable[int]) -> dict[int, Posting]:
    earliest = Appearance.objects.filter(media_item__in=list(items), is_earliest_known=True)
    return {
        appearance.media_item_id: posting
        for appearance in earliest
        if (posting := _posting(appearance)) is not None
    }


def _posting(appearance: Appearance) -> Posting | None:
    posted: Any = appearance.posted_at or appearance.posted_on
    if not posted:
        return None
    if appearance.posted_basis == PostedBasis.PLATFORM_ID:
        hidden, precision_s = appearance.posted_at, appearance.posted_precision_s
    else:
        hidden, precision_s = _hidden_in(appearance.canonical_url or appearance.url)
    return Posting(
        posted=posted,
        basis=appearance.posted_basis,
        precision_s=appearance.posted_precision_s,
        id_utc=hidden,
        id_precision_s=precision_s,
    )


def _hidden_in(url: str) -> tuple[Any, float | None]:
    """The time in a post's id and its unit, as the link alone says."""
    link = read_link(url) if url else None
    if link is None or isinstance(link, RefusedLink):
        return None, None
    return link.posted_at_utc, link.precision_s
