"""A position refuses what is not on Earth; the length of a degree agrees with an independent library."""

import math

import pytest
from pyproj import Geod

from geolocation.coordinates.position import Position, PositionOutOfRange, metres_per_degree


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (90.000001, 0),
        (-90.000001, 0),
        (0, 180.000001),
        (0, -180.000001),
        (math.nan, 0),
        (0, math.nan),
        (math.inf, 0),
    ],
)
def test_a_position_outside_the_earth_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(PositionOutOfRange):
        Position(latitude, longitude)


def test_the_refusal_is_a_value_error_that_names_the_axis() -> None:
    with pytest.raises(ValueError, match=r"latitude 133\.2"):
        Position(133.2, 39.8)


@pytest.mark.parametrize("longitude", [180.0, -180.0])
def test_both_names_of_the_date_line_are_kept(longitude: float) -> None:
    assert Position(0, longitude).longitude == longitude


@pytest.mark.parametrize("latitude", [-89.0, -54.0, -10.0, 0.0, 39.821232, 45.0, 66.5, 88.0])
def test_the_length_of_a_degree_agrees_with_geodesics(latitude: float) -> None:
    """Karney's geodesics in pyproj, over a hundred-thousandth of a degree."""
    geod, step = Geod(ellps="WGS84"), 1e-5
    north_m = geod.inv(10, latitude - step / 2, 10, latitude + step / 2)[2] / step
    east_m = geod.inv(10 - step / 2, latitude, 10 + step / 2, latitude)[2] / step
    latitude_m, longitude_m = metres_per_degree(latitude)
    assert latitude_m == pytest.approx(north_m, rel=1e-6)
    assert longitude_m == pytest.approx(east_m, rel=1e-6)
