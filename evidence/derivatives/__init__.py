"""Small pictures made from large or foreign originals: thumbnails, previews, posters, contact sheets.

Pure: files in, files and a report out. Originals come from strangers, so run it in a child process:
``run_limited([python, "-m", "evidence.derivatives", PATH, OUTDIR, "--kind", "photo"], ...)``.
"""

from evidence.derivatives.base import Derivative, DerivativeReport, NotOpened
from evidence.derivatives.photo import make_photo_derivatives
from evidence.derivatives.video import make_video_derivatives

__all__ = [
    "Derivative",
    "DerivativeReport",
    "NotOpened",
    "make_photo_derivatives",
    "make_video_derivatives",
]
