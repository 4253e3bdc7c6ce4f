"""PDQ is the reference's PDQ, bit for bit.

The hashes of this table were made with pdqhash 0.2.8, which compiles the reference implementation of
ThreatExchange (pdq/cpp), the 64-bit ones with imagehash 4.3.2; both outside this project.
"""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from evidence.fingerprints.base import distance
from evidence.fingerprints.pdq import pdq
from evidence.fingerprints.small_hashes import dhash64, phash64

# width, height, number, quality, PDQ, PDQ of the mirror image, pHash, dHash
REFERENCE = [
    (
        640,
        480,
        1,
        100,
        "040a0026044a003e007b003e007b017f01ff03ff1fffffffffffff00ff00ff00",
        "71afd62a70aad6aa50aa56aa55aa56aa54aa56aa5aaaaaaaaaaaaa95aad5aa55",
        "80000000fffffffe",
        "c0a0404080800040",
    ),
    (
        333,
        517,
        2,
        100,
        "380638073803781ff01fe03f80ff03ffefffe7f8c3f0c1e0c3f0c1e0c3e0c1c0",
        "6952694a2d662d4aa54ab56ad5aa56aaaaaab2a9b6a596a5b6a596a596a596a5",
        "8f070f070f070f3f",
        "d020c04080408040",
    ),
    (
        64,
        64,
        3,
        100,
        "48f95b825a3b52e6548154ae55b95566ab49554e5559aad6aaa755545555aaab",
        "3daedef71ffe07bb01dcc1fb00ecc033fe1e001b000cff83fff200010000fffe",
        "b06ad495f2b4cda8",
        "0001030f1ffefcf8",
    ),
    (
        1024,
        700,
        4,
        100,
        "8fc080008fc18300dfc18301ffc1c783ffc3c783ffe38781ffc38f83dfc38781",
        "5555555555555555555555555555555555567555555555555555555555545555",
        "810fff01ff01ff00",
        "8000000000000000",
    ),
    (
        129,
        40,
        5,
        100,
        "c2074537ef47552182675533ce07d533c667c531ce079d3330e75520ab47aacf",
        "bff670fefa322067b7720066bb722066b77a00e49252c8666db20065f832ff9a",
        "8c79f186f3e6e082",
        "1a12323565e5edca",
    ),
    (
        5,
        9,
        6,
        22,
        "6b5a94a56b5a94a56b5a94a56b5a694a94a56b5a94a56b5a94a56b5a94a56b5a",
        "3e0fc1f03e0fc1f03e0fc1f03e0f1c0fc1f03e0fc1f03e0fc1f03e0fc1f03e0f",
        "d2adada929a929a9",
        "0000000000000000",
    ),
    (
        200,
        200,
        7,
        100,
        "c41f8e0ace0f8e1f183f38ff387e71ff39e030fc39e030fc38e030f838e030f8",
        "90429a509b5adb4ac94a4daa6d2b65aa6ab565a96ca565ab69a5e5a96ab565a9",
        "831f071f031f073f",
        "d528d040a04020d0",
    ),
    (
        97,
        1200,
        8,
        100,
        "c14c39cec54e364ed04e3f6e814c3d4ec54c3f6ec14c3d6ec14c3d4ec54c3d4e",
        "941b6c9b901b6b1b951b6a3bf41b683b94196a3b943b6a3b941b6a3b901b6a3b",
        "991b193b193b193b",
        "1904000000000080",
    ),
]


def waves(width: int, height: int, number: int) -> npt.NDArray[np.uint8]:
    """A picture made with whole numbers only, so that it is the same everywhere."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    channels = [
        (x * x * (number + 3) // 97 + y * (5 + channel) * number // 3 + (x * y) // (29 + 7 * channel)) % 511
        for channel in range(3)
    ]
    return np.stack([np.abs(channel - 255) for channel in channels], axis=2).astype(np.uint8)


@pytest.mark.parametrize(("width", "height", "number", "quality", "hashed", "mirrored", "p", "d"), REFERENCE)
def test_hashes_are_those_of_the_reference(
    width: int, height: int, number: int, quality: int, hashed: str, mirrored: str, p: str, d: str
) -> None:
    pixels = waves(width, height, number)
    ours = pdq(pixels)
    assert (ours.hash_bytes.hex(), ours.quality) == (hashed, quality)
    assert pdq(pixels[:, ::-1]).hash_bytes.hex() == mirrored
    assert phash64(Image.fromarray(pixels)).hex() == p
    assert dhash64(Image.fromarray(pixels)).hex() == d


def test_a_picture_of_one_grey_has_no_quality() -> None:
    assert pdq(np.full((200, 300, 3), 128, np.uint8)).quality == 0


def test_a_picture_under_five_pixels_has_no_quality() -> None:
    assert pdq(waves(300, 4, 1)).quality == 0
    assert pdq(waves(4, 300, 1)).quality == 0


def test_the_distance_counts_bits_and_refuses_other_lengths() -> None:
    assert distance(b"\xff\x00", b"\x0f\x01") == 5
    with pytest.raises(ValueError, match="1 and 2 bytes"):
        distance(b"a", b"ab")
