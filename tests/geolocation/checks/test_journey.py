"""Journeys between recordings of one device or source."""

from datetime import date

import pytest

from geolocation.checks.base import Recording
from tests.geolocation.checks.proposals import AVENUE, away, between, camera, result

NOON = between("2023-09-20T12:00Z", "2023-09-20T12:00Z")
AN_HOUR_LATER = between("2023-09-20T13:00Z", "2023-09-20T13:00Z")


def other(distance_m, tie="device", captured=AN_HOUR_LATER, item="M07"):
    return Recording(item, tie, "F17", away(AVENUE, 80, distance_m), 20, captured)


def judged(*recordings, **more):
    return result("journey", **{"camera": camera(), "captured": NOON, **more}, recordings=recordings)


@pytest.mark.parametrize(
    ("distance_m", "tie", "verdict"),
    [
        # Three joint uncertainties, 3 * sqrt(20^2 + 20^2) = 84.9 m, are taken off the distance.
        (150_080, "device", "passed"),
        (150_090, "device", "flagged"),
        (1_300_080, "device", "flagged"),
        (1_300_090, "device", "failed"),
        (1_300_090, "source", "flagged"),
    ],
)
def test_speeds_within_an_hour(distance_m, tie, verdict):
    assert judged(other(distance_m, tie)).verdict == verdict


def test_the_least_speed_is_measured_and_told():
    found = judged(other(500_000))
    assert found.measured_value == pytest.approx((500_000 - 84.853) / 1000, abs=0.01)
    assert found.unit == "km/h"
    assert "500 km/h or more" in found.sentence


def test_both_intervals_leave_the_longest_time():
    loose = between("2023-09-20T06:00Z", "2023-09-20T20:00Z")
    # From 06:00 to 13:00 are seven hours, from 12:00 to 20:00 eight.
    assert judged(other(500_000), captured=loose).measured_value == pytest.approx(499.915 / 7, abs=0.01)
    assert judged(other(500_000, captured=loose)).measured_value == pytest.approx(499.915 / 8, abs=0.01)


def test_at_the_same_moment_in_two_places_is_impossible():
    assert judged(other(5_000, captured=NOON)).verdict == "failed"
    assert judged(other(60, captured=NOON)).verdict == "passed"


def test_a_failing_device_is_told_before_a_faster_source():
    found = judged(other(9_000_000, "source", item="M01"), other(2_000_000, item="M02"))
    assert found.verdict == "failed"
    assert found.sentence.startswith("M02")


def test_a_date_alone_leaves_the_whole_day():
    found = judged(other(2_000_000), captured=None, captured_on=date(2023, 9, 20))
    assert found.verdict == "passed"


@pytest.mark.parametrize("missing", ["camera", "captured"])
def test_without_place_or_time_it_is_inapplicable(missing):
    assert judged(other(9), **{missing: None}).verdict == "inapplicable"
    assert judged().verdict == "inapplicable"
