"""What agrees, what differs, and what only one reader has; by how far, against independent numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.second_opinion import Opinion, Verdict, compare

OURS = Opinion(
    reader="",
    latitude=39.821232,
    longitude=46.758423,
    captured="2023-09-25T14:03:11",
    offset_min=240,
    heading_deg=359.98,
    heading_reference="true",
    camera_make="Exercise",
    camera_model="Camera 1",
    width=1600,
    height=1067,
    duration_s=6.0,
    track_fixes=5,
    track_start=(39.8, 46.7),
    track_end=(39.9, 46.8),
)


def _one(key: str, **theirs: object):
    rows = {row.key: row for row in compare(OURS, replace(OURS, reader="other", **theirs))}
    return rows[key]


def test_two_that_say_the_same_agree_on_everything() -> None:
    rows = compare(OURS, OURS)
    assert [row.key for row in rows] == [
        "position", "captured", "offset", "heading", "camera", "size", "duration", "track",
    ]  # fmt: skip
    assert {row.verdict for row in rows} == {Verdict.AGREES}


@pytest.mark.parametrize(
    ("key", "theirs", "by"),
    [
        # A degree of latitude at 39.8 to 40.8 degrees north is 111,035 m (length of the meridian, WGS 84).
        ("position", {"latitude": 40.821232}, "111,0"),
        ("position", {"longitude": -46.758423}, " m"),
        ("captured", {"captured": "2023-09-25T14:03:14"}, "0:00:03"),
        ("offset", {"offset_min": 180, "captured": "2023-09-25T13:03:11"}, ""),
        ("heading", {"heading_deg": 1.98}, "2.0°"),
        ("heading", {"heading_reference": "magnetic"}, ""),
        ("camera", {"camera_model": "Camera 2"}, ""),
        ("size", {"width": 1067, "height": 1600}, ""),
        ("duration", {"duration_s": 6.5}, "0.50 s"),
        ("track", {"track_end": (39.9, 46.9)}, " m"),
    ],
)
def test_what_differs_says_by_how_much(key: str, theirs: dict[str, object], by: str) -> None:
    row = _one(key, **theirs)
    assert row.verdict == Verdict.DIFFERS
    assert by in row.by
    assert (row.by == "") == (by == "")


@pytest.mark.parametrize(
    ("key", "theirs"),
    [
        ("position", {"latitude": 39.821245}),  # 1.4 m: rounding
        ("captured", {"captured": "2023-09-25T10:03:11", "offset_min": 0}),  # the same moment
        ("captured", {"captured": "2023-09-25T14:03:11", "offset_min": None}),  # the same clock
        ("heading", {"heading_deg": 0.01}),  # across north
        ("camera", {"camera_make": "EXERCISE ", "camera_model": "Camera  1"}),
        ("duration", {"duration_s": 6.05}),
        ("track", {"track_fixes": 90}),  # how many were kept is not what was said
    ],
)
def test_what_is_only_written_differently_agrees(key: str, theirs: dict[str, object]) -> None:
    assert _one(key, **theirs).verdict == Verdict.AGREES


def test_what_only_one_has_is_shown_and_what_none_has_is_not() -> None:
    bare = Opinion(reader="other", width=1600, height=1067)
    verdicts = {row.key: row.verdict for row in compare(OURS, bare)}
    assert verdicts["position"] == Verdict.ONLY_FIRST
    assert verdicts["size"] == Verdict.AGREES
    assert {row.key: row.verdict for row in compare(bare, OURS)}["position"] == Verdict.ONLY_SECOND
    assert compare(Opinion(reader=""), Opinion(reader="")) == ()


def test_a_stored_opinion_comes_back_the_same() -> None:
    assert Opinion.from_json(OURS.to_json() | {"unknown": 1}) == OURS
    with pytest.raises(ValueError, match="not a stored opinion"):
        Opinion.from_json({"reader": "x", "track_start": [1]})
