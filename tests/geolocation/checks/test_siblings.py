"""Agreement with the other geolocations of the item."""

import pytest

from geolocation.checks.base import SiblingGeolocation
from tests.geolocation.checks.proposals import AVENUE, TERMINAL, away, camera, result


def sibling(distance_m, reference="G-2", state="in_review", role="camera", author="Ana"):
    return SiblingGeolocation(reference, author, state, away(AVENUE, 33, distance_m), 15, role)


def test_siblings_within_both_uncertainties_pass():
    found = result(
        "siblings", camera=camera(), siblings=(sibling(5), sibling(24, "G-3", "verified", author="Ben"))
    )
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(24, abs=1e-3)
    assert found.threshold == 25
    assert "by Ana, Ben agree: the largest separation is 24 m to G-3" in found.sentence


def test_one_that_lies_apart_is_flagged_and_the_others_are_counted():
    found = result("siblings", camera=camera(), siblings=(sibling(5), sibling(60, "G-3", author="Ben")))
    assert found.verdict == "flagged"
    assert found.measured_value == pytest.approx(60, abs=1e-3)
    assert "G-3 by Ben (in review) places the camera 60 m away" in found.sentence
    assert "1 of 2" in found.sentence


def test_one_in_another_town_fails():
    other = SiblingGeolocation("G-3", "Ben", "verified", TERMINAL, 15)
    found = result("siblings", camera=camera(), siblings=(sibling(5), other))
    assert found.verdict == "failed"
    assert found.measured_value == pytest.approx(9018.1415, abs=1e-3)
    assert "contradict" in found.sentence


def test_a_vague_sibling_far_away_does_not_hide_a_precise_contradiction():
    vague = SiblingGeolocation("G-2", "Ana", "verified", TERMINAL, 10_000)
    found = result("siblings", camera=camera(), siblings=(vague, sibling(200, "G-3")))
    assert found.verdict == "failed"
    assert "G-3" in found.sentence


def test_cameras_are_compared_with_cameras_only():
    found = result("siblings", camera=camera(), siblings=(sibling(5, role="subject"),))
    assert found.verdict == "inapplicable"
    both = result(
        "siblings", camera=camera(TERMINAL), subject=camera(), siblings=(sibling(5, role="subject"),)
    )
    assert both.verdict == "passed"
    assert "(subject)" in both.sentence


@pytest.mark.parametrize("state", ["draft", "withdrawn", "rejected", "retracted"])
def test_what_nobody_stands_behind_does_not_count(state):
    found = result("siblings", camera=camera(), siblings=(sibling(9000, state=state),))
    assert found.verdict == "inapplicable"
    assert "none to compare" in found.sentence


def test_alone_it_is_inapplicable():
    assert "no other geolocation" in result("siblings", camera=camera()).sentence


def test_those_that_agree_are_counted_apart_from_those_that_do_not():
    others = (sibling(5), sibling(6, "G-3"), sibling(60, "G-4"))
    assert (
        "2 of 3 other geolocation(s) agree" in result("siblings", camera=camera(), siblings=others).sentence
    )


def test_of_those_that_agree_the_one_furthest_away_is_named():
    near_but_tight = SiblingGeolocation("G-2", "Ana", "in_review", away(AVENUE, 33, 19), 1)
    found = result("siblings", camera=camera(), siblings=(near_but_tight, sibling(22, "G-3")))
    assert found.measured_value == pytest.approx(22, abs=1e-3)


def test_of_three_and_more_the_geodesic_median_is_told_and_an_outlier_does_not_drag_it():
    others = tuple(
        SiblingGeolocation(f"G-{number}", "Ana", "in_review", away(AVENUE, turn, reach), 20)
        for number, (turn, reach) in enumerate([(0, 10), (180, 10), (90, 5_000)])
    )
    found = result("siblings", camera=camera(), siblings=others)
    assert "The geodesic median of all 4 camera positions" in found.sentence
    # Between two points 10 m to the north and to the south, and one in the middle, it stays there.
    assert "this one 0.0 m away" in found.sentence
    assert "geodesic median" not in result("siblings", camera=camera(), siblings=others[:1]).sentence
