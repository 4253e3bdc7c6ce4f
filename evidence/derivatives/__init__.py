"""What is made of large or foreign originals to look at: thumbnails, posters, contact sheets, viewing copies.

Pure: files in, files and a report out. Originals come from strangers, so run it in a child process:
``run_limited([python, "-m", "evidence.derivatives", PATH, OUTDIR, "--kind", "photo"], ...)``.
"""

from evidence.derivatives.base import Derivative, DerivativeReport, NotOpened
from evidence.derivatives.contact_sheet import make_contact_sheet
from evidence.derivatives.photo import make_photo_derivatives
from evidence.derivatives.proxy import make_proxy
from evidence.derivatives.video import make_video_derivatives
from evidence.derivatives.waveform import make_waveform

__all__ = [
    "Derivative",
    "DerivativeReport",
    "NotOpened",
    "make_contact_sheet",
    "make_photo_derivatives",
    "make_proxy",
    "make_video_derivatives",
    "make_waveform",
]
