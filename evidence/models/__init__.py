"""What was collected: investigations, who belongs to them, sources, places, claims, media, custody."""

from evidence.models.archived_copies import ArchivedCopy, CapturedBasis, CopyKind
from evidence.models.claims import Assessment, Claim, ClaimEvidence, Relation
from evidence.models.custody import CustodyEvent
from evidence.models.fingerprints import LikenessKind, LikenessState, MediaFingerprint, MediaLikeness
from evidence.models.investigations import Investigation, Membership, Role, Visibility
from evidence.models.media import (
    Appearance,
    FileRole,
    MediaFile,
    MediaItem,
    MediaKind,
    MetadataReading,
    PostedBasis,
    ReadingState,
)
from evidence.models.places import Place, PlaceKind, PlaceName
from evidence.models.sources import Credibility, Reliability, Source, SourceKind

__all__ = [
    "Appearance",
    "ArchivedCopy",
    "Assessment",
    "CapturedBasis",
    "Claim",
    "ClaimEvidence",
    "CopyKind",
    "Credibility",
    "CustodyEvent",
    "FileRole",
    "Investigation",
    "LikenessKind",
    "LikenessState",
    "MediaFile",
    "MediaFingerprint",
    "MediaItem",
    "MediaKind",
    "MediaLikeness",
    "Membership",
    "MetadataReading",
    "Place",
    "PlaceKind",
    "PlaceName",
    "PostedBasis",
    "ReadingState",
    "Relation",
    "Reliability",
    "Role",
    "Source",
    "SourceKind",
    "Visibility",
]
