"""Heading in the file and bearing typed, against the azimuth from camera to subject.

From the avenue to the terminal: azimuth 16.19601, 9018.1415 m (the case's reference geodesics).
"""

from datetime import UTC, datetime

import pytest

from geolocation.checks.base import FileTime
from geolocation.coordinates.position import Position
from tests.geolocation.checks.proposals import AVENUE, TERMINAL, away, between, camera, result

PLACED = {"camera": camera(), "subject": camera(TERMINAL, 15)}
# asin(25 m / 9018.1415 m) = 0.1588 degrees: what the positions add.
SPREAD_DEG = 0.1588
AZIMUTH_DEG = 16.19601


def test_a_true_heading_inside_the_picture_passes():
    found = result(
        "file_heading", **PLACED, file_heading_deg=0, file_heading_reference="true", field_of_view_deg=60
    )
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(AZIMUTH_DEG, abs=1e-4)
    assert found.threshold == pytest.approx(30 + 10 + SPREAD_DEG, abs=1e-3)
    assert found.sentence.startswith(
        "The file's heading is 000.0° from true north; the subject lies 9.02 km away at azimuth 016.2°"
    )
    assert found.drawing["kind"] == "compass"


def test_without_a_field_of_view_45_degrees_are_allowed_and_said():
    found = result("file_heading", **PLACED, file_heading_deg=60, file_heading_reference="true")
    assert found.threshold == pytest.approx(45 + SPREAD_DEG, abs=1e-3)
    assert found.verdict == "passed"
    assert "No field of view is given" in found.sentence
    flagged = result("file_heading", **PLACED, file_heading_deg=62, file_heading_reference="true")
    assert flagged.verdict == "flagged"


def test_a_subject_behind_the_camera_fails():
    found = result("file_heading", **PLACED, file_heading_deg=196.19601, file_heading_reference="true")
    assert found.verdict == "failed"
    assert found.measured_value == pytest.approx(180, abs=1e-4)
    assert "behind the camera" in found.sentence


@pytest.mark.parametrize(("off_deg", "verdict"), [(100, "flagged"), (100.3, "failed")])
def test_behind_starts_where_no_compass_error_helps(off_deg, verdict):
    # 90 degrees, 10 of compass, 0.16 of positions.
    heading = AZIMUTH_DEG + off_deg
    assert (
        result("file_heading", **PLACED, file_heading_deg=heading, file_heading_reference="true").verdict
        == verdict
    )


# WMM2020 at the avenue on 20 September 2023: 6.4339 +- 0.3413 degrees (pygeomag 1.1.0).
IN_SEPTEMBER = {**PLACED, "captured": between("2023-09-20T10:00Z", "2023-09-20T10:30Z")}
DECLINATION_DEG = 6.4339


def test_a_magnetic_heading_is_turned_by_the_declination_of_that_place_and_day():
    found = result("file_heading", **IN_SEPTEMBER, file_heading_deg=0, file_heading_reference="magnetic")
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(AZIMUTH_DEG - DECLINATION_DEG, abs=0.01)
    # 35 of the field, the compass's 10 joined with the model's 0.34, and the positions.
    assert found.threshold == pytest.approx(35 + 10.0058 + SPREAD_DEG, abs=1e-3)
    assert "000.0° from magnetic north; the declination there and then is +6.4° ± 0.3°" in found.sentence
    assert "006.4° from true north" in found.sentence


def test_a_heading_that_does_not_say_which_north_gets_the_nearer_reading():
    # 60 + 6.4 is outside the 45 degrees allowed around 16.2, 60 is inside.
    found = result("file_heading", **IN_SEPTEMBER, file_heading_deg=60)
    assert found.verdict == "passed"
    assert "the nearer reading, from true north" in found.sentence
    other = result("file_heading", **IN_SEPTEMBER, file_heading_deg=328)
    assert other.verdict == "passed"
    assert "the nearer reading, from magnetic north" in other.sentence


def test_without_a_date_the_declinations_of_all_years_are_allowed_for():
    found = result("file_heading", **PLACED, file_heading_deg=0, file_heading_reference="magnetic")
    assert "No date is known, so the declinations of 2010 to 2030 were taken together" in found.sentence
    assert found.threshold > 45 + SPREAD_DEG


