"""Every line of hostile.tsv: texts that a careless reader would misplace, and what must become of them."""

import json
from pathlib import Path

import pytest

from geolocation.coordinates.outcome import Parsed, Refused
from geolocation.coordinates.parse import parse_position

_TABLE = Path(__file__).with_name("hostile.tsv")


def _rows() -> list[tuple[str, str, str]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(json.loads(text), outcome, why) for text, outcome, why in rows]


def _number(written: str) -> float | None:
    return None if written == "-" else float(written)


def test_the_table_is_large_enough_and_says_each_text_once() -> None:
    texts = [text for text, _, _ in _rows()]
    assert len(texts) >= 300
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(("text", "expected", "why"), _rows())
def test_a_hostile_text_becomes_exactly_what_the_table_says(text: str, expected: str, why: str) -> None:
    outcome = parse_position(text)
    word, *rest = expected.split()
    if word == "ok":
        assert isinstance(outcome, Parsed), why
        latitude, longitude, notation = rest
        assert outcome.position.latitude == pytest.approx(float(latitude), abs=6e-8), why
        assert outcome.position.longitude == pytest.approx(float(longitude), abs=6e-8), why
        assert outcome.notation == notation
        return
    assert isinstance(outcome, Refused), why
    assert outcome.reason == word, why
    assert outcome.sentence.endswith((".", "!"))
    readings = [(reading.latitude, reading.longitude) for reading in outcome.readings]
    assert len(readings) == len(rest), why
    for (latitude, longitude), written in zip(readings, rest, strict=True):
        expected_latitude, expected_longitude = map(_number, written.split(","))
        assert latitude == pytest.approx(expected_latitude, abs=6e-8), why
        assert longitude == pytest.approx(expected_longitude, abs=6e-8), why
