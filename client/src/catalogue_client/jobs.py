"""Files that are too large to wait for in one request: the server makes them in the background."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from catalogue_client.errors import ClientError, Invalid, ServerFault, UnexpectedAnswer, Unreachable
from catalogue_client.transport import Transport

TOO_LARGE = "export_too_large"
_PATH = "/api/v1/exports"
_LONGEST_PAUSE_S = 10.0


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """Where a finished file is, and the digest that the server has of it."""

    address: str
    sha256: str


def offered(refused: Invalid) -> dict[str, Any] | None:
    """What to send to have the file made instead, if the refusal says so."""
    error = refused.body.get("error", {})
    job = error.get("job") if refused.code == TOO_LARGE else None
    return job.get("body") if isinstance(job, dict) else None


@contextlib.contextmanager
def made_file(
    transport: Transport,
    asked: dict[str, Any],
    *,
    longest_s: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[MadeFile]:
    """Have a file made, and hold it for the block; afterwards, or if it takes too long, the job is removed.

    Raises ServerFault with the server's sentence if it could not be made.
    """
    # Not sent twice when the answer is lost: it would be a second job.
    job = _told(transport.json("POST", _PATH, json=asked, repeatable=False))
    path = f"{_PATH}/{quote(str(job['id']), safe='')}"
    try:
        yield _finished(transport, path, job, longest_s, sleep)
    finally:
        # The server removes it by itself after a while; a person has three at once until then.
        with contextlib.suppress(ClientError):
            transport.open("DELETE", path).close()


def _finished(
    transport: Transport,
    path: str,
    job: dict[str, Any],
    longest_s: float,
    sleep: Callable[[float], None],
) -> MadeFile:
    pause_s, waited_s = 0.5, 0.0
    while job["state"] in ("queued", "running"):
        if waited_s >= longest_s:
            raise Unreachable(f"The file was not made within {longest_s:.0f} seconds; it was given up.")
        sleep(pause_s)
        waited_s += pause_s
        pause_s = min(_LONGEST_PAUSE_S, pause_s * 1.5)
        job = _told(transport.json("GET", path))
    if job["state"] != "done" or not job.get("file_url"):
        sentence = job.get("sentence") or "The server could not make the file, and did not say why."
        raise ServerFault(sentence, status=500, code=str(job["state"]))
    return MadeFile(address=job["file_url"], sha256=str(job["sha256"]))


def _told(job: Any) -> dict[str, Any]:
    if not isinstance(job, dict) or not {"id", "state"} <= set(job):
        raise UnexpectedAnswer("The server did not say how far the file is.")
    return job
