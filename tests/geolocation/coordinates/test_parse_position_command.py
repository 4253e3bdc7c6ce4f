"""The command that reads texts from standard input, one JSON line each."""

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import call_command


class _Input:
    """Standard input as the command sees it: bytes behind `buffer`."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def _answers(monkeypatch: pytest.MonkeyPatch, data: bytes, *arguments: str) -> list[dict[str, Any]]:
    monkeypatch.setattr(sys, "stdin", _Input(data))
    out = io.StringIO()
    call_command("parse_position", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_gets_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "39.821232, 46.758423\n\n133.2, 39.8\r\nsomewhere\n"
    answers = _answers(monkeypatch, lines.encode(), "-")
    assert [answer["ok"] for answer in answers] == [True, False, False, False]
    assert set(answers[0]) == {"ok", "latitude", "longitude", "implied_uncertainty_m", "notation"}
    assert (answers[0]["latitude"], answers[0]["longitude"]) == (39.821232, 46.758423)
    assert [answer.get("reason") for answer in answers[1:]] == ["empty", "out_of_range", "not_understood"]
    assert answers[2]["readings"][0]["latitude"] == 39.8


def test_bytes_that_are_no_text_are_refused_and_do_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = _answers(monkeypatch, b"\xff\xfe39\n39.8, 46.7\n", "-")
    assert [answer["ok"] for answer in answers] == [False, True]


def test_a_text_can_be_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = _answers(monkeypatch, b"", "8HF8RQC5+F9")
    assert answer["notation"] == "plus_code"
