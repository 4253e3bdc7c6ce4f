"""Perceptual hashes of pictures and of videos' keyframes, and how those of two recordings are compared.

What opens files is in `pictures` and `keyframes`, and is imported by name: nothing that only looks hashes up
needs the decoders.
"""

from evidence.fingerprints.bands import bands_of, probes_of
from evidence.fingerprints.base import (
    QUALITY_FLOOR,
    Algorithm,
    Fingerprint,
    FingerprintReport,
    distance,
)

__all__ = [
    "QUALITY_FLOOR",
    "Algorithm",
    "Fingerprint",
    "FingerprintReport",
    "bands_of",
    "distance",
    "probes_of",
]
