"""Opening an investigation, its members, and what the public may read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evidence.errors import Conflict, NotAllowed, NotFound
from evidence.models import CustodyEvent, Investigation, Membership, Role
from evidence.permissions import may, role_in
from evidence.services.investigations import (
    investigation_change,
    investigation_open,
    investigation_publish,
    member_remove,
    member_set,
)


def _last(investigation: Investigation) -> CustodyEvent:
    return CustodyEvent.objects.filter(investigation=investigation).order_by("-sequence")[0]


def test_whoever_opens_it_is_its_editor(stranger: Any) -> None:
    opened = investigation_open(actor=stranger, code="NORD7", title="Northern port")
    assert role_in(stranger, opened) == Role.EDITOR
    assert _last(opened).action == "investigation.opened"


def test_a_code_is_taken_once(investigation: Any, stranger: Any) -> None:
    with pytest.raises(Conflict) as refused:
        investigation_open(actor=stranger, code="TEST1", title="Again")
    assert refused.value.field == "code"


@pytest.mark.parametrize("code", ["a1", "1A", "A", "A_1", "A" * 17, "А1"])
def test_a_code_is_capitals_digits_and_hyphens(stranger: Any, code: str) -> None:
    with pytest.raises(ValidationError):
        investigation_open(actor=stranger, code=code, title="Title")
    assert not Investigation.objects.exists()


def test_a_role_is_given_changed_and_taken(investigation: Any, editor: Any, stranger: Any) -> None:
    member_set(actor=editor, investigation=investigation, user=stranger, role=Role.VIEWER)
    assert may(stranger, "evidence.view", investigation)
    member_set(actor=editor, investigation=investigation, user=stranger, role=Role.REVIEWER)
    assert _last(investigation).details == {"role": "reviewer", "role_before": "viewer"}
    member_remove(actor=editor, investigation=investigation, user=stranger)
    assert not may(stranger, "evidence.view", investigation)
    assert _last(investigation).action == "member.removed"


def test_the_last_editor_stays(investigation: Any, editor: Any, reviewer: Any) -> None:
    with pytest.raises(Conflict):
        member_remove(actor=editor, investigation=investigation, user=editor)
    with pytest.raises(Conflict):
        member_set(actor=editor, investigation=investigation, user=editor, role=Role.VIEWER)
    member_set(actor=editor, investigation=investigation, user=reviewer, role=Role.EDITOR)
    member_remove(actor=editor, investigation=investigation, user=editor)
    assert list(
        Membership.objects.filter(investigation=investigation, role=Role.EDITOR).values_list(
            "user", flat=True
        )
    ) == [reviewer.pk]


def test_who_may_not_is_refused_and_a_stranger_learns_nothing(
    investigation: Any, reviewer: Any, stranger: Any
) -> None:
    for act in (
        lambda actor: investigation_publish(actor=actor, investigation=investigation, public=True),
        lambda actor: investigation_change(actor=actor, investigation=investigation, title="Mine now"),
        lambda actor: member_set(actor=actor, investigation=investigation, user=actor, role=Role.EDITOR),
        lambda actor: member_remove(actor=actor, investigation=investigation, user=actor),
    ):
        with pytest.raises(NotAllowed):
            act(reviewer)
        with pytest.raises(NotFound):
            act(stranger)


def test_a_change_is_logged_with_what_stood_before(investigation: Any, editor: Any) -> None:
    investigation_change(actor=editor, investigation=investigation, title="New title", summary="")
    assert _last(investigation).details == {"changed": {"title": ["Harbour fire", "New title"]}}


def test_a_change_that_changes_nothing_is_not_logged(investigation: Any, editor: Any) -> None:
    before = _last(investigation).sequence
    investigation_change(actor=editor, investigation=investigation, title="Harbour fire")
    assert _last(investigation).sequence == before


def test_an_exercise_is_never_published(editor: Any) -> None:
    exercise = investigation_open(actor=editor, code="DRILL", title="Drill", is_training=True)
    with pytest.raises(Conflict):
        investigation_publish(actor=editor, investigation=exercise, public=True)
    exercise.refresh_from_db()
    assert not exercise.is_published
