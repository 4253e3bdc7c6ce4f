"""Run a program that reads hostile files, with limits on everything it could use up.

``run_limited`` starts the program through a launcher, which limits itself and then becomes the program. That
keeps the forking side free of Python code between fork and exec, which is not safe in a process with threads.

What holds: address space, processor seconds, size of a written file, open files, no core dumps, no input, a
minimal environment, no new privileges, death together with the caller, a bounded amount of output kept, and
the whole process group gone when the call returns. Where the kernel permits it, no network either.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from evidence import sandbox_launcher
from evidence.sandbox_launcher import NOT_STARTED_EXIT, NOT_STARTED_MARK

DEFAULT_STDOUT_LIMIT_BYTES = 4 * 1024 * 1024
STDERR_KEPT_BYTES = 64 * 1024
OPEN_FILES_LIMIT = 256
READ_BYTES = 64 * 1024
POLL_SECONDS = 0.02

# The number of the pipe into which a program may write how far it is: a whole percentage a line.
PROGRESS_VARIABLE = "PROGRESS_FD"
PROGRESS_LINE_BYTES = 64

MEMORY_MARKS = ("MemoryError", "Cannot allocate memory", "bad_alloc", "out of memory", "Out of memory")
FILE_SIZE_MARK = "[Errno 27]"


class FailureReason(StrEnum):
    """Why a limited program gave no result."""

    timeout = "timeout"
    stalled = "stalled"
    memory = "memory"
    cpu = "cpu"
    crashed = "crashed"
    output_too_large = "output_too_large"
    exit_status = "exit_status"


@dataclass(frozen=True, slots=True)
class Success:
    """The program ended with status 0; ``stdout`` is whole, ``stderr`` the last 64 KiB."""

    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """The program gave no result: the reason, a sentence for a person, and what it said before the end."""

    reason: FailureReason
    sentence: str
    stderr: str
    stdout: bytes = b""
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Who hears of a program's progress, in whole percent; silent for `silence_seconds`, it is stopped."""

    told: Callable[[int], None]
    silence_seconds: float


def run_limited(
    argv: Sequence[str],
    *,
    memory_bytes: int,
    cpu_seconds: int,
    wall_seconds: float,
    file_size_bytes: int,
    stdout_limit_bytes: int = DEFAULT_STDOUT_LIMIT_BYTES,
    cwd: Path | None = None,
    watch: Watch | None = None,
) -> Success | Failure:
    """Run ``argv`` to its end or to the first limit, whichever comes first. Never raises for what it does.

    With ``watch`` the program is given a pipe (PROGRESS_VARIABLE) to say how far it is.

    ``memory_bytes`` bounds address space, not resident memory: give a Python program with Pillow and PyAV at
    least 1 GiB. ``wall_seconds`` is the deadline at which the process group is killed.
    """
    limits = [str(memory_bytes), str(cpu_seconds), str(file_size_bytes), str(OPEN_FILES_LIMIT)]
    listener = _Listener(watch) if watch is not None else None
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", sandbox_launcher.__file__, *limits, str(os.getpid()), "--", *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**_environment(), **(listener.environment if listener else {})},
        pass_fds=listener.passed if listener else (),
        cwd=cwd,
        start_new_session=True,
    )
    try:
        stopped, stdout, stderr = _collect(
            process, time.monotonic() + wall_seconds, stdout_limit_bytes, listener
        )
    finally:
        _kill_group(process.pid)
        exit_code, usage = _reap(process)
        if listener is not None:
            listener.close()
    if stopped is None and exit_code == 0:
        return Success(stdout=stdout, stderr=stderr)
    said = stderr.decode("utf-8", "replace")
    reason = stopped or _reason(exit_code, said, usage, cpu_seconds)
    if reason is FailureReason.stalled and watch is not None:
        wall_seconds = watch.silence_seconds
    sentence = _sentence(reason, exit_code, said, memory_bytes, cpu_seconds, wall_seconds)
    return Failure(reason=reason, sentence=sentence, stderr=said, stdout=stdout, exit_code=exit_code)


