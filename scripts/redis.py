"""A private Redis on a Unix socket: the queue's broker and the cache."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
from pathlib import Path

from scripts.layout import Layout, SetupError
from scripts.postgres import last_lines

SECONDS_TO_START = 15
SECONDS_TO_STOP = 20


def socket_path(layout: Layout) -> Path:
    return layout.sockets / "redis.sock"


def cache_url(layout: Layout) -> str:
    return f"unix://{socket_path(layout)}?db=1"


def broker_url(layout: Layout) -> str:
    return f"redis+socket://{socket_path(layout)}?virtual_host=0"


def configuration(layout: Layout) -> str:
    """redis.conf: no network port, and tasks that survive a restart where the data are meant to last."""
    lines = [
        "port 0",
        f'unixsocket "{socket_path(layout)}"',
        "unixsocketperm 700",
        "daemonize yes",
        f'dir "{layout.redis_data}"',
        f'pidfile "{layout.redis_data / "redis.pid"}"',
        f'logfile "{layout.redis_data / "redis.log"}"',
        'save ""',
        f"appendonly {'yes' if layout.durable else 'no'}",
        "maxmemory-policy noeviction",
    ]
    return "\n".join(lines) + "\n"


def start(layout: Layout) -> bool:
    """Start it. Returns whether it was not running before."""
    if answers(layout):
        return False
    program = shutil.which("redis-server", path="/usr/bin:/usr/local/bin:/bin")
    if program is None:
        raise SetupError("redis-server is not installed. `make run` installs it.")
    conf = layout.redis_data / "redis.conf"
    conf.write_text(configuration(layout), encoding="utf-8")
    conf.chmod(0o644)
    # A socket or pid file that a killed server left behind would otherwise look like a living one.
    socket_path(layout).unlink(missing_ok=True)
    (layout.redis_data / "redis.pid").unlink(missing_ok=True)
    started = layout.user.run([program, str(conf)])
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(layout):
        if started.returncode != 0 or time.monotonic() > deadline:
            log = last_lines(layout.redis_data / "redis.log")
            raise SetupError(f"Redis did not start:\n{log}\n{started.stdout}{started.stderr}".rstrip())
        time.sleep(0.05)
    return True


def answers(layout: Layout) -> bool:
    """Whether a Redis says PONG (or that it is loading its file) on our socket."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(socket_path(layout)))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def pid(layout: Layout) -> int | None:
    """The process id of our server, only if that process lives and is a redis-server indeed."""
    try:
        number = int((layout.redis_data / "redis.pid").read_text(encoding="ascii"))
        # proc(5): `number (name) state ...`; Z is a process that has ended and waits for its parent.
        name, state = Path(f"/proc/{number}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
    except (OSError, ValueError):
        return None
    return number if name.startswith("redis-server") and state.split()[0] != "Z" else None


def stop(layout: Layout) -> None:
    """Ask it to end, which writes its data down; kill it when it does not."""
    number = pid(layout)
    if number is None:
        return
    os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    while pid(layout) == number:
        if time.monotonic() > deadline:
            os.kill(number, signal.SIGKILL)
        time.sleep(0.05)
