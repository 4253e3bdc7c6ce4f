"""Was it captured before it was first posted?

A posting known by its date alone stays a date: nobody says in which time zone, so it may mean any moment from
that day's start in UTC+14 to its end in UTC-12, fifty hours in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from geolocation.checks.base import (
    CheckInputs,
    Finding,
    Interval,
    JsonObject,
    Posting,
    Verdict,
    encode,
    inapplicable,
)
from geolocation.checks.registry import check
from geolocation.checks.wording import day, duration, moment

# The outermost civil time zones: Line Islands (UTC+14) and Baker and Howland (UTC-12), IANA tz database.
EASTERNMOST_OFFSET = timedelta(hours=14)
WESTERNMOST_OFFSET = timedelta(hours=-12)

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


@dataclass(frozen=True, slots=True)
class _Window:
    """The moments at which the posting may have happened, ends included; a single one when it is known."""

    first_utc: datetime
    last_utc: datetime
    text: str
    date_only: bool


@check("posting_order", 1, title="Capture before posting")
def posting_order(inputs: CheckInputs) -> Finding:
    """Compare the capture interval with the earliest posting; measures the hours from one to the other."""
    if inputs.captured is None:
        return inapplicable(NO_CAPTURE, earliest_posting=inputs.earliest_posting)
    if inputs.earliest_posting is None:
        return inapplicable(NO_POSTING, captured=inputs.captured)
    window = _window(inputs.earliest_posting)
    verdict, template, gap = _judge(inputs.captured, window)
    return Finding(
        verdict=verdict,
        measured_value=gap.total_seconds() / 3600,
        unit="h",
        threshold=0.0,
        sentence=template.format(
            gap=duration(gap),
            posted=window.text,
            start=moment(inputs.captured.start_utc),
            end=moment(inputs.captured.end_utc),
            first=moment(window.first_utc),
            last=moment(window.last_utc),
        ),
        drawing=_timeline(inputs.captured, window),
        used={"captured": encode(inputs.captured), "earliest_posting": encode(inputs.earliest_posting)},
    )


def _window(posting: Posting) -> _Window:
    if isinstance(posting.posted, datetime):
        return _Window(posting.posted, posting.posted, moment(posting.posted), date_only=False)
    midnight = datetime.combine(posting.posted, time(), tzinfo=UTC)
    return _Window(
        first_utc=midnight - EASTERNMOST_OFFSET,
        last_utc=midnight + timedelta(days=1) - WESTERNMOST_OFFSET,
        text=day(posting.posted),
        date_only=True,
    )


def _judge(captured: Interval, window: _Window) -> tuple[Verdict, str, timedelta]:
    """Verdict, sentence, and from capture to posting: positive when capture comes first."""
    if captured.start_utc > window.last_utc:
        template = AFTER_DAY if window.date_only else AFTER
        return Verdict.FAILED, template, window.last_utc - captured.start_utc
    if captured.end_utc > window.last_utc:
        template = REACHES_PAST_DAY if window.date_only else REACHES_PAST
        return Verdict.FLAGGED, template, window.last_utc - captured.end_utc
    if captured.end_utc <= window.first_utc:
        template = BEFORE_DAY if window.date_only else BEFORE
        return Verdict.PASSED, template, window.first_utc - captured.end_utc
    return Verdict.PASSED, SAME_DAY, window.last_utc - captured.end_utc


def _timeline(captured: Interval, window: _Window) -> JsonObject:
    return {
        "kind": "timeline",
        "spans": [
            {
                "role": "captured",
                "start_utc": encode(captured.start_utc),
                "end_utc": encode(captured.end_utc),
            },
            {"role": "posted", "start_utc": encode(window.first_utc), "end_utc": encode(window.last_utc)},
        ],
        "date_only": window.date_only,
    }
