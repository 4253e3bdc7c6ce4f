"""The training exercise: made-up media of an invented place, drawn and encoded by code alone.

Every picture carries the words "TRAINING EXERCISE". Nothing in it was photographed, nobody lives there, and
the coordinates lie on a calm open shore where none of it exists.
"""

from __future__ import annotations

from pathlib import Path

from evidence.training.files import TrainingFile, all_makers
from evidence.training.place import LIGHTHOUSE

TITLE = "Training exercise: the lighthouse that isn't there"
LIGHTHOUSE_POSITION = {"latitude": LIGHTHOUSE.latitude, "longitude": LIGHTHOUSE.longitude}

__all__ = ["LIGHTHOUSE_POSITION", "TITLE", "TrainingFile", "generate"]


def generate(outdir: Path) -> tuple[TrainingFile, ...]:
    """Write all files of the exercise into ``outdir`` and say what is in them; takes some seconds.

    The same code gives the same files. T08 (HEIC) is left out where its optional writer is not installed.
    """
    outdir.mkdir(parents=True, exist_ok=True)
    return tuple(make(outdir) for make in all_makers())
