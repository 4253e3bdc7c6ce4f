"""PDQ, the perceptual hash of 256 bits that Meta published in 2019, in numpy.

Bit for bit what the reference gives (ThreatExchange, pdq/cpp): every sum is made in the same order and in the
same precision, because a hash that differs in a few bits from everybody else's is of less use. The tests pin
it to hashes made with the reference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

_SIDE_PX = 64
_KEPT = 16
_SMALLEST_PX = 5
_PASSES = 2


def _dct_matrix() -> Floats:
    """Rows 1 to 16 of the 64-point DCT-II, 16 x 64."""
    scale = np.float64(np.float32(np.sqrt(2.0 / _SIDE_PX)))
    row = np.arange(1, _KEPT + 1, dtype=np.float64)[:, None]
    column = np.arange(_SIDE_PX, dtype=np.float64)[None, :]
    cosines = np.cos((np.pi / 2.0 / _SIDE_PX) * row * (2 * column + 1))
    return (scale * cosines).astype(np.float32)


_DCT = _dct_matrix()


@dataclass(frozen=True, slots=True)
class Pdq:
    """The hash of a picture, 32 bytes, and its quality from 0 to 100."""

    hash_bytes: bytes
    quality: int


def pdq(rgb: Bytes) -> Pdq:
    """Hash pixels of shape (height, width, 3). A picture under 5 pixels a side has quality 0."""
    if min(rgb.shape[:2]) < _SMALLEST_PX:
        return Pdq(bytes(32), 0)
    red, green, blue = (rgb[:, :, channel] for channel in range(3))
    luma = (red * 0.299 + green * 0.587 + blue * 0.114).astype(np.float32)
    small = _small(luma)
    return Pdq(_bits(_dct_64_to_16(small)), _quality(small))


def _small(luma: Floats) -> Floats:
    """Blurred twice and decimated to 64 x 64."""
    if luma.shape == (_SIDE_PX, _SIDE_PX):
        return luma
    rows, columns = luma.shape
    for _ in range(_PASSES):
        luma = _box_along_rows(luma, _window(columns))
        luma = _box_along_rows(luma.T, _window(rows)).T
    centres = (np.arange(_SIDE_PX) + 0.5) / _SIDE_PX
    return luma[np.ix_(_cut(centres, rows), _cut(centres, columns))]


def _cut(centres: npt.NDArray[np.float64], length: int) -> npt.NDArray[np.int64]:
    return (centres * length).astype(np.int64)


def _window(length: int) -> int:
    return (length + 2 * _SIDE_PX - 1) // (2 * _SIDE_PX)


def _box_along_rows(values: Floats, window: int) -> Floats:
    """The mean of `window` neighbours in each row, by one running sum a row in 32-bit floats.

    The sum takes the value that enters, then gives back the one that leaves; at the ends the window is short.
    """
    rows, length = values.shape
    half = (window + 2) // 2
    before, inside, after = half - 1, max(0, length - window), half - 1
    leaving = length - after - inside
    steps = np.empty((rows, before + leaving + 2 * inside + after), np.float32)
    head = before + leaving
    steps[:, :head] = values[:, :head]
    steps[:, head : head + 2 * inside : 2] = values[:, head : head + inside]
    steps[:, head + 1 : head + 2 * inside : 2] = -values[:, :inside]
    steps[:, head + 2 * inside :] = -values[:, inside : inside + after]
    sums = np.add.accumulate(steps, axis=1, dtype=np.float32)
    wanted = np.concatenate(
        [
            np.arange(before, head),
            np.arange(head + 1, head + 2 * inside, 2),
            np.arange(head + 2 * inside, steps.shape[1]),
        ]
    )
    sizes = np.concatenate(
        [
            np.arange(before + 1, head + 1),
            np.full(inside, head),
            np.arange(head - 1, head - 1 - after, -1),
        ]
    ).astype(np.float32)
    return (sums[:, wanted] / sizes).astype(np.float32, copy=False)


def _dct_64_to_16(small: Floats) -> Floats:
    """16 x 16 low waves without the mean: two products, summed one term after the other."""
    half = np.add.accumulate(_DCT[:, :, None] * small[None, :, :], axis=1, dtype=np.float32)[:, -1, :]
    terms = half[:, None, :] * _DCT[None, :, :]
    waves: Floats = np.add.accumulate(terms, axis=2, dtype=np.float32)[:, :, -1]
    return waves


def _bits(waves: Floats) -> bytes:
    """A bit for each wave above the median (the lower of the two middle values), the last wave first."""
    flat = waves.ravel()
    median = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return np.packbits((flat > median)[::-1]).tobytes()


def _quality(small: Floats) -> int:
    """How much changes between neighbours, in whole hundredths of the range; 0 for nothing, at most 100."""
    hundred, most = np.float32(100), np.float32(255)
    down = np.abs(np.trunc((small[:-1] - small[1:]) * hundred / most)).sum()
    across = np.abs(np.trunc((small[:, :-1] - small[:, 1:]) * hundred / most)).sum()
    return min(100, int(down + across) // 90)
