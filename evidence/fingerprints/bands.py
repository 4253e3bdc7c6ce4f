"""Bands: how a hash is found in an index without missing one inside the threshold.

A hash is cut into bands of 16 bits. If two hashes differ in no more bits than the threshold, then in at least
one band they differ in no more than threshold // number of bands: 31 // 16 = 1 bit for PDQ, 10 // 4 = 2 for a
hash of 64 bits. So each band is looked up as it is and with every choice of so many of its bits flipped, and
nothing inside the threshold is missed.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

from evidence.fingerprints.base import Algorithm

BAND_BITS = 16


def bands_of(algorithm: Algorithm, hash_bytes: bytes) -> list[int]:
    """One number a band, below 2**31: the algorithm, the band's place and its 16 bits."""
    return [
        algorithm.code << 20 | place << BAND_BITS | int.from_bytes(hash_bytes[2 * place : 2 * place + 2])
        for place in range(algorithm.bits // BAND_BITS)
    ]


def probes_of(algorithm: Algorithm, hash_bytes: bytes) -> list[int]:
    """Every number that a hash within the threshold has at least one of: 272 for PDQ, 548 for 64 bits."""
    flips = _flips(algorithm.threshold // (algorithm.bits // BAND_BITS))
    return [band ^ flip for band in bands_of(algorithm, hash_bytes) for flip in flips]


@cache
def _flips(most_bits: int) -> tuple[int, ...]:
    """Every pattern of at most so many flipped bits, none flipped first."""
    return tuple(
        sum(1 << bit for bit in bits)
        for count in range(most_bits + 1)
        for bits in combinations(range(BAND_BITS), count)
    )
