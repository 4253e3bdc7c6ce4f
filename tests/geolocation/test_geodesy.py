"""Geodesics against published values: nothing here was computed with the code under test."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolocation import geodesy
from geolocation.coordinates.position import Position

AVENUE = Position(39.821232, 46.758423)
TERMINAL = Position(39.899226, 46.787836)
CHURCH = Position(39.902255, 46.793253)

# The reference geodesics that the case file states.
CASE_GEODESICS = [
    (AVENUE, TERMINAL, 9018.1415, 16.19601),
    (AVENUE, CHURCH, 9476.9476, 18.31793),
    (TERMINAL, CHURCH, 572.4581, 54.01858),
]

# First line of Karney's GeodTest.dat (doi:10.5281/zenodo.32156), with lon1 = 0:
# lat1, azi1, lat2, lon2, azi2, s12.
GEODTEST_LINE = (
    36.530042355041,
    176.125875162171,
    -48.164270779097768864,
    5.762344694676510456,
    175.334308316285410561,
    9398502.0434687,
)

latitudes = st.floats(-90, 90, allow_subnormal=False)
longitudes = st.floats(-180, 180, allow_subnormal=False)
positions = st.builds(Position, latitudes, longitudes)
azimuths = st.floats(-1000, 1000, allow_subnormal=False)


@pytest.mark.parametrize(("start", "end", "distance_m", "azimuth_deg"), CASE_GEODESICS)
def test_the_reference_geodesics_of_the_case_come_out(start, end, distance_m, azimuth_deg):
    line = geodesy.inverse(start, end)
    assert line.distance_m == pytest.approx(distance_m, abs=1e-3)
    assert line.azimuth_deg == pytest.approx(azimuth_deg, abs=1e-4)


def test_the_inverse_problem_agrees_with_karneys_test_set():
    lat1, azi1, lat2, lon2, azi2, s12 = GEODTEST_LINE
    line = geodesy.inverse(Position(lat1, 0.0), Position(lat2, lon2))
    assert line.distance_m == pytest.approx(s12, abs=1e-6)
    assert line.azimuth_deg == pytest.approx(azi1, abs=1e-10)
    assert line.back_azimuth_deg == pytest.approx(azi2 + 180, abs=1e-10)


def test_the_direct_problem_agrees_with_karneys_test_set():
    lat1, azi1, lat2, lon2, _azi2, s12 = GEODTEST_LINE
    end = geodesy.direct(Position(lat1, 0.0), azi1, s12)
    assert end.latitude == pytest.approx(lat2, abs=1e-11)
    assert end.longitude == pytest.approx(lon2, abs=1e-11)


def test_the_example_flight_from_jfk_to_heathrow():
    # GeographicLib's inverse example: 40.6 N 73.8 W to 51.6 N 0.5 W is 5551759.400 m, azimuth 51.198883.
    line = geodesy.inverse(Position(40.6, -73.8), Position(51.6, -0.5))
    assert line.distance_m == pytest.approx(5551759.400, abs=1e-3)
    assert line.azimuth_deg == pytest.approx(51.198883, abs=1e-6)
    assert line.back_azimuth_deg == pytest.approx(107.821777 + 180, abs=1e-6)


def test_the_nearly_antipodal_example_on_which_vincenty_fails():
    # GeographicLib's documentation: Wellington to Salamanca is 19959679.267 m.
    line = geodesy.inverse(Position(-41.32, 174.81), Position(40.96, -5.50))
    assert line.distance_m == pytest.approx(19959679.267, abs=1e-3)
    assert line.azimuth_deg == pytest.approx(161.067669986160, abs=1e-9)


def test_the_direct_example_from_perth():
    # GeographicLib's documentation: 20000 km south-west of Perth lies 32.11195529, -63.95925278.
    end = geodesy.direct(Position(-32.06, 115.74), 225, 20000e3)
    assert end.latitude == pytest.approx(32.11195529, abs=1e-8)
    assert end.longitude == pytest.approx(-63.95925278, abs=1e-8)


def test_flinders_peak_to_buninyong():
    # Geoscience Australia's published example (GRS80): 54972.271 m, 306 52 05.37, reverse 127 10 25.07.
    def dms(degrees, minutes, seconds):
        return degrees + minutes / 60 + seconds / 3600

    flinders = Position(-dms(37, 57, 3.72030), dms(144, 25, 29.52440))
    buninyong = Position(-dms(37, 39, 10.15610), dms(143, 55, 35.38390))
    line = geodesy.inverse(flinders, buninyong)
    assert line.distance_m == pytest.approx(54972.271, abs=1e-3)
    assert line.azimuth_deg == pytest.approx(dms(306, 52, 5.37), abs=1e-5)
    assert line.back_azimuth_deg == pytest.approx(dms(127, 10, 25.07), abs=1e-5)


def test_opposite_points_of_the_equator_are_half_a_meridian_apart():
    # Twice the quarter meridian of WGS 84, 10001965.7293 m: over a pole is shorter than along the equator.
    line = geodesy.inverse(Position(0.0, 0.0), Position(0.0, 180.0))
    assert line.distance_m == pytest.approx(2 * 10001965.7293, abs=1e-3)


def test_from_pole_to_pole_is_half_a_meridian_whatever_the_longitudes():
    line = geodesy.inverse(Position(90.0, 17.0), Position(-90.0, -120.0))
    assert line.distance_m == pytest.approx(2 * 10001965.7293, abs=1e-3)


def test_one_pole_has_every_longitude():
    assert geodesy.distance_m(Position(90.0, 0.0), Position(90.0, 123.0)) == pytest.approx(0, abs=1e-9)


def test_a_degree_across_the_date_line_is_a_degree_of_the_equator():
    # 2 pi 6378137 / 360
    line = geodesy.inverse(Position(0.0, 179.5), Position(0.0, -179.5))
    assert line.distance_m == pytest.approx(111319.4908, abs=1e-4)
    assert line.azimuth_deg == pytest.approx(90)
    assert line.back_azimuth_deg == pytest.approx(270)


def test_going_on_across_the_date_line_wraps_the_longitude():
    end = geodesy.direct(Position(0.0, 179.5), 90, 111319.49079327357)
    assert end.longitude == pytest.approx(-179.5)


def test_arrays_agree_with_single_pairs():
    starts, ends = zip(*((start, end) for start, end, _d, _a in CASE_GEODESICS), strict=True)
    arguments = (
        [p.latitude for p in starts],
        [p.longitude for p in starts],
        [p.latitude for p in ends],
        [p.longitude for p in ends],
    )
    assert geodesy.distances_m(*arguments) == pytest.approx([d for *_p, d, _a in CASE_GEODESICS], abs=1e-3)
    assert geodesy.azimuths_deg(*arguments) == pytest.approx([a for *_p, a in CASE_GEODESICS], abs=1e-4)


def test_one_position_is_measured_against_many():
    lengths = geodesy.distances_m(
        AVENUE.latitude, AVENUE.longitude, [39.899226, 39.902255], [46.787836, 46.793253]
    )
    assert lengths.shape == (2,)
    assert lengths == pytest.approx([9018.1415, 9476.9476], abs=1e-3)


def test_no_pairs_give_no_distances():
    assert geodesy.distances_m([], [], [], []).shape == (0,)


@pytest.mark.parametrize(
    ("start", "end", "turn"),
    [(350, 10, 20), (10, 350, -20), (0, 180, 180), (180, 0, 180), (90, 90, 0), (0, 181, -179), (0, 720, 0)],
)
def test_the_turn_between_directions_is_the_short_way(start, end, turn):
    assert geodesy.angular_difference_deg(start, end) == turn


@given(azimuths, azimuths)
def test_every_turn_lies_in_the_half_open_range_and_leads_there(start, end):
    turn = geodesy.angular_difference_deg(start, end)
    assert -180 < turn <= 180
    assert math.isclose(math.cos(math.radians(start + turn - end)), 1, abs_tol=1e-9)


@given(azimuths)
def test_normalised_azimuths_are_below_360(azimuth_deg):
    assert 0 <= geodesy.normalised_azimuth_deg(azimuth_deg) < 360


def test_a_hair_west_of_north_does_not_become_360():
    assert geodesy.normalised_azimuth_deg(-1e-15) == 0.0


def test_independent_uncertainties_add_as_squares():
    assert geodesy.joint_uncertainty_m(3, 4) == 5
    assert geodesy.joint_uncertainty_m(20, 15) == 25
    assert geodesy.joint_uncertainty_m(2, 3, 6) == 7


@given(positions, positions)
def test_there_and_back_are_equally_long(start, end):
    there, back = geodesy.inverse(start, end), geodesy.inverse(end, start)
    assert there.distance_m == pytest.approx(back.distance_m, abs=1e-6)
    assert 0 <= there.azimuth_deg < 360
    assert 0 <= there.back_azimuth_deg < 360


@given(positions, st.floats(0, 360), st.floats(0.01, 19_000_000))
def test_going_a_distance_leads_that_far(start, azimuth_deg, length_m):
    end = geodesy.direct(start, azimuth_deg, length_m)
    assert geodesy.distance_m(start, end) == pytest.approx(length_m, abs=1e-6)


def test_the_centre_of_a_square_over_the_date_line_is_on_the_date_line():
    square = [Position(lat, lon) for lat in (-1.0, 1.0) for lon in (179.0, -179.0)]
    middle = geodesy.centre(square)
    assert middle.latitude == pytest.approx(0, abs=1e-12)
    assert abs(middle.longitude) == pytest.approx(180)


def test_the_centre_of_a_ring_around_the_pole_is_the_pole():
    ring = [Position(89.0, lon) for lon in (-120.0, 0.0, 120.0)]
    assert geodesy.centre(ring).latitude == pytest.approx(90)


def test_nothing_and_the_whole_globe_have_no_centre():
    with pytest.raises(ValueError, match="at least one"):
        geodesy.centre([])
    with pytest.raises(ValueError, match="surround"):
        geodesy.centre([Position(0.0, 0.0), Position(0.0, 180.0)])


def test_the_median_is_not_dragged_away_by_an_outlier():
    near = [geodesy.direct(AVENUE, azimuth_deg, 10) for azimuth_deg in (0, 120, 240)]
    middle = geodesy.geodesic_median([*near, TERMINAL])
    # Of four positions, the one inside the triangle of the others is their median (Fagnano): the northern.
    assert geodesy.distance_m(middle, near[0]) < 0.01


def test_the_median_of_three_on_a_line_is_the_middle_one():
    line = [geodesy.direct(AVENUE, 90, east_m) for east_m in (0, 100, 5000)]
    assert geodesy.distance_m(geodesy.geodesic_median(line), line[1]) < 0.01


def test_the_median_of_a_symmetric_cross_is_its_middle():
    arms = [geodesy.direct(AVENUE, azimuth_deg, 500) for azimuth_deg in (0, 90, 180, 270)]
    assert geodesy.distance_m(geodesy.geodesic_median(arms), AVENUE) < 0.01


def test_the_median_of_one_is_itself():
    assert geodesy.distance_m(geodesy.geodesic_median([CHURCH]), CHURCH) < 1e-3


def test_the_median_of_a_triangle_sees_its_sides_under_120_degrees():
    # Fermat's point: in a triangle without an angle above 120 degrees the corners appear 120 degrees apart.
    corners = [
        geodesy.direct(AVENUE, azimuth_deg, m) for azimuth_deg, m in ((10, 900), (130, 400), (260, 700))
    ]
    middle = geodesy.geodesic_median(corners)
    bearings = sorted(geodesy.inverse(middle, corner).azimuth_deg for corner in corners)
    assert np.diff(bearings) == pytest.approx([120, 120], abs=0.01)


def test_the_median_is_the_position_where_no_step_lowers_the_sum():
    # Starts on a position that is not the median (the others pull harder), so it has to move away from it.
    spots = [
        AVENUE,
        *(geodesy.direct(AVENUE, azimuth_deg, m) for azimuth_deg, m in ((0, 900), (40, 800), (80, 900))),
    ]

    def total_m(place):
        return sum(geodesy.distance_m(place, spot) for spot in spots)

    middle = geodesy.geodesic_median(spots)
    for azimuth_deg in range(0, 360, 15):
        assert total_m(geodesy.direct(middle, azimuth_deg, 1)) > total_m(middle)


@pytest.mark.parametrize(
    "corners",
    [
        [(39.8, 46.76), (39.8, 46.761), (39.801, 46.7605)],
        [(0, 179.99), (0.01, -179.99), (-0.02, 180)],
        [(89.99, 0), (89.99, 120), (89.99, -120)],
        [(10, 20), (10, 20), (10, 20)],
    ],
)
def test_a_covering_circle_covers_and_is_nearly_the_smallest(corners: list[tuple[float, float]]) -> None:
    positions = [Position(*corner) for corner in corners]
    middle, radius_m = geodesy.covering_circle(positions)
    reaches = [geodesy.distance_m(middle, each) for each in positions]
    assert max(reaches) == pytest.approx(radius_m, abs=1e-6)
    # Half of the longest side is a floor for any circle, and Jung's theorem bounds the smallest in the plane.
    longest = max(geodesy.distance_m(one, other) for one in positions for other in positions)
    assert longest / 2 - 1e-6 <= radius_m <= longest / 3**0.5 * 1.01 + 1e-6
