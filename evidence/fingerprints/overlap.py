"""Which stretch of one video is in another: each pair of like keyframes votes for a shift in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Keyframes fall where an encoder puts them; a vote is this much wider than the time both stand for.
TOLERANCE_S = 0.5
_LEFT, _RIGHT = 0, 1


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From one second to another after a video's start."""

    from_s: float
    to_s: float

    @property
    def length_s(self) -> float:
        return self.to_s - self.from_s


@dataclass(frozen=True, slots=True)
class FramePair:
    """A keyframe of each video that look alike, each with the time for which it stands."""

    a: Stretch
    b: Stretch
    distance: int
    is_mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    """The stretch of both that matches. A moment of `a` plus `shift_s` is the same moment of `b`.

    `shift_error_s`: how far off the shift may be, because keyframes are far apart. `covered_s`: how many
    seconds of `a` like frames stand for, gaps left out. `frames`: how many keyframes of the one with fewer.
    """

    a: Stretch
    b: Stretch
    shift_s: float
    shift_error_s: float
    covered_s: float
    frames: int
    mean_distance: float


def find_overlap(pairs: Sequence[FramePair]) -> Overlap | None:
    """The shift for which most pairs vote, and what they cover there; None without a pair."""
    if not pairs:
        return None
    low, high, voters = _most_voted(pairs)
    shift_s = _likeliest_shift_s(voters, low, high)
    shared = sorted(_shared(pair, shift_s) for pair in voters)
    a = Stretch(shared[0].from_s, max(each.to_s for each in shared))
    return Overlap(
        a=a,
        b=Stretch(max(0.0, a.from_s + shift_s), max(0.0, a.to_s + shift_s)),
        shift_s=shift_s,
        shift_error_s=(high - low) / 2,
        covered_s=_covered_s(shared),
        frames=min(len({pair.a for pair in voters}), len({pair.b for pair in voters})),
        mean_distance=sum(pair.distance for pair in voters) / len(voters),
    )


def _votes(pair: FramePair) -> tuple[float, float]:
    """The shifts under which the two frames are on the screen at the same moment."""
    return (
        pair.b.from_s - pair.a.to_s - TOLERANCE_S,
        pair.b.to_s - pair.a.from_s + TOLERANCE_S,
    )


def _most_voted(pairs: Sequence[FramePair]) -> tuple[float, float, list[FramePair]]:
    """The narrowest range of shifts that most pairs vote for, and who they are."""
    edges = sorted(
        edge
        for index, pair in enumerate(pairs)
        for edge in ((_votes(pair)[0], _LEFT, index), (_votes(pair)[1], _RIGHT, index))
    )
    open_now: set[int] = set()
    best: tuple[float, float, frozenset[int]] = (0.0, 0.0, frozenset())
    for position, (at_s, side, index) in enumerate(edges):
        if side == _RIGHT:
            open_now.discard(index)
            continue
        open_now.add(index)
        if len(open_now) > len(best[2]):
            end_s = next(edge[0] for edge in edges[position + 1 :] if edge[1] == _RIGHT)
            best = (at_s, end_s, frozenset(open_now))
    return best[0], best[1], [pairs[index] for index in sorted(best[2])]


def _likeliest_shift_s(voters: Sequence[FramePair], low: float, high: float) -> float:
    """No shift where that is possible, because most copies begin together; else the middle of the votes."""
    if low <= 0 <= high:
        return 0.0
    starts = sorted(pair.b.from_s - pair.a.from_s for pair in voters)
    return min(max(starts[len(starts) // 2], low), high)


def _shared(pair: FramePair, shift_s: float) -> Stretch:
    """The seconds of `a` in which both frames stand; a moment where they only touch within the tolerance."""
    from_s = max(pair.a.from_s, pair.b.from_s - shift_s)
    return Stretch(from_s, max(from_s, min(pair.a.to_s, pair.b.to_s - shift_s)))


def _covered_s(stretches: Sequence[Stretch]) -> float:
    """The length of their union; they are sorted."""
    covered_s, end_s = 0.0, float("-inf")
    for each in stretches:
        covered_s += max(0.0, each.to_s - max(each.from_s, end_s))
        end_s = max(end_s, each.to_s)
    return covered_s
