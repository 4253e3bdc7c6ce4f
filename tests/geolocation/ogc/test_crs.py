"""The three reference systems, there and back."""

import pytest

from geolocation.ogc.crs import ALL_CRS, EPSG_3857, EPSG_4326, reader_of, to_crs


@pytest.mark.parametrize("crs", ALL_CRS)
@pytest.mark.parametrize("place", [(46.75, 39.81), (-179.9, -84.0), (0.0, 0.0)])
def test_there_and_back(crs, place):
    assert reader_of(crs)(*to_crs(*place, crs)) == pytest.approx(place, abs=1e-9)


def test_latitude_comes_first_in_4326():
    assert to_crs(46.0, 39.0, EPSG_4326) == (39.0, 46.0)


def test_web_mercator_in_metres():
    # EPSG Guidance Note 7-2, Popular Visualisation Pseudo Mercator.
    assert to_crs(-100.33333333, 24.38178694, EPSG_3857) == pytest.approx(
        (-11169055.58, 2800000.00), abs=0.01
    )


def test_a_pole_has_no_place_in_web_mercator():
    assert to_crs(10.0, 90.0, EPSG_3857) is None
