"""Where a recording was made, who says so, what was checked, who decided, and what may leave."""

from geolocation.models.blind_rounds import BlindEntry, BlindRound, BlindSighting, RoundCause, RoundState
from geolocation.models.check_runs import CheckRun
from geolocation.models.geolocations import Geolocation, GeolocationRevision, LightSeen, Method
from geolocation.models.landmarks import Landmark
from geolocation.models.reviews import Decision, Review
from geolocation.models.verified_points import PositionRole, Tombstone, TombstoneReason, VerifiedPoint

__all__ = [
    "BlindEntry",
    "BlindRound",
    "BlindSighting",
    "CheckRun",
    "Decision",
    "Geolocation",
    "GeolocationRevision",
    "Landmark",
    "LightSeen",
    "Method",
    "PositionRole",
    "Review",
    "RoundCause",
    "RoundState",
    "Tombstone",
    "TombstoneReason",
    "VerifiedPoint",
]
