"""What a proposal says, and what no proposal may say, whichever way it comes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from geolocation.checks.inputs import FIRST_YEAR, LAST_YEAR
from geolocation.coordinates.position import Position
from geolocation.geodesy import covering_circle
from geolocation.services.landmarks import LEAST_CORNERS, NO_LANDMARKS, Landmarks
from geolocation.services.shadow_seen import NO_SHADOW, shadow_refuse
from geolocation.services.shadow_seen import ShadowSeen as ShadowSeen


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A position that a person placed: radius of uncertainty in metres, and the text as typed."""

    position: Position
    uncertainty_m: float
    as_typed: str = ""


@dataclass(frozen=True, kw_only=True)
class Captured:
    """When it was recorded: a date and no more, or an interval of aware moments; and how that is known."""

    on: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    offset_min: int | None = None
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What one revision says. The camera or the subject is placed, or the subject's area is drawn."""

    camera: Placed | None = None
    subject: Placed | None = None
    subject_area: tuple[Position, ...] = ()
    landmarks: Landmarks = NO_LANDMARKS
    bearing_deg: float | None = None
    field_of_view_deg: float | None = None
    captured: Captured = Captured()
    light_seen: str = ""
    shadow: ShadowSeen = NO_SHADOW
    method: str
    reasoning: str
    references: str = ""


def proposal_completed(proposal: Proposal) -> Proposal:
    """With an area alone, the subject is somewhere in it: the middle, and a radius that covers all of it."""
    area = proposal.subject_area
    if proposal.camera is not None or proposal.subject is not None or len(area) < LEAST_CORNERS:
        return proposal
    middle, radius_m = covering_circle(area)
    return replace(proposal, subject=Placed(position=middle, uncertainty_m=radius_m))


def proposal_refuse(proposal: Proposal) -> None:
    """Raise InvalidInput, naming the field, for what no revision may say."""
    if proposal.camera is None and proposal.subject is None:
        raise InvalidInput(
            _("Place the camera, the subject, or both, or draw the subject's area."), field="camera"
        )
    for field, placed in (
        ("camera_uncertainty_m", proposal.camera),
        ("subject_uncertainty_m", proposal.subject),
    ):
        if placed is not None and not 0 < placed.uncertainty_m < 20_100_000:
            raise InvalidInput(_("Give the uncertainty in metres, more than 0."), field=field)
    _refuse_angles(proposal)
    _refuse_capture(proposal.captured)
    shadow_refuse(proposal.shadow)
    if not proposal.reasoning.strip():
        raise InvalidInput(
            _("Say how you know: what is seen, and what it was compared with."), field="reasoning"
        )


def _refuse_angles(proposal: Proposal) -> None:
    if proposal.bearing_deg is not None and not 0 <= proposal.bearing_deg < 360:
        raise InvalidInput(_("A bearing is 0 or more and less than 360 degrees."), field="bearing_deg")
    if proposal.field_of_view_deg is not None and not 0 < proposal.field_of_view_deg <= 360:
        raise InvalidInput(
            _("A field of view is more than 0 and at most 360 degrees."), field="field_of_view_deg"
        )


def _refuse_capture(captured: Captured) -> None:
    if captured.on and (captured.start or captured.end):
        raise InvalidInput(_("Give a date or an interval of moments, not both."), field="captured_on")
    for field, end in (("captured_from", captured.start), ("captured_to", captured.end)):
        if end is not None and timezone.is_naive(end):
            raise InvalidInput(_("Give the offset from UTC, for example +04:00."), field=field)
    if (captured.start is None) != (captured.end is None):
        raise InvalidInput(
            _("Give both the earliest and the latest moment of capture; the same twice if it is exact."),
            field="captured_to" if captured.end is None else "captured_from",
        )
    if captured.start and captured.end and captured.start > captured.end:
        raise InvalidInput(_("The capture ends before it starts."), field="captured_to")
    given = {"captured_on": captured.on, "captured_from": captured.start, "captured_to": captured.end}
    for field, moment in given.items():
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise InvalidInput(
                _("The year has to lie between %(first)d and %(last)d.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
                field=field,
            )
