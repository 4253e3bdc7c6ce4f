"""A saved web page: what it says of itself in its head. It is text here and never shown as a page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any, Final

from evidence.archives.base import (
    MAX_URL_CHARACTERS,
    Basis,
    CopyReading,
    Finding,
    Wanted,
    moment,
    shortened,
)

# What a page says of itself stands at its beginning; the Wayback Machine writes its note at the end.
MAX_READ_BYTES: Final = 1024 * 1024
TAIL_BYTES: Final = 64 * 1024
_PIECE_CHARACTERS = 16 * 1024
_MAX_TAG_CHARACTERS = 512 * 1024
_MAX_COMMENTS = 50
_MAX_DATA_BLOCKS = 20
_MAX_DATA_CHARACTERS = 200_000
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w\-]{2,20})""", re.IGNORECASE)
# Browsers: "saved from url=(0023)https://example.org/"; SingleFile: "url: ..." and "saved date: ...".
_SAVED_FROM = re.compile(r"saved from url=\(\d{4}\)\s*(\S+)", re.IGNORECASE)
_SINGLE_FILE_URL = re.compile(r"^\s*url:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_SINGLE_FILE_DATE = re.compile(
    r"saved date:\s*\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT([+\-]\d{4})", re.IGNORECASE
)
# The Wayback Machine writes into pages it gives out when it took them, in UTC.
_WAYBACK = re.compile(r"FILE ARCHIVED ON (\d\d):(\d\d):(\d\d) (\w{3}) (\d{1,2}), (\d{4}) AND RETRIEVED FROM")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PUBLISHED = frozenset(
    {
        "article:published_time",
        "og:article:published_time",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "dc.date",
        "dc.date.issued",
        "datepublished",
        "parsely-pub-date",
        "sailthru.date",
        "article.published",
    }
)


