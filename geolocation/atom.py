"""An Atom feed (RFC 4287) as bytes: what changed, for people who read feeds.

Every entry has an id of its own that is never used again, and a moment; the feed carries the newest of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from geolocation.exports.base import utc_text

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
#: The moment of a feed without entries, so that it is the same whenever it is asked for.
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot hold in any form.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class AtomEntry:
    """One change. `uid` is a UUID as text, `summary` plain text, `link` the page of the point."""

    uid: str
    title: str
    summary: str
    link: str
    category: str
    updated_utc: datetime


@dataclass(frozen=True, kw_only=True)
class AtomFeed:
    """The feed around them. `feed_id` is an IRI that stays; `self_link` where it was read."""

    feed_id: str
    title: str
    author: str
    rights: str
    self_link: str
    link: str


def updated_utc(entries: Sequence[AtomEntry]) -> datetime:
    """The newest moment among the entries."""
    return max((entry.updated_utc for entry in entries), default=BEGINNING)


def atom_document(feed: AtomFeed, entries: Sequence[AtomEntry]) -> bytes:
    """The whole document, UTF-8."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        _element("id", feed.feed_id),
        _element("title", feed.title),
        _element("updated", utc_text(updated_utc(entries))),
        f"<author>{_element('name', feed.author)}</author>",
        _link("self", feed.self_link, "application/atom+xml"),
        _link("alternate", feed.link, "text/html"),
        *([_element("rights", feed.rights)] if feed.rights else []),
        *(_entry(entry) for entry in entries),
        "</feed>",
        "",
    ]
    return "\n".join(lines).encode()


def _entry(entry: AtomEntry) -> str:
    return "\n".join(
        [
            "<entry>",
            _element("id", f"urn:uuid:{entry.uid}"),
            _element("title", entry.title),
            _element("updated", utc_text(entry.updated_utc)),
            _link("alternate", entry.link, "text/html"),
            f"<category term={_attribute(entry.category)}/>",
            _element("summary", entry.summary),
            "</entry>",
        ]
    )


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_FORBIDDEN.sub('', text))}</{name}>"


def _link(relation: str, address: str, media_type: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href={_attribute(address)}/>'


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("", text))
