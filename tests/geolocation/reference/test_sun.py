"""The sun against an independent implementation (PyEphem), and the fast series against NREL's algorithm."""

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from geolocation import solar
from geolocation.solar_series import BLOCK_DAYS, DAY_S, refraction_deg, sun_series

ROWS = list(csv.DictReader((Path(__file__).parent / "sun.csv").read_text().splitlines()))
LATITUDES, LONGITUDES, AZIMUTHS, ALTITUDES = (
    np.array([float(row[name]) for row in ROWS])
    for name in ("latitude", "longitude", "azimuth_deg", "altitude_deg")
)
SECONDS = np.array([datetime.fromisoformat(row["moment"]).timestamp() for row in ROWS])


def turned(one, other):
    return np.abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("sun", [solar.sun_track, sun_series])
def test_240_places_and_times_agree_within_a_hundredth_of_a_degree(sun):
    track = sun(LATITUDES, LONGITUDES, SECONDS)
    assert len(ROWS) == 240
    assert np.abs(track.altitudes_deg - ALTITUDES).max() <= 0.01
    assert turned(track.azimuths_deg, AZIMUTHS).max() <= 0.01


def test_the_series_gives_nrels_published_example():
    # SPA report, A.5: 17 October 2003, 12:30:30 UTC-7, 39.742476 N, 105.1786 W, azimuth 194.34024. Its
    # zenith is refracted at 820 mbar and 1830 m, so the geometric one is compared with the algorithm's.
    moment = datetime.fromisoformat("2003-10-17T12:30:30-07:00").timestamp()
    track = sun_series(39.742476, -105.1786, moment)
    exact = solar.sun_track(39.742476, -105.1786, moment, delta_t_s=67.0, elevation_m=1830.14)
    assert track.azimuths_deg[0] == pytest.approx(194.34024, abs=0.001)
    assert track.altitudes_deg[0] == pytest.approx(exact.altitudes_deg[0], abs=0.001)


def test_the_series_is_within_a_millionth_of_a_degree_of_the_algorithm():
    chance = np.random.default_rng(11)
    latitudes, longitudes = chance.uniform(-90, 90, 4000), chance.uniform(-180, 180, 4000)
    seconds = chance.uniform(-2e9, 4e9, 4000)
    fast, exact = sun_series(latitudes, longitudes, seconds), solar.sun_track(latitudes, longitudes, seconds)
    assert np.abs(fast.altitudes_deg - exact.altitudes_deg).max() < 1e-6
    assert np.abs(fast.apparent_altitudes_deg - exact.apparent_altitudes_deg).max() < 1e-6
    # Near the zenith an azimuth means little: compare what it moves on the sky.
    on_sky = turned(fast.azimuths_deg, exact.azimuths_deg) * np.cos(np.radians(exact.altitudes_deg))
    assert on_sky.max() < 1e-6


def test_where_two_blocks_of_days_meet_nothing_jumps():
    edge = BLOCK_DAYS * 48 * DAY_S
    track = sun_series(39.82, 46.76, edge + np.arange(-120.0, 121.0, 1.0))
    assert np.abs(np.diff(track.altitudes_deg, 2)).max() < 1e-5
    assert track.azimuths_deg.max() < 360


def test_refraction_is_that_of_the_algorithm_and_zero_below_the_horizon():
    track = solar.sun_track(np.full(200, 40.0), np.linspace(-180, 180, 200), SECONDS[0])
    raised = track.apparent_altitudes_deg - track.altitudes_deg
    assert refraction_deg(track.altitudes_deg) == pytest.approx(raised, abs=1e-9)
    assert refraction_deg(np.array([-5.11, -1.0])).tolist() == [0.0, 0.0]
