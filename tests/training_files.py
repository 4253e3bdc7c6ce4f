"""The files of the training exercise, drawn once a process: they are always the same."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from evidence.training import TrainingFile, generate


@cache
def _drawn() -> tuple[tempfile.TemporaryDirectory[str], tuple[TrainingFile, ...]]:
    # Held until the process ends, which removes it.
    folder = tempfile.TemporaryDirectory(prefix="training-")
    return folder, generate(Path(folder.name))


def copy_training_files(outdir: Path) -> tuple[TrainingFile, ...]:
    """As `evidence.training.generate`, without drawing them again."""
    folder, made = _drawn()
    shutil.copytree(folder.name, outdir, dirs_exist_ok=True)
    return made
