"""The year's blocks against the day's own search; and the band's figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geolocation.coordinates.position import Position
from geolocation.shadows import Shadow, fits_between, possible_band
from geolocation.shadows.band import sun_overhead
from geolocation.shadows.year import year_of

QUAY = Position(39.821232, 46.758423)
BAKU = ZoneInfo("Asia/Baku")
SHADOW = Shadow(azimuth_deg=40, azimuth_error_deg=2, length_ratio=1, length_ratio_error=0.05)


def test_every_day_of_the_year_has_the_intervals_of_its_own_search() -> None:
    days = year_of(QUAY, SHADOW, 2023, BAKU)
    assert len(days) == 365
    assert sum(bool(each.fits) for each in days) > 20
    for each in days[::7]:
        start = datetime(each.day.year, each.day.month, each.day.day, tzinfo=BAKU)
        found = fits_between(QUAY, SHADOW, start, start + timedelta(days=1))
        hours = [
            tuple((at - start).total_seconds() / 3600 for at in (fit.start_utc, fit.end_utc)) for fit in found
        ]
        # In pieces of five minutes the edges are good to seconds.
        assert [pytest.approx(span, abs=1 / 60) for span in hours] == list(each.fits), each.day


def test_hours_follow_the_clocks_through_summer_time() -> None:
    days = {each.day: each for each in year_of(Position(52.5, 13.4), SHADOW, 2024, ZoneInfo("Europe/Berlin"))}
    assert len(days) == 366
    # NOAA: sunrise in Berlin at 05:45 and 06:41 local time on these days.
    assert days[date(2024, 3, 30)].sunlit[0][0] == pytest.approx(5 + 45 / 60, abs=0.25)
    assert days[date(2024, 4, 1)].sunlit[0][0] == pytest.approx(6 + 41 / 60, abs=0.25)


def test_the_sun_stands_overhead_where_the_almanac_says() -> None:
    # The equinox of 23 September 2023 was at 06:50 UTC; the sun crossed Greenwich at 11:52:22 that day.
    noon = sun_overhead(datetime(2023, 9, 23, 11, 52, 22, tzinfo=UTC))
    assert noon.latitude == pytest.approx(0.0, abs=0.1)
    assert noon.longitude == pytest.approx(0.0, abs=0.05)


def test_the_share_of_a_band_by_length_alone_is_that_of_a_ring_about_the_sun() -> None:
    # Altitudes from 40 to 50 degrees: a ring of 40 to 50 degrees about the point below the sun, whose share
    # of a sphere is (cos 40 - cos 50) / 2.
    shadow = Shadow(length_ratio=1.0, length_ratio_error=0.0890)
    band = possible_band(shadow, datetime(2023, 9, 20, 10, tzinfo=UTC))
    assert band.share == pytest.approx((0.7660 - 0.6428) / 2, rel=0.05)
    assert band.step_deg == 0.5
