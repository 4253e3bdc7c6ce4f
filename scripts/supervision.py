"""Child processes that end with us, whatever ends us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from pathlib import Path
from types import FrameType

PR_SET_CHILD_SUBREAPER = 36
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C, a closed terminal or a polite kill."""


def stop_on_signals() -> None:
    """Turn every polite request to end into `Stopped`, so that `finally` blocks run."""

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        ignore_signals()
        raise Stopped(signal.Signals(number).name)

    for number in STOPPING_SIGNALS:
        signal.signal(number, ask_to_stop)


def ignore_signals() -> None:
    """A second Ctrl-C must not interrupt the tidying up."""
    for number in STOPPING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def adopt_orphans() -> None:
    """Become the parent of any descendant whose own parent dies, so that `end_descendants` finds it.

    Call it after the private servers are up: they outlive their starter on purpose and are stopped by name.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start `command` out of reach of the terminal's Ctrl-C; the kernel ends it if we are killed."""
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "--", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for `process` and return its exit status; adopted orphans that end meanwhile are buried."""
    while process.returncode is None:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        if ended is None or ended.si_pid == process.pid:
            return process.wait()
        os.waitpid(ended.si_pid, 0)
    return process.returncode


def stop(process: subprocess.Popen[bytes], *, patience_s: float) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children() -> list[int]:
    """Process ids of our children, those adopted included."""
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [int(number) for number in found.split()]


def end_descendants(*, patience_s: float = 5) -> None:
    """Ask whatever is left below us to end, and kill what does not."""
    deadline = time.monotonic() + patience_s
    while left := children():
        for number in left:
            os.kill(number, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)
        reap()


def reap() -> None:
    """Collect the exit statuses of processes that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
