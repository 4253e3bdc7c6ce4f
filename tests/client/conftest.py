"""The running service with its points, and a server that answers what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from catalogue_client import Catalogue, Patience
from osint_catalogue.accounts.models import ApiToken, User
from tests.geolocation.api.conftest import published, verified

__all__ = ["published", "verified"]

QUICK = Patience(tries=3, first_s=0.01)


@pytest.fixture
def token_of() -> Callable[[User], str]:
    """`token_of(user)`: the secret of a new API token of that person."""
    return lambda user: ApiToken.issue(user=user, name="test")[1]


@pytest.fixture
def catalogue_of(live_server: Any, token_of: Callable[[User], str]) -> Iterator[Callable[..., Catalogue]]:
    """`catalogue_of(user)`: a client of the running service with that person's token; None is nobody."""
    opened: list[Catalogue] = []

    def make(user: User | None = None) -> Catalogue:
        opened.append(
            Catalogue(live_server.url, token=None if user is None else token_of(user), patience=QUICK)
        )
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@dataclass
class Told:
    """One answer that a test has prepared. `cut` breaks the connection after the body."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass
class Scripted:
    """A server on loopback: what it will answer, in order, and what it was asked."""

    url: str
    answers: list[Told] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def scripted() -> Iterator[Callable[[], Scripted]]:
    """`scripted()`: one more server that answers as told."""
    servers: list[ThreadingHTTPServer] = []

    def make() -> Scripted:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                self.rfile.read(length)
                script.asked.append((self.command, self.path, dict(self.headers)))
                told = script.answers.pop(0)
                self.send_response(told.status)
                for name, value in {"Content-Length": str(len(told.body)), **told.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(told.body)
                self.close_connection = told.cut

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        script = Scripted(url=f"http://127.0.0.1:{server.server_port}")
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return script

    yield make
    for each in servers:
        each.shutdown()
        each.server_close()
