"""Limits itself and becomes another program. Started by `evidence.sandbox`; uses the standard library alone.

python -I -S sandbox_launcher.py MEMORY_BYTES CPU_SECONDS FILE_SIZE_BYTES OPEN_FILES CALLER -- PROGRAM ...
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

NOT_STARTED_EXIT = 126
NOT_STARTED_MARK = "sandbox: could not start: "

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def _become_limited(arguments: Sequence[str]) -> None:
    """Limit this process, then become the program. Returns only by exiting."""
    memory_bytes, cpu_seconds, file_size_bytes, open_files, caller = map(int, arguments[:5])
    argv = list(arguments[6:])
    _forbid_more_privileges_and_network()
    if os.getppid() != caller:
        os._exit(NOT_STARTED_EXIT)  # the caller died before it could be watched
    _limit(resource.RLIMIT_CORE, 0, 0)
    _limit(resource.RLIMIT_NOFILE, open_files, open_files)
    _limit(resource.RLIMIT_FSIZE, file_size_bytes, file_size_bytes)
    # First SIGXCPU, which says what it is; a second later SIGKILL for whoever ignores that.
    _limit(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 1)
    _limit(resource.RLIMIT_AS, memory_bytes, memory_bytes)
    try:
        os.execvp(argv[0], argv)  # noqa: S606  # the very purpose: no shell in between
    except OSError as error:
        sys.stderr.write(f"{NOT_STARTED_MARK}{argv[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(NOT_STARTED_EXIT)


def _limit(which: int, soft: int, hard: int) -> None:
    """Set a limit, staying under a stricter one that is already in force."""
    _, ceiling = resource.getrlimit(which)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))


def _forbid_more_privileges_and_network() -> None:
    """Best effort: a kernel or container that refuses any of these still leaves the limits."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        user, group = os.getuid(), os.getgid()
        if libc.unshare(CLONE_NEWNET) != 0 and libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
            _keep_identity(user, group)
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _keep_identity(user: int, group: int) -> None:
    """In a user namespace of its own a process is nobody until it is mapped to whom it was."""
    maps = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, text in maps.items():
        with contextlib.suppress(OSError):
            Path("/proc/self", name).write_text(text)


if __name__ == "__main__":
    _become_limited(sys.argv[1:])
