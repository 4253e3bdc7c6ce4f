"""Locks between processes of one checkout; the kernel lets go of them when their owner dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """Somebody else holds the lock; the text is what they wrote into it."""


@contextmanager
def only_one(path: Path, *, wait: bool = False, note: str = "") -> Iterator[None]:
    """Hold the lock `path`; `note` is for whoever finds it taken. Raises Taken unless `wait`."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Taken(os.pread(descriptor, 1000, 0).decode(errors="replace")) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, note.encode(), 0)
        yield
    finally:
        os.close(descriptor)
