"""From the text of a link to what it says."""

from dataclasses import replace
from typing import Final

from evidence.platforms import mastodon
from evidence.platforms.address import Address, NotALink, parse_address
from evidence.platforms.archives import copy_of
from evidence.platforms.base import Family, Found, Link, LinkLine, Platform, RefusedLink
from evidence.platforms.registry import family_of
from evidence.platforms.tracking import redirect_target, without_tracking

# Links in links: a leaving page that leads to a copy of a copy of a post is the longest chain that makes
# sense.
_MAX_DEPTH: Final = 4


def read_link(text: str) -> Link | RefusedLink:
    """Read one link. It is never opened, so links to private addresses are fine.

    Never raises: what is no http or https link comes back as a RefusedLink with a sentence.
    """
    try:
        return _read(text, parse_address(text), depth=0)
    except NotALink as refusal:
        return RefusedLink(given=text, code=refusal.code, reason=refusal.reason)


def read_links(text: str) -> list[LinkLine]:
    """Read one link a line; blank lines are passed over, a repeated post names the line that had it first.

    Links to two archived copies of one post are not repetitions of each other: each copy is evidence.
    """
    lines: list[LinkLine] = []
    first_seen: dict[tuple[str, str | None], int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip("\ufeff\u200b \t\r\f\v\u00a0"):
            continue
        result = read_link(line.strip())
        duplicate_of = None
        if isinstance(result, Link):
            key = (result.canonical, result.archived_from)
            earlier = first_seen.setdefault(key, number)
            duplicate_of = earlier if earlier != number else None
        lines.append(LinkLine(number=number, result=result, duplicate_of=duplicate_of))
    return lines


def _read(given: str, address: Address, *, depth: int) -> Link:
    family = family_of(address.host)
    if family is not None:
        address = _on_canonical_host(address, family)
    inner = _inner_address(redirect_target(address), depth)
    if inner is not None:
        return _read(given, inner, depth=depth + 1)
    copy = copy_of(address)
    inner = _inner_address(copy.original if copy else None, depth)
    if copy is not None and inner is not None:
        link = _read(given, inner, depth=depth + 1)
        # Of a copy of a copy, the inner one is the one that saw the original.
        if link.archived_from is not None:
            return link
        return replace(link, archived_from=copy.copy_address, captured_at_utc=copy.captured_at_utc)
    return _link(given, address, family)


def _on_canonical_host(address: Address, family: Family) -> Address:
    port = None if address.port in {80, 443} else address.port
    host = family.hosts.get(address.host, address.host)
    return replace(address, scheme="https", host=host, port=port)


def _inner_address(text: str | None, depth: int) -> Address | None:
    if text is None or depth >= _MAX_DEPTH:
        return None
    try:
        return parse_address(text)
    except NotALink:
        return None


def _link(given: str, address: Address, family: Family | None) -> Link:
    found = family.read(address) if family else mastodon.read(address)
    if found is None:
        platform: Platform = family.key if family else "web"
        return Link(given=given, canonical=without_tracking(address, platform).text, platform=platform)
    return _from_found(given, found, family.key if family else "mastodon")


def _from_found(given: str, found: Found, platform: Platform) -> Link:
    time = found.post_time
    return Link(
        given=given,
        canonical=found.canonical,
        platform=platform,
        post_id=found.post_id,
        author_handle=found.author_handle,
        posted_at_utc=time.posted_at_utc if time else None,
        precision_s=time.precision_s if time else None,
        derivation=time.derivation if time else "",
        start_s=found.start_s,
    )
