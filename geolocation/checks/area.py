"""Does the proposal lie in the area that the investigation looks at?

It never fails a proposal: media from elsewhere are a finding, and areas are drawn before everything is known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from geolocation.checks.base import CheckInputs, Finding, Verdict, inapplicable
from geolocation.checks.claim_place import event_mark
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark
from geolocation.checks.wording import metres
from geolocation.coordinates.position import Position
from geolocation.geodesy import WGS84, FloatArray

# A side of an area is straight in longitude and latitude, as in GeoJSON. It is followed in pieces of at most
# this length, so that it keeps to its parallel (within 6 m up to 60 degrees of latitude), not to a geodesic.
LONGEST_PIECE_DEG = 0.2
MOST_PIECES = 1800

NO_PROPOSAL = "Neither camera nor subject is placed, so it cannot be compared with the investigation's area."
NO_AREA = "The investigation has no area, so there is nothing to compare with; an editor can set one."
INSIDE = "The {role} lies inside the investigation's area, {distance} from its edge."
EDGE = (
    "The {role} lies {distance} {side} the edge of the investigation's area, less than its uncertainty of "
    "{uncertainty}: it may be on either side."
)
OUTSIDE = (
    "The {role} lies {distance} outside the investigation's area. The proposal, the area, or whether the "
    "item "
    "belongs here needs another look."
)


@check(
    "area",
    1,
    title="Area of the investigation",
    reads=("camera", "subject", "subject_area", "area"),
)
def area(inputs: CheckInputs, measures: Measures) -> Finding:
    """Distance to the edge of the area: positive outside, negative inside; flagged beyond the uncertainty."""
    if not inputs.area:
        return inapplicable(NO_AREA)
    mark = event_mark(inputs)
    if mark is None:
        return inapplicable(NO_PROPOSAL)
    offsets_m = [signed_distance_m(mark.position, ring) for ring in inputs.area]
    outside_m = min(offsets_m)
    verdict, template = Verdict.PASSED, INSIDE
    if abs(outside_m) <= mark.uncertainty_m:
        template = EDGE
    elif outside_m > 0:
        verdict, template = Verdict.FLAGGED, OUTSIDE
    return Finding(
        verdict=verdict,
        measured_value=outside_m,
        unit="m",
        threshold=mark.uncertainty_m,
        sentence=template.format(
            role=mark.role,
            distance=metres(abs(outside_m)),
            side="outside" if outside_m > 0 else "inside",
            uncertainty=metres(mark.uncertainty_m),
        ),
        drawing=_drawing(mark, outside_m),
    )


def signed_distance_m(position: Position, ring: Sequence[Position]) -> float:
    """Distance to a ring's nearest side, negative inside: in the plane around the position that keeps
    distances and directions from it (azimuthal equidistant)."""
    longitudes, latitudes = _followed(tuple(ring))
    azimuths, _back, lengths = WGS84.inv(
        np.full_like(longitudes, position.longitude),
        np.full_like(latitudes, position.latitude),
        longitudes,
        latitudes,
    )
    turn = np.radians(azimuths)
    all_x, all_y = lengths * np.sin(turn), lengths * np.cos(turn)
    x, y, to_x, to_y = all_x[:-1], all_y[:-1], all_x[1:], all_y[1:]
    along_x, along_y = to_x - x, to_y - y
    squared = np.maximum(along_x**2 + along_y**2, 1e-12)
    place = np.clip(-(x * along_x + y * along_y) / squared, 0.0, 1.0)
    distance_m = float(np.hypot(x + place * along_x, y + place * along_y).min())
    crosses = (y > 0) != (to_y > 0)
    # Only sides that cross the line due east are divided by how far they rise.
    rise = along_y[crosses]
    inside = np.count_nonzero(x[crosses] - y[crosses] * along_x[crosses] / rise > 0) % 2 == 1
    return -distance_m if inside else distance_m


@lru_cache(maxsize=64)
def _followed(ring: tuple[Position, ...]) -> tuple[FloatArray, FloatArray]:
    """Longitudes and latitudes along the closed ring, the short way round, long sides cut into pieces."""
    longitudes: list[float] = []
    latitudes: list[float] = []
    for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
        across = (end.longitude - start.longitude + 180.0) % 360.0 - 180.0
        up = end.latitude - start.latitude
        pieces = min(MOST_PIECES, max(1, math.ceil(max(abs(across), abs(up)) / LONGEST_PIECE_DEG)))
        for piece in range(pieces):
            longitudes.append(start.longitude + across * piece / pieces)
            latitudes.append(start.latitude + up * piece / pieces)
    return np.array([*longitudes, longitudes[0]]), np.array([*latitudes, latitudes[0]])


def _drawing(mark: Mark, outside_m: float) -> dict[str, object]:
    return {
        "kind": "edge",
        "role": mark.role,
        "outside_m": outside_m,
        "uncertainty_m": mark.uncertainty_m,
    }
