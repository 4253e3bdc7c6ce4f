"""Every position that speaks to a proposal, measured from it: for the reviewer's map and table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from geolocation.checks.base import CheckInputs, NamedPoint, PlacedPoint
from geolocation.coordinates.position import Position
from geolocation.geodesy import Geodesic, inverse
from geolocation.models import GeolocationRevision
from geolocation.review.states import State
from geolocation.services.check_inputs import inputs_gather


@dataclass(frozen=True, kw_only=True)
class ComparedPosition:
    """One position beside the proposal's own.

    `kind` is `file`, `place` or `sibling`; `uncertainty_m` a radius in metres, None where nobody gave one;
    `away` the geodesic from the proposal's camera or subject, which `measured_from` names.
    """

    kind: str
    name: str
    said: str
    position: Position
    uncertainty_m: float | None = None
    status: str = ""
    url: str = ""
    away: Geodesic | None = None
    measured_from: str = ""

    def to_json(self) -> dict[str, Any]:
        """What the map draws."""
        return {
            "kind": self.kind,
            "name": self.name,
            "said": self.said,
            "latitude": self.position.latitude,
            "longitude": self.position.longitude,
            "uncertainty_m": self.uncertainty_m,
            "status": self.status,
            "url": self.url,
        }


def compared_positions(revision: GeolocationRevision) -> list[ComparedPosition]:
    """The file's position, the named places of the item and of its claims, and other geolocations of it."""
    inputs = inputs_gather(revision=revision)
    return [
        *_from_file(inputs),
        *_places(inputs),
        *_siblings(inputs, revision.geolocation.investigation.code),
    ]


def _from_file(inputs: CheckInputs) -> list[ComparedPosition]:
    preferred = inputs.preferred_fix
    if preferred is None:
        return []
    fix = inputs.file_fixes[preferred]
    if fix.position is None:
        return []
    return [
        ComparedPosition(
            kind="file",
            name=_("Position in the file"),
            said=fix.source,
            position=fix.position,
            uncertainty_m=fix.horizontal_error_m,
            **_measured(inputs, "camera", fix.position),
        )
    ]


def _places(inputs: CheckInputs) -> list[ComparedPosition]:
    named: list[tuple[NamedPoint, str]] = []
    if inputs.item_place is not None:
        named.append((inputs.item_place, _("place of the item")))
    own = inputs.item_place.name if inputs.item_place else ""
    named += [(place, _("place of a claim")) for place in inputs.claim_places if place.name != own]
    return [
        ComparedPosition(
            kind="place",
            name=place.name,
            said=said,
            position=place.position,
            uncertainty_m=place.radius_m,
            **_measured(inputs, "subject", place.position),
        )
        for place, said in named
        if place.position is not None
    ]


def _siblings(inputs: CheckInputs, code: str) -> list[ComparedPosition]:
    found = []
    for sibling in inputs.siblings:
        role = _("camera") if sibling.role == "camera" else _("subject")
        found.append(
            ComparedPosition(
                kind="sibling",
                name=f"{sibling.reference} · {role}",
                said=sibling.author,
                position=sibling.position,
                uncertainty_m=sibling.uncertainty_m,
                status=State(sibling.state).value,
                url=reverse("geolocation:detail", args=[code, sibling.reference]),
                **_measured(inputs, sibling.role, sibling.position, only=True),
            )
        )
    return found


def _measured(inputs: CheckInputs, role: str, there: Position, *, only: bool = False) -> dict[str, Any]:
    """From this role of the proposal, or from the other one where it is not placed (unless `only` this)."""
    placed: dict[str, PlacedPoint | None] = {"camera": inputs.camera, "subject": inputs.subject}
    other = "subject" if role == "camera" else "camera"
    chosen = role if placed[role] is not None or only else other
    start = placed[chosen]
    if start is None:
        return {}
    words = _("camera") if chosen == "camera" else _("subject")
    return {"away": inverse(start.position, there), "measured_from": words}
