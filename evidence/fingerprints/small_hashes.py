"""pHash and dHash, 64 bits each, as the library imagehash computes them; the tests compare with it."""

from __future__ import annotations

import numpy as np
from PIL import Image

_SIDE = 8
_WAVES_SIDE_PX = 32


def _dct_matrix() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Rows 0 to 7 of the 32-point DCT-II, not normalised, 8 x 32."""
    row = np.arange(_SIDE)[:, None]
    column = np.arange(_WAVES_SIDE_PX)[None, :]
    matrix: np.ndarray[tuple[int, int], np.dtype[np.float64]] = 2 * np.cos(
        np.pi * row * (2 * column + 1) / (2 * _WAVES_SIDE_PX)
    )
    return matrix


_DCT = _dct_matrix()


def phash64(picture: Image.Image) -> bytes:
    """8 bytes: which of the 64 lowest waves of a 32 x 32 grey copy are above their median."""
    grey = picture.convert("L").resize((_WAVES_SIDE_PX, _WAVES_SIDE_PX), Image.Resampling.LANCZOS)
    waves = _DCT @ np.asarray(grey, np.float64) @ _DCT.T
    return np.packbits(waves > np.median(waves)).tobytes()


def dhash64(picture: Image.Image) -> bytes:
    """8 bytes: where a 9 x 8 grey copy becomes brighter from one pixel to the next in its row."""
    grey = np.asarray(picture.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.LANCZOS))
    return np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes()
