"""In front of everything else: a public tile that this process sent before is sent again, while it stands.

A map asks for dozens of tiles at once, all of them open to everybody and the same for all. What the long way
does for a request (session, language, sign-in, logging) costs several times what it takes to find out that
nothing has changed since, so only that is asked here.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from geolocation.api.tiles import holds_tag
from geolocation.services.tiles import published_version

#: What one process keeps of them, in bytes.
KEPT_BYTES: Final = 32 << 20
_TILE: Final = re.compile(r"/tiles/\d{1,2}/\d{1,9}/\d{1,9}\.mvt", re.ASCII)
# About what an answer takes besides its body.
_OVERHEAD_BYTES: Final = 1_000
_HEADERS: Final = ("Content-Type", "Content-Encoding", "ETag", "Cache-Control")


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        return len(self.body) + _OVERHEAD_BYTES


class KeptTiles:
    """Answers of one version; another version forgets them all. Those asked for last stay longest."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._lock = Lock()
        self._tag, self._size = "", 0
        self._found: OrderedDict[tuple[str, str, str], _Kept] = OrderedDict()

    def get(self, tag: str, key: tuple[str, str, str]) -> _Kept | None:
        """What was kept under this key, if it has this tag."""
        with self._lock:
            if tag != self._tag or key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key]

    def put(self, tag: str, key: tuple[str, str, str], kept: _Kept) -> None:
        """Keep an answer; what was not asked for longest makes room."""
        with self._lock:
            if tag != self._tag:
                self._found.clear()
                self._tag, self._size = tag, 0
            if key in self._found:
                return
            self._found[key] = kept
            self._size += kept.size
            while self._size > self._most:
                _key, oldest = self._found.popitem(last=False)
                self._size -= oldest.size


class TileFrontMiddleware:
    """Stands before what reads sessions: the tiles of all that is public are the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._kept = KeptTiles()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_plain(request):
            return self._get_response(request)
        # As everywhere else: an address that is not ours is refused.
        request.get_host()
        tag = f'W/"{published_version()[1]}"'
        database = str(connection.settings_dict["NAME"])
        key = (database, request.path_info, request.headers.get("Accept-Encoding", ""))
        kept = self._kept.get(tag, key)
        if kept is not None:
            return _answer(kept, is_held=holds_tag(request, tag))
        response = self._get_response(request)
        if response.status_code == 200 and response.headers.get("ETag") == tag:
            self._kept.put(tag, key, _keep(response))
        return response


def _is_plain(request: HttpRequest) -> bool:
    """A tile of everything, as it is asked for by maps: no filter, and no token that may be wrong."""
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and "HTTP_AUTHORIZATION" not in request.META
        and _TILE.fullmatch(request.path_info) is not None
    )


def _keep(response: HttpResponse) -> _Kept:
    given = tuple((name, response.headers[name]) for name in _HEADERS if name in response.headers)
    return _Kept(bytes(response.content), given)


def _answer(kept: _Kept, *, is_held: bool) -> HttpResponse:
    response = HttpResponseNotModified() if is_held else HttpResponse(kept.body)
    for name, value in kept.headers:
        if not is_held or name in ("ETag", "Cache-Control"):
            response.headers[name] = value
    response.headers["Vary"] = "Accept-Encoding"
    return response
