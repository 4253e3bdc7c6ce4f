"""Two people placed one item without seeing each other: do they mean the same place? Pure.

Camera is compared with camera and subject with subject. They agree where every point that both placed is
no further apart than their joint uncertainty (root sum of squares of the two radii), and at least one point
was placed by both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geolocation.checks.base import JsonObject, PlacedPoint, Verdict, no_drawing
from geolocation.checks.separation import Mark, Separation, separation
from geolocation.checks.wording import metres

WITHIN = "The {role} positions are {distance} apart; both uncertainties together allow {allowed}."
BEYOND = (
    "The {role} positions are {distance} apart, more than the {allowed} that both uncertainties "
    "together allow."
)
ONE_ONLY = "{reference} places the {role} and {other} does not, so it cannot be compared."
NEITHER = "Neither places the {role}."


class Outcome(StrEnum):
    """What two placings make together."""

    AGREE = "agree"
    APART = "apart"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What one person placed; `reference` names it in sentences and drawings."""

    reference: str
    camera: PlacedPoint | None = None
    subject: PlacedPoint | None = None

    def point(self, role: str) -> PlacedPoint | None:
        return self.camera if role == "camera" else self.subject


@dataclass(frozen=True, slots=True)
class RolePart:
    """One role of two placings: how far apart, or in a sentence what is missing to say so."""

    role: str
    measured: Separation | None
    sentence: str

    @property
    def agrees(self) -> bool | None:
        """None where nothing could be measured."""
        return None if self.measured is None else self.measured.excess <= 1

    @property
    def verdict(self) -> Verdict:
        """The same words as checks: passed where they agree, else flagged or failed by how far apart."""
        return Verdict.INAPPLICABLE if self.measured is None else self.measured.verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two placings measured against each other."""

    first: str
    second: str
    parts: tuple[RolePart, ...]

    @property
    def measured(self) -> tuple[Separation, ...]:
        return tuple(part.measured for part in self.parts if part.measured is not None)

    @property
    def outcome(self) -> Outcome:
        if not self.measured:
            return Outcome.NOT_COMPARABLE
        return Outcome.AGREE if all(found.excess <= 1 for found in self.measured) else Outcome.APART

    @property
    def worst(self) -> Separation | None:
        """The separation that is largest for what it may be."""
        return max(self.measured, key=lambda found: found.excess, default=None)

    @property
    def sentence(self) -> str:
        return " ".join(part.sentence for part in self.parts)

    def to_json(self) -> JsonObject:
        """What a round keeps: figures in metres, and the sentences."""
        return {
            "first": self.first,
            "second": self.second,
            "outcome": self.outcome.value,
            "parts": [
                {
                    "role": part.role,
                    "distance_m": part.measured.distance_m if part.measured else None,
                    "allowed_m": part.measured.allowed_m if part.measured else None,
                    "agrees": part.agrees,
                    "verdict": part.verdict.value,
                    "drawing": part.measured.drawing() if part.measured else no_drawing(),
                    "sentence": part.sentence,
                }
                for part in self.parts
            ],
        }


def compare(first: Placing, second: Placing) -> Comparison:
    """Measure two placings of one item against each other."""
    return Comparison(
        first=first.reference,
        second=second.reference,
        parts=tuple(_part(role, first, second) for role in ("camera", "subject")),
    )


def _part(role: str, first: Placing, second: Placing) -> RolePart:
    own, other = first.point(role), second.point(role)
    if own is not None and other is not None:
        found = separation(
            Mark(role, own.position, own.uncertainty_m), Mark("sibling", other.position, other.uncertainty_m)
        )
        template = WITHIN if found.excess <= 1 else BEYOND
        return RolePart(
            role,
            found,
            template.format(role=role, distance=metres(found.distance_m), allowed=metres(found.allowed_m)),
        )
    if own is None and other is None:
        return RolePart(role, None, NEITHER.format(role=role))
    has, lacks = (first, second) if own is not None else (second, first)
    return RolePart(role, None, ONE_ONLY.format(reference=has.reference, other=lacks.reference, role=role))