def test_the_files_own_time_dates_the_declination_when_the_person_gives_none():
    local, utc = (
        FileTime(local_naive="2023-09-20T14:00:00"),
        FileTime(utc=datetime(2023, 9, 20, 10, tzinfo=UTC)),
    )
    for time in (local, utc):
        found = result(
            "file_heading",
            **PLACED,
            file_times=(time,),
            file_heading_deg=0,
            file_heading_reference="magnetic",
        )
        assert found.measured_value == pytest.approx(AZIMUTH_DEG - DECLINATION_DEG, abs=0.01)
        assert "No date" not in found.sentence


@pytest.mark.parametrize(("reference", "words"), [("magnetic", "2010 to 2030"), (None, "does not say")])
def test_outside_the_years_of_the_model_it_says_so(reference, words):
    found = result(
        "file_heading",
        **PLACED,
        captured=between("2003-03-20T00:00Z", "2003-03-21T00:00Z"),
        file_heading_deg=0,
        file_heading_reference=reference,
    )
    assert found.verdict == "inapplicable"
    assert words in found.sentence
    assert "2003" in found.sentence


def test_a_magnetic_heading_near_a_magnetic_pole_says_nothing():
    here = Position(86.3, 151.0)  # the pole of 2024 by WMM2020 lay within 200 km
    found = result(
        "file_heading",
        camera=camera(here),
        subject=camera(away(here, 90, 500)),
        captured=between("2024-03-20T00:00Z", "2024-03-21T00:00Z"),
        file_heading_deg=90,
        file_heading_reference="magnetic",
    )
    assert found.verdict == "inapplicable"
    assert "pole" in found.sentence


def test_a_heading_across_north_is_compared_the_short_way():
    found = result("file_heading", **PLACED, file_heading_deg=356.19601, file_heading_reference="true")
    assert found.measured_value == pytest.approx(20, abs=1e-4)


def test_without_a_heading_it_is_inapplicable():
    assert "states no heading" in result("file_heading", **PLACED).sentence


@pytest.mark.parametrize("key", ["file_heading", "bearing"])
@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"subject": camera()}, "Place the camera"),
        ({"camera": camera()}, "Place the subject"),
        ({"camera": camera(), "subject": camera(away(AVENUE, 0, 10))}, "not fixed"),
        ({"camera": camera(), "subject": camera(TERMINAL), "field_of_view_deg": 360}, "every direction"),
        ({"camera": camera(), "subject_area": (away(AVENUE, 0, 10), away(AVENUE, 180, 10))}, "not fixed"),
    ],
)
def test_what_is_missing_for_a_direction_is_named(key, inputs, words):
    found = result(key, **inputs, bearing_deg=16, file_heading_deg=16, file_heading_reference="true")
    assert found.verdict == "inapplicable"
    assert words in found.sentence


def test_a_bearing_that_points_at_the_subject_passes():
    found = result("bearing", **PLACED, bearing_deg=20, field_of_view_deg=40)
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(20 - AZIMUTH_DEG, abs=1e-4)
    assert found.threshold == pytest.approx(20 + 5 + SPREAD_DEG, abs=1e-3)
    assert "No field of view" not in found.sentence


def test_a_bearing_without_a_field_of_view_takes_a_phones_and_says_so():
    found = result("bearing", **PLACED, bearing_deg=20)
    assert found.threshold == pytest.approx(35 + 5 + SPREAD_DEG, abs=1e-3)
    assert "No field of view is given; that of a phone's main camera was taken." in found.sentence


def test_a_bearing_beside_the_subject_is_flagged():
    assert result("bearing", **PLACED, bearing_deg=60, field_of_view_deg=40).verdict == "flagged"


def test_a_back_bearing_fails():
    found = result("bearing", **PLACED, bearing_deg=196)
    assert found.verdict == "failed"
    assert "behind the camera" in found.sentence


def test_without_a_bearing_it_is_inapplicable():
    assert "No bearing" in result("bearing", **PLACED).sentence


def test_an_area_counts_by_its_middle_and_its_width():
    # Corners 1000 m away, 10 degrees to each side of north-east; 20 m of uncertainty add asin(0.02) = 1.146.
    area = (away(AVENUE, 35, 1000), away(AVENUE, 55, 1000))
    found = result("bearing", camera=camera(), subject_area=area, bearing_deg=45, field_of_view_deg=40)
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(0, abs=0.01)
    assert found.threshold == pytest.approx(20 + 5 + 10 + 1.146, abs=0.01)
