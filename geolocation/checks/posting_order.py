"""Was it captured before it was first posted, and does the post's id agree with the time stated?

A posting known by its date alone stays a date: nobody says in which time zone, so it may mean any moment from
that day's start in UTC+14 to its end in UTC-12, fifty hours in all. Where the post's id hides the moment,
that moment is taken: nobody typed it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from geolocation.checks.base import (
    CheckInputs,
    Finding,
    JsonObject,
    Posting,
    Verdict,
    encode,
    inapplicable,
)
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.window import Window, capture_window, day_window
from geolocation.checks.wording import duration, moment

# Platforms make the id when the upload ends, seconds before the post shows its time, which is often cut to
# the minute. More than this apart, one of the two is not of this post.
ID_TOLERANCE = timedelta(minutes=5)

NO_CAPTURE = "The capture interval is missing; without it the order of capture and posting cannot be checked."
NO_POSTING = "No posting of this item is recorded, so the order of capture and posting cannot be checked."
BEFORE = "The capture interval ends {gap} before the earliest posting ({posted})."
BEFORE_DAY = (
    "The capture interval ends {gap} before the day of the earliest posting ({posted}) begins in any "
    "time zone."
)
SAME_DAY = (
    "The capture interval ({start} to {end}) touches the day of the earliest posting ({posted}, date "
    "only, so any moment from {first} to {last} in some time zone): the order within the day is open, "
    "nothing contradicts."
)
SAME_MOMENT = "The capture interval ends within the time that the earliest posting ({posted}) took."
SAME_DATE = (
    "The day of capture ({start} to {end}) holds the earliest posting ({posted}): the order within the day "
    "is "
    "open, nothing contradicts."
)
REACHES_PAST = (
    "The capture interval ends {gap} after the earliest posting ({posted}). What was posted was "
    "captured before that: end the interval earlier."
)
REACHES_PAST_DAY = (
    "The capture interval ends {gap} after the day of the earliest posting ({posted}) has ended in "
    "every time zone. What was posted was captured before that: end the interval earlier."
)
AFTER = (
    "The capture interval begins {gap} after the earliest posting ({posted}): the same recording cannot"
    " have been posted before it was made. The capture time, the posting or the item is wrong."
)
AFTER_DAY = (
    "The capture interval begins {gap} after the day of the earliest posting ({posted}) has ended in "
    "every time zone: the same recording cannot have been posted before it was made. The capture time, "
    "the posting or the item is wrong."
)


FROM_ID = " The posting time is the one in the post's id, exact to {precision}."
ID_DIFFERS = (
    " But the time stated for the posting ({stated}) is {gap} off the one in the post's id ({hidden}, exact "
    "to "
    "{precision}): one of the two is not of this post."
)


@check(
    "posting_order",
    2,
    title="Capture before posting",
    reads=("camera", "subject", "captured", "captured_on", "earliest_posting"),
)
def posting_order(inputs: CheckInputs, measures: Measures) -> Finding:
    """Compare the capture interval with the earliest posting; measures the hours from one to the other."""
    captured, posting = capture_window(inputs), inputs.earliest_posting
    if captured is None:
        return inapplicable(NO_CAPTURE)
    if posting is None:
        return inapplicable(NO_POSTING)
    window = posting_window(posting)
    verdict, template, gap = _judge(captured, window)
    sentence = template.format(
        gap=duration(gap),
        posted=window.text,
        start=moment(captured.first_utc),
        end=moment(captured.last_utc),
        first=moment(window.first_utc),
        last=moment(window.last_utc),
    )
    note, differs = _about_id(posting)
    if differs and verdict is Verdict.PASSED:
        verdict = Verdict.FLAGGED
    return Finding(
        verdict=verdict,
        measured_value=gap.total_seconds() / 3600,
        unit="h",
        threshold=0.0,
        sentence=sentence + note,
        drawing=_timeline(captured, window),
    )


def posting_window(posting: Posting) -> Window:
    """The moments at which the posting may have happened; a single one when it is known exactly."""
    if posting.id_utc is not None:
        last = posting.id_utc + timedelta(seconds=posting.id_precision_s or 0.0)
        return Window(posting.id_utc, last, moment(posting.id_utc))
    if isinstance(posting.posted, datetime):
        last = posting.posted + timedelta(seconds=max(posting.precision_s or 0.0, 0.0))
        return Window(posting.posted, last, moment(posting.posted))
    return day_window(posting.posted)


def _about_id(posting: Posting) -> tuple[str, bool]:
    """Words on the time in the id, and whether the stated one differs from it."""
    if posting.id_utc is None:
        return "", False
    precision = f"{posting.id_precision_s or 0.0:g} s"
    hidden = posting_window(posting)
    stated = (
        Window(posting.posted, posting.posted, moment(posting.posted))
        if isinstance(posting.posted, datetime)
        else day_window(posting.posted)
    )
    gap = max(stated.first_utc - hidden.last_utc, hidden.first_utc - stated.last_utc, timedelta())
    if gap <= ID_TOLERANCE:
        return FROM_ID.format(precision=precision), False
    return (
        ID_DIFFERS.format(stated=stated.text, gap=duration(gap), hidden=hidden.text, precision=precision),
        True,
    )


def _judge(captured: Window, window: Window) -> tuple[Verdict, str, timedelta]:
    """Verdict, sentence, and from capture to posting: positive when capture comes first."""
    if captured.first_utc > window.last_utc:
        template = AFTER_DAY if window.date_only else AFTER
        return Verdict.FAILED, template, window.last_utc - captured.first_utc
    if captured.last_utc <= window.first_utc:
        template = BEFORE_DAY if window.date_only else BEFORE
        return Verdict.PASSED, template, window.first_utc - captured.last_utc
    if captured.last_utc > window.last_utc:
        if captured.date_only:
            # A date was given and no more: that its day runs on after the posting says nothing.
            return Verdict.PASSED, SAME_DATE, window.last_utc - captured.last_utc
        template = REACHES_PAST_DAY if window.date_only else REACHES_PAST
        return Verdict.FLAGGED, template, window.last_utc - captured.last_utc
    return Verdict.PASSED, SAME_DAY if window.date_only else SAME_MOMENT, window.last_utc - captured.last_utc


def _timeline(captured: Window, window: Window) -> JsonObject:
    return {
        "kind": "timeline",
        "spans": [
            {
                "role": "captured",
                "start_utc": encode(captured.first_utc),
                "end_utc": encode(captured.last_utc),
            },
            {"role": "posted", "start_utc": encode(window.first_utc), "end_utc": encode(window.last_utc)},
        ],
        "date_only": window.date_only,
    }
