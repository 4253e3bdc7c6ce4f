"""The one place that speaks HTTP: token, timeouts, tries, refusals. Nothing else here imports requests."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from catalogue_client.addresses import followed, is_loopback, server_address
from catalogue_client.errors import Refused, UnexpectedAnswer, Unreachable, UnsafeAddress, refusal
from catalogue_client.version import VERSION
from catalogue_client.waiting import BUSY, Patience, retry_after_s

_CONNECT_S = 10.0
_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
#: Broken connections, also in the middle of an answer. A certificate that is wrong stays wrong.
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
Body = Callable[[], io.RawIOBase]


class Bearer(requests.auth.AuthBase):
    """Puts the token in. Also without one it has to stand there: else requests would read ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    @property
    def is_set(self) -> bool:
        return self._token is not None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "Bearer(…)"


class Transport:
    """Requests to one server. Redirects are followed on the same origin only; the token goes nowhere else."""

    def __init__(
        self,
        server: str,
        *,
        token: str | None,
        timeout_s: float,
        patience: Patience,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server = server_address(server)
        self.timeout_s = timeout_s
        self.patience = patience
        self._sleep = sleep
        self._auth = Bearer(token)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"catalogue-client/{VERSION}"
        if is_loopback(urlsplit(self.server).hostname or ""):
            self._session.trust_env = False  # a proxy of the machine must not be asked for ourselves

    @property
    def has_token(self) -> bool:
        return self._auth.is_set

    def close(self) -> None:
        self._session.close()

    def json(self, method: str, path: str, **asked: Any) -> Any:
        """The JSON of an answer below 400; `asked` as for `open`."""
        answer = self.open(method, path, **asked)
        try:
            return answer.json()
        except requests.exceptions.JSONDecodeError:
            raise UnexpectedAnswer(
                f"{self.server} did not answer with JSON. Is it the address of a catalogue?"
            ) from None

    def open(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        repeatable: bool = True,
        timeout_s: float | None = None,
    ) -> requests.Response:
        """An answer below 400, tried again as `patience` allows.

        `path` is one below the server, or a whole address on it. `body` makes the body anew for each try.
        What is not `repeatable` is sent again only after an answer that says it was not done (429, 503).
        Raises Refused, Unreachable or UnsafeAddress.
        """
        address = followed(path, asked=f"{self.server}/", server=self.server)
        failed = 0
        while True:
            asked_s: float | None = None
            try:
                answer = self._once(
                    method, address, params=params, json=json, body=body, headers=headers, stream=stream,
                    timeout_s=timeout_s or self.timeout_s,
                )  # fmt: skip
                if answer.status_code < 400:
                    return answer
                failure: Refused | Unreachable = refusal(answer.status_code, _json_of(answer))
                again = answer.status_code in (BUSY if repeatable else {429, 503})
                asked_s = retry_after_s(answer.headers.get("Retry-After"), now=datetime.now(UTC))
            except BROKEN as broken:
                failure = self.unreachable(broken)
                again = repeatable and not isinstance(broken, requests.exceptions.SSLError)
            failed += 1
            if not again or not self.pause(failed, asked_s=asked_s):
                raise failure

    def pause(self, failed: int, *, asked_s: float | None = None) -> bool:
        """Wait before the next try; False when there is none."""
        # Not a secret: only spreads the returns of many clients.
        # S311: it spreads retries over time; nothing secret hangs on it.
        wait_s = self.patience.wait_s(failed, asked_s=asked_s, share=random.random())  # noqa: S311
        if wait_s is None:
            return False
        self._sleep(wait_s)
        return True

    def unreachable(self, broken: Exception) -> Unreachable:
        """What to tell people of a connection that failed."""
        if isinstance(broken, requests.exceptions.SSLError):
            return Unreachable(f"{self.server} could not prove who it is ({broken}).")
        if isinstance(broken, requests.Timeout):
            return Unreachable(f"{self.server} did not answer in time.")
        return Unreachable(f"{self.server} could not be reached, or broke off. Is the address right?")

    def _once(
        self,
        method: str,
        address: str,
        *,
        params: Mapping[str, str] | None,
        json: Any,
        body: Body | None,
        headers: Mapping[str, str] | None,
        stream: bool,
        timeout_s: float,
    ) -> requests.Response:
        for _redirect in range(_MOST_REDIRECTS):
            answer = self._session.request(
                method,
                address,
                params=params,
                json=json,
                data=body() if body is not None else None,
                headers=headers,
                auth=self._auth,
                stream=stream,
                timeout=(_CONNECT_S, timeout_s),
                allow_redirects=False,
            )
            if answer.status_code not in _REDIRECTS:
                return answer
            address = followed(answer.headers.get("Location", ""), asked=address, server=self.server)
            params = None  # the new address has them, or means to leave them out
            answer.close()
            if method != "GET":
                raise UnsafeAddress(f"The server sends this request on to {address}. It was not sent again.")
        raise UnexpectedAnswer(f"{self.server} sends from one address to the next without end.")


def _json_of(answer: requests.Response) -> object:
    try:
        return answer.json()
    except (requests.RequestException, ValueError):
        return None
    finally:
        answer.close()
