"""The positions and directions a file holds, each with its source, its status and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata.base import FilePosition, PositionStatus
from evidence.metadata.base import MetadataReading as Said

POSITION_PROBLEM: dict[PositionStatus, str | Promise] = {
    PositionStatus.NULL_ISLAND: gettext_lazy("0, 0: written when a device had no fix. Not a position."),
    PositionStatus.MISSING_REFERENCE: gettext_lazy(
        "Without its north/south or east/west letter. Two or four places are possible, so none is taken."
    ),
    PositionStatus.OUT_OF_RANGE: gettext_lazy("Outside the globe. Not a position."),
    PositionStatus.NOT_A_NUMBER: gettext_lazy("Not a number. Not a position."),
    PositionStatus.INCOMPLETE: gettext_lazy("Only half of a position."),
}


@dataclass(frozen=True, kw_only=True)
class ShownPosition:
    """One position with where in the file it stands, or why it is not used."""

    latitude: float | None
    longitude: float | None
    uncertainty_m: float | None
    source: str
    raw: str
    problem: str
    is_preferred: bool
    note: str = ""  # dilution and altitude, as far as they are stated


@dataclass(frozen=True, kw_only=True)
class Destination:
    """What the file says the camera was pointed at."""

    latitude: float | None
    longitude: float | None
    direction: str
    distance: str


def shown_position(found: FilePosition, is_preferred: bool) -> ShownPosition:
    """A fix that may not be used keeps its raw value and gets a sentence instead of numbers."""
    usable = found.status == PositionStatus.OK
    return ShownPosition(
        latitude=found.latitude if usable else None,
        longitude=found.longitude if usable else None,
        uncertainty_m=found.horizontal_error_m if usable else None,
        source=found.source,
        raw=found.raw,
        problem=str(POSITION_PROBLEM.get(found.status, "")),
        is_preferred=is_preferred,
        note=", ".join(part for part in (_dilution(found.dilution), _fix_altitude(found)) if part),
    )


def _dilution(dilution: float | None) -> str:
    """A measure of how well the satellites stood, without a unit; not metres."""
    return "" if dilution is None else _("dilution of precision %(value)s") % {"value": f"{dilution:g}"}


def _fix_altitude(found: FilePosition) -> str:
    return "" if found.altitude_m is None else altitude_text(found.altitude_m, found.altitude_reference)


def altitude_text(altitude_m: float, reference: str | None) -> str:
    """Metres above what, as far as the file names it."""
    above = {"sea_level": _("above sea level"), "ellipsoid": _("above the ellipsoid")}.get(
        reference or "", _("above a level that the file does not name")
    )
    return f"{altitude_m:.1f} m {above}"


def direction(degrees: float | None, reference: str | None) -> str:
    """`296° from true north`; empty when there is none."""
    if degrees is None:
        return ""
    north = {"true": _("from true north"), "magnetic": _("from magnetic north")}.get(
        reference or "", _("from a north that the file does not name")
    )
    return f"{degrees:.1f}".rstrip("0").rstrip(".") + f"° {north}"


def movement(said: Said) -> str:
    """Speed and direction of the camera itself, which is not where it looked."""
    speed = f"{said.speed_mps:.1f} m/s" if said.speed_mps is not None else ""
    return ", ".join(part for part in (speed, direction(said.movement_deg, said.movement_reference)) if part)


def destination(said: Said) -> Destination | None:
    """None where the file says nothing of it."""
    distance_m = said.destination_distance_m
    found = Destination(
        latitude=said.destination_latitude,
        longitude=said.destination_longitude,
        direction=direction(said.destination_bearing_deg, said.destination_bearing_reference),
        distance=f"{distance_m:,.0f} m" if distance_m is not None else "",
    )
    is_there = found.latitude is not None or found.direction or found.distance
    return found if is_there else None
