"""What was collected: investigations, who belongs to them, sources, places, claims, media, custody."""

from evidence.models.archived_copies import ArchivedCopy, CapturedBasis, CopyKind
from evidence.models.claims import Assessment, Claim, ClaimEvidence, Relation
from evidence.models.custody import CustodyEvent
from evidence.models.fingerprints import LikenessKind, LikenessState, MediaFingerprint, MediaLikeness
from evidence.models.intake import BatchKind, BatchState, IntakeBatch, IntakeMember, MemberState
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
    "BatchKind",
    "BatchState",
    "CapturedBasis",
    "Claim",
    "ClaimEvidence",
    "CopyKind",
    "Credibility",
    "CustodyEvent",
    "FileRole",
    "IntakeBatch",
    "IntakeMember",
    "Investigation",
    "LikenessKind",
    "LikenessState",
    "MediaFile",
    "MediaFingerprint",
    "MediaItem",
    "MediaKind",
    "MediaLikeness",
    "MemberState",
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
