"""How a child process says how far it is: a whole percentage a line, into the pipe it was given for that."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from evidence.sandbox import PROGRESS_VARIABLE

_SAID_EVERY_S = 0.5


class Progress:
    """Says a fraction of 1 at most twice a second; into nothing, where nobody asked for it."""

    def __init__(self) -> None:
        told = os.environ.get(PROGRESS_VARIABLE, "")
        self._pipe = int(told) if told.isdigit() else None
        self._said_at = float("-inf")

    def say(self, fraction: float) -> None:
        """Say how much of the work is done. That nobody listens is no reason to stop."""
        if self._pipe is None or time.monotonic() - self._said_at < _SAID_EVERY_S:
            return
        self._said_at = time.monotonic()
        with suppress(OSError):
            os.write(self._pipe, b"%d\n" % round(100 * max(0.0, min(1.0, fraction))))
