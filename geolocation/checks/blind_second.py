"""Did a second person, who had not seen this proposal, put the item in the same place?"""

from __future__ import annotations

from geolocation.checks.base import (
    CheckInputs,
    Finding,
    PlacedPoint,
    SiblingGeolocation,
    Verdict,
    inapplicable,
)
from geolocation.checks.measures import Measures
from geolocation.checks.placings import Comparison, Placing, compare
from geolocation.checks.registry import check

NONE = "No blind second geolocation belongs to this revision."
NOT_COMPARABLE = (
    "{people} placed the item without seeing this proposal, but nothing can be compared. {sentence}"
)
FOUND = "{people} placed the item without seeing this proposal. {sentence}"
OWN = "this proposal"


@check("blind_second", 1, title="Blind second geolocation", reads=("camera", "subject", "blind_seconds"))
def blind_second(inputs: CheckInputs, measures: Measures) -> Finding:
    """The separation from each blind second placing; the one that disagrees most is shown."""
    if not inputs.blind_seconds:
        return inapplicable(NONE)
    own = Placing(reference=OWN, camera=inputs.camera, subject=inputs.subject)
    people = {sibling.reference: sibling.author for sibling in inputs.blind_seconds}
    found = [compare(own, placing) for placing in _placings(inputs.blind_seconds)]
    comparable = [each for each in found if each.worst is not None]
    if not comparable:
        sentence = NOT_COMPARABLE.format(people=_people(people), sentence=found[0].sentence)
        return inapplicable(sentence)
    return _finding(max(comparable, key=_excess), people)


def _finding(shown: Comparison, people: dict[str, str]) -> Finding:
    worst = shown.worst
    assert worst is not None  # noqa: S101  only comparable ones come here
    return Finding(
        verdict=Verdict(worst.verdict),
        measured_value=worst.distance_m,
        unit="m",
        threshold=worst.allowed_m,
        sentence=FOUND.format(people=_people(people), sentence=shown.sentence),
        drawing=worst.drawing(),
    )


def _excess(found: Comparison) -> float:
    return found.worst.excess if found.worst else 0.0


def _people(people: dict[str, str]) -> str:
    return ", ".join(f"{author} ({reference})" for reference, author in people.items())


def _placings(siblings: tuple[SiblingGeolocation, ...]) -> list[Placing]:
    """Camera and subject of one geolocation come as two siblings with one reference."""
    placed: dict[str, dict[str, PlacedPoint]] = {}
    for sibling in siblings:
        point = PlacedPoint(position=sibling.position, uncertainty_m=sibling.uncertainty_m)
        placed.setdefault(sibling.reference, {})[sibling.role] = point
    return [Placing(reference=reference, **points) for reference, points in placed.items()]
