"""Karney's test geodesics: within 15 nm of the set, and as pyproj gives them."""

import csv
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from geolocation import geodesy
from geolocation.coordinates.position import Position

ROWS = [
    {name: float(value) for name, value in row.items()}
    for row in csv.DictReader((Path(__file__).parent / "geodesics.csv").read_text().splitlines())
]
NANOMETRES = 1e-9


def ends(row):
    return [Position(row[f"lat{end}"], (row[f"lon{end}"] + 180) % 360 - 180) for end in (1, 2)]


def test_there_are_twenty():
    assert len(ROWS) == 20


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['s12']:.0f} m")
def test_the_inverse_problem_is_within_15_nm_of_the_set(row):
    start, end = ends(row)
    line = geodesy.inverse(start, end)
    assert abs(line.distance_m - row["s12"]) <= 15 * NANOMETRES
    assert geodesy.angular_difference_deg(line.azimuth_deg, row["azi1"]) == pytest.approx(0, abs=1e-12)
    assert geodesy.angular_difference_deg(line.back_azimuth_deg, row["azi2"] + 180) == pytest.approx(
        0, abs=1e-12
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['s12']:.0f} m")
def test_the_direct_problem_is_within_15_nm_of_the_set(row):
    start, end = ends(row)
    reached = geodesy.direct(start, row["azi1"], row["s12"])
    assert geodesy.distance_m(reached, end) <= 15 * NANOMETRES


def test_one_by_one_and_in_arrays_are_within_10_nm_of_pyproj():
    columns = [
        [getattr(p, axis) for row in ROWS for p in ends(row)[end : end + 1]]
        for end in (0, 1)
        for axis in ("latitude", "longitude")
    ]
    _forward, _back, expected = Geod(ellps="WGS84").inv(columns[1], columns[0], columns[3], columns[2])
    assert np.abs(geodesy.distances_m(*columns) - expected).max() <= 1e-8
    alone = [geodesy.distance_m(*ends(row)) for row in ROWS]
    assert np.abs(np.array(alone) - expected).max() <= 1e-8
