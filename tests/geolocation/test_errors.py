"""Each refusal has its own code and the status of what it is a case of."""

import pytest

from evidence.errors import CatalogueError
from geolocation import errors

EXPECTED = {
    "TransitionNotAllowed": ("transition_not_allowed", 409),
    "OwnRevision": ("own_revision", 403),
    "OwnSource": ("own_source", 403),
    "NotCurrentRevision": ("not_current_revision", 409),
    "AlreadyDecided": ("already_decided", 409),
    "ReasonRequired": ("reason_required", 400),
    "ChecklistIncomplete": ("checklist_incomplete", 400),
    "PositionRefused": ("position_refused", 400),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_refusal_carries_code_status_sentence_and_field(name):
    refusal = getattr(errors, name)("Do something else.", field="reason")
    assert (refusal.code, refusal.status) == EXPECTED[name]
    assert (refusal.sentence, refusal.field) == ("Do something else.", "reason")
    assert isinstance(refusal, errors.GeolocationError)
    assert isinstance(refusal, CatalogueError)
