"""Is the recording older than the event that it is said to show?

The oldest trick is old footage under a new name. A recording made or posted before the event began cannot
show it; one made after it ended may show what was left of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from geolocation.checks.base import CheckInputs, Event, Finding, Verdict, encode, inapplicable
from geolocation.checks.measures import Measures
from geolocation.checks.posting_order import posting_window
from geolocation.checks.registry import check
from geolocation.checks.window import Window, capture_window, day_window
from geolocation.checks.wording import day, duration

NO_EVENT = "No claim that this item is said to show names its days, so there is nothing to compare with."
NO_TIME = (
    "Neither a capture time nor a posting is known, so it cannot be compared with the days of the claims."
)
CAPTURED_BEFORE = (
    "The recording was made by {made}, {gap} before the first day that {claim} speaks of ({first}) begins: "
    "it "
    "cannot show that. The capture time, the claim or the link between them is wrong."
)
POSTED_BEFORE = (
    "The item was posted by {made}, {gap} before the first day that {claim} speaks of ({first}) begins: it "
    "cannot "
    "show that. The posting, the claim or the link between them is wrong."
)
AFTER = (
    "The recording was made {gap} after the last day that {claim} speaks of ({last}): it may show what was "
    "left, "
    "not the event itself."
)
FITS = "The recording is not older than what the claims speak of ({claims})."


@check(
    "event_order",
    1,
    title="Not older than the event",
    reads=("camera", "subject", "captured", "captured_on", "events", "earliest_posting"),
)
def event_order(inputs: CheckInputs, measures: Measures) -> Finding:
    """From the end of the capture (or posting) back to the first day of each claim; measures hours."""
    events = [event for event in inputs.events if event.first_day is not None or event.last_day is not None]
    if not events:
        return inapplicable(NO_EVENT)
    captured = capture_window(inputs)
    posted = posting_window(inputs.earliest_posting) if inputs.earliest_posting is not None else None
    if captured is None and posted is None:
        return inapplicable(NO_TIME)
    findings = [_judge(event, captured, posted, inputs) for event in events]
    flagged = [each for each in findings if each.verdict is Verdict.FLAGGED]
    if flagged:
        return min(flagged, key=lambda each: each.measured_value or 0.0)
    worded = next((each for each in findings if each.sentence), None)
    if worded is not None:
        return worded
    nearest = min(findings, key=lambda each: abs(each.measured_value or 0.0))
    return Finding(
        verdict=Verdict.PASSED,
        measured_value=nearest.measured_value,
        unit="h",
        threshold=0.0,
        sentence=FITS.format(claims=", ".join(event.claim for event in events)),
        drawing=nearest.drawing,
    )


def _judge(event: Event, captured: Window | None, posted: Window | None, inputs: CheckInputs) -> Finding:
    """Negative hours: so long before the event began. An empty sentence: it fits."""
    placed = inputs.subject or inputs.camera
    place = placed.position if placed is not None else None
    begins = day_window(event.first_day, place).first_utc if event.first_day else None
    ends = day_window(event.last_day, place).last_utc if event.last_day else None
    sentence, verdict, margin = "", Verdict.PASSED, timedelta()
    for window, template in ((captured, CAPTURED_BEFORE), (posted, POSTED_BEFORE)):
        if window is None or begins is None or sentence or event.first_day is None:
            continue
        margin = window.last_utc - begins
        if margin < timedelta():
            verdict = Verdict.FLAGGED
            sentence = template.format(
                made=window.text, gap=duration(margin), claim=event.claim, first=day(event.first_day)
            )
    if not sentence and captured and ends and event.last_day and captured.first_utc > ends:
        margin = captured.first_utc - ends
        sentence = AFTER.format(gap=duration(margin), claim=event.claim, last=day(event.last_day))
    return Finding(
        verdict=verdict,
        measured_value=margin.total_seconds() / 3600,
        unit="h",
        threshold=0.0,
        sentence=sentence,
        drawing=_timeline(begins, ends, captured, posted),
    )


def _timeline(
    begins: datetime | None, ends: datetime | None, captured: Window | None, posted: Window | None
) -> dict[str, object]:
    spans: list[dict[str, object]] = [
        {"role": "event", "start_utc": encode(begins), "end_utc": encode(ends)},
    ]
    for role, window in (("captured", captured), ("posted", posted)):
        if window is not None:
            spans.append(
                {"role": role, "start_utc": encode(window.first_utc), "end_utc": encode(window.last_utc)}
            )
    return {"kind": "timeline", "spans": spans, "date_only": True}
