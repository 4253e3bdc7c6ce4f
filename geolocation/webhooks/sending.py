"""One POST to one checked address: no redirect followed, no proxy, no body read, a bound on everything."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from geolocation.webhooks.addresses import AddressRefused, Target, addresses_checked, target_read

#: For connecting, and for each single read or write.
STEP_S: Final = 10.0
#: For all of it: a receiver that sends one byte every nine seconds is cut off.
WHOLE_S: Final = 20.0
_MOST_ADDRESSES: Final = 2

Failure = Literal["", "refused", "not_reached", "timeout", "tls", "answer"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it: the status of the answer, or why there is none."""

    status: int | None
    failure: Failure
    duration_ms: int

    @property
    def is_delivered(self) -> bool:
        """Only a 2xx says that it arrived. A redirect is not followed: it could lead inside."""
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], loopback: bool = False, whole_s: float = WHOLE_S
) -> Outcome:
    """Send it. Never raises for what the other side or the network does."""
    began = time.monotonic()
    status: int | None = None
    failure: Failure = ""
    try:
        target = target_read(url)
        addresses = addresses_checked(target, loopback=loopback)
        status = _asked(target, addresses, body, headers, whole_s)
    except AddressRefused as refused:
        failure = "not_reached" if refused.reason == "unknown_host" else "refused"
    except TimeoutError:
        failure = "timeout"
    except ssl.SSLError:
        failure = "tls"
    except http.client.HTTPException:
        failure = "answer"
    except OSError:
        failure = "not_reached"
    duration_ms = round((time.monotonic() - began) * 1000)
    if failure and duration_ms >= whole_s * 1000:
        failure = "timeout"
    return Outcome(status=status, failure=failure, duration_ms=duration_ms)


def _asked(
    target: Target, addresses: list[str], body: bytes, headers: Mapping[str, str], whole_s: float
) -> int:
    with contextlib.closing(_secured(_connected(addresses, target.port), target)) as link:
        # Hanging up from here wakes whatever the main line waits for.
        alarm = threading.Timer(whole_s, _hang_up, [link])
        alarm.daemon = True
        alarm.start()
        try:
            if isinstance(link, ssl.SSLSocket):
                link.do_handshake()
            return _answered(target, link, body, headers)
        finally:
            alarm.cancel()


def _answered(target: Target, link: socket.socket, body: bytes, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = link
    connection.request("POST", target.path, body, {"Host": target.host_header, **headers})
    with contextlib.closing(connection.getresponse()) as response:
        return response.status


def _connected(addresses: list[str], port: int) -> socket.socket:
    """To the first address that answers. They are numbers: nothing is looked up again."""
    last: OSError = ConnectionError("no address")
    for address in addresses[:_MOST_ADDRESSES]:
        try:
            return socket.create_connection((address, port), timeout=STEP_S)
        except OSError as error:
            last = error
    raise last


def _secured(plain: socket.socket, target: Target) -> socket.socket:
    """TLS, checked against the name that was given and not the address. The handshake comes later."""
    if target.scheme == "http":
        return plain
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)


def _hang_up(link: socket.socket) -> None:
    # Of the plain socket: that of TLS would take its state away under the one who reads.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(link, socket.SHUT_RDWR)
