"""The files of the training exercise, drawn once a run: they are always the same."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

from evidence.training import TrainingFile, generate
from tests.one_run import first, folder


def copy_training_files(outdir: Path) -> tuple[TrainingFile, ...]:
    """As `evidence.training.generate`, without drawing them again."""
    drawn, told = folder() / "training", folder() / "training.pickle"
    with first("training") as is_first:
        if is_first:
            told.write_bytes(pickle.dumps(generate(drawn)))
    shutil.copytree(drawn, outdir, dirs_exist_ok=True)
    made: tuple[TrainingFile, ...] = pickle.loads(told.read_bytes())
    return made
