"""Numbers that look like slips. A second of latitude is some 31 m, a millionth of a degree 0.11 m."""

import pytest

from geolocation.checks.base import Crowd, FileFix, NamedPoint, PlacedPoint
from geolocation.coordinates.position import Position
from tests.geolocation.checks.proposals import AVENUE, away, camera, result

FIX = FileFix(AVENUE.latitude, AVENUE.longitude)


def numbers(position, typed="", uncertainty_m=20.0, decimals=None, **inputs):
    return result(
        "suspicious_numbers", camera=PlacedPoint(position, uncertainty_m, typed, decimals), **inputs
    )


def test_ordinary_numbers_pass():
    found = numbers(AVENUE, "39.821232, 46.758423", file_fixes=(FIX,))
    assert found.verdict == "passed"
    assert found.measured_value == 0
    assert "decimals typed fit" in found.sentence


def test_null_island_fails():
    found = numbers(Position(0.0, 0.0))
    assert found.verdict == "failed"
    assert "stands for a missing position" in found.sentence


def test_one_axis_at_zero_is_flagged():
    found = numbers(Position(51.4779, 0.0))
    assert found.verdict == "flagged"
    assert "longitude is exactly 0" in found.sentence


def test_the_same_number_twice_is_flagged():
    assert "pasted twice" in numbers(Position(39.821232, 39.821232)).sentence


def test_swapped_axes_are_seen_against_the_files_position():
    found = numbers(Position(AVENUE.longitude, AVENUE.latitude), file_fixes=(FIX,))
    assert found.verdict == "flagged"
    assert "latitude and longitude exchanged" in found.sentence
    assert "the file's own position" in found.sentence


def test_swapped_axes_are_seen_against_a_place():
    place = NamedPoint("Stepanakert", Position(39.8153, 46.752))
    found = numbers(Position(AVENUE.longitude, AVENUE.latitude), claim_places=(place,))
    assert "Stepanakert" in found.sentence


def test_without_anything_to_compare_a_swap_is_not_alleged():
    assert numbers(Position(AVENUE.longitude, AVENUE.latitude)).verdict == "passed"


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        (-39.821232, 46.758423, "the latitude"),
        (39.821232, -46.758423, "the longitude"),
        (-39.821232, -46.758423, "both"),
    ],
)
def test_a_lost_sign_is_seen(latitude, longitude, words):
    found = numbers(Position(latitude, longitude), file_fixes=(FIX,))
    assert found.verdict == "flagged"
    assert f"With the sign of {words} changed" in found.sentence


def test_a_place_on_the_equator_has_no_lost_sign():
    # Quito: the mirrored position is near too, but the proposal is as near.
    quito = Position(-0.18, -78.47)
    found = numbers(quito, file_fixes=(FileFix(-0.18, -78.47),))
    assert found.verdict == "passed"


def test_too_few_decimals_for_the_uncertainty_are_flagged():
    # Half of 0.01 degree of latitude at 40 N, of 111.03 km: 555 m.
    found = numbers(Position(39.82, 46.75), "39.82, 46.75")
    assert found.verdict == "flagged"
    assert "2 decimal(s), which fixes it to 555 m; the uncertainty given is only 20 m" in found.sentence
    assert numbers(Position(39.82, 46.75), "39.82, 46.75", uncertainty_m=600).verdict == "passed"


def test_decimals_known_by_the_form_come_first():
    assert numbers(Position(39.82, 46.75), "", decimals=2).verdict == "flagged"
    found = numbers(AVENUE, "N39 49 16.4 E46 45 30.3")
    assert found.verdict == "passed"
    assert "decimals not judged" in found.sentence


@pytest.mark.parametrize("typed", ["39.833333, 46.758423", "39.821232 46.700000"])
def test_a_run_of_equal_digits_is_flagged(typed):
    latitude, longitude = (float(part.strip(",")) for part in typed.split())
    found = numbers(Position(latitude, longitude), typed)
    assert found.verdict == "flagged"
    assert "ends in 5 equal digits" in found.sentence


def test_suspicions_about_camera_and_subject_are_counted_together():
    found = result(
        "suspicious_numbers", camera=camera(Position(0.0, 0.0)), subject=camera(Position(51.4779, 0.0))
    )
    assert found.measured_value == 2
    assert found.verdict == "failed"


def test_with_nothing_placed_it_is_inapplicable():
    assert result("suspicious_numbers").verdict == "inapplicable"


@pytest.mark.parametrize(("distance_m", "verdict"), [(49_900, "flagged"), (50_100, "passed")])
def test_a_correction_counts_within_50_km_of_what_is_stated(distance_m, verdict):
    place = NamedPoint("Town", away(AVENUE, 90, distance_m))
    # The mirrored avenue lies in the Atlantic; an uncertainty that reaches land keeps that out of it.
    mirrored = camera(Position(39.821232, -46.758423), 20_000)
    assert result("suspicious_numbers", camera=mirrored, claim_places=(place,)).verdict == verdict


def test_open_water_is_flagged_and_a_coast_is_not_judged():
    caspian = numbers(Position(41.5, 50.8))
    assert caspian.verdict == "flagged"
    assert "open water, more than 10.00 km from any coast" in caspian.sentence
    baku_bay = numbers(Position(40.35, 49.9))
    assert baku_bay.verdict == "passed"
    assert "not told apart" in baku_bay.sentence
    assert "on land" in numbers(AVENUE).sentence


@pytest.mark.parametrize(("items", "verdict"), [(2, "passed"), (3, "flagged")])
def test_the_point_of_many_unrelated_items_is_flagged(items, verdict):
    found = result("suspicious_numbers", camera=camera(), crowds=(Crowd("camera", items),))
    assert found.verdict == verdict


def test_more_decimals_than_anybody_measures_are_remarked_and_not_counted():
    found = result("suspicious_numbers", camera=camera(as_typed="39.82123200000123, 46.75842300000456"))
    assert found.verdict == "passed"
    assert "typed with 14 decimals" in found.sentence
