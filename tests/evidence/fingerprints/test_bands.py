"""Nothing inside the threshold can slip between the bands."""

import random

import pytest

from evidence.fingerprints import Algorithm, bands_of, distance, probes_of


def flipped(hash_bytes: bytes, bits: list[int]) -> bytes:
    number = int.from_bytes(hash_bytes)
    for bit in bits:
        number ^= 1 << bit
    return number.to_bytes(len(hash_bytes))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_every_hash_within_the_threshold_shares_a_probe(algorithm: Algorithm) -> None:
    rng = random.Random(11)
    for _ in range(300):
        stored = rng.randbytes(algorithm.bits // 8)
        asked = flipped(stored, rng.sample(range(algorithm.bits), algorithm.threshold))
        assert distance(stored, asked) == algorithm.threshold
        assert set(bands_of(algorithm, stored)) & set(probes_of(algorithm, asked))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_the_worst_spread_of_flipped_bits_still_shares_a_probe(algorithm: Algorithm) -> None:
    # As evenly over the bands as can be: no band is spared.
    places = algorithm.bits // 16
    bits = [(number % places) * 16 + number // places for number in range(algorithm.threshold)]
    stored = bytes(algorithm.bits // 8)
    assert set(bands_of(algorithm, stored)) & set(probes_of(algorithm, flipped(stored, bits)))


def test_one_bit_beyond_what_the_bands_promise_can_slip_through() -> None:
    bits = [place * 16 + bit for place in range(16) for bit in (0, 1)]
    stored = bytes(32)
    assert not set(bands_of(Algorithm.PDQ, stored)) & set(probes_of(Algorithm.PDQ, flipped(stored, bits)))


def test_bands_of_different_algorithms_never_meet() -> None:
    one, other = bands_of(Algorithm.PHASH, bytes(8)), bands_of(Algorithm.DHASH, bytes(8))
    assert not set(one) & set(other)
    assert max(bands_of(Algorithm.DHASH, b"\xff" * 8)) < 2**31


def test_the_number_of_probes_is_what_was_measured() -> None:
    assert [len(set(probes_of(each, bytes(each.bits // 8)))) for each in Algorithm] == [272, 548, 548]
