"""Publish an investigation's verified points as they are at one moment, under a name that stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import Conflict, InvalidInput
from evidence.models import Investigation
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record, investigation_lock
from evidence.storage import StoredBytes, media_storage
from geolocation.exports.base import ExportContext, PointRow, utc_text
from geolocation.exports.geojson import MEDIA_TYPE, feature, feature_collection_chunks
from geolocation.models import Snapshot, SnapshotPoint, Tombstone, VerifiedPoint
from geolocation.services.exporting import bounding_box, point_rows_stream
from geolocation.snapshot_changes import HeldPoint, changes_between

PUBLISHED = action_register("snapshot.published", gettext_lazy("published the snapshot"))

#: What the files of a snapshot are called wherever they are handed out.
POINTS_FILE = "points.geojson"
MANIFEST_FILE = "manifest.json"


@transaction.atomic
def snapshot_publish(*, actor: Any, investigation: Investigation, name: str, note: str = "") -> Snapshot:
    """Keep the verified points as they are now. Nothing of it can be changed afterwards, by anybody.

    Raises InvalidInput without a name, and Conflict without points or where nothing changed since the last.
    """
    require(actor, "geolocation.publish_snapshot", investigation)
    if not name.strip():
        raise InvalidInput(_("Give the snapshot a name, as readers will cite it."), field="name")
    investigation_lock(investigation)
    investigation.refresh_from_db()
    previous = Snapshot.objects.filter(investigation=investigation).order_by("-number").first()
    snapshot = Snapshot(
        investigation=investigation,
        number=previous.number + 1 if previous else 1,
        name=name.strip(),
        note=note.strip(),
        attribution=investigation.attribution,
        licence=investigation.licence,
        filter_text=_("all verified points of %(code)s") % {"code": investigation.code},
        previous=previous,
        published_by=actor,
        published_at=timezone.now(),
    )
    snapshot.identifier = f"{settings.SNAPSHOT_PREFIX}/{investigation.code}.{snapshot.number}"
    snapshot.full_clean(
        exclude=["manifest", "manifest_sha256", "changelog", "point_count", "geojson_sha256", "geojson_bytes"]
    )
    held, stored = _points_keep(snapshot)
    _finish(snapshot, held, stored)
    snapshot.save()
    _points_save(snapshot, held)
    custody_record(
        investigation=investigation,
        actor=actor,
        action=PUBLISHED,
        object_type="snapshot",
        object_reference=snapshot.identifier,
        details={
            "name": snapshot.name,
            "points": snapshot.point_count,
            "points_sha256": snapshot.geojson_sha256,
            "manifest_sha256": snapshot.manifest_sha256,
        },
    )
    return snapshot


def held_points(snapshot: Snapshot) -> dict[str, HeldPoint]:
    """The points of a snapshot by id, in its own order."""
    return {
        str(point.uid): HeldPoint(
            uid=str(point.uid),
            reference=point.media_reference,
            title=point.title,
            revision=point.revision.number,
            sha256=point.sha256,
        )
        for point in snapshot.points.select_related("revision").order_by("pk")
    }


@dataclass(frozen=True, kw_only=True)
class LeftPoint:
    """A point that stands no more as it was published: `current` is another revision, or None."""

    point: SnapshotPoint
    current: VerifiedPoint | None
    tombstone: Tombstone | None


def left_since(snapshot: Snapshot) -> list[LeftPoint]:
    """Its points that are not verified now, or in another revision: the file does not know, its page does."""
    points = snapshot.points.select_related("revision", "geolocation__verified_point__revision").order_by(
        "pk"
    )
    found: list[tuple[SnapshotPoint, VerifiedPoint | None]] = []
    for point in points:
        current: VerifiedPoint | None = getattr(point.geolocation, "verified_point", None)
        if current is None or current.revision_id != point.revision_id:
            found.append((point, current))
    stones = _newest_tombstones([str(point.uid) for point, _current in found])
    return [
        LeftPoint(point=point, current=current, tombstone=stones.get(str(point.uid)))
        for point, current in found
    ]


def checksums(snapshot: Snapshot) -> str:
    """What `sha256sum --check` reads, with both files beside it."""
    return f"{snapshot.geojson_sha256}  {POINTS_FILE}\n{snapshot.manifest_sha256}  {MANIFEST_FILE}\n"


def _points_keep(snapshot: Snapshot) -> tuple[dict[str, HeldPoint], StoredBytes]:
    """Write the file in constant memory, and remember each point by the digest of its feature."""
    points = VerifiedPoint.objects.filter(investigation=snapshot.investigation)
    held: dict[str, HeldPoint] = {}

    def noted(rows: Iterator[PointRow]) -> Iterator[PointRow]:
        for row in rows:
            held[row.id] = HeldPoint(
                uid=row.id,
                reference=row.media_reference,
                title=row.title,
                revision=row.revision,
                sha256=hashlib.sha256(orjson.dumps(feature(row))).hexdigest(),
            )
            yield row

    context = ExportContext(
        title=f"{snapshot.investigation.title}: {snapshot.name} ({snapshot.identifier})",
        attribution=snapshot.attribution,
        licence=snapshot.licence,
        filter_text=snapshot.filter_text,
        generated_at_utc=snapshot.published_at,
    )
    box = bounding_box(points)
    if box is None:
        raise Conflict(_("There is no verified point here yet, so there is nothing to publish."))
    chunks = feature_collection_chunks(noted(point_rows_stream(points)), context, bounding_box=box)
    return held, media_storage().put(chunks)


def _finish(snapshot: Snapshot, held: dict[str, HeldPoint], stored: StoredBytes) -> None:
    """Everything that follows from the points: count, digests, changelog and manifest."""
    before = held_points(snapshot.previous) if snapshot.previous else {}
    if before and {uid: each.sha256 for uid, each in before.items()} == {
        uid: each.sha256 for uid, each in held.items()
    }:
        raise Conflict(
            _("Nothing changed since %(identifier)s: it holds exactly these points.")
            % {"identifier": snapshot.previous.identifier if snapshot.previous else ""}
        )
    reasons = {
        uid: {"reason": stone.reason, "sentence": stone.sentence}
        for uid, stone in _newest_tombstones([uid for uid in before if uid not in held]).items()
    }
    snapshot.point_count = len(held)
    snapshot.geojson_sha256 = stored.sha256
    snapshot.geojson_bytes = stored.size_bytes
    snapshot.changelog = changes_between(before, held, reasons)
    snapshot.manifest = _manifest(snapshot, held)
    snapshot.manifest_sha256 = hashlib.sha256(snapshot.manifest.encode()).hexdigest()


def _manifest(snapshot: Snapshot, held: dict[str, HeldPoint]) -> str:
    investigation = snapshot.investigation
    content = {
        "identifier": snapshot.identifier,
        "identifier_note": _("An identifier of this catalogue. It is not a registered DOI."),
        "name": snapshot.name,
        "note": snapshot.note,
        "investigation": {"code": investigation.code, "title": investigation.title},
        "publisher": investigation.published_by or investigation.title,
        "published_at": utc_text(snapshot.published_at),
        "previous": snapshot.previous.identifier if snapshot.previous else None,
        "attribution": snapshot.attribution,
        "licence": snapshot.licence,
        "filter": snapshot.filter_text,
        "point_count": snapshot.point_count,
        "files": [
            {
                "name": POINTS_FILE,
                "media_type": MEDIA_TYPE,
                "size_bytes": snapshot.geojson_bytes,
                "sha256": snapshot.geojson_sha256,
            }
        ],
        "changes": snapshot.changelog,
        "revisions": [
            {"id": each.uid, "revision": each.revision, "feature_sha256": each.sha256}
            for each in held.values()
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _points_save(snapshot: Snapshot, held: dict[str, HeldPoint]) -> None:
    points = VerifiedPoint.objects.filter(investigation=snapshot.investigation).order_by("pk")
    SnapshotPoint.objects.bulk_create(
        [
            SnapshotPoint(
                snapshot=snapshot,
                geolocation_id=geolocation,
                revision_id=revision,
                uid=uid,
                media_reference=held[str(uid)].reference,
                title=held[str(uid)].title,
                sha256=held[str(uid)].sha256,
            )
            for uid, geolocation, revision in points.values_list("uid", "geolocation", "revision")
        ],
        batch_size=1000,
    )


def _newest_tombstones(uids: list[str]) -> dict[str, Tombstone]:
    """The last tombstone of each of these points."""
    return {str(stone.uid): stone for stone in Tombstone.objects.filter(uid__in=uids).order_by("pk")}
