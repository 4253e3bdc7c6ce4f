"""Fingerprints of a picture and of its mirror image."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from evidence.derivatives.base import MAX_PIXELS, NotOpened, pillow_for_evidence
from evidence.derivatives.photo import EMPTY, picture_upright
from evidence.fingerprints.base import QUALITY_FLOOR, Algorithm, Fingerprint, FingerprintReport
from evidence.fingerprints.pdq import pdq
from evidence.fingerprints.small_hashes import dhash64, phash64

# As PDQ's own tool does it: a picture is brought to this size before it is hashed.
HASHED_SIDE_PX = 512
TOO_PLAIN = "There is too little in the picture to tell it from others; no likeness is looked for."


def picture_fingerprints(path: Path, *, max_pixels: int = MAX_PIXELS) -> FingerprintReport:
    """PDQ, pHash and dHash of a picture file, upright, and of its mirror image: six fingerprints.

    A JPEG is decoded only as finely as needed. Raises NotOpened, with a sentence, for what is no picture.
    """
    if path.stat().st_size == 0:
        raise NotOpened(EMPTY)
    with pillow_for_evidence():
        picture = picture_upright(path, max_pixels=max_pixels, side_px=HASHED_SIDE_PX)
    found = tuple(
        fingerprint
        for is_mirrored in (False, True)
        for fingerprint in _hashes(ImageOps.mirror(picture.rgb) if is_mirrored else picture.rgb, is_mirrored)
    )
    warnings = picture.warnings
    if found[0].quality < QUALITY_FLOOR:
        warnings += (TOO_PLAIN,)
    return FingerprintReport(found, warnings=warnings)


def _hashes(rgb: Image.Image, is_mirrored: bool) -> list[Fingerprint]:
    hashed = pdq(np.asarray(rgb))
    hashes = {
        Algorithm.PDQ: hashed.hash_bytes,
        Algorithm.PHASH: phash64(rgb),
        Algorithm.DHASH: dhash64(rgb),
    }
    return [Fingerprint(name, is_mirrored, hashed.quality, value) for name, value in hashes.items()]
