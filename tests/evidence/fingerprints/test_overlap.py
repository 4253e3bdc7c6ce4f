"""The shift in time that most pairs of frames vote for."""

import pytest

from evidence.fingerprints import Algorithm
from evidence.fingerprints.overlap import FramePair, Stretch, find_overlap
from evidence.fingerprints.verdict import HashMatch, Kind, verdict_of


def pair(a: tuple[float, float], b: tuple[float, float]) -> FramePair:
    return FramePair(Stretch(*a), Stretch(*b), 4)


def test_nothing_votes_for_nothing() -> None:
    assert find_overlap([]) is None


def test_the_shift_with_most_votes_wins_over_a_stray_pair() -> None:
    found = find_overlap(
        [
            pair((0, 2), (60, 62)),
            pair((2, 4), (62, 64)),
            pair((4, 6), (64, 66)),
            pair((4, 6), (10, 12)),  # a shot that comes again
        ]
    )
    assert found is not None
    assert found.shift_s == pytest.approx(60)
    assert (found.a, found.b) == (Stretch(0, 6), Stretch(60, 66))
    assert (found.covered_s, found.frames) == (6, 3)
    assert found.shift_error_s == pytest.approx(2.5)


def test_gaps_between_like_frames_are_not_counted_as_covered() -> None:
    found = find_overlap([pair((0, 2), (30, 32)), pair((20, 25), (50, 55))])
    assert found is not None
    assert (found.a, found.covered_s) == (Stretch(0, 25), 7)


def test_a_copy_that_may_begin_with_the_other_is_taken_to_begin_with_it() -> None:
    found = find_overlap([pair((0, 4), (0, 2.5)), pair((4, 8), (2.5, 5))])
    assert found is not None
    assert found.shift_s == 0


def match(a: Stretch | None, b: Stretch | None, *, apart: int = 4, mirrored: bool = False) -> HashMatch:
    return HashMatch(Algorithm.PDQ, apart, mirrored, a, b)


def test_one_shared_title_card_of_two_long_videos_says_nothing() -> None:
    card = match(Stretch(0, 3), Stretch(0, 3))
    assert verdict_of([card], a_ends_s=120, b_ends_s=90) is None
    assert verdict_of([card], a_ends_s=10, b_ends_s=90) is not None


def test_a_still_of_a_video_names_the_seconds_in_which_it_is_seen() -> None:
    found = verdict_of([match(None, Stretch(12, 17))], a_ends_s=None, b_ends_s=90)
    assert found is not None
    assert (found.kind, found.a, found.b) == (Kind.CLIP, None, Stretch(12, 17))


def test_pictures_are_whole_or_mirrored_whichever_is_nearer() -> None:
    found = verdict_of(
        [match(None, None, apart=30), match(None, None, apart=2, mirrored=True)], a_ends_s=None, b_ends_s=None
    )
    assert found is not None
    assert (found.kind, found.score) == (Kind.MIRRORED, 1 - 2 / 128)
    assert verdict_of([], a_ends_s=None, b_ends_s=None) is None
