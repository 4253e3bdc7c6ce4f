"""Keys, order, and what happens when a check breaks."""

import json
import logging
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geolocation.checks import PERMANENT_KEYS, CheckInputs, registry, run_all, run_many
from geolocation.checks.base import Finding, Posting, Verdict
from tests.geolocation.checks.proposals import AVENUE, any_inputs, between, camera

VERSIONS = {
    "file_position": 1,
    "file_heading": 2,
    "sight_range": 1,
    "bearing": 1,
    "resection": 1,
    "claim_place": 1,
    "area": 1,
    "siblings": 2,
    "likeness": 1,
    "journey": 1,
    "clock": 2,
    "posting_order": 2,
    "event_order": 1,
    "daylight": 2,
    "shadows": 1,
    "suspicious_numbers": 2,
    "blind_second": 1,
}
EVERY_KEY = tuple(VERSIONS)


def test_results_come_in_the_order_of_the_permanent_keys():
    assert tuple(result.key for result in run_all(CheckInputs())) == EVERY_KEY == PERMANENT_KEYS


def test_versions_change_only_on_purpose():
    # A stored result names the version that made it: raise the number here together with the algorithm.
    assert {check.key: check.version for check in registry.registered_checks()} == VERSIONS
    assert all(check.title for check in registry.registered_checks())


def test_a_key_cannot_be_taken_twice():
    with pytest.raises(ValueError, match="already belongs"):
        registry.check("file_position", 2, title="Again", reads=())


def test_an_unlisted_key_is_refused():
    with pytest.raises(ValueError, match="not among the permanent keys"):
        registry.check("mood", 1, title="Mood", reads=())


def test_inputs_that_do_not_exist_are_refused(monkeypatch):
    monkeypatch.setattr(registry, "_checks", {})
    with pytest.raises(ValueError, match="no such inputs: colour"):
        registry.check("bearing", 1, title="Bearing", reads=("colour",))


def test_versions_count_from_one(monkeypatch):
    monkeypatch.setattr(registry, "_checks", {})
    with pytest.raises(ValueError, match="count from 1"):
        registry.check("bearing", 0, title="Bearing", reads=())


def test_a_check_that_breaks_says_so_and_stops_no_other(monkeypatch, caplog):
    def broken(_inputs, _measures):
        raise ZeroDivisionError("secret detail")

    checks = dict(registry._checks)
    checks["bearing"] = registry.RegisteredCheck("bearing", 1, "Bearing", (), broken)
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
        json.dumps(result.drawing, allow_nan=False)


@given(any_inputs())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_inputs_stored_as_json_give_the_same_inputs_and_results(inputs):
    stored = CheckInputs.from_json(json.loads(json.dumps(inputs.to_json(), allow_nan=False)))
    assert stored == inputs
    assert run_all(stored) == run_all(inputs)


@given(any_inputs())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_with_what_it_reads_alone_a_check_answers_the_same(inputs):
    # A stored run keeps these inputs and no more, and its verdict is computed from them again years later.
    for check, expected in zip(registry.registered_checks(), run_all(inputs), strict=True):
        kept = CheckInputs.from_json(json.loads(json.dumps(inputs.to_json(check.reads), allow_nan=False)))
        assert registry.run_one(check, kept) == expected


@given(st.lists(any_inputs(), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_batch_gives_the_verdicts_of_one_by_one(batch):
    for inputs, together in zip(batch, run_many(batch), strict=True):
        for one, other in zip(run_all(inputs), together, strict=True):
            assert (one.key, one.verdict, one.unit, one.threshold) == (
                other.key,
                other.verdict,
                other.unit,
                other.threshold,
            )
            expected = other.measured_value
            assert one.measured_value == (expected and pytest.approx(expected, rel=1e-9, abs=1e-9))


def test_a_batch_that_cannot_be_prepared_is_still_judged(monkeypatch, caplog):
    def broken(_batch, _measures):
        raise MemoryError

    checks = dict(registry._checks)
    checks["daylight"] = replace(checks["daylight"], prepare=broken)
    monkeypatch.setattr(registry, "_checks", checks)
    inputs = CheckInputs(camera=camera(), captured=between("2023-09-20T10:00Z", "2023-09-20T11:00Z"))
    with caplog.at_level(logging.ERROR):
        assert run_many([inputs]) == [run_all(inputs)]
    assert "could not prepare" in caplog.text


def test_a_date_is_still_a_date_after_json():
    inputs = CheckInputs(earliest_posting=Posting(date(2023, 9, 21), "post page"))
    assert inputs.to_json()["earliest_posting"] == {
        "posted": "2023-09-21",
        "basis": "post page",
        "precision_s": None,
        "id_utc": None,
        "id_precision_s": None,
    }
    assert CheckInputs.from_json(inputs.to_json()).earliest_posting.posted == date(2023, 9, 21)
