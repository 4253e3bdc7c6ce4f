"""A measured shadow against the sun. Independent values: PyEphem 4.2.1 at the avenue."""

from datetime import date

import pytest

from geolocation.checks.base import Shadow
from tests.geolocation.checks.proposals import between, camera, result

# 20 September 2023, 10:00 UTC, apparent: azimuth 208.0006, altitude 47.8501. Shadow to 28.0006, ratio 0.9052.
MEASURED = Shadow(28.0, 2.0, 0.905, 0.03)
MORNING_TO_NOON = between("2023-09-20T09:30Z", "2023-09-20T10:30Z")


def judged(shadow=MEASURED, captured=MORNING_TO_NOON, **more):
    return result("shadows", camera=camera(), captured=captured, shadow=shadow, **more)


def test_a_shadow_that_fits_passes_and_names_the_interval():
    found = judged()
    assert found.verdict == "passed"
    assert found.measured_value < 0.01
    assert found.threshold == 5.991
    assert "UTC (" in found.sentence
    [fit] = found.drawing["fits"]
    assert fit[0] < "2023-09-20T10:00" < fit[1]


def test_it_names_the_days_of_the_year_with_the_same_clock_times():
    found = judged()
    # The sun stands alike on 20 September and 23 March.
    assert "Mar" in found.sentence
    assert "Sep" in found.sentence
    assert found.drawing["days"]


def test_a_shadow_at_another_time_contradicts_and_the_right_time_is_told():
    found = judged(captured=between("2023-09-20T05:00Z", "2023-09-20T06:00Z"))
    assert found.verdict == "failed"
    assert "On 2023-09-20 it would fit from 2023-09-20 09:4" in found.sentence


def test_between_the_two_limits_it_is_flagged():
    # 6 degrees off with an error of 2, and half the sun's disc: 36 / (4 + 0.267^2) = 8.84.
    found = judged(Shadow(34.0006, 2.0), captured=between("2023-09-20T10:00Z", "2023-09-20T10:00Z"))
    assert found.verdict == "flagged"
    assert found.measured_value == pytest.approx(8.84, abs=0.02)


def test_a_shadow_by_night_fails_without_a_measure():
    found = judged(captured=between("2023-09-20T18:00Z", "2023-09-20T20:00Z"))
    assert found.verdict == "failed"
    assert found.measured_value is None
    assert "sun was below" in found.sentence


def test_a_date_alone_is_that_day_at_the_place():
    found = judged(captured=None, captured_on=date(2023, 9, 20))
    assert found.verdict == "passed"


@pytest.mark.parametrize(
    "changed",
    [
        {"shadow": None},
        {"captured": None},
        {"captured": between("2023-09-01T00:00Z", "2023-11-01T00:00Z")},
    ],
)
def test_without_a_measure_or_a_time_it_is_inapplicable(changed):
    assert judged(**changed).verdict == "inapplicable"


def test_without_a_place_it_is_inapplicable():
    assert result("shadows", captured=MORNING_TO_NOON, shadow=MEASURED).verdict == "inapplicable"
