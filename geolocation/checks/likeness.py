"""Is something that looks like this item placed somewhere else?

Copies and clips of one recording were made at one place. A likeness is a machine's suggestion until a person
confirms it, so this check asks somebody to look and never fails a proposal.
"""

from __future__ import annotations

from geolocation.checks.base import CheckInputs, Finding, Twin, Verdict, inapplicable
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark, Separation, separation
from geolocation.checks.siblings import STANDING_STATES, own_marks
from geolocation.checks.wording import metres

NONE_KNOWN = "No other item that looks like this one has been placed, so there is nothing to compare."
NOTHING_ALIKE = (
    "The items that look like this one have no point of the same kind (camera or subject), so none can "
    "be compared."
)
AGREES = (
    "{count} placed item(s) that look like this one agree: the largest separation is {distance} to "
    "{reference} "
    "of {item} ({role}); both uncertainties together allow {allowed}."
)
APART = (
    "{item}, which looks like this one{kind}, is placed {distance} away ({reference}, {state}, {role}), "
    "where both "
    "uncertainties together allow {allowed}. Copies of one recording have one place: look at the two side by "
    "side."
)
KINDS = {"clip": ", in part", "mirrored": ", mirrored"}


@check("likeness", 1, title="Look-alikes placed elsewhere", reads=("camera", "subject", "twins"))
def likeness(inputs: CheckInputs, measures: Measures) -> Finding:
    """The separation from placed look-alikes that is largest for what the uncertainties allow."""
    standing = [twin for twin in inputs.twins if twin.state in STANDING_STATES]
    if not standing:
        return inapplicable(NONE_KNOWN)
    own = own_marks(inputs)
    pairs = [
        (twin, separation(own[twin.role], Mark("look-alike", twin.position, twin.uncertainty_m)))
        for twin in standing
        if twin.role in own
    ]
    if not pairs:
        return inapplicable(NOTHING_ALIKE)
    return _finding(*max(pairs, key=lambda pair: pair[1].excess), count=len({twin.item for twin, _ in pairs}))


def _finding(twin: Twin, found: Separation, *, count: int) -> Finding:
    agrees = found.verdict is Verdict.PASSED
    return Finding(
        verdict=Verdict.PASSED if agrees else Verdict.FLAGGED,
        measured_value=found.distance_m,
        unit="m",
        threshold=found.allowed_m,
        sentence=(AGREES if agrees else APART).format(
            count=count,
            item=twin.item,
            reference=twin.reference,
            state=twin.state.replace("_", " "),
            role=twin.role,
            kind=KINDS.get(twin.kind, ""),
            distance=metres(found.distance_m),
            allowed=metres(found.allowed_m),
        ),
        drawing=found.drawing(),
    )
