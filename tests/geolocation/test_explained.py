"""The page's words come from docs/checks.md, whole."""

import re

from geolocation.checks import PERMANENT_KEYS
from geolocation.explained import DOCUMENT, explained, runs


def test_every_check_is_there_in_order_with_what_it_cannot_tell():
    sections = explained().sections
    assert tuple(section.key for section in sections) == PERMANENT_KEYS
    for section in sections:
        words = " ".join(run.text for line in section.paragraphs for run in line)
        assert re.search(r"cannot|It knows|proves nothing", words), section.key


def test_no_word_of_a_section_is_lost():
    text = DOCUMENT.read_text(encoding="utf-8")
    for section in explained().sections:
        source = re.search(rf"## `{section.key}`: .+\n([\s\S]+?)\n\n", text)[1]
        shown = " ".join("".join(run.text for run in line) for line in section.paragraphs)
        assert shown.split() == re.sub(r"[`*]", "", source).split()


def test_verdicts_and_introduction_are_there_and_what_is_for_developers_is_not():
    document = explained()
    assert [cells[0][0].text for cells in document.verdicts][:2] == ["passed", "flagged"]
    said = "".join(run.text for line in document.introduction for run in line)
    assert "advises" in said
    assert "recheck" not in said


def test_bold_and_code_are_told_apart():
    assert [(run.text, run.manner) for run in runs("a **b** `c`.")] == [
        ("a ", "plain"),
        ("b", "strong"),
        (" ", "plain"),
        ("c", "code"),
        (".", "plain"),
    ]
