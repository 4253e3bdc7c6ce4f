"""The sun against NREL's published example and against geometry that needs no algorithm."""

import runpy
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from geolocation import solar
from geolocation.coordinates.position import Position
from geolocation.solar import Light

GOLDEN = Position(39.742476, -105.1786)


def test_nrels_published_example_comes_out():
    # Reda and Andreas, NREL/TP-560-34302, table A5.1: zenith 50.11162, azimuth 194.34024.
    moment = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7)))
    track = solar.sun_track(
        GOLDEN.latitude,
        GOLDEN.longitude,
        moment.timestamp(),
        elevation_m=1830.14,
        pressure_mbar=820,
        temperature_c=11,
        delta_t_s=67,
    )
    assert 90 - track.apparent_altitudes_deg[0] == pytest.approx(50.11162, abs=1e-5)
    assert track.azimuths_deg[0] == pytest.approx(194.34024, abs=1e-5)


def test_defaults_are_near_enough_for_a_photograph():
    moment = datetime(2003, 10, 17, 19, 30, 30, tzinfo=UTC)
    sun = solar.sun_position(GOLDEN, moment, elevation_m=1830.14)
    assert sun.apparent_altitude_deg == pytest.approx(90 - 50.11162, abs=0.01)
    assert sun.azimuth_deg == pytest.approx(194.34024, abs=0.001)


def test_at_the_june_solstice_the_noon_sun_stands_over_the_tropic():
    # Obliquity of the ecliptic in 2023: 23.436 degrees. Greenwich apparent noon on 21 June is 12:01:50 UTC.
    noon = datetime(2023, 6, 21, 12, 1, 50, tzinfo=UTC)
    greenwich = solar.sun_position(Position(51.4779, 0.0), noon)
    assert greenwich.altitude_deg == pytest.approx(90 - 51.4779 + 23.436, abs=0.01)
    assert greenwich.azimuth_deg == pytest.approx(180, abs=0.1)
    assert solar.sun_position(Position(23.436, 0.0), noon).altitude_deg == pytest.approx(90, abs=0.05)


def test_the_pole_sees_the_sun_go_round_at_the_height_of_its_declination():
    hours = [datetime(2023, 6, 21, hour, tzinfo=UTC) for hour in range(0, 24, 6)]
    sun = solar.sun_positions(Position(90.0, 0.0), hours)
    assert [s.altitude_deg for s in sun] == pytest.approx([23.436] * 4, abs=0.01)


def test_tromso_has_no_sun_at_noon_in_december_and_sun_at_midnight_in_june():
    tromso = Position(69.6492, 18.9553)
    assert solar.sun_position(tromso, datetime(2023, 12, 21, 10, 45, tzinfo=UTC)).altitude_deg < 0
    assert solar.sun_position(tromso, datetime(2023, 6, 21, 22, 45, tzinfo=UTC)).altitude_deg > 0


def test_a_local_time_means_the_same_sun_as_its_utc():
    local = datetime(2023, 9, 19, 13, tzinfo=timezone(timedelta(hours=4)))
    assert solar.sun_position(GOLDEN, local) == solar.sun_position(GOLDEN, local.astimezone(UTC))


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="offset"):
        solar.sun_position(GOLDEN, datetime(2023, 9, 19, 13))


def test_no_moments_give_no_sun():
    assert solar.sun_positions(GOLDEN, []) == ()


def test_arrays_of_places_and_times_agree_with_single_ones():
    places = [GOLDEN, Position(-33.86, 151.21), Position(78.2, 15.6)]
    moments = [datetime(2020, 1, day, 3 * day, tzinfo=UTC) for day in (1, 2, 3)]
    track = solar.sun_track(
        [p.latitude for p in places], [p.longitude for p in places], [m.timestamp() for m in moments]
    )
    singles = [solar.sun_position(p, m) for p, m in zip(places, moments, strict=True)]
    assert track.azimuths_deg == pytest.approx([s.azimuth_deg for s in singles])
    assert track.altitudes_deg == pytest.approx([s.altitude_deg for s in singles])


def test_azimuths_stay_below_360():
    seconds = datetime(2023, 9, 19, tzinfo=UTC).timestamp() + np.arange(0, 86400, 60)
    azimuths = solar.sun_track(GOLDEN.latitude, GOLDEN.longitude, seconds).azimuths_deg
    assert azimuths.min() >= 0
    assert azimuths.max() < 360


def test_short_and_long_arrays_agree_with_pvlib_as_published():
    # pvlib's own sums, run from an untouched copy of its module.
    published = runpy.run_path(solar._SPA.__spec__.origin)["solar_position_numpy"]
    chance = np.random.default_rng(7)
    for count in (1, 30, solar.MATRIX_MOMENTS + 1):
        latitudes, longitudes = chance.uniform(-90, 90, count), chance.uniform(-180, 180, count)
        seconds = chance.uniform(-2e9, 4e9, count)
        track = solar.sun_track(latitudes, longitudes, seconds)
        _, _, apparent, geometric, azimuth, _ = published(
            seconds, latitudes, longitudes, 0.0, 1013.25, 12.0, 69.2, 0.5667, 1
        )
        assert track.altitudes_deg == pytest.approx(geometric, abs=1e-9)
        assert track.apparent_altitudes_deg == pytest.approx(apparent, abs=1e-9)
        assert np.abs(np.sin(np.radians(track.azimuths_deg - azimuth))).max() < 1e-9


@pytest.mark.parametrize(
    ("altitude_deg", "light"),
    [
        (10, Light.DAY),
        (-0.833, Light.DAY),
        (-0.84, Light.CIVIL_TWILIGHT),
        (-6, Light.CIVIL_TWILIGHT),
        (-6.01, Light.NAUTICAL_TWILIGHT),
        (-12.01, Light.ASTRONOMICAL_TWILIGHT),
        (-18, Light.ASTRONOMICAL_TWILIGHT),
        (-18.01, Light.NIGHT),
    ],
)
def test_light_has_the_boundaries_of_the_almanac(altitude_deg, light):
    assert solar.light_at(altitude_deg) is light


def test_importing_the_sun_does_not_import_pandas():
    program = "import sys, geolocation.solar; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
