"""What the processes of one run share: made by whichever comes first, found there by the others."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from scripts.locking import only_one

_FOLDER = "TESTS_FOLDER_OF_THE_RUN"


@cache
def begin() -> tempfile.TemporaryDirectory[str] | None:
    """Make the folder of this run, unless the process that started this one has; it goes with its maker."""
    if _FOLDER in os.environ:
        return None
    made = tempfile.TemporaryDirectory(prefix="tests-")
    os.environ[_FOLDER] = made.name
    return made


def folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[_FOLDER])


@contextmanager
def first(name: str) -> Iterator[bool]:
    """`with first("x") as is_first`: whether nobody in this run has done x yet; all others wait for it.

    Where it fails, the next to come is the first again.
    """
    with only_one(folder() / f"{name}.lock", wait=True):
        done = folder() / f"{name}.done"
        yield not done.exists()
        done.touch()
