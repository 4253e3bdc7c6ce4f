"""The proposal against the file's own position."""

import pytest

from geolocation.checks.base import FileFix
from tests.geolocation.checks.proposals import AVENUE, away, camera, result


def fix(distance_m, azimuth_deg=70, **more):
    place = away(AVENUE, azimuth_deg, distance_m)
    return FileFix(place.latitude, place.longitude, **{"source": "EXIF", **more})


def test_a_fix_within_both_uncertainties_passes_with_figures():
    # 20 m and 15 m together: sqrt(20^2 + 15^2) = 25 m.
    found = result("file_position", camera=camera(), file_fixes=(fix(12, horizontal_error_m=15),))
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(12, abs=1e-3)
    assert found.threshold == 25
    assert found.unit == "m"
    assert found.sentence == (
        "The file's own position is 12 m from the camera position; both uncertainties together allow 25 m."
    )
    assert found.drawing["kind"] == "distance"
    assert [point["role"] for point in found.drawing["points"]] == ["camera", "file"]


def test_a_fix_beyond_both_uncertainties_is_flagged():
    found = result("file_position", camera=camera(), file_fixes=(fix(60, horizontal_error_m=15),))
    assert found.verdict == "flagged"
    assert "60 m" in found.sentence
    assert "25 m" in found.sentence


def test_a_fix_in_another_town_fails():
    # The terminal is 9018.1415 m away.
    other = FileFix(39.899226, 46.787836, horizontal_error_m=15)
    found = result("file_position", camera=camera(), file_fixes=(other,))
    assert found.verdict == "failed"
    assert found.measured_value == pytest.approx(9018.1415, abs=1e-3)
    assert "9.02 km" in found.sentence


@pytest.mark.parametrize("distance_m", [124.9, 125.1])
def test_a_contradiction_starts_at_five_times_what_is_allowed(distance_m):
    found = result("file_position", camera=camera(), file_fixes=(fix(distance_m, horizontal_error_m=15),))
    assert found.verdict == ("flagged" if distance_m < 125 else "failed")


def test_a_missing_error_is_assumed_and_said():
    found = result("file_position", camera=camera(), file_fixes=(fix(12),))
    assert found.threshold == 25
    assert "15 m was assumed" in found.sentence


def test_a_dilution_stands_in_for_a_missing_error_and_is_said():
    # A dilution of 9.6 times 5 m is 48 m; sqrt(20^2 + 48^2) = 52 m.
    found = result("file_position", camera=camera(), file_fixes=(fix(12, dilution=9.6),))
    assert found.threshold == pytest.approx(52)
    assert "dilution of precision of 9.6" in found.sentence


def test_an_error_of_zero_or_an_absurd_dilution_counts_as_not_stated():
    found = result(
        "file_position", camera=camera(), file_fixes=(fix(12, horizontal_error_m=0, dilution=500),)
    )
    assert found.threshold == 25
    assert "assumed" in found.sentence


def test_the_preferred_fix_is_compared_and_a_contradicting_other_is_flagged():
    fixes = (fix(3000, source="XMP", horizontal_error_m=15), fix(12, horizontal_error_m=15))
    found = result("file_position", camera=camera(), file_fixes=fixes, preferred_fix=1)
    assert found.measured_value == pytest.approx(12, abs=1e-3)
    assert found.verdict == "flagged"
    assert "another position too (XMP), 2.99 km" in found.sentence


def test_fixes_that_agree_with_each_other_need_no_word():
    fixes = (fix(12, horizontal_error_m=15), fix(14, source="XMP", horizontal_error_m=15))
    found = result("file_position", camera=camera(), file_fixes=fixes)
    assert found.verdict == "passed"
    assert "another" not in found.sentence


def test_a_preferred_fix_that_cannot_be_used_gives_way_to_one_that_can():
    fixes = (FileFix(0.0, 0.0, status="null_island"), fix(12, horizontal_error_m=15))
    found = result("file_position", camera=camera(), file_fixes=fixes, preferred_fix=0)
    assert found.verdict == "passed"


def test_without_a_fix_it_is_inapplicable():
    found = result("file_position", camera=camera())
    assert found.verdict == "inapplicable"
    assert "no position" in found.sentence


def test_an_unusable_fix_is_inapplicable_and_says_why():
    found = result(
        "file_position", camera=camera(), file_fixes=(FileFix(None, None, status="missing_reference"),)
    )
    assert found.verdict == "inapplicable"
    assert "missing reference" in found.sentence


def test_with_the_subject_alone_it_measures_but_does_not_judge():
    found = result("file_position", subject=camera(), file_fixes=(fix(700),))
    assert found.verdict == "inapplicable"
    assert found.measured_value == pytest.approx(700, abs=1e-3)
    assert "Only the subject is placed" in found.sentence
    assert "700 m" in found.sentence


def test_with_nothing_placed_it_is_inapplicable():
    assert result("file_position", file_fixes=(fix(1),)).verdict == "inapplicable"


@pytest.mark.parametrize(("dilution", "allowed_m"), [(20, 101.98), (20.5, 25)])
def test_a_dilution_counts_up_to_twenty(dilution, allowed_m):
    # sqrt(20^2 + 100^2) = 101.98 m; above, 15 m are assumed.
    found = result("file_position", camera=camera(), file_fixes=(fix(12, dilution=dilution),))
    assert found.threshold == pytest.approx(allowed_m, abs=0.01)
