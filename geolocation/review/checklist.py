"""What a reviewer answers before deciding, and when the answers carry the decision.

The items follow the steps of the Berkeley Protocol on Digital Open Source Investigations (OHCHR and UC
Berkeley, 2022, chapter VI: verification of source, content and context) for the one question at hand: is
the place right?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CHECKLIST_VERSION = 1


class Answer(StrEnum):
    """What a reviewer says to one item."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Decision(StrEnum):
    """What a review ends in."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One question with its permanent key; some apply to every geolocation and take no "not applicable"."""

    key: str
    question: str
    help: str
    may_be_not_applicable: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the answers do not carry the decision; `field` is an item's key, `reason` or `checklist`."""

    field: str
    sentence: str


CHECKLIST: tuple[ChecklistItem, ...] = (
    ChecklistItem(
        "original_seen",
        "Did you look at the original, or at the earliest copy known?",
        "Not at a thumbnail or a re-post. Watch a video through; look at a picture at full size.",
        may_be_not_applicable=False,
    ),
    ChecklistItem(
        "landmarks_matched",
        "Did you match the landmarks yourself, independently of the author?",
        "Find each on imagery or in other media before reading the author's reasoning. "
        "Media are sometimes mirrored.",
        may_be_not_applicable=False,
    ),
    ChecklistItem(
        "camera_and_subject",
        "Are the camera and what it shows told apart correctly?",
        "The camera position is where the recording was made; the subject may be kilometres away.",
    ),
    ChecklistItem(
        "alternatives_excluded",
        "Were places that look alike considered and excluded?",
        "Similar junctions, housing blocks of one series, the same street seen from the other end.",
    ),
    ChecklistItem(
        "uncertainty_honest",
        "Is the uncertainty as large as it has to be?",
        "The radius should hold every position from which this view is possible, not only the likeliest.",
        may_be_not_applicable=False,
    ),
    ChecklistItem(
        "time_basis",
        "Is the capture time supported by what it says it rests on?",
        "A date stays a date. A posting time is the latest possible moment, not the capture. "
        "Not applicable if no time is claimed.",
    ),
    ChecklistItem(
        "checks_explained",
        "Did you read every check, and is each that was flagged or failed explained?",
        "A check advises. A flagged one may be right to flag, and the proposal right all the same; say why.",
    ),
)

NOT_AN_ITEM = "“{key}” is not an item of this checklist. Reload the page and answer again."
NOT_AN_ANSWER = "“{question}” takes yes, no or not applicable."
UNANSWERED = "Answer “{question}” before approving."
ANSWERED_NO = "You answered no to “{question}”. Request changes or reject, or change the answer."
ALWAYS_APPLIES = "“{question}” applies to every geolocation. Answer yes or no."
TAKEN_OVER_REASON_MISSING = (
    "This position is taken over from a publication. "
    "Write what you compared, and that the rest was not repeated."
)
REASON_MISSING = "Write the reason: what has to change, or why this cannot stand."


def checklist_item(key: str) -> ChecklistItem | None:
    """The item with a key, if there is one."""
    return next((item for item in CHECKLIST if item.key == key), None)


def validate(
    answers: Mapping[str, str], decision: Decision, *, reason: str = "", taken_over: bool = False
) -> list[Problem]:
    """Everything that keeps the answers from carrying the decision; empty when nothing does.

    An approval needs every item answered and none with no. Requesting changes and rejecting need a reason
    that is more than white space, and may leave items open. Answers that are blank count as not given.

    `taken_over` says that the revision repeats a position published by others: the reviewer may then answer
    every item with "not applicable", because the work was not done here, and has to say so in the reason.
    """
    given = {key: answer for key, answer in answers.items() if answer != ""}
    problems = [Problem(key, NOT_AN_ITEM.format(key=key)) for key in given if checklist_item(key) is None]
    for item in CHECKLIST:
        sentence = _item_problem(item, given.get(item.key), decision, taken_over)
        if sentence is not None:
            problems.append(Problem(item.key, sentence))
    if decision is not Decision.APPROVE and not reason.strip():
        problems.append(Problem("reason", REASON_MISSING))
    elif taken_over and Answer.NOT_APPLICABLE in given.values() and not reason.strip():
        problems.append(Problem("reason", TAKEN_OVER_REASON_MISSING))
    return problems


def _item_problem(
    item: ChecklistItem, answer: str | None, decision: Decision, taken_over: bool
) -> str | None:
    template = None
    if answer is None:
        template = UNANSWERED if decision is Decision.APPROVE else None
    elif answer not in list(Answer):
        template = NOT_AN_ANSWER
    elif answer == Answer.NOT_APPLICABLE and not (item.may_be_not_applicable or taken_over):
        template = ALWAYS_APPLIES
    elif answer == Answer.NO and decision is Decision.APPROVE:
        template = ANSWERED_NO
    return None if template is None else template.format(question=item.question)
