"""A geolocation as it is given out: the decision that holds, and the numbers that follow from it."""

from __future__ import annotations

from secrets import SystemRandom
from typing import Any

from geolocation.coordinates.position import Position
from geolocation.generalising import drawn_centre, holds
from geolocation.models import (
    Disclosure,
    DisclosureKind,
    GeneralisedPosition,
    Geolocation,
    PositionRole,
)

#: A generalised circle is at least so many times as wide as what the position's own uncertainty says.
LEAST_TIMES = 2
_EXACT_COLUMNS = ("camera_latitude", "camera_longitude", "subject_latitude", "subject_longitude")


def disclosure_of(geolocation: Geolocation) -> Disclosure | None:
    """The decision that holds, or None while nobody made one: then the position is given out exactly."""
    found: Disclosure | None = geolocation.disclosures.select_related("decided_by").order_by("-pk").first()
    return found


def disclosed_columns(geolocation: Geolocation) -> dict[str, Any] | None:
    """The position columns of its verified point, for the current revision; None where it is withheld."""
    decided = disclosure_of(geolocation)
    role, position, uncertainty_m = placed_of(geolocation)
    if decided is not None and decided.kind == DisclosureKind.WITHHELD:
        return None
    if decided is None or decided.kind == DisclosureKind.EXACT:
        exact = {name: getattr(geolocation.current_revision, name) for name in _EXACT_COLUMNS}
        placed = {"latitude": position.latitude, "longitude": position.longitude}
        kind, circle_m = DisclosureKind.EXACT, uncertainty_m
    else:
        exact = dict.fromkeys(_EXACT_COLUMNS)
        assert decided.radius_m is not None  # noqa: S101  a constraint holds it
        drawn = generalised_position(geolocation=geolocation, radius_m=decided.radius_m)
        placed = {"latitude": drawn.latitude, "longitude": drawn.longitude}
        kind, circle_m = DisclosureKind.GENERALISED, drawn.radius_m
    return {"position_role": role, "disclosure": kind, "uncertainty_m": circle_m, **placed, **exact}


def placed_of(geolocation: Geolocation) -> tuple[PositionRole, Position, float]:
    """What its current revision marks: the camera where it is known, otherwise the subject; metres."""
    revision = geolocation.current_revision
    assert revision is not None  # noqa: S101  only asked of geolocations with a revision
    role = PositionRole.CAMERA if revision.camera_latitude is not None else PositionRole.SUBJECT
    latitude, longitude, uncertainty_m = (
        getattr(revision, f"{role.value}_{part}") for part in ("latitude", "longitude", "uncertainty_m")
    )
    return role, Position(latitude, longitude), uncertainty_m


def generalised_position(*, geolocation: Geolocation, radius_m: float) -> GeneralisedPosition:
    """The circle that stands for the current revision: a kept one that still holds it, else a new one.

    Wider than asked for where the revision is so uncertain that its own circle would shine through.
    """
    _role, position, uncertainty_m = placed_of(geolocation)
    radius_m = max(radius_m, LEAST_TIMES * uncertainty_m)
    for kept in geolocation.generalised_positions.order_by("-pk"):
        centre = Position(kept.latitude, kept.longitude)
        if not holds(centre, radius_m, position, uncertainty_m):
            continue
        if kept.radius_m == radius_m:
            return kept
        return _keep(geolocation, centre, radius_m)
    random = SystemRandom()
    drawn = drawn_centre(position, uncertainty_m, radius_m, turn=random.random(), share=random.random())
    return _keep(geolocation, drawn, radius_m)


def _keep(geolocation: Geolocation, centre: Position, radius_m: float) -> GeneralisedPosition:
    return GeneralisedPosition.objects.create(
        geolocation=geolocation, latitude=centre.latitude, longitude=centre.longitude, radius_m=radius_m
    )
