"""Reads of verified points: filters that map, table, exports and API share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from evidence.models import Role
from evidence.querysets import InInvestigationQuerySet
from geolocation.sql_parts import in_box

_SNAPSHOT_NAME = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,15})\.([0-9]{1,9})")


@dataclass(frozen=True, kw_only=True)
class PointFilter:
    """What a reader asks for. `bbox` is west, south, east, north in degrees; west > east crosses 180°."""

    bbox: tuple[float, float, float, float] | None = None
    investigation: str | None = None
    captured_after: datetime | None = None
    captured_before: datetime | None = None
    updated_since: datetime | None = None
    q: str | None = None
    published: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """What was asked for as JSON values, to be understood later exactly as it was now."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> PointFilter:
        """What `to_json` was called on."""
        given = dict(held)
        for name in ("captured_after", "captured_before", "updated_since"):
            if name in given:
                given[name] = datetime.fromisoformat(given[name])
        if "bbox" in given:
            given["bbox"] = tuple(given["bbox"])
        return cls(**given)


class GeolocationQuerySet(InInvestigationQuerySet):
    """Geolocations as one person may see them. This is the one place that says who sees a sealed one.

    Every page, API resource, count, map and log line asks here; `evidence` does through `evidence.sealed`.
    """

    def visible_to(self, user: Any) -> GeolocationQuerySet:
        """Without those sealed for this person. Membership of the investigation is asked elsewhere."""
        return self.filter(_open_to(user))

    def hidden_from(self, user: Any) -> GeolocationQuerySet:
        """The others."""
        return self.filter(~_open_to(user), is_sealed=True)


class BlindRoundQuerySet(models.QuerySet[Any]):
    """Blind rounds as one person may see them."""

    def visible_to(self, user: Any) -> BlindRoundQuerySet:
        """Those of which the person sees every proposal; of the others, only that a look is wanted."""
        geolocations = apps.get_model("geolocation", "Geolocation").objects
        hidden = geolocations.hidden_from(user).filter(blind_entries__round=OuterRef("pk"))
        return self.filter(~Exists(hidden))


class VerifiedPointQuerySet(models.QuerySet[Any]):
    """Verified points as one reader may see them, narrowed by one filter."""

    def readable_by(self, user: Any) -> VerifiedPointQuerySet:
        """Points of published investigations, and of those that the person belongs to."""
        return self.filter(_readable_by(user))

    def matching(self, wanted: PointFilter) -> VerifiedPointQuerySet:
        """The points that a filter asks for; an absent part of the filter asks for everything."""
        points = self
        if wanted.investigation:
            points = points.filter(investigation__code=wanted.investigation)
        if wanted.bbox is not None:
            points = points.filter(_inside(wanted.bbox))
        if wanted.captured_after is not None:
            points = points.filter(
                Q(captured_to__gte=wanted.captured_after) | Q(captured_on__gte=wanted.captured_after.date())
            )
        if wanted.captured_before is not None:
            points = points.filter(
                Q(captured_from__lte=wanted.captured_before)
                | Q(captured_on__lte=wanted.captured_before.date())
            )
        if wanted.updated_since is not None:
            points = points.filter(updated_at__gte=wanted.updated_since)
        if wanted.published:
            points = points.filter(investigation__visibility="published")
        if wanted.q:
            points = points.filter(
                Q(title__icontains=wanted.q)
                | Q(place_name__icontains=wanted.q)
                | Q(media_reference__iexact=wanted.q)
            )
        return points


class TombstoneQuerySet(models.QuerySet[Any]):
    """What left, as one reader may know of it."""

    def readable_by(self, user: Any) -> TombstoneQuerySet:
        """Tombstones of the investigations whose points the reader may read."""
        return self.filter(_readable_by(user))

    def still_gone(self) -> TombstoneQuerySet:
        """Without those whose point was verified again: it is back under the same id."""
        return self.filter(geolocation__verified_point=None)

    def newest_of(self, uid: UUID) -> Any | None:
        """The last tombstone of this point, or None."""
        return self.filter(uid=uid).select_related("investigation", "revision").order_by("-pk").first()


class SnapshotQuerySet(models.QuerySet[Any]):
    """Snapshots as one reader may see them: as the points they hold."""

    def readable_by(self, user: Any) -> SnapshotQuerySet:
        """Snapshots of the investigations whose points the reader may read."""
        return self.filter(_readable_by(user))

    def called(self, name: str) -> Any | None:
        """The one with this code and number, as `NK23.1`, or None."""
        found = _SNAPSHOT_NAME.fullmatch(name)
        if found is None:
            return None
        joined = self.select_related("investigation", "previous__investigation", "published_by")
        return joined.filter(investigation__code=found[1].upper(), number=int(found[2])).first()


def _open_to(user: Any) -> Q:
    """Not sealed; or the person wrote it, edits the investigation, or is in a blind round with it."""
    if not user.is_authenticated:
        return Q(is_sealed=False)
    editing = user.memberships.filter(role=Role.EDITOR).values("investigation")
    entries = apps.get_model("geolocation", "BlindEntry").objects
    revisions = apps.get_model("geolocation", "GeolocationRevision").objects
    return (
        Q(is_sealed=False)
        | Q(author=user)
        | Q(investigation__in=editing)
        | Exists(revisions.filter(geolocation=OuterRef("pk"), author=user))
        | Exists(entries.filter(author=user, round__entries__geolocation=OuterRef("pk")))
    )


def _readable_by(user: Any) -> Q:
    readable = Q(investigation__visibility="published")
    if user.is_authenticated:
        # A subquery, not a join: a join would repeat a row for each membership.
        readable |= Q(investigation__in=user.memberships.values("investigation"))
    return readable


def _inside(bbox: tuple[float, float, float, float]) -> Q:
    """Points in a box by their numbers: edges are parallels and meridians, as RFC 7946 draws a bbox.

    A geography box would have great-circle edges and lose points near the northern edge of wide boxes.
    """
    west, south, east, north = bbox
    if west <= east:
        return in_box(west, south, east, north)
    return in_box(west, south, 180.0, north) | in_box(-180.0, south, east, north)
