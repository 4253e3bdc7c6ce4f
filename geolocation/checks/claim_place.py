"""Is the proposal where the claims and the item's own place say that it happened?

A claim speaks of the event, so the subject is compared, and the camera where no subject is placed. This check
never fails a proposal: media that turn out to lie far from the place claimed are a finding about the claim.
"""

from __future__ import annotations

from dataclasses import dataclass

from geolocation import geodesy
from geolocation.checks.base import CheckInputs, Finding, NamedPoint, Verdict, inapplicable
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark, separation
from geolocation.checks.wording import metres

# A place recorded as a point without an extent may be a corner or a town. Five kilometres holds a town of
# some 50,000 to 100,000 people around its centre, and still tells it from the next one.
DEFAULT_RADIUS_M = 5_000.0

NO_PROPOSAL = "Neither camera nor subject is placed, so there is no distance to the claimed places."
NO_PLACES = "No claim and no place is recorded for this item, so there is nothing to compare with."
NO_POSITIONS = "None of the places recorded ({names}) has a position, so there is no distance to measure."
WITHIN = "The {role} is {distance} from {place}; its extent and the uncertainty together allow {allowed}."
BEYOND = (
    "The {role} is {distance} from {place}, the nearest place recorded; its extent and the uncertainty "
    "together allow {allowed}. The claim, the item's place or this proposal needs another look."
)
ASSUMED = " The extent of {place} is not recorded; {radius} was assumed."


@dataclass(frozen=True, slots=True)
class _Reach:
    place: NamedPoint
    mark: Mark
    distance_m: float
    allowed_m: float
    assumed: bool

    @property
    def margin_m(self) -> float:
        return self.distance_m - self.allowed_m


def event_mark(inputs: CheckInputs) -> Mark | None:
    """Where the event was: the subject, else the middle of its area, else the camera."""
    if inputs.subject is not None:
        return Mark("subject", inputs.subject.position, inputs.subject.uncertainty_m)
    if inputs.subject_area:
        middle = geodesy.centre(inputs.subject_area)
        reach_m = max(geodesy.distance_m(middle, vertex) for vertex in inputs.subject_area)
        return Mark("subject", middle, reach_m)
    if inputs.camera is not None:
        return Mark("camera", inputs.camera.position, inputs.camera.uncertainty_m)
    return None


def place_of_light(inputs: CheckInputs) -> Mark | None:
    """The camera, whose picture is judged; else where the event was."""
    if inputs.camera is not None:
        return Mark("camera", inputs.camera.position, inputs.camera.uncertainty_m)
    return event_mark(inputs)


@check(
    "claim_place",
    1,
    title="Places of the claims",
    reads=("camera", "subject", "subject_area", "claim_places", "item_place"),
)
def claim_place(inputs: CheckInputs, measures: Measures) -> Finding:
    """Distance to the nearest place that the claims or the item name, against its extent."""
    mark = event_mark(inputs)
    if mark is None:
        return inapplicable(NO_PROPOSAL)
    places = (*inputs.claim_places, *((inputs.item_place,) if inputs.item_place is not None else ()))
    if not places:
        return inapplicable(NO_PLACES)
    reaches = [reach for place in places if (reach := _reach(mark, place)) is not None]
    if not reaches:
        names = ", ".join(dict.fromkeys(place.name for place in places))
        return inapplicable(NO_POSITIONS.format(names=names))
    nearest = min(reaches, key=lambda reach: reach.margin_m)
    return _finding(nearest)


def _reach(mark: Mark, place: NamedPoint) -> _Reach | None:
    if place.position is None:
        return None
    assumed = place.radius_m is None or place.radius_m <= 0
    radius_m = DEFAULT_RADIUS_M if place.radius_m is None or assumed else place.radius_m
    # The extent is a size, not an error, so the uncertainty adds to it in full.
    allowed_m = radius_m + mark.uncertainty_m
    distance_m = geodesy.distance_m(mark.position, place.position)
    return _Reach(place, mark, distance_m, allowed_m, assumed)


def _finding(nearest: _Reach) -> Finding:
    within = nearest.margin_m <= 0
    sentence = (WITHIN if within else BEYOND).format(
        role=nearest.mark.role,
        distance=metres(nearest.distance_m),
        place=nearest.place.name,
        allowed=metres(nearest.allowed_m),
    )
    if nearest.assumed:
        sentence += ASSUMED.format(place=nearest.place.name, radius=metres(DEFAULT_RADIUS_M))
    assert nearest.place.position is not None  # noqa: S101  only places with one get here
    extent_m = nearest.allowed_m - nearest.mark.uncertainty_m
    drawing = separation(nearest.mark, Mark("place", nearest.place.position, extent_m)).drawing()
    return Finding(
        verdict=Verdict.PASSED if within else Verdict.FLAGGED,
        measured_value=nearest.distance_m,
        unit="m",
        threshold=nearest.allowed_m,
        sentence=sentence,
        drawing={**drawing, "allowed_m": nearest.allowed_m},
    )
