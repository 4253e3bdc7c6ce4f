"""Capture against the earliest posting; the day of a date lasts fifty hours around the world."""

from datetime import UTC, date, datetime

import pytest

from geolocation.checks.base import Posting
from tests.geolocation.checks.proposals import between, camera, result

# The moment hidden in the case's post M11.
POSTED = Posting(datetime.fromisoformat("2023-09-21T05:43:29.922+00:00"), "post id")
ON_THE_DAY = Posting(date(2023, 9, 20), "post page")


def order(start, end, posting):
    return result("posting_order", captured=between(start, end), earliest_posting=posting)


def test_captured_before_it_was_posted_passes_with_the_gap():
    found = order("2023-09-20T10:00+04:00", "2023-09-21T05:43:29.922+04:00", POSTED)
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(4)
    assert found.unit == "h"
    assert found.sentence == (
        "The capture interval ends 4.0 h before the earliest posting (2023-09-21 05:43 UTC)."
    )


def test_an_interval_that_reaches_past_the_posting_is_flagged():
    found = order("2023-09-20T10:00Z", "2023-09-21T06:13:29.922Z", POSTED)
    assert found.verdict == "flagged"
    assert found.measured_value == pytest.approx(-0.5)
    assert "30 min after" in found.sentence


def test_captured_after_it_was_posted_fails():
    found = order("2023-09-21T05:43:30Z", "2023-09-21T08:00Z", POSTED)
    assert found.verdict == "failed"
    assert "cannot have been posted before it was made" in found.sentence


@pytest.mark.parametrize(
    ("start", "end", "verdict", "words"),
    [
        # The day starts on 19 September 10:00 UTC (UTC+14) and ends on 21 September 12:00 UTC (UTC-12).
        ("2023-09-19T08:00Z", "2023-09-19T10:00Z", "passed", "begins in any time zone"),
        ("2023-09-19T08:00Z", "2023-09-19T10:01Z", "passed", "touches the day"),
        ("2023-09-21T11:00Z", "2023-09-21T12:00Z", "passed", "touches the day"),
        ("2023-09-21T11:00Z", "2023-09-21T12:01Z", "flagged", "has ended in every time zone"),
        ("2023-09-21T12:01Z", "2023-09-21T13:00Z", "failed", "has ended in every time zone"),
    ],
)
def test_a_date_stays_a_date_in_every_time_zone(start, end, verdict, words):
    found = order(start, end, ON_THE_DAY)
    assert found.verdict == verdict
    assert words in found.sentence
    assert "2023-09-20" in found.sentence


def test_the_drawing_shows_the_whole_day():
    found = order("2023-09-20T11:00Z", "2023-09-20T12:00Z", ON_THE_DAY)
    assert found.drawing["date_only"] is True
    assert found.drawing["spans"][1] == {
        "role": "posted",
        "start_utc": "2023-09-19T10:00:00+00:00",
        "end_utc": "2023-09-21T12:00:00+00:00",
    }


def test_what_is_missing_is_named():
    assert "capture interval is missing" in result("posting_order", earliest_posting=POSTED).sentence
    captured = between("2023-09-20T10:00Z", "2023-09-20T11:00Z")
    found = result("posting_order", captured=captured)
    assert found.verdict == "inapplicable"
    assert "No posting" in found.sentence


HIDDEN = datetime(2023, 9, 20, 8, 0, tzinfo=UTC)


def posted(stated, **more):
    return Posting(stated, "as posted", id_utc=HIDDEN, id_precision_s=1.0, **more)


def test_the_moment_in_the_post_id_goes_before_the_one_stated():
    found = result(
        "posting_order",
        captured=between("2023-09-20T06:00Z", "2023-09-20T07:00Z"),
        earliest_posting=posted(datetime(2023, 9, 20, 8, 4, tzinfo=UTC)),
    )
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(1.0)
    assert "the one in the post's id, exact to 1 s" in found.sentence


@pytest.mark.parametrize(("minute", "verdict"), [(5, "passed"), (6, "flagged")])
def test_a_stated_time_far_off_the_one_in_the_id_is_flagged(minute, verdict):
    found = result(
        "posting_order",
        captured=between("2023-09-20T06:00Z", "2023-09-20T07:00Z"),
        earliest_posting=posted(datetime(2023, 9, 20, 8, minute, 1, tzinfo=UTC)),
    )
    assert found.verdict == verdict
    assert ("not of this post" in found.sentence) == (verdict == "flagged")


def test_a_stated_day_that_holds_the_moment_in_the_id_agrees_with_it():
    captured = between("2023-09-20T06:00Z", "2023-09-20T07:00Z")
    same = result("posting_order", captured=captured, earliest_posting=posted(date(2023, 9, 20)))
    assert same.verdict == "passed"
    other = result("posting_order", captured=captured, earliest_posting=posted(date(2023, 9, 23)))
    assert other.verdict == "flagged"


def test_a_capture_known_by_its_date_is_that_day_at_the_camera():
    # The 21st began at the avenue at 20:00 UTC of the 20th: twelve hours after the posting.
    found = result(
        "posting_order", camera=camera(), captured_on=date(2023, 9, 21), earliest_posting=Posting(HIDDEN)
    )
    assert found.verdict == "failed"
    assert found.measured_value == pytest.approx(-12)
    same_day = result(
        "posting_order", camera=camera(), captured_on=date(2023, 9, 20), earliest_posting=Posting(HIDDEN)
    )
    assert same_day.verdict == "passed"
    assert "order within the day is open" in same_day.sentence
