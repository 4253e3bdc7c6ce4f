"""What cannot be an input is refused where it is made, not where it is used."""

from datetime import UTC, date, datetime

import pytest

from geolocation.checks.base import CheckInputs, FileFix, FileTime, Interval, PlacedPoint, Posting
from geolocation.coordinates.position import Position
from tests.geolocation.checks.proposals import AVENUE

NOON = datetime(2023, 9, 19, 12, tzinfo=UTC)


@pytest.mark.parametrize("uncertainty_m", [0, -1, float("nan"), float("inf")])
def test_an_uncertainty_is_a_positive_number(uncertainty_m):
    with pytest.raises(ValueError, match="uncertainty"):
        PlacedPoint(AVENUE, uncertainty_m)


def test_an_interval_needs_offsets_and_runs_forward():
    with pytest.raises(ValueError, match="offset"):
        Interval(datetime(2023, 9, 19), NOON)
    with pytest.raises(ValueError, match="before it starts"):
        Interval(NOON, datetime(2023, 9, 19, tzinfo=UTC))


def test_an_interval_is_kept_in_utc():
    assert Interval(datetime.fromisoformat("2023-09-19T13:00+04:00"), NOON).start_utc.isoformat() == (
        "2023-09-19T09:00:00+00:00"
    )


def test_a_year_that_is_a_typing_error_is_refused():
    with pytest.raises(ValueError, match="years"):
        Interval(datetime(202, 9, 19, tzinfo=UTC), NOON)
    with pytest.raises(ValueError, match="posting"):
        Posting(date(9999, 12, 31))


def test_a_naive_posting_moment_and_a_naive_utc_are_refused():
    with pytest.raises(ValueError, match="offset"):
        Posting(datetime(2023, 9, 19, 12))
    with pytest.raises(ValueError, match="local_naive"):
        FileTime(utc=datetime(2023, 9, 19, 12))


def test_not_a_number_is_none_and_nothing_else():
    with pytest.raises(ValueError, match="None"):
        FileFix(float("nan"), 46.7)
    with pytest.raises(ValueError, match="None"):
        CheckInputs(bearing_deg=float("inf"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"field_of_view_deg": 0},
        {"field_of_view_deg": 361},
        {"file_heading_reference": "M"},
        {"preferred_fix": 0},
    ],
)
def test_inputs_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(ValueError, match=r"field of view|north|preferred"):
        CheckInputs(**wrong)


def test_an_area_that_surrounds_the_globe_is_refused():
    with pytest.raises(ValueError, match="surround"):
        CheckInputs(subject_area=(Position(0.0, 0.0), Position(0.0, 180.0)))


@pytest.mark.parametrize(
    "fix", [FileFix(None, 46.7), FileFix(95.0, 46.7), FileFix(0.0, 0.0, status="null_island")]
)
def test_a_fix_that_cannot_be_used_has_no_position(fix):
    assert fix.position is None
