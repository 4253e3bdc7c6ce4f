"""A receiver on this machine that answers as it is told, and keeps what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """`statuses` are given out one after the other, the last one from then on."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    location: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    held = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            held.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            held.headers.append(dict(self.headers.items()))
            status = held.statuses.pop(0) if len(held.statuses) > 1 else held.statuses[0]
            self.send_response(status)
            if held.location:
                self.send_header("Location", held.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}/hook?key=1"
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
