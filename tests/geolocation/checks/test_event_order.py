"""Recordings and postings against the days that claims speak of."""

from datetime import UTC, date, datetime

import pytest

from geolocation.checks.base import Event, Posting
from tests.geolocation.checks.proposals import between, camera, result

FROM_19TH = Event("C02", date(2023, 9, 19), date(2023, 9, 20))


def judged(**inputs):
    return result("event_order", **{"camera": camera(), "events": (FROM_19TH,), **inputs})


@pytest.mark.parametrize(
    ("end", "verdict"),
    [
        # The 19th began at the avenue at 20:00 UTC of the 18th.
        ("2023-09-18T19:59Z", "flagged"),
        ("2023-09-18T20:01Z", "passed"),
    ],
)
def test_a_day_begins_by_the_clock_at_that_place(end, verdict):
    found = judged(captured=between("2023-09-18T10:00Z", end))
    assert found.verdict == verdict


def test_old_footage_is_told_with_the_gap():
    found = judged(captured=between("2020-10-01T10:00Z", "2020-10-01T11:00Z"))
    assert found.verdict == "flagged"
    assert found.measured_value == pytest.approx(-1082 * 24 - 9)
    assert "cannot show that" in found.sentence


def test_what_was_posted_before_the_event_cannot_show_it():
    found = judged(earliest_posting=Posting(datetime(2023, 9, 1, tzinfo=UTC)))
    assert found.verdict == "flagged"
    assert found.sentence.startswith("The item was posted")


def test_a_recording_of_afterwards_passes_and_is_told():
    found = judged(captured=between("2023-09-25T10:00Z", "2023-09-25T11:00Z"))
    assert found.verdict == "passed"
    assert "may show what was left" in found.sentence


def test_several_claims_and_the_worst_is_told():
    early = Event("C09", date(2023, 9, 30), None)
    found = judged(captured=between("2023-09-20T10:00Z", "2023-09-20T11:00Z"), events=(FROM_19TH, early))
    assert found.verdict == "flagged"
    assert "C09" in found.sentence


def test_without_days_or_times_it_is_inapplicable():
    assert "names its days" in judged(events=(Event("C01", None, None),)).sentence
    assert "Neither a capture time" in judged().sentence
