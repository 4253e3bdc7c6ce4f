"""The workbench's charts: what is drawn lies in the picture and where the figures say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from geolocation.coordinates.position import Position
from geolocation.drawings.chart import Chart
from geolocation.drawings.sun_path import sun_path
from geolocation.drawings.world import world
from geolocation.drawings.year_chart import year_chart
from geolocation.land.outline import HEIGHT, WIDTH, land_path
from geolocation.shadows import Shadow, possible_band
from geolocation.shadows.band import sun_overhead
from geolocation.shadows.days import local_days, times_of
from geolocation.shadows.year import year_of

QUAY, SYDNEY, SVALBARD = Position(39.82, 46.76), Position(-33.86, 151.21), Position(78.2, 15.6)
SHADOW = Shadow(azimuth_deg=40, azimuth_error_deg=2, length_ratio=1, length_ratio_error=0.05)
DAY = date(2023, 9, 20)
POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")


def path_on(place: Position, shadow: Shadow = SHADOW, day: date = DAY) -> Chart:
    days = local_days(place, day, day)
    return sun_path(place, days, shadow, times_of(place, shadow, days).fits)


def paths(chart: Chart, css_class: str) -> list[list[tuple[float, float]]]:
    """Points of each path of a class."""
    return [
        [(float(x), float(y)) for x, y in POINT.findall(dict(part.attributes)["d"])]
        for part in chart.parts
        if part.css_class == css_class
    ]


@pytest.mark.parametrize("place", [QUAY, SYDNEY, Position(0.5, -78.0), Position(65.0, 25.0)])
def test_the_suns_path_is_one_line_inside_the_picture(place: Position) -> None:
    chart = path_on(place)
    [points] = paths(chart, "path")
    assert all(0 <= x <= chart.width and 0 <= y <= chart.height for x, y in points)
    steps = [abs(x2 - x1) for (x1, _y1), (x2, _y2) in pairwise(points)]
    if abs(place.latitude) > 10:
        assert max(steps) < 20


def test_what_fits_lies_on_the_path_and_in_the_words() -> None:
    chart = path_on(QUAY)
    [fit], [path] = paths(chart, "fit"), paths(chart, "path")
    for x, y in fit:
        assert min(abs(x - px) + abs(y - py) for px, py in path) < 4
    assert "14:21 to 14:49" in chart.words


def test_where_the_sun_does_not_rise_there_is_no_path_and_no_failure() -> None:
    chart = path_on(SVALBARD, day=date(2023, 12, 20))
    assert paths(chart, "path") == [[]]
    assert "no time of that day" in chart.words


def test_the_band_of_a_measure_goes_around_the_edge_of_the_picture() -> None:
    # The sun has to stand in the north, which is both edges of a picture that has the south in the middle.
    chart = path_on(QUAY, Shadow(azimuth_deg=180, azimuth_error_deg=10))
    bands = [dict(part.attributes) for part in chart.parts if part.css_class == "wanted"]
    assert len(bands) == 2
    assert sum(float(each["width"]) for each in bands) == pytest.approx(2 * 19.6 / 360 * 670, abs=0.5)


def test_the_year_marks_the_day_asked_about_and_counts_the_days_that_fit() -> None:
    days = year_of(QUAY, SHADOW, 2023, local_days(QUAY, DAY, DAY).zone)
    chart = year_chart(days, DAY, DAY)
    fitting = sum(bool(each.fits) for each in days)
    assert f"on {fitting} of 365 days" in chart.words
    drawn = next(dict(part.attributes)["d"] for part in chart.parts if part.css_class == "fit")
    assert drawn.count("M") == sum(len(each.fits) for each in days)
    asked = next(dict(part.attributes) for part in chart.parts if part.css_class == "asked")
    assert float(asked["x"]) == pytest.approx(40 + 262 / 365 * 670, abs=0.1)
    elsewhere = year_chart(days, date(2022, 1, 1), date(2022, 1, 2))
    assert not [part for part in elsewhere.parts if part.css_class == "asked"]


def test_the_world_holds_the_place_in_the_band_and_rings_a_small_area() -> None:
    moment = datetime(2023, 9, 20, 10, 36, tzinfo=UTC)
    ring = [(46.0, 39.0), (47.5, 39.0), (47.5, 40.5), (46.0, 40.5), (46.0, 39.0)]
    chart = world(possible_band(SHADOW, moment), moment, sun=sun_overhead(moment), area=[ring], place=QUAY)
    assert [part.name for part in chart.parts if part.css_class == "area"] == ["path", "circle"]
    boxes = re.findall(
        r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)",
        next(dict(part.attributes)["d"] for part in chart.parts if part.css_class == "possible"),
    )
    x, y = (46.76 + 180) * 2, (90 - 39.82) * 2
    assert any(
        float(left) <= x <= float(left) + float(wide) and float(top) <= y <= float(top) + float(tall)
        for left, top, wide, tall in boxes
    )


def test_the_outline_of_the_land_is_whole_and_inside_of_the_map() -> None:
    rings = land_path().split("z")
    assert len(rings) > 100
    for ring in filter(None, rings):
        start, steps = ring[1:].split("l")
        x, y = map(float, start.split(","))
        for dx, dy in re.findall(r"(-?[\d.]+),?(-?[\d.]+)", steps):
            x, y = x + float(dx), y + float(dy)
            assert -0.2 <= x <= WIDTH + 0.2
            assert -0.2 <= y <= HEIGHT + 0.2
