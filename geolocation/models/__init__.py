"""Where a recording was made, who says so, what was checked, who decided, and what may leave."""

from geolocation.models.blind_rounds import BlindEntry, BlindRound, BlindSighting, RoundCause, RoundState
from geolocation.models.check_runs import CheckRun
from geolocation.models.disclosure import (
    RADIUS_LEAST_M,
    RADIUS_MOST_M,
    Disclosure,
    DisclosureKind,
    GeneralisedPosition,
)
from geolocation.models.export_jobs import ExportJob, ExportState
from geolocation.models.geolocations import Geolocation, GeolocationRevision, LightSeen, Method
from geolocation.models.imports import ImportBatch, ImportedPoint, ImportState, RowVerdict, StagedRow
from geolocation.models.landmarks import Landmark
from geolocation.models.point_changes import Audience, ChangeKind, PointChange
from geolocation.models.reviews import Decision, Review
from geolocation.models.snapshots import Snapshot, SnapshotPoint
from geolocation.models.tiles import TileCell, TileVersion
from geolocation.models.verified_points import PositionRole, Tombstone, TombstoneReason, VerifiedPoint
from geolocation.models.webhooks import DeliveryState, Webhook, WebhookDelivery, WebhookEvent

__all__ = [
    "RADIUS_LEAST_M",
    "RADIUS_MOST_M",
    "Audience",
    "BlindEntry",
    "BlindRound",
    "BlindSighting",
    "ChangeKind",
    "CheckRun",
    "Decision",
    "DeliveryState",
    "Disclosure",
    "DisclosureKind",
    "ExportJob",
    "ExportState",
    "GeneralisedPosition",
    "Geolocation",
    "GeolocationRevision",
    "ImportBatch",
    "ImportState",
    "ImportedPoint",
    "Landmark",
    "LightSeen",
    "Method",
    "PointChange",
    "PositionRole",
    "Review",
    "RoundCause",
    "RoundState",
    "RowVerdict",
    "Snapshot",
    "SnapshotPoint",
    "StagedRow",
    "TileCell",
    "TileVersion",
    "Tombstone",
    "TombstoneReason",
    "VerifiedPoint",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
]
