"""Servers on loopback ports and what eight clients get from them, for the benchmarks of what goes out."""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(command: list[str], port: int, ready: str, **changes: str) -> Iterator[None]:
    """A server in a process of its own, once it answers `ready`; ended by its own id."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **changes}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                if asked(connected(port), ready)[0] < 500:
                    break
            except OSError:
                pass
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{command} does not answer")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def catalogue() -> Iterator[int]:
    """The catalogue as `make run` serves it, on a port of its own."""
    port = free_port()
    with served([str(ROOT / "scripts/web")], port, "/healthz", PORT=str(port), HOST="127.0.0.1"):
        yield port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=120)


def asked(connection: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, bytes, str]:
    """Status, body and ETag."""
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.getheader("ETag", "")


def rate(port: int, paths: list[str], seconds: float, *, clients: int = 8, tag: str = "") -> float:
    """Answers a second that so many clients get, each on a connection it keeps. The last answers count."""

    def client(number: int) -> int:
        order = random.Random(number).sample(paths, len(paths))
        link, done = connected(port), 0
        while time.monotonic() < until:
            headers = {"If-None-Match": tag} if tag else {}
            status, body, _tag = asked(link, order[done % len(order)], **headers)
            if status not in (200, 204, 304):
                raise RuntimeError(f"{status} for {order[done % len(order)]}: {body[:300]!r}")
            done += 1
        return done

    until = time.monotonic() + seconds
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as crowd:
        done = sum(crowd.map(client, range(clients)))
    return done / (time.perf_counter() - started)


def database() -> tuple[str, str, str, str]:
    """Folder or host, port, user and name of the database that DATABASE_URL names."""
    address = urlsplit(os.environ["DATABASE_URL"])
    host, _, port = unquote(address.netloc.rpartition("@")[2]).rpartition(":")
    return host, port, address.username or "", address.path.lstrip("/")
