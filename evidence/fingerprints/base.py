"""What a fingerprint is: the algorithms there are, their thresholds, and the rows a file gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Algorithm(StrEnum):
    """Perceptual hashes. The values are permanent: they are stored."""

    PDQ = "pdq256"
    PHASH = "phash64"
    DHASH = "dhash64"

    @property
    def bits(self) -> int:
        return 256 if self is Algorithm.PDQ else 64

    @property
    def threshold(self) -> int:
        """The largest Hamming distance at which two pictures are taken for the same one.

        31 of 256 is what PDQ's authors advise, 10 of 64 what is customary for pHash and dHash.
        """
        return 31 if self is Algorithm.PDQ else 10

    @property
    def code(self) -> int:
        """The number that keeps the bands of one algorithm apart from those of another."""
        return list(Algorithm).index(self)


# Below this PDQ quality (0 to 100) a picture has too little in it: its hash resembles those of many others.
QUALITY_FLOOR = 50


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One hash of one picture.

    `hash_bytes` is in the order of the algorithm's own text form. `time_s` and `until_s` are seconds after a
    video's start: the keyframe's moment, and until when it stands; None for a picture. `quality` is
    PDQ's, of the same picture, whichever the algorithm.
    """

    algorithm: Algorithm
    is_mirrored: bool
    quality: int
    hash_bytes: bytes
    time_s: float | None = None
    until_s: float | None = None

    @property
    def is_searchable(self) -> bool:
        return self.quality >= QUALITY_FLOOR


@dataclass(frozen=True, slots=True)
class FingerprintReport:
    """What a file gave. `duration_s` is None for a picture, and where a video does not say."""

    fingerprints: tuple[Fingerprint, ...]
    duration_s: float | None = None
    keyframes: int = 0
    warnings: tuple[str, ...] = ()


def distance(one: bytes, other: bytes) -> int:
    """How many bits differ. Raises ValueError for hashes of different length."""
    if len(one) != len(other):
        raise ValueError(f"hashes of {len(one)} and {len(other)} bytes cannot be compared")
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
