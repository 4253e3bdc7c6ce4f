"""When the answers carry a decision."""

import pytest

from geolocation.review.checklist import CHECKLIST, Answer, Decision, validate

ALL_YES = {item.key: "yes" for item in CHECKLIST}


def fields(problems):
    return [problem.field for problem in problems]


def test_the_keys_are_the_permanent_ones():
    assert [item.key for item in CHECKLIST] == [
        "original_seen",
        "landmarks_matched",
        "camera_and_subject",
        "alternatives_excluded",
        "uncertainty_honest",
        "time_basis",
        "checks_explained",
    ]


def test_everything_answered_yes_carries_an_approval():
    assert validate(ALL_YES, Decision.APPROVE) == []


@pytest.mark.parametrize("item", CHECKLIST, ids=lambda item: item.key)
def test_each_open_item_holds_an_approval_back(item):
    answers = {key: answer for key, answer in ALL_YES.items() if key != item.key}
    problems = validate(answers, Decision.APPROVE)
    assert fields(problems) == [item.key]
    assert item.question in problems[0].sentence
    assert fields(validate({**ALL_YES, item.key: ""}, Decision.APPROVE)) == [item.key]


@pytest.mark.parametrize("item", CHECKLIST, ids=lambda item: item.key)
def test_each_no_holds_an_approval_back(item):
    assert fields(validate({**ALL_YES, item.key: Answer.NO}, Decision.APPROVE)) == [item.key]


def test_not_applicable_is_an_answer_where_it_can_be_one():
    assert validate({**ALL_YES, "time_basis": "not_applicable"}, Decision.APPROVE) == []
    assert fields(validate({**ALL_YES, "original_seen": "not_applicable"}, Decision.APPROVE)) == [
        "original_seen"
    ]


@pytest.mark.parametrize("decision", [Decision.REQUEST_CHANGES, Decision.REJECT])
def test_sending_back_needs_a_reason_and_no_answers(decision):
    assert fields(validate({}, decision)) == ["reason"]
    assert fields(validate({}, decision, reason=" \n")) == ["reason"]
    assert validate({}, decision, reason="The tower is a different one.") == []
    assert validate({"original_seen": "no"}, decision, reason="Only a re-post was seen.") == []


def test_strange_keys_and_answers_are_named():
    problems = validate({**ALL_YES, "mood": "yes", "time_basis": "perhaps"}, Decision.APPROVE)
    assert fields(problems) == ["mood", "time_basis"]
