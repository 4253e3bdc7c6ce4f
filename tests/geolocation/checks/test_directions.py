"""Heading in the file and bearing typed, against the azimuth from camera to subject.

From the avenue to the terminal: azimuth 16.19601, 9018.1415 m (the case's reference geodesics).
"""

import pytest

from tests.geolocation.checks.proposals import AVENUE, TERMINAL, away, camera, result

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
        "The file's heading is 000.0°; the subject lies 9.02 km away at azimuth 016.2°"
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


@pytest.mark.parametrize(("reference", "word"), [("magnetic", "is magnetic"), (None, "does not say whether")])
def test_a_magnetic_or_unknown_north_widens_by_30_degrees_and_says_so(reference, word):
    found = result("file_heading", **PLACED, file_heading_deg=90, file_heading_reference=reference)
    assert found.verdict == "passed"
    assert found.threshold == pytest.approx(75 + SPREAD_DEG, abs=1e-3)
    assert word in found.sentence


def test_a_magnetic_heading_near_a_pole_says_nothing():
    here = away(AVENUE, 0, 3_500_000)
    found = result(
        "file_heading",
        camera=camera(here),
        subject=camera(away(here, 90, 500)),
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
