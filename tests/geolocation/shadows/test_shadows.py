"""Times, days and places at which a measured shadow fits the sun."""

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geolocation import solar
from geolocation.coordinates.position import Position
from geolocation.shadows import Shadow, fits_between, fitting_days, misfits, possible_band, shadow_of_sun
from geolocation.shadows.measured import LIMIT_95
from geolocation.solar_series import sun_series

AVENUE = Position(39.821232, 46.758423)
DAY = datetime(2023, 9, 20, tzinfo=UTC)


def cast(position, moment, **errors):
    """The shadow that the sun casts there and then, by NREL's algorithm."""
    sun = solar.sun_position(position, moment)
    return Shadow(
        azimuth_deg=(sun.azimuth_deg + 180) % 360,
        azimuth_error_deg=errors.get("azimuth_error_deg", 1.0),
        length_ratio=1 / math.tan(math.radians(sun.apparent_altitude_deg)),
        length_ratio_error=errors.get("length_ratio_error", 0.05),
    )


def test_the_true_moment_lies_in_the_one_interval_that_fits_and_it_is_never_a_single_minute():
    moment = DAY + timedelta(hours=10)
    [fit] = fits_between(AVENUE, cast(AVENUE, moment), DAY, DAY + timedelta(days=1))
    assert fit.start_utc < moment < fit.end_utc
    assert fit.end_utc - fit.start_utc > timedelta(minutes=5)
    assert abs(fit.best_utc - moment) < timedelta(seconds=5)


def test_a_length_alone_fits_before_and_after_noon():
    whole = cast(AVENUE, DAY + timedelta(hours=10))
    shadow = Shadow(length_ratio=whole.length_ratio, length_ratio_error=0.02)
    morning, afternoon = fits_between(AVENUE, shadow, DAY, DAY + timedelta(days=1))
    # The sun stood highest at 8:46 UTC (PyEphem: transit 08:46:22).
    noon = DAY + timedelta(hours=8, minutes=46, seconds=22)
    assert noon - morning.best_utc == pytest.approx(afternoon.best_utc - noon, abs=timedelta(minutes=2))


def test_a_narrow_interval_between_two_samples_is_found():
    # Known to 0.05 degrees, under a sun that turns 0.3 degrees a minute: a few minutes, in steps of ten.
    moment = DAY + timedelta(hours=8, minutes=45)
    shadow = Shadow(azimuth_deg=cast(AVENUE, moment).azimuth_deg, azimuth_error_deg=0.05)
    [fit] = fits_between(AVENUE, shadow, DAY + timedelta(hours=7), DAY + timedelta(hours=11))
    assert fit.start_utc < moment < fit.end_utc
    assert fit.end_utc - fit.start_utc < timedelta(minutes=6)


@given(
    st.floats(-60, 60),
    st.floats(-179, 179),
    st.integers(0, 364),
    st.floats(0, 24),
    st.floats(0.3, 5),
    st.floats(0.01, 0.3),
)
@settings(max_examples=150, deadline=None)
def test_wherever_and_whenever_it_was_measured_the_true_moment_fits(
    latitude, longitude, day, hour, azimuth_error_deg, length_ratio_error
):
    position = Position(latitude, longitude)
    moment = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=hour)
    altitude_deg = solar.sun_position(position, moment).apparent_altitude_deg
    if not 5 < altitude_deg < 80:
        return
    shadow = cast(
        position, moment, azimuth_error_deg=azimuth_error_deg, length_ratio_error=length_ratio_error
    )
    found = fits_between(position, shadow, moment - timedelta(hours=2), moment + timedelta(hours=2))
    assert any(fit.start_utc <= moment <= fit.end_utc for fit in found)
    # The edges are where the errors end: at each the misfit is the limit, as far as straight pieces tell.
    for fit in found:
        for edge in (fit.start_utc, fit.end_utc):
            if abs(edge - moment) < timedelta(hours=1, minutes=50):
                track = sun_series(latitude, longitude, edge.timestamp())
                assert misfits(shadow, track)[0] == pytest.approx(LIMIT_95[2], rel=0.25)


