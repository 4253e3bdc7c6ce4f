"""Which tile, which box, which periods: against pyproj's Web Mercator and day by day."""

from __future__ import annotations

from datetime import date

import pytest
from pyproj import Transformer

from geolocation.tiles import GRID_ZOOM_MOST, Tile, spans, tile_at

_METRES = Transformer.from_crs(4326, 3857, always_xy=True)
_HALF_M = 20037508.342789244


@pytest.mark.parametrize("tile", [Tile(2, 1, 1), Tile(9, 322, 195), Tile(16, 41252, 24961), Tile(5, 0, 30)])
def test_the_box_of_a_tile_is_its_square_in_web_mercator(tile):
    west, south, east, north = tile.box()
    side = 2 * _HALF_M / 2**tile.zoom
    left, bottom = _METRES.transform(west, south)
    right, top = _METRES.transform(east, north)
    assert left == pytest.approx(-_HALF_M + tile.x * side, abs=1e-6)
    assert top == pytest.approx(_HALF_M - tile.y * side, abs=1e-6)
    assert (right - left, top - bottom) == pytest.approx((side, side), abs=1e-6)


def test_the_outermost_tiles_reach_to_the_poles():
    assert Tile(0, 0, 0).box() == (-180, -90, 180, 90)
    assert Tile(3, 2, 0).box()[3] == 90
    assert Tile(3, 2, 7).box()[1] == -90


@pytest.mark.parametrize(
    "numbers", [(0, 1, 0), (3, 8, 0), (3, 0, 8), (17, 0, 0), (-1, 0, 0), (2, -1, 0), (99, 0, 0)]
)
def test_what_is_not_in_the_pyramid_is_no_tile(numbers):
    assert tile_at(*numbers) is None


def test_the_grid_ends_where_points_begin():
    assert tile_at(GRID_ZOOM_MOST, 0, 0).is_grid
    assert not tile_at(GRID_ZOOM_MOST + 1, 0, 0).is_grid


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, ((0, 0),)),
        (date(2023, 1, 1), date(2023, 12, 31), ((2023, 2023),)),
        (date(2023, 3, 31), date(2023, 3, 31), ((202303, 202303),)),
        (date(2022, 11, 5), date(2023, 2, 1), ((202211, 202302),)),
        (date(2021, 11, 5), date(2023, 2, 1), ((202111, 202112), (2022, 2022), (202301, 202302))),
        (None, date(2023, 2, 1), ((1, 2022), (202301, 202302))),
        (date(2022, 1, 9), None, ((2022, 9999),)),
        (date(2023, 4, 1), date(2023, 3, 1), ()),
    ],
)
def test_days_are_made_of_as_few_periods_as_will_do(start, end, expected):
    assert spans(start, end) == expected


def test_each_month_between_two_days_is_in_exactly_one_span():
    months = [(year, month) for year in range(2020, 2025) for month in range(1, 13)]
    for first in months[::3]:
        for last in months[months.index(first) :: 2]:
            found = spans(date(*first, 15), date(*last, 15))
            for month in months:
                periods = (month[0], month[0] * 100 + month[1])
                hits = sum(low <= period <= high for period in periods for low, high in found)
                assert hits == (first <= month <= last)
