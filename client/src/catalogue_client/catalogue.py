"""`Catalogue`: read verified points, follow what changes, log media, upload files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from catalogue_client import frames
from catalogue_client.addresses import followed
from catalogue_client.errors import Invalid, InvalidArgument, UnexpectedAnswer
from catalogue_client.files import FORMATS, Downloaded, download, whole_file
from catalogue_client.jobs import made_file, offered
from catalogue_client.models import (
    ChangePage,
    Logged,
    MediaDetails,
    Point,
    PointFilter,
    Removal,
    When,
    when_text,
)
from catalogue_client.multipart import MultipartFile, Progress, new_boundary
from catalogue_client.transport import Transport
from catalogue_client.waiting import Patience

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_API = "/api/v1"
_PAGE = 1000
#: An upload is answered once the file is stored, which takes a while after the last byte was sent.
_UPLOAD_S = 600.0


class Catalogue:
    """One catalogue. Without a token: the verified points of published investigations.

    `url` has to be HTTPS, except on this machine itself. Every method may raise `errors.Refused` (the server
    said no, with a sentence and fields) and `errors.Unreachable` (after the tries that `patience` allows).
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout_s: float = 60.0,
        patience: Patience | None = None,
        longest_job_s: float = 3600.0,
    ) -> None:
        if token is not None and (
            not token or not token.isascii() or not token.isprintable() or " " in token
        ):
            raise InvalidArgument("The token is not one: it is a single word of plain letters and digits.")
        self._longest_job_s = longest_job_s
        self._transport = Transport(
            url, token=token, timeout_s=timeout_s, patience=patience or Patience()
        )  # fmt: skip

    @property
    def url(self) -> str:
        return self._transport.server

    def close(self) -> None:
        """Give the connections back."""
        self._transport.close()

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def points(self, wanted: PointFilter | None = None, *, page_size: int = _PAGE) -> Iterator[Point]:
        """Every point that fits, page after page; only one page is held at a time."""
        path = f"{_API}/verified-points"
        params: dict[str, str] | None = {
            **(wanted or PointFilter()).parameters(),
            "limit": str(page_size),
        }
        address: str | None = path
        while address is not None:
            body = self._transport.json("GET", address, params=params)
            if not isinstance(body, dict) or not isinstance(body.get("results"), list):
                raise UnexpectedAnswer(
                    "This is no page of verified points. Is it the address of a catalogue?"
                )
            yield from map(Point.from_json, body["results"])
            link = body.get("next")
            address = None if link is None else followed(link, asked=self.url, server=self.url)
            params = None  # they are in the link

    def pull(
        self,
        path: str | Path | None = None,
        wanted: PointFilter | None = None,
        *,
        progress: Progress | None = None,
    ) -> GeoDataFrame:
        """The points that fit as a GeoDataFrame; with a `path` also as the server's own file, kept there.

        The ending of `path` is the format: .gpkg, .geojson, .fgb or .parquet. Needs the extra `geo`.
        """
        if path is None:
            return frames.frame(self.points(wanted))
        frames.geopandas()  # before anything is fetched
        path = Path(path)
        if path.suffix.lstrip(".") not in frames.READABLE:
            raise InvalidArgument(
                f"“{path.name}” ends with no format that becomes a GeoDataFrame: take "
                f"{', '.join('.' + each for each in frames.READABLE)}, or save any other with `save`."
            )
        self.save(path, wanted, progress=progress)
        return frames.read(path)

    def save(
        self,
        path: str | Path,
        wanted: PointFilter | None = None,
        *,
        format: str | None = None,
        progress: Progress | None = None,
    ) -> Downloaded:
        """The server's own file, kept at `path` once it is whole; what was there stays until then.

        A file too large to be made while one waits is made in the background (with a token), awaited up to
        `longest_job_s`, compared with the server's digest, and removed there.
        """
        path = Path(path)
        chosen = format or path.suffix.lstrip(".")
        return self._download(
            chosen, wanted, lambda: whole_file(path), restartable=True, progress=progress
        )  # fmt: skip

    def stream(
        self,
        file: BinaryIO,
        wanted: PointFilter | None = None,
        *,
        format: str,
        progress: Progress | None = None,
    ) -> Downloaded:
        """As `save`, into an open file: a pipe cannot be begun again, so a broken connection ends it."""
        return self._download(
            format, wanted, lambda: contextlib.nullcontext(file), restartable=False, progress=progress
        )

    def changes(
        self,
        since: When | None = None,
        *,
        investigation: str | None = None,
        members: bool = False,
        page_size: int = 500,
    ) -> ChangePage:
        """One page of the corrections feed: what changed after `since`, a cursor of the last page.

        With nothing it begins with everything there is. `members` asks the feed of one investigation for its
        members, also of what is not published; else it is the feed for everybody.
        """
        params = {"limit": str(page_size)}
        path = changes_path(investigation, members=members)
        if investigation is not None and not members:
            params["investigation"] = investigation
        text = when_text(since)
        if text:
            params["updated_since"] = text
        return ChangePage.from_json(self._transport.json("GET", path, params=params))

    def follow(
        self, since: When | None = None, *, investigation: str | None = None, members: bool = False
    ) -> Iterator[Point | Removal]:
        """All entries of the feed up to now. To keep a copy in step take `Mirror`, which keeps the cursor."""
        more = True
        while more:
            page = self.changes(since, investigation=investigation, members=members)
            yield from page.entries
            since, more = page.cursor, page.more

    def log_media(
        self,
        investigation: str,
        links: str | Iterable[str],
        *,
        details: MediaDetails | None = None,
    ) -> list[Logged]:
        """Log posts by their links, all of them or none. A post that is there already is not logged twice."""
        asked = [links] if isinstance(links, str) else list(links)
        if not asked:
            raise InvalidArgument("There is no link to log.")
        body = self._transport.json(
            "POST",
            f"{_investigation(investigation)}/media",
            json={**(details or MediaDetails()).given(), "links": asked},
        )
        if not isinstance(body, dict) or not isinstance(body.get("results"), list):
            raise UnexpectedAnswer("The server did not say where logging led.")
        return [Logged.from_json(each) for each in body["results"]]

    def upload(
        self,
        investigation: str,
        path: str | Path,
        *,
        item: str | None = None,
        details: MediaDetails | None = None,
        progress: Progress | None = None,
    ) -> Logged:
        """Store one file, streamed from disk; `item` adds it to a recording that is there (such as M07).

        The same bytes lead to the item that has them (`existed`), so a try that broke off is simply made
        again. Afterwards the server is asked whether it holds exactly the bytes that were read here.
        """
        boundary = new_boundary()
        sent: list[MultipartFile] = []
        fields = {
            name: "true" if value is True else str(value)
            for name, value in {
                **(details or MediaDetails()).given(),
                **({"item": item} if item else {}),
            }.items()
        }

        def body() -> MultipartFile:
            for earlier in sent:
                earlier.close()
            sent[:] = [MultipartFile(Path(path), fields=fields, boundary=boundary, progress=progress)]
            return sent[0]

        try:
            answer = self._transport.json(
                "POST",
                f"{_investigation(investigation)}/media/upload",
                body=body,
                headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
                timeout_s=max(self._transport.timeout_s, _UPLOAD_S),
            )
            digest = sent[0].sha256
        finally:
            for each in sent:
                each.close()
        logged = Logged.from_json(answer, sha256=digest)
        self._require_stored(investigation, logged)
        return logged

    def media(self, investigation: str, reference: str) -> dict[str, Any]:
        """One recording with its appearances and files, as `/api/v1/schema` describes it."""
        found = self._transport.json(
            "GET", f"{_investigation(investigation)}/media/{quote(reference, safe='')}"
        )
        if not isinstance(found, dict):
            raise UnexpectedAnswer("The server did not answer with a recording.")
        return found

    def _require_stored(self, investigation: str, logged: Logged) -> None:
        files = self.media(investigation, logged.reference).get("files", [])
        if logged.sha256 not in {each.get("sha256") for each in files}:
            raise UnexpectedAnswer(
                f"{logged.reference} does not hold the bytes that were sent (SHA-256 {logged.sha256}). "
                "Compare the file with the one that the recording has."
            )

    def _download(self, chosen: str, wanted: PointFilter | None, target: Any, **how: Any) -> Downloaded:
        if chosen not in FORMATS:
            raise InvalidArgument(f"There is no format “{chosen}”. Take one of: {', '.join(FORMATS)}.")
        path = f"{_API}/verified-points.{FORMATS[chosen]}"
        try:
            return download(self._transport, path, (wanted or PointFilter()).parameters(), target, **how)
        except Invalid as refused:
            job = offered(refused)
            if job is None or not self._transport.has_token:
                raise
        with made_file(self._transport, job, longest_s=self._longest_job_s) as file:
            return download(self._transport, file.address, {}, target, sha256=file.sha256, **how)


def changes_path(investigation: str | None, *, members: bool) -> str:
    """The address of a corrections feed on its server."""
    if not members:
        return f"{_API}/points/changes"
    if investigation is None:
        raise InvalidArgument("The feed for members is that of one investigation: name it.")
    return f"{_investigation(investigation)}/points/changes"


def _investigation(code: str) -> str:
    if not code:
        raise InvalidArgument("Name the investigation by its code, such as NK23.")
    return f"{_API}/investigations/{quote(code, safe='')}"
