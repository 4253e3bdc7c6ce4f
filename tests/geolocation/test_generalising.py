"""A circle that holds a position somewhere, and says nothing of where."""

import random

import pytest

from geolocation.coordinates.position import Position
from geolocation.generalising import drawn_centre, holds
from geolocation.geodesy import distance_m, inverse

PLACE = Position(39.821232, 46.758423)


def test_every_drawn_circle_holds_the_whole_circle_of_the_position():
    rng = random.Random(5)
    for place in (PLACE, Position(89.99, 10), Position(0, 179.999), Position(-33.9, -70.6)):
        for _each in range(300):
            centre = drawn_centre(place, 40, 1500, turn=rng.random(), share=rng.random())
            assert holds(centre, 1500, place, 40)


def test_the_middle_is_spread_evenly_over_the_area_where_it_may_lie():
    rng = random.Random(7)
    centres = [drawn_centre(PLACE, 100, 2100, turn=rng.random(), share=rng.random()) for _each in range(4000)]
    within_half = sum(distance_m(PLACE, centre) <= 1000 for centre in centres) / 4000
    east = sum(inverse(PLACE, centre).azimuth_deg < 180 for centre in centres) / 4000
    # A quarter of the area lies within half of the radius; four standard deviations of 4,000 draws.
    assert within_half == pytest.approx(0.25, abs=0.028)
    assert east == pytest.approx(0.5, abs=0.032)


def test_a_position_less_certain_than_the_circle_is_refused():
    with pytest.raises(ValueError, match="holds no position"):
        drawn_centre(PLACE, 500, 500, turn=0, share=0)
