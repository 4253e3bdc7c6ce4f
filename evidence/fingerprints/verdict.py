"""From hashes that match to one verdict on two recordings: the whole, a part, or a mirror image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from evidence.fingerprints.base import Algorithm
from evidence.fingerprints.overlap import FramePair, Overlap, Stretch, find_overlap

# From the first like keyframe to the last, so much of both videos makes the one the whole of the other.
WHOLE_SHARE = 0.8
# A single like keyframe may be a title card that two videos share: then it has to be so much of the shorter.
LEAST_FRAMES = 2
LEAST_SHARE = 0.25


class Kind(StrEnum):
    """How two recordings resemble each other. The values are permanent: they are stored."""

    WHOLE = "whole"
    CLIP = "clip"
    MIRRORED = "mirrored"


@dataclass(frozen=True, slots=True)
class HashMatch:
    """Two hashes within the threshold. A stretch is None for a picture."""

    algorithm: Algorithm
    distance: int
    is_mirrored: bool
    a: Stretch | None
    b: Stretch | None

    @property
    def score(self) -> float:
        """1 for equal hashes, 0 for as far apart as two unrelated pictures are on average."""
        return 1 - self.distance / (self.algorithm.bits / 2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two recordings have in common. `score` from 0 to 1; a stretch is None for a picture and the whole.

    `distances` has the smallest distance of each algorithm that matched.
    """

    kind: Kind
    score: float
    a: Stretch | None
    b: Stretch | None
    distances: dict[str, int]
    is_mirrored: bool
    frames: int = 0
    shift_s: float | None = None
    shift_error_s: float | None = None


def verdict_of(
    matches: Sequence[HashMatch], *, a_ends_s: float | None, b_ends_s: float | None
) -> Verdict | None:
    """What the matches of two files say; `*_ends_s` is when a video ends, None for a picture.

    None when they are too few to say anything.
    """
    best: Verdict | None = None
    for is_mirrored in (False, True):
        these = [match for match in matches if match.is_mirrored is is_mirrored]
        if not these:
            continue
        if a_ends_s is not None and b_ends_s is not None:
            found = _of_videos(these, a_ends_s, b_ends_s)
        else:
            found = _of_a_picture(these)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _of_a_picture(matches: Sequence[HashMatch]) -> Verdict:
    """A picture and a picture, or a picture and the keyframe of a video that it may be a still of."""
    # PDQ says most where it says anything: it has four times as many bits.
    best = max(matches, key=lambda match: (match.algorithm is Algorithm.PDQ, match.score))
    is_still = best.a is not None or best.b is not None
    plain = Kind.CLIP if is_still else Kind.WHOLE
    return Verdict(
        kind=Kind.MIRRORED if best.is_mirrored else plain,
        score=best.score,
        a=best.a,
        b=best.b,
        distances=_distances(matches),
        is_mirrored=best.is_mirrored,
        frames=1 if is_still else 0,
    )


def _of_videos(matches: Sequence[HashMatch], a_ends_s: float, b_ends_s: float) -> Verdict | None:
    pairs = [
        FramePair(match.a, match.b, match.distance, match.is_mirrored)
        for match in matches
        if match.a is not None and match.b is not None
    ]
    overlap = find_overlap(pairs)
    shorter_s = min(a_ends_s, b_ends_s)
    if overlap is None or not _is_enough(overlap, shorter_s):
        return None
    is_mirrored = matches[0].is_mirrored
    is_whole = overlap.a.length_s >= WHOLE_SHARE * max(a_ends_s, b_ends_s)
    plain = Kind.WHOLE if is_whole else Kind.CLIP
    return Verdict(
        kind=Kind.MIRRORED if is_mirrored else plain,
        score=min(1.0, overlap.covered_s / shorter_s) if shorter_s > 0 else 1.0,
        a=None if is_whole else _rounded(overlap.a),
        b=None if is_whole else _rounded(overlap.b),
        distances=_distances(matches),
        is_mirrored=is_mirrored,
        frames=overlap.frames,
        shift_s=round(overlap.shift_s, 3),
        shift_error_s=round(overlap.shift_error_s, 3),
    )


def _is_enough(overlap: Overlap, shorter_s: float) -> bool:
    return overlap.frames >= LEAST_FRAMES or overlap.covered_s >= LEAST_SHARE * shorter_s


def _rounded(stretch: Stretch) -> Stretch:
    return Stretch(round(stretch.from_s, 3), round(stretch.to_s, 3))


def _distances(matches: Sequence[HashMatch]) -> dict[str, int]:
    smallest: dict[str, int] = {}
    for match in matches:
        smallest[str(match.algorithm)] = min(
            match.distance, smallest.get(str(match.algorithm), match.distance)
        )
    return smallest