class _Listener:
    """The caller's end of the pipe for progress. Takes what comes as `_read_ready` gives it, line by line."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.heard_at = time.monotonic()
        reading, self._writing = os.pipe()
        self.pipe: IO[bytes] = os.fdopen(reading, "rb", buffering=0)
        self.passed = (self._writing,)
        self.environment = {PROGRESS_VARIABLE: str(self._writing)}
        self._line = b""

    def is_connected(self) -> None:
        """The program has its end; ours would keep the pipe from ever ending."""
        if self._writing >= 0:
            os.close(self._writing)
            self._writing = -1

    @property
    def is_stalled(self) -> bool:
        return time.monotonic() - self.heard_at > self.watch.silence_seconds

    def extend(self, chunk: bytes) -> None:
        *lines, rest = (self._line + chunk).split(b"\n")
        self._line = rest[-PROGRESS_LINE_BYTES:]
        said = [int(line) for line in lines if line.isdigit() and len(line) <= 3]
        if said:
            self.heard_at = time.monotonic()
            self.watch.told(min(100, said[-1]))

    def close(self) -> None:
        self.is_connected()
        self.pipe.close()


def _environment() -> dict[str, str]:
    """Nothing of the caller's environment but what a program needs to start: no secrets, no proxies."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        # The directory that holds this package, so `python -m evidence.…` works from any working directory.
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Each thread pool and malloc arena reserves address space, which is what the memory limit counts.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _collect(
    process: subprocess.Popen[bytes],
    deadline: float,
    stdout_limit_bytes: int,
    listener: _Listener | None,
) -> tuple[FailureReason | None, bytes, bytes]:
    """Read the pipes until the program ends; kill its group at the deadline or when it says too much."""
    stdout, stderr = bytearray(), bytearray()
    stopped: FailureReason | None = None
    with selectors.DefaultSelector() as selector:
        pipes: list[tuple[IO[bytes] | None, bytearray | _Listener]]
        pipes = [(process.stdout, stdout), (process.stderr, stderr)]
        if listener is not None:
            listener.is_connected()
            pipes.append((listener.pipe, listener))
        for pipe, kept in pipes:
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, selectors.EVENT_READ, kept)
        while stopped is None and not _has_ended(process.pid):
            if not selector.get_map():
                time.sleep(POLL_SECONDS / 4)
            _read_ready(selector, POLL_SECONDS)
            del stderr[:-STDERR_KEPT_BYTES]
            if len(stdout) > stdout_limit_bytes:
                stopped = FailureReason.output_too_large
            elif time.monotonic() > deadline:
                stopped = FailureReason.timeout
            elif listener is not None and listener.is_stalled:
                stopped = FailureReason.stalled
        _kill_group(process.pid)
        # What is still in the pipes; a pipe holds little, so a stranger who keeps one open cannot hold us.
        while len(stdout) <= stdout_limit_bytes and _read_ready(selector, 0.0):
            del stderr[:-STDERR_KEPT_BYTES]
        if len(stdout) > stdout_limit_bytes:
            stopped = stopped or FailureReason.output_too_large
    return stopped, bytes(stdout[:stdout_limit_bytes]), bytes(stderr)


def _read_ready(selector: selectors.BaseSelector, wait_seconds: float) -> bool:
    """Move what can be read without blocking; True when there was something."""
    moved = False
    if not selector.get_map():
        return False
    for key, _ in selector.select(wait_seconds):
        pipe: IO[bytes] = key.fileobj  # type: ignore[assignment]  # only pipes are registered
        try:
            chunk = os.read(pipe.fileno(), READ_BYTES)
        except BlockingIOError:
            continue
        if chunk:
            key.data.extend(chunk)
            moved = True
        else:
            selector.unregister(pipe)
    return moved


def _has_ended(pid: int) -> bool:
    """Ended, but not yet reaped: its number cannot be given to another process meanwhile."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _reap(process: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage]:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    return process.returncode, usage


def _reason(exit_code: int, said: str, usage: resource.struct_rusage, cpu_seconds: int) -> FailureReason:
    """Which limit was it? The kernel says so for time and file size; for memory, programs say it in words."""
    spent_s = usage.ru_utime + usage.ru_stime
    if exit_code == -signal.SIGXCPU or (exit_code == -signal.SIGKILL and spent_s >= cpu_seconds):
        return FailureReason.cpu
    if exit_code == -signal.SIGXFSZ or FILE_SIZE_MARK in said:
        return FailureReason.output_too_large
    # ru_maxrss tells nothing here: a child begins with the peak of the process that forked it.
    if exit_code == -signal.SIGKILL or any(mark in said for mark in MEMORY_MARKS):
        return FailureReason.memory
    return FailureReason.crashed if exit_code < 0 else FailureReason.exit_status


def _sentence(
    reason: FailureReason, exit_code: int, said: str, memory_bytes: int, cpu_seconds: int, wall_seconds: float
) -> str:
    if reason is FailureReason.exit_status and exit_code == NOT_STARTED_EXIT and NOT_STARTED_MARK in said:
        return f"The program could not be started: {said.rpartition(NOT_STARTED_MARK)[2].strip()}."
    signal_number = -exit_code if exit_code < 0 else 0
    return {
        FailureReason.timeout: f"Reading the file took longer than {wall_seconds:g} s and was stopped.",
        FailureReason.stalled: f"Reading the file made no progress for {wall_seconds:g} s and was stopped.",
        FailureReason.memory: (
            f"Reading the file needed more than {memory_bytes // 1024**2:,} MiB of memory and was stopped."
        ),
        FailureReason.cpu: f"Reading the file needed more than {cpu_seconds} s of computing and was stopped.",
        FailureReason.crashed: f"The program that reads the file crashed (signal {signal_number}).",
        FailureReason.output_too_large: "Reading the file gave more output than is accepted and was stopped.",
        FailureReason.exit_status: f"The program that reads the file ended with status {exit_code}.",
    }[reason]
