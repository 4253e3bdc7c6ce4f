"""Places of which everybody knows whether they are land."""

import re
from hashlib import sha256

import numpy as np
import pytest

from geolocation.coordinates.position import Position
from geolocation.land import mask
from geolocation.land.mask import Surface, surface_at


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "surface"),
    [
        ("Stepanakert", 39.82, 46.76, Surface.LAND),
        ("Moscow", 55.75, 37.62, Surface.LAND),
        ("Sahara", 23, 10, Surface.LAND),
        ("Siberia at 179.5 E", 68, 179.5, Surface.LAND),
        ("Chukotka, east of 180", 67, -178, Surface.LAND),
        ("South Pole", -90, 0, Surface.LAND),
        ("South Pole, the last cell", -90, 180, Surface.LAND),
        ("Antarctica at the seam", -86, 179.99, Surface.LAND),
        ("inside Viti Levu", -17.8, 178, Surface.LAND),
        ("Caspian", 41.5, 50.8, Surface.WATER),
        ("Black Sea", 43, 34, Surface.WATER),
        ("Atlantic", 30, -40, Surface.WATER),
        ("Pacific", 0, -150, Surface.WATER),
        ("North Pole", 90, 0, Surface.WATER),
        ("0, 0, where Natural Earth has a trap", 0, 0, Surface.WATER),
        ("Baku", 40.37, 49.85, Surface.NEAR_COAST),
        ("Gaza", 31.52, 34.45, Surface.NEAR_COAST),
        ("Odesa", 46.48, 30.73, Surface.NEAR_COAST),
    ],
)
def test_known_places(name, latitude, longitude, surface):
    assert surface_at(Position(latitude, longitude)) is surface


def test_seven_tenths_of_the_earth_are_water():
    cells = mask._cells()
    middles = np.radians(90 - (np.arange(mask.ROWS) + 0.5) / mask.CELLS_PER_DEGREE)
    weights = np.cos(middles)[:, np.newaxis] * np.ones(mask.COLUMNS)
    shares = [float(weights[cells == surface].sum() / weights.sum()) for surface in Surface]
    # 70.8 % of the earth is water; lakes count as land here, and coasts are told by neither.
    assert shares[Surface.WATER] == pytest.approx(0.69, abs=0.02)
    assert shares[Surface.LAND] == pytest.approx(0.27, abs=0.02)


def test_the_files_are_those_that_their_provenance_names():
    folder = mask.MASK.parent
    words = (folder / "PROVENANCE.md").read_text(encoding="utf-8")
    named = re.findall(r"^# `([a-z.]+)`$.*?`([0-9a-f]{16})`", words, re.MULTILINE | re.DOTALL)
    assert sorted(name for name, _digest in named) == ["mask.bin", "outline.txt"]
    for name, digest in named:
        assert sha256((folder / name).read_bytes()).hexdigest().startswith(digest), name