def test_days_of_the_year_at_the_same_clock_time_are_those_of_the_same_sun():
    moment = datetime(2023, 5, 5, 10, tzinfo=UTC)
    days = [date(2023, 1, 1) + timedelta(days=number) for number in range(365)]
    # The equation of time differs by nine minutes between the two: 3 degrees of azimuth.
    shadow = cast(AVENUE, moment, azimuth_error_deg=3.0)
    found = fitting_days(AVENUE, shadow, moment, moment, days)
    assert date(2023, 5, 5) in found
    # The declination of 5 May (16.3 degrees) comes back on 8 August.
    assert any(abs((day - date(2023, 8, 8)).days) <= 3 for day in found)
    assert date(2023, 12, 21) not in found
    assert fitting_days(AVENUE, cast(AVENUE, moment), moment, moment, []) == ()


def test_the_band_on_earth_holds_the_true_place_and_no_night():
    moment = DAY + timedelta(hours=10)
    band = possible_band(cast(AVENUE, moment), moment)
    row = int((AVENUE.latitude + 90) / 0.5)
    column = int((AVENUE.longitude + 180) / 0.5)
    assert band.misfits[row, column] <= band.limit
    assert any(lat == pytest.approx(39.75) and west <= 46.75 <= east for lat, west, east in band.runs)
    night = sun_series(band.latitudes[row], band.longitudes, moment.timestamp()).altitudes_deg < 0
    assert np.isinf(band.misfits[row][night]).all()
    # With its direction it is a patch, with its length alone a ring around the place below the sun.
    ring = possible_band(Shadow(length_ratio=0.9052, length_ratio_error=0.05), moment)
    assert (ring.misfits <= ring.limit).sum() > 10 * (band.misfits <= band.limit).sum()


def test_the_ring_of_a_length_is_a_circle_around_the_place_below_the_sun():
    moment = DAY + timedelta(hours=10)
    ring = possible_band(Shadow(length_ratio=1.0, length_ratio_error=0.02), moment)
    rows, columns = np.nonzero(ring.misfits <= ring.limit)
    altitudes = sun_series(ring.latitudes[rows], ring.longitudes[columns], moment.timestamp()).altitudes_deg
    assert np.abs(altitudes - 45).max() < 2


def test_a_shadow_points_away_from_the_sun_and_is_as_long_as_the_object_at_45_degrees():
    track = solar.SunTrack(np.array([90.0, 350.0]), np.array([45.0, -5.0]), np.array([45.0, -5.0]))
    azimuths, lengths = shadow_of_sun(track)
    assert azimuths.tolist() == [270.0, 170.0]
    assert lengths[0] == pytest.approx(1.0)
    assert np.isnan(lengths[1])


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"azimuth_deg": 10.0},
        {"azimuth_error_deg": 1.0, "length_ratio": 1.0, "length_ratio_error": 0.1},
        {"azimuth_deg": 360.0, "azimuth_error_deg": 1.0},
        {"azimuth_deg": 10.0, "azimuth_error_deg": 0.0},
        {"length_ratio": -0.1, "length_ratio_error": 0.1},
        {"length_ratio": math.nan, "length_ratio_error": 0.1},
    ],
)
def test_half_a_measure_and_impossible_ones_are_refused(values):
    with pytest.raises(ValueError, match=r".+"):
        Shadow(**values)


def test_naive_moments_and_a_reversed_interval_are_refused():
    shadow = Shadow(azimuth_deg=10.0, azimuth_error_deg=1.0)
    for start, end in ((datetime(2023, 1, 1), DAY), (DAY, DAY - timedelta(hours=1))):
        with pytest.raises(ValueError, match=r"offset|before"):
            fits_between(AVENUE, shadow, start, end)
    with pytest.raises(ValueError, match="offset"):
        possible_band(shadow, datetime(2023, 1, 1))


def test_asked_for_one_moment_it_answers_for_that_moment():
    moment = DAY + timedelta(hours=10)
    [fit] = fits_between(AVENUE, cast(AVENUE, moment), moment, moment)
    assert (fit.start_utc, fit.end_utc) == (moment, moment)
    later = moment + timedelta(hours=1)
    assert fits_between(AVENUE, cast(AVENUE, moment), later, later) == ()