class _Head(HTMLParser):
    """Title, meta, canonical link, comments and structured data, as far as they are wanted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.metas: dict[str, str] = {}
        self.canonical = ""
        self.comments: list[str] = []
        self.data_blocks: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = ""
        values = {name: value or "" for name, value in attrs}
        if tag == "title" and not self.title:
            self._within = "title"
        elif tag == "meta" and len(self.metas) < 200:
            name = values.get("property") or values.get("name") or values.get("itemprop") or ""
            self.metas.setdefault(name.strip().lower(), values.get("content", "")[:4000])
        elif tag == "link" and "canonical" in values.get("rel", "").lower().split():
            self.canonical = self.canonical or values.get("href", "")
        elif tag == "script" and values.get("type", "").lower() == "application/ld+json":
            self._within = "data"
            if len(self.data_blocks) < _MAX_DATA_BLOCKS:
                self.data_blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "title" and len(self.title) < 2000:
            self.title += data
        elif self._within == "data" and self.data_blocks:
            room = _MAX_DATA_CHARACTERS - len(self.data_blocks[-1])
            self.data_blocks[-1] += data[: max(0, room)]

    def handle_comment(self, data: str) -> None:
        if len(self.comments) < _MAX_COMMENTS:
            self.comments.append(data[:4000])


def read_page(body: bytes, wanted: Wanted, tail: bytes = b"") -> CopyReading:
    """What the first MiB of a saved page says, and a note in its `tail`. Never raises for its content."""
    head = _head(body[:MAX_READ_BYTES])
    saved_from, captured, basis = _saved([*head.comments, tail[-TAIL_BYTES:].decode("latin-1")])
    open_graph = head.metas.get("og:url", "").strip()
    urls = [url for url in (saved_from, head.canonical.strip(), open_graph) if url]
    shown = next((url for url in urls if wanted.is_shown_at(url)), urls[0] if urls else "")
    return CopyReading(
        captured_at_utc=captured,
        captured_basis=basis,
        captured_url=shown[:MAX_URL_CHARACTERS],
        title=shortened(head.title or head.metas.get("og:title", "")),
        findings=tuple(_findings(urls, wanted, captured)),
        said={
            "saved_from": saved_from[:MAX_URL_CHARACTERS],
            "canonical": head.canonical.strip()[:MAX_URL_CHARACTERS],
            "og_url": open_graph[:MAX_URL_CHARACTERS],
            "published": _published(head),
        },
    )


def page_title(body: bytes) -> str:
    """The title of a page, in one line; empty when it has none."""
    head = _head(body[:MAX_READ_BYTES])
    return shortened(head.title or head.metas.get("og:title", ""))


def _head(body: bytes) -> _Head:
    head = _Head()
    text = _text(body)
    at = 0
    while at < len(text) and len(head.rawdata) < _MAX_TAG_CHARACTERS:
        # A tag that does not end is looked at again with each piece: doubling them keeps that cheap.
        piece = max(_PIECE_CHARACTERS, len(head.rawdata))
        try:
            head.feed(text[at : at + piece])
        except AssertionError:
            # The standard library's word for a declaration that is none. What was read before it stands.
            break
        at += piece
    return head


def _text(body: bytes) -> str:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    named = _CHARSET.search(body, 0, 4096)
    try:
        return body.decode(named[1].decode("ascii") if named else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _saved(comments: list[str]) -> tuple[str, datetime | None, Basis]:
    """The link and the moment that the saving program wrote into a comment."""
    url, captured = "", None
    for comment in comments:
        by_browser = _SAVED_FROM.search(comment)
        by_program = _SINGLE_FILE_URL.search(comment) if "singlefile" in comment.lower() else None
        found = by_browser or by_program
        url = url or (found[1] if found else "")
        captured = captured or _single_file_moment(comment) or _wayback_moment(comment)
    return url, captured, "page_comment" if captured else "unknown"


def _single_file_moment(comment: str) -> datetime | None:
    found = _SINGLE_FILE_DATE.search(comment)
    if found is None:
        return None
    sign = -1 if found[7][0] == "-" else 1
    offset = timedelta(hours=int(found[7][1:3]), minutes=int(found[7][3:])) * sign
    parts = (found[3], found[1], found[2], found[4], found[5], found[6])
    return _moment(*parts, offset=offset)


def _wayback_moment(comment: str) -> datetime | None:
    found = _WAYBACK.search(comment)
    return _moment(found[6], found[4], found[5], found[1], found[2], found[3]) if found else None


def _moment(
    year: str, month: str, day: str, hour: str, minute: str, second: str, offset: timedelta = timedelta()
) -> datetime | None:
    try:
        number = _MONTHS.index(month.lower()) + 1
        zone = timezone(offset)
        return datetime(
            int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=zone
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _published(head: _Head) -> dict[str, Any] | None:
    """When the page says that it was published: as written, and in UTC where it gives its offset."""
    written = next((value for name, value in head.metas.items() if name in _PUBLISHED and value.strip()), "")
    for block in head.data_blocks if not written else []:
        try:
            written = _date_published(json.loads(block), depth=0)
        except (ValueError, RecursionError):
            continue
        if written:
            break
    if not written:
        return None
    found = moment(written)
    return {"written": shortened(written, 80), "utc": found.isoformat() if found else None}


def _date_published(value: Any, *, depth: int) -> str:
    """The first `datePublished` of structured data (schema.org)."""
    if depth > 6:
        return ""
    if isinstance(value, dict):
        if isinstance(value.get("datePublished"), str):
            return str(value["datePublished"])
        value = list(value.values())
    if isinstance(value, list):
        return next((text for each in value[:100] if (text := _date_published(each, depth=depth + 1))), "")
    return ""


def _findings(urls: list[str], wanted: Wanted, captured: datetime | None) -> list[Finding]:
    findings = []
    if not wanted.url:
        findings.append(
            Finding("post_found", "open", "The posting has no link that the page could be compared with.")
        )
    elif not urls:
        findings.append(Finding("post_found", "open", "The page does not say which link it was saved from."))
    elif any(wanted.is_shown_at(url) for url in urls):
        findings.append(Finding("post_found", "right", "The page says that it is the post's link."))
    else:
        findings.append(
            Finding("post_found", "wrong", "The page says that it is another link than the post's.")
        )
    if captured is None:
        sentence = "The page does not say when it was saved."
        findings.append(Finding("capture_time", "open", sentence))
    findings.append(
        Finding("checked", "note", "A saved page carries no digest: whoever saved it could have changed it.")
    )
    return findings
