"""Do other geolocations of the same item put it in the same place?

Camera is compared with camera and subject with subject. Geolocations that were withdrawn, rejected or
retracted, and drafts that nobody submitted, do not count: nobody stands behind them.
"""

from __future__ import annotations

import statistics

from geolocation import geodesy
from geolocation.checks.base import CheckInputs, Finding, SiblingGeolocation, Verdict, inapplicable
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark, Separation, separation
from geolocation.checks.wording import metres

STANDING_STATES = frozenset({"in_review", "changes_requested", "verified"})

ALONE = "There is no other geolocation of this item, so agreement cannot be measured."
NONE_STANDING = (
    "The other geolocations of this item are drafts or were withdrawn, rejected or retracted; "
    "there is none to compare with."
)
NOTHING_ALIKE = (
    "No other geolocation of this item places the same point (camera or subject), so none can be compared."
)
AGREES = (
    "{count} other geolocation(s) of this item by {people} agree: the largest separation is {distance} to "
    "{reference} ({role}); both uncertainties together allow {allowed}."
)
APART = (
    "{reference} by {author} ({state}) places the {role} {distance} away, more than the {allowed} that both "
    "uncertainties together allow; {agreeing} of {count} other geolocation(s) agree."
)
CONTRADICTS = (
    "{reference} by {author} ({state}) places the {role} {distance} away, where both uncertainties "
    "together allow {allowed}: the two contradict each other; {agreeing} of {count} other "
    "geolocation(s) agree."
)

MEDIAN = (
    " The geodesic median of all {count} {role} positions is {latitude:.6f}, {longitude:.6f}; half of them "
    "lie "
    "within {spread} of it, this one {own} away."
)


@check("siblings", 2, title="Other geolocations of the item", reads=("camera", "subject", "siblings"))
def siblings(inputs: CheckInputs, measures: Measures) -> Finding:
    """The separation from the other geolocations that is largest for what the uncertainties allow."""
    if not inputs.siblings:
        return inapplicable(ALONE)
    standing = [sibling for sibling in inputs.siblings if sibling.state in STANDING_STATES]
    if not standing:
        return inapplicable(NONE_STANDING)
    own = own_marks(inputs)
    pairs = [
        (sibling, separation(own[sibling.role], Mark("sibling", sibling.position, sibling.uncertainty_m)))
        for sibling in standing
        if sibling.role in own
    ]
    if not pairs:
        return inapplicable(NOTHING_ALIKE)
    return _finding(pairs, own)


def own_marks(inputs: CheckInputs) -> dict[str, Mark]:
    """Camera and subject of the proposal, by role."""
    placed = {"camera": inputs.camera, "subject": inputs.subject}
    return {
        role: Mark(role, point.position, point.uncertainty_m)
        for role, point in placed.items()
        if point is not None
    }


def _finding(pairs: list[tuple[SiblingGeolocation, Separation]], own: dict[str, Mark]) -> Finding:
    disagreeing = {sibling.reference for sibling, found in pairs if found.excess > 1}
    references = {sibling.reference for sibling, _found in pairs}
    # When all agree the largest distance is what people ask for; otherwise the worst contradiction is.
    if disagreeing:
        worst, found = max(pairs, key=lambda pair: pair[1].excess)
    else:
        worst, found = max(pairs, key=lambda pair: pair[1].distance_m)
    template = {Verdict.PASSED: AGREES, Verdict.FLAGGED: APART, Verdict.FAILED: CONTRADICTS}[found.verdict]
    sentence = template.format(
        count=len(references),
        agreeing=len(references - disagreeing),
        people=", ".join(sorted({sibling.author for sibling, _found in pairs})),
        distance=metres(found.distance_m),
        allowed=metres(found.allowed_m),
        reference=worst.reference,
        author=worst.author,
        state=worst.state.replace("_", " "),
        role=worst.role,
    )
    return Finding(
        verdict=found.verdict,
        measured_value=found.distance_m,
        unit="m",
        threshold=found.allowed_m,
        sentence=sentence + _middle(worst.role, pairs, own),
        drawing=found.drawing(),
    )


def _middle(role: str, pairs: list[tuple[SiblingGeolocation, Separation]], own: dict[str, Mark]) -> str:
    """The geodesic median of three or more positions, and how far they lie around it."""
    positions = [own[role].position, *(sibling.position for sibling, _found in pairs if sibling.role == role)]
    if len(positions) < 3:
        return ""
    median = geodesy.geodesic_median(positions)
    return MEDIAN.format(
        count=len(positions),
        role=role,
        latitude=median.latitude,
        longitude=median.longitude,
        spread=metres(statistics.median(geodesy.distance_m(median, each) for each in positions)),
        own=metres(geodesy.distance_m(median, own[role].position)),
    )
