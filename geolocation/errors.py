"""Refusals of the geolocation rooms, each with a stable code and one sentence a person can act on.

`GeolocationError` is the family; a class also inherits the general refusal it is a case of, which carries
the HTTP status.
"""

from __future__ import annotations

from collections.abc import Mapping

from evidence.errors import CatalogueError, Conflict, InvalidInput, NotAllowed


class GeolocationError(CatalogueError):
    """Something about a geolocation, its review or its position was refused."""

    code = "geolocation_refused"


class TransitionNotAllowed(GeolocationError, Conflict):
    """The geolocation is in a state from which this step does not lead anywhere."""

    code = "transition_not_allowed"
    status = 409


class OwnRevision(GeolocationError, NotAllowed):
    """Somebody tried to decide on a revision that they wrote themselves."""

    code = "own_revision"
    status = 403


class PlacedBeside(GeolocationError, NotAllowed):
    """Somebody tried to decide on a proposal beside which they placed the item themselves."""

    code = "placed_beside"
    status = 403


class OwnSource(GeolocationError, NotAllowed):
    """Somebody tried to decide on a proposal that was taken over from a revision they wrote."""

    code = "own_source"
    status = 403


class NotCurrentRevision(GeolocationError, Conflict):
    """A newer revision exists; a decision on the older one would not mean what it says."""

    code = "not_current_revision"
    status = 409


class NotBlind(GeolocationError, Conflict):
    """The person can see, or could see, what they would place without seeing it."""

    code = "not_blind"
    status = 409


class AlreadyDecided(GeolocationError, Conflict):
    """This person has already decided on this revision, or somebody else's decision settled it first."""

    code = "already_decided"
    status = 409


class ReasonRequired(GeolocationError, InvalidInput):
    """This step changes somebody's work or the public record, and needs a written reason."""

    code = "reason_required"
    status = 400


class ChecklistIncomplete(GeolocationError, InvalidInput):
    """The reviewer's checklist does not support the decision."""

    code = "checklist_incomplete"
    status = 400


class ExportGone(GeolocationError):
    """The file of an export was there and is not kept any more."""

    code = "export_gone"
    status = 410


class ExportTooLarge(GeolocationError, InvalidInput):
    """These points in this format would hold up the request too long; `details` says how to ask instead."""

    code = "export_too_large"
    status = 400

    def __init__(self, sentence: str, *, details: Mapping[str, object]) -> None:
        super().__init__(sentence)
        self.details = details


class PositionRefused(GeolocationError, InvalidInput, ValueError):
    """A position is out of range, ambiguous or not a position."""

    code = "position_refused"
    status = 400
