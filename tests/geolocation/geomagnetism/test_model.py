"""Declination against the test values published with each issue of the World Magnetic Model."""

import re
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import pytest

from geolocation.coordinates.position import Position
from geolocation.geomagnetism import model

# Decimal year, height in km, latitude, longitude, declination and horizontal field (NOAA: WMM2010testvalues,
# WMM2015v2testvalues, WMM2020testvalues; of WMM2025_TEST_VALUES.txt the declination alone). 240 E is 120 W.
PUBLISHED = [
    (2010.0, 0, 80, 0, -6.13, 6687.8),
    (2010.0, 0, 0, 120, 0.97, 39434.5),
    (2010.0, 0, -80, -120, 70.21, 16714.0),
    (2010.0, 100, 80, 0, -6.57, 6374.0),
    (2010.0, 100, 0, 120, 0.94, 37457.0),
    (2010.0, 100, -80, -120, 69.62, 15748.6),
    (2012.5, 0, 80, 0, -5.21, 6685.5),
    (2012.5, 0, 0, 120, 0.88, 39428.6),
    (2012.5, 0, -80, -120, 70.04, 16737.2),
    (2012.5, 100, 80, 0, -5.63, 6371.6),
    (2012.5, 100, 0, 120, 0.86, 37452.2),
    (2012.5, 100, -80, -120, 69.45, 15768.9),
    (2015.0, 0, 80, 0, -3.90, 6651.9),
    (2015.0, 0, 0, 120, 0.55, 39522.9),
    (2015.0, 0, -80, -120, 69.81, 16791.2),
    (2015.0, 100, 80, 0, -4.32, 6341.4),
    (2015.0, 100, 0, 120, 0.54, 37539.7),
    (2015.0, 100, -80, -120, 69.22, 15818.3),
    (2017.5, 0, 80, 0, -2.59, 6612.0),
    (2017.5, 0, 0, 120, 0.37, 39570.2),
    (2017.5, 0, -80, -120, 69.59, 16819.7),
    (2017.5, 100, 80, 0, -3.01, 6303.0),
    (2017.5, 100, 0, 120, 0.36, 37585.1),
    (2017.5, 100, -80, -120, 69.01, 15844.2),
    (2020.0, 0, 80, 0, -1.28, 6572.0),
    (2020.0, 0, 0, 120, 0.16, 39624.4),
    (2020.0, 0, -80, -120, 69.36, 16853.8),
    (2020.0, 100, 80, 0, -1.70, 6264.5),
    (2020.0, 100, 0, 120, 0.16, 37636.9),
    (2020.0, 100, -80, -120, 68.78, 15875.4),
    (2022.5, 0, 80, 0, 0.01, 6529.9),
    (2022.5, 0, 0, 120, -0.06, 39684.7),
    (2022.5, 0, -80, -120, 69.13, 16885.0),
    (2022.5, 100, 80, 0, -0.41, 6224.2),
    (2022.5, 100, 0, 120, -0.05, 37694.1),
    (2022.5, 100, -80, -120, 68.55, 15904.1),
    (2025.0, 0, 80, 0, 1.28, None),
    (2025.0, 0, 0, 120, -0.16, None),
    (2025.0, 0, -80, -120, 68.78, None),
    (2025.0, 100, 80, 0, 0.85, None),
    (2025.0, 100, 0, 120, -0.15, None),
    (2025.0, 100, -80, -120, 68.21, None),
    (2025.0, 28, 89, -121, -99.77, None),
    (2025.0, 65, 43, 93, 0.50, None),
    (2025.0, 51, -33, 109, -5.49, None),
    (2025.0, 18, 0, 21, 1.29, None),
    (2025.5, 50, -70, -133, 57.21, None),
    (2027.0, 67, -47, -32, -13.52, None),
    (2027.5, 0, 80, 0, 2.59, None),
    (2027.5, 0, 0, 120, -0.24, None),
    (2027.5, 0, -80, -120, 68.49, None),
    (2027.5, 100, 80, 0, 2.16, None),
    (2027.5, 100, 0, 120, -0.23, None),
    (2027.5, 100, -80, -120, 67.93, None),
]


@pytest.mark.parametrize(
    ("year", "height_km", "latitude", "longitude", "declination_deg", "field_nt"), PUBLISHED
)
def test_the_published_test_values_come_out(year, height_km, latitude, longitude, declination_deg, field_nt):
    found = model.declination_at(Position(latitude, longitude), year, height_km=height_km)
    # They are printed with two decimals, the field with one.
    assert found.declination_deg == pytest.approx(declination_deg, abs=0.0051)
    if field_nt is not None:
        assert found.horizontal_nt == pytest.approx(field_nt, abs=0.051)


def test_all_at_once_gives_the_same_as_one_by_one_and_picks_each_issue_by_its_year():
    chance = np.random.default_rng(5)
    latitudes, longitudes = chance.uniform(-90, 90, 200), chance.uniform(-180, 180, 200)
    years = chance.uniform(2008, 2032, 200)
    together = model.declinations(latitudes, longitudes, years)
    for found, latitude, longitude, year in zip(together, latitudes, longitudes, years, strict=True):
        alone = model.declination_at(Position(latitude, longitude), year)
        release = model.release_for(year)
        if release is None:
            assert found is alone is None
            continue
        assert found.model == alone.model == release.name
        assert found.declination_deg == pytest.approx(alone.declination_deg, abs=1e-9)


def test_the_stated_error_is_that_of_the_models_report():
    # Report of WMM2020: hypot(0.26, 5625 / H) degrees; H = 25,000 nT gives 0.3439.
    found = model.declination_at(Position(39.821232, 46.758423), 2023.7204)
    assert found.uncertainty_deg == pytest.approx(np.hypot(0.26, 5625 / found.horizontal_nt), abs=1e-12)
    # pygeomag 1.1.0 for the same place and date.
    assert found.declination_deg == pytest.approx(6.433912, abs=1e-4)
    assert found.uncertainty_deg == pytest.approx(0.341318, abs=1e-4)


@pytest.mark.parametrize(
    ("year", "name"), [(2009.999, None), (2010.0, "WMM2010"), (2029.999, "WMM2025"), (2030.0, None)]
)
def test_outside_its_years_there_is_no_declination(year, name):
    found = model.declination_at(Position(0, 0), year)
    assert (found and found.model) == name


def test_around_the_magnetic_pole_it_is_not_usable_and_at_the_geographic_ones_it_is_a_number():
    assert not model.declination_at(Position(86.3, 151.0), 2024.0).is_usable
    assert model.declination_at(Position(51.5, 0.0), 2024.0).is_usable
    for latitude in (90, -90):
        assert np.isfinite(model.declination_at(Position(latitude, 10), 2024.0).declination_deg)


def test_a_decimal_year_counts_the_days_of_its_own_year():
    assert model.decimal_year(datetime(2023, 7, 2, 12, tzinfo=UTC)) == pytest.approx(2023.5)
    assert model.decimal_year(datetime(2024, 7, 2, tzinfo=UTC)) == pytest.approx(2024.5)
    with pytest.raises(ValueError, match="offset"):
        model.decimal_year(datetime(2024, 7, 2))


def test_the_coefficient_files_are_those_that_their_provenance_names():
    words = (model.FOLDER / "PROVENANCE.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"\| `(WMM_\w+\.COF)` \|.*\| `([0-9a-f]{16})` \|", words))
    assert set(named) == {release.file_name for release in model.RELEASES}
    for name, digest in named.items():
        assert sha256((model.FOLDER / name).read_bytes()).hexdigest().startswith(digest)
