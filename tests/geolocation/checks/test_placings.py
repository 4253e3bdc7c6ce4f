"""Two placings of one item against each other, at their limits and with parts missing."""

import pytest

from geolocation.checks.inputs import CheckInputs, PlacedPoint, SiblingGeolocation
from geolocation.checks.placings import Outcome, Placing, compare
from geolocation.checks.registry import run_all
from geolocation.coordinates.position import Position
from geolocation.geodesy import direct

HERE = Position(39.8, 46.7)


def placed(position, uncertainty_m):
    return PlacedPoint(position=position, uncertainty_m=uncertainty_m)


def away(distance_m, azimuth_deg=45.0):
    return direct(HERE, azimuth_deg, distance_m)


@pytest.mark.parametrize(
    ("distance_m", "outcome"), [(49.999, Outcome.AGREE), (50.001, Outcome.APART), (5000, Outcome.APART)]
)
def test_they_agree_up_to_the_joint_uncertainty(distance_m, outcome):
    # 30² + 40² = 50²
    first = Placing(reference="G01", camera=placed(HERE, 30))
    second = Placing(reference="G02", camera=placed(away(distance_m), 40))
    assert compare(first, second).outcome is outcome
    assert compare(second, first).outcome is outcome


def test_one_role_apart_is_enough_to_disagree():
    first = Placing(reference="G01", camera=placed(HERE, 30), subject=placed(away(400), 30))
    second = Placing(reference="G02", camera=placed(HERE, 30), subject=placed(away(900), 30))
    found = compare(first, second)
    assert found.outcome is Outcome.APART
    assert [part.agrees for part in found.parts] == [True, False]
    assert found.worst is found.parts[1].measured


def test_a_role_that_one_of_them_lacks_is_said_and_does_not_count():
    first = Placing(reference="G01", camera=placed(HERE, 30), subject=placed(away(400), 30))
    second = Placing(reference="G02", camera=placed(away(10), 30))
    found = compare(first, second)
    assert found.outcome is Outcome.AGREE
    assert found.parts[1].sentence == ("G01 places the subject and G02 does not, so it cannot be compared.")


def test_nothing_in_common_cannot_be_compared():
    first = Placing(reference="G01", camera=placed(HERE, 30))
    second = Placing(reference="G02", subject=placed(HERE, 30))
    found = compare(first, second)
    assert found.outcome is Outcome.NOT_COMPARABLE
    assert found.worst is None
    assert found.to_json()["parts"][0]["distance_m"] is None


def run(**inputs):
    return next(found for found in run_all(CheckInputs(**inputs)) if found.key == "blind_second")


def sibling(position, role="camera", reference="G02"):
    return SiblingGeolocation(reference, "Rui Reviewer", "supporting", position, 40, role)


@pytest.mark.parametrize(
    ("distance_m", "verdict"),
    [(49.9, "passed"), (50.1, "flagged"), (249.9, "flagged"), (250.1, "failed")],
)
def test_the_check_says_what_was_measured(distance_m, verdict):
    found = run(camera=placed(HERE, 30), blind_seconds=(sibling(away(distance_m)),))
    assert found.verdict == verdict
    assert found.measured_value == pytest.approx(distance_m, abs=1e-6)
    assert found.threshold == pytest.approx(50)
    assert found.sentence.startswith("Rui Reviewer (G02) placed the item without seeing this proposal.")


def test_the_check_shows_the_one_that_disagrees_most():
    near, far = sibling(away(10)), sibling(away(400), reference="G03")
    assert run(camera=placed(HERE, 30), blind_seconds=(near, far)).measured_value == pytest.approx(400)


def test_without_a_second_or_without_the_same_role_the_check_is_inapplicable():
    assert run(camera=placed(HERE, 30)).verdict == "inapplicable"
    found = run(camera=placed(HERE, 30), blind_seconds=(sibling(HERE, role="subject"),))
    assert found.verdict == "inapplicable"
    assert "so it cannot be compared" in found.sentence


def test_its_inputs_pass_through_json_and_older_inputs_have_none():
    inputs = CheckInputs(camera=placed(HERE, 30), blind_seconds=(sibling(HERE),))
    assert CheckInputs.from_json(inputs.to_json()) == inputs
    older = {name: value for name, value in inputs.to_json().items() if name != "blind_seconds"}
    assert CheckInputs.from_json(older).blind_seconds == ()
