"""Do the numbers themselves look like a slip?

Zero, swapped axes, a lost sign, too few or too many decimals, digits that came from rounding, open water, a
point that many unrelated items share. Swaps and signs are judged only against a position that something else
states (the file, a place, another geolocation): a plausible alternative alone is no ground for suspicion.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from geolocation import geodesy
from geolocation.checks.base import CheckInputs, Crowd, Finding, PlacedPoint, Verdict, inapplicable
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.wording import metres
from geolocation.coordinates.position import Position, metres_per_degree
from geolocation.land.mask import COARSENESS_M, Surface, surface_at

# Nothing but a buoy lies within a kilometre of latitude 0, longitude 0; software that has no position
# writes it.
NULL_ISLAND_M = 1_000.0

# A slip is suspected where the corrected position lies this near to what something else states ...
NEAR_REFERENCE_M = 50_000.0
# ... and the proposal itself at least so many times further from it.
FURTHER_FACTOR = 10.0

# Five equal last decimals come by chance once in ten thousand numbers; they come by rule from whole
# minutes of arc (46.33333), from round degrees and from padding.
EQUAL_DIGITS = 5

# Nine decimals are a tenth of a millimetre. Nobody measures that: software printed it.
MOST_DECIMALS = 8

# As many unrelated items on exactly the same numbers are a town's centre, a template or a paste.
CROWD = 3

# Less than any radius of curvature of the WGS 84 ellipsoid (6,335,439 m along the meridian at the equator).
SMALLEST_RADIUS_M = 6_330_000.0

# Less latitude than this apart is less than `NEAR_REFERENCE_M` apart; more need not be measured.
NEAR_REFERENCE_DEG = 0.46

NOTHING_PLACED = "Neither camera nor subject is placed, so there are no numbers to look at."
FINE = (
    "Nothing looks like a slip: not zero, not swapped, no sign lost, {decimals}, no run of equal digits, "
    "{surface}, not the point of many other items."
)
SURFACES = {
    Surface.LAND: "on land",
    Surface.NEAR_COAST: "within some {coarseness} of a coast, where land and water are not told apart",
    Surface.WATER: "",
}
ON_WATER = (
    "The {role} lies on open water, more than {coarseness} from any coast that the map of the world has. A "
    "ship,"
    " a platform or a small island? Otherwise the numbers are wrong."
)
CROWDED = (
    "The {role} is exactly the point of {items} unrelated item(s) too: a town's centre or a pasted number "
    "rather "
    "than where this was recorded?"
)
TOO_MANY_DECIMALS = (
    " The {role} was typed with {decimals} decimals, as software prints them; they say nothing about how "
    "exact it"
    " is."
)
DECIMALS_FIT = "the decimals typed fit the uncertainty"
DECIMALS_UNKNOWN = "decimals not judged, as the position was not typed in degrees"
NULL_ISLAND = "The {role} is {distance} from latitude 0, longitude 0, which stands for a missing position."
ZERO_AXIS = "The {role}'s {axis} is exactly 0, which often stands for a missing number."
SWAPPED = (
    "With latitude and longitude exchanged the {role} would be {near} from {reference}; as it is it "
    "lies {far} away."
)
SIGN_LOST = (
    "With the sign of {axis} changed the {role} would be {near} from {reference}; as it is it lies "
    "{far} away."
)
FEW_DECIMALS = (
    "The {role} was typed with {decimals} decimal(s), which fixes it to {resolution}; the uncertainty "
    "given is only {uncertainty}."
)
EQUAL_RUN = (
    "The {role}'s {axis} as typed ends in {count} equal digits ({digits}): rounded, padded, or "
    "converted from whole minutes?"
)
SAME_TWICE = "The {role}'s latitude and longitude are the same number: one may have been pasted twice."

_DECIMAL_DEGREES = re.compile(r"^\s*([+-]?\d{1,3}\.(\d+))\s*[,;\s]\s*([+-]?\d{1,3}\.(\d+))\s*$")


@dataclass(frozen=True, slots=True)
class _Suspicion:
    sentence: str
    verdict: Verdict = Verdict.FLAGGED


@check(
    "suspicious_numbers",
    2,
    title="Suspicious numbers",
    reads=("camera", "subject", "file_fixes", "claim_places", "item_place", "siblings", "crowds"),
)
def suspicious_numbers(inputs: CheckInputs, measures: Measures) -> Finding:
    """Look for slips in the numbers of camera and subject; measures how many were found."""
    placed = {"camera": inputs.camera, "subject": inputs.subject}
    points = {role: point for role, point in placed.items() if point is not None}
    if not points:
        return inapplicable(NOTHING_PLACED)
    references = _references(inputs)
    found = [each for role, point in points.items() for each in _suspicions(role, point, references)]
    found += _crowded(inputs.crowds)
    verdicts = {each.verdict for each in found}
    worst = next((v for v in (Verdict.FAILED, Verdict.FLAGGED) if v in verdicts), Verdict.PASSED)
    judged = any(_decimals(point) is not None for point in points.values())
    fine = FINE.format(
        decimals=DECIMALS_FIT if judged else DECIMALS_UNKNOWN,
        surface=SURFACES[surface_at(next(iter(points.values())).position)].format(
            coarseness=metres(COARSENESS_M)
        ),
    )
    return Finding(
        verdict=worst,
        measured_value=float(len(found)),
        unit="suspicions",
        threshold=0.0,
        sentence=(" ".join(each.sentence for each in found) or fine) + _too_exact(points),
    )


def _references(inputs: CheckInputs) -> list[tuple[str, Position]]:
    """What else states where it was, with the words for it."""
    places = (*inputs.claim_places, *((inputs.item_place,) if inputs.item_place is not None else ()))
    named = [
        *(("the file's own position", fix.position) for fix in inputs.file_fixes),
        *((place.name, place.position) for place in places),
        *((sibling.reference, sibling.position) for sibling in inputs.siblings),
    ]
    return [(name, position) for name, position in named if position is not None]


def _suspicions(role: str, point: PlacedPoint, references: list[tuple[str, Position]]) -> list[_Suspicion]:
    if geodesy.distance_m(point.position, Position(0.0, 0.0)) <= NULL_ISLAND_M:
        return _zeros(role, point.position)
    return [
        *_zeros(role, point.position),
        *_slips(role, point.position, references),
        *_digits(role, point),
        *_water(role, point),
    ]


def _water(role: str, point: PlacedPoint) -> list[_Suspicion]:
    # An uncertainty that reaches a coast reaches land.
    if point.uncertainty_m > COARSENESS_M or surface_at(point.position) is not Surface.WATER:
        return []
    return [_Suspicion(ON_WATER.format(role=role, coarseness=metres(COARSENESS_M)))]


def _crowded(crowds: tuple[Crowd, ...]) -> list[_Suspicion]:
    return [
        _Suspicion(CROWDED.format(role=crowd.role, items=crowd.items))
        for crowd in crowds
        if crowd.items >= CROWD
    ]


def _too_exact(points: dict[str, PlacedPoint]) -> str:
    """A remark, not a suspicion: maps hand out fourteen decimals every day."""
    return "".join(
        TOO_MANY_DECIMALS.format(role=role, decimals=decimals)
        for role, point in points.items()
        if (decimals := _decimals(point)) is not None and decimals > MOST_DECIMALS
    )


def _zeros(role: str, position: Position) -> list[_Suspicion]:
    distance_m = geodesy.distance_m(position, Position(0.0, 0.0))
    if distance_m <= NULL_ISLAND_M:
        return [_Suspicion(NULL_ISLAND.format(role=role, distance=metres(distance_m)), Verdict.FAILED)]
    axes = [axis for axis in ("latitude", "longitude") if getattr(position, axis) == 0]
    found = [_Suspicion(ZERO_AXIS.format(role=role, axis=axis)) for axis in axes]
    if position.latitude == position.longitude:
        found.append(_Suspicion(SAME_TWICE.format(role=role)))
    return found


def _slips(role: str, position: Position, references: list[tuple[str, Position]]) -> list[_Suspicion]:
    """The one correction that brings the position nearest to a reference, if one does."""
    if not references:
        return []
    far_m = min(geodesy.distance_m(position, reference) for _name, reference in references)
    if far_m * (1 + 1 / FURTHER_FACTOR) < _least_move_m(position):
        return []
    best: tuple[float, str] | None = None
    for template, axis, corrected in _corrections(position):
        near = [
            (name, geodesy.distance_m(corrected, reference))
            for name, reference in references
            if abs(corrected.latitude - reference.latitude) <= NEAR_REFERENCE_DEG
        ]
        if not near:
            continue
        name, near_m = min(near, key=lambda pair: pair[1])
        if near_m > NEAR_REFERENCE_M or far_m < FURTHER_FACTOR * max(near_m, 1.0):
            continue
        sentence = template.format(
            role=role, axis=axis, near=metres(near_m), reference=name, far=metres(far_m)
        )
        if best is None or near_m < best[0]:
            best = (near_m, sentence)
    return [] if best is None else [_Suspicion(best[1])]


def _least_move_m(position: Position) -> float:
    """A lower bound of how far any correction moves a position.

    A corrected position lies within a tenth of `far_m` of a reference, so the two are no further apart than
    1.1 times that: where every correction moves it more, none can count, and none is tried. Arcs are taken
    on a sphere smaller than the earth; a parallel's chord is at least 2 / pi of its arc.
    """
    latitude, longitude = math.radians(position.latitude), math.radians(position.longitude)
    across = min(2 * abs(longitude), 2 * math.pi - 2 * abs(longitude))
    moves = [2 * abs(latitude), across * math.cos(latitude) * 2 / math.pi]
    if abs(position.longitude) <= 90:
        moves.append(abs(latitude - longitude))
    return SMALLEST_RADIUS_M * min(moves)


def _corrections(position: Position) -> list[tuple[str, str, Position]]:
    latitude, longitude = position.latitude, position.longitude
    corrections = [
        (SIGN_LOST, "the latitude", Position(-latitude, longitude)),
        (SIGN_LOST, "the longitude", Position(latitude, -longitude)),
        (SIGN_LOST, "both", Position(-latitude, -longitude)),
    ]
    if abs(longitude) <= 90:
        corrections.append((SWAPPED, "", Position(longitude, latitude)))
    return corrections


def _typed(point: PlacedPoint) -> dict[str, str]:
    """The decimals of each axis as typed, when it was typed as two decimal numbers."""
    match = _DECIMAL_DEGREES.match(point.as_typed)
    return {"latitude": match[2], "longitude": match[4]} if match else {}


def _decimals(point: PlacedPoint) -> int | None:
    if point.decimals is not None:
        return point.decimals
    return min((len(digits) for digits in _typed(point).values()), default=None)


def _digits(role: str, point: PlacedPoint) -> list[_Suspicion]:
    found = []
    decimals = _decimals(point)
    if decimals is not None:
        # Rounding is off by up to half a step of the last decimal; a degree of latitude is the longer one.
        resolution_m = metres_per_degree(point.position.latitude)[0] * 10.0**-decimals / 2
        if resolution_m > point.uncertainty_m:
            sentence = FEW_DECIMALS.format(
                role=role,
                decimals=decimals,
                resolution=metres(resolution_m),
                uncertainty=metres(point.uncertainty_m),
            )
            found.append(_Suspicion(sentence))
    for axis, digits in _typed(point).items():
        tail = digits[-EQUAL_DIGITS:]
        if len(tail) == EQUAL_DIGITS and len(set(tail)) == 1:
            found.append(_Suspicion(EQUAL_RUN.format(role=role, axis=axis, count=EQUAL_DIGITS, digits=tail)))
    return found
