"""Inside the investigation's area, at its edge, or how far outside.

Independent values: a degree of longitude at 40 N is 85,393.9 m, a degree of latitude from 39.5 to 40 is
111,030 m a degree (WGS 84 series).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolocation.checks.area import signed_distance_m
from geolocation.coordinates.position import Position
from tests.geolocation.checks.proposals import away, camera, result

SQUARE = tuple(Position(*corner) for corner in ((39, 46), (39, 47), (40, 47), (40, 46)))
DATE_LINE = tuple(Position(*corner) for corner in ((-18, 179), (-18, -179), (-16, -179), (-16, 179)))


def judged(position, uncertainty_m=50, area=(SQUARE,)):
    return result("area", camera=camera(position, uncertainty_m), area=area)


def test_inside_it_passes_with_the_distance_to_the_nearest_side():
    found = judged(Position(39.9, 46.5))
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(-0.1 * 111_035, rel=1e-3)
    assert "inside" in found.sentence


def test_outside_it_is_flagged_with_how_far():
    found = judged(Position(39.5, 47.1))
    assert found.verdict == "flagged"
    assert found.measured_value == pytest.approx(0.1 * 86_010, rel=1e-3)
    assert "8.60 km outside" in found.sentence


@pytest.mark.parametrize(("distance_m", "side"), [(40, "outside"), (-40, "inside")])
def test_nearer_to_the_edge_than_its_uncertainty_it_may_be_on_either_side(distance_m, side):
    on_edge = Position(39.5, 47)
    found = judged(away(on_edge, 90, distance_m))
    assert found.verdict == "passed"
    assert f"{side} the edge" in found.sentence
    assert judged(away(on_edge, 90, 60)).verdict == "flagged"


def test_a_side_keeps_to_its_parallel_and_not_to_the_geodesic():
    # Over 10 degrees the geodesic runs 3.8 km north of the parallel in the middle.
    wide = tuple(Position(*corner) for corner in ((50, 0), (50, 10), (60, 10), (60, 0)))
    assert signed_distance_m(Position(60.01, 5), wide) == pytest.approx(0.01 * 111_410, abs=8)


def test_an_area_across_the_date_line_is_one_area():
    for longitude in (179.5, -179.5, 180, -180):
        assert judged(Position(-17, longitude), area=(DATE_LINE,)).measured_value < -50_000
    assert judged(Position(-17, 0), area=(DATE_LINE,)).measured_value > 16_000_000


def test_of_several_areas_the_nearest_counts():
    found = judged(Position(-17, 180), area=(SQUARE, DATE_LINE))
    assert found.verdict == "passed"


@given(st.floats(38, 41), st.floats(45, 48))
def test_inside_and_outside_are_told_as_the_numbers_tell(latitude, longitude):
    distance_m = signed_distance_m(Position(latitude, longitude), SQUARE)
    if min(abs(latitude - 39), abs(latitude - 40), abs(longitude - 46), abs(longitude - 47)) > 1e-3:
        assert (distance_m < 0) == (39 < latitude < 40 and 46 < longitude < 47)


def test_without_an_area_or_a_place_it_is_inapplicable():
    assert "an editor can set one" in result("area", camera=camera()).sentence
    assert result("area", area=(SQUARE,)).verdict == "inapplicable"
