"""Keys, order, and what happens when a check breaks."""

import json
import logging
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings

from geolocation.checks import PERMANENT_KEYS, CheckInputs, registry, run_all
from geolocation.checks.base import Finding, Posting, Verdict
from tests.geolocation.checks.proposals import AVENUE, any_inputs, camera

EVERY_KEY = (
    "file_position",
    "file_heading",
    "bearing",
    "claim_place",
    "siblings",
    "posting_order",
    "daylight",
    "clock",
    "suspicious_numbers",
)


def test_results_come_in_the_order_of_the_permanent_keys():
    assert tuple(result.key for result in run_all(CheckInputs())) == EVERY_KEY == PERMANENT_KEYS


def test_versions_change_only_on_purpose():
    # A stored result names the version that made it: raise the number here together with the algorithm.
    assert {check.key: check.version for check in registry.registered_checks()} == dict.fromkeys(EVERY_KEY, 1)
    assert all(check.title for check in registry.registered_checks())


def test_a_key_cannot_be_taken_twice():
    with pytest.raises(ValueError, match="already belongs"):
        registry.check("file_position", 2, title="Again")


def test_an_unlisted_key_is_refused():
    with pytest.raises(ValueError, match="not among the permanent keys"):
        registry.check("mood", 1, title="Mood")


def test_versions_count_from_one(monkeypatch):
    monkeypatch.setattr(registry, "_checks", {})
    with pytest.raises(ValueError, match="count from 1"):
        registry.check("bearing", 0, title="Bearing")


def test_a_check_that_breaks_says_so_and_stops_no_other(monkeypatch, caplog):
    def broken(_inputs):
        raise ZeroDivisionError("secret detail")

    checks = dict(registry._checks)
    checks["bearing"] = registry.RegisteredCheck("bearing", 1, "Bearing", broken)
    monkeypatch.setattr(registry, "_checks", checks)
    with caplog.at_level(logging.ERROR):
        results = {result.key: result for result in run_all(CheckInputs(camera=camera()))}
    assert results["bearing"].verdict is Verdict.ERROR
    assert "ZeroDivisionError" in results["bearing"].sentence
    assert "secret detail" not in results["bearing"].sentence
    assert results["suspicious_numbers"].verdict is Verdict.PASSED
    assert len(results) == len(EVERY_KEY)
    assert "bearing" in caplog.text


def test_with_nothing_given_everything_is_inapplicable_and_says_what_is_missing():
    for result in run_all(CheckInputs()):
        assert result.verdict is Verdict.INAPPLICABLE
        assert result.measured_value is None
        assert len(result.sentence) > 30


def test_a_finding_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="finite"):
        Finding(verdict=Verdict.PASSED, sentence="", measured_value=float("nan"))


@given(any_inputs())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(CheckInputs(camera=camera(), subject=camera(AVENUE)))
@example(CheckInputs(camera=camera(), subject_area=()))
def test_no_valid_inputs_break_any_check(inputs):
    for result in run_all(inputs):
        assert result.verdict is not Verdict.ERROR, result.sentence
        assert result.sentence
        json.dumps([result.drawing, result.used], allow_nan=False)


@given(any_inputs())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_inputs_stored_as_json_give_the_same_inputs_and_results(inputs):
    stored = CheckInputs.from_json(json.loads(json.dumps(inputs.to_json(), allow_nan=False)))
    assert stored == inputs
    assert run_all(stored) == run_all(inputs)


def test_a_date_is_still_a_date_after_json():
    inputs = CheckInputs(earliest_posting=Posting(date(2023, 9, 21), "post page"))
    assert inputs.to_json()["earliest_posting"] == {"posted": "2023-09-21", "basis": "post page"}
    assert CheckInputs.from_json(inputs.to_json()).earliest_posting.posted == date(2023, 9, 21)
