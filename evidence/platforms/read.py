"""From the text of a link to what it says."""

from dataclasses import replace
from typing import Final

from evidence.platforms import mastodon, telegram
from evidence.platforms.address import Address, NotALink, parse_address
from evidence.platforms.app_links import web_address
from evidence.platforms.archives import copy_of
from evidence.platforms.base import Family, Found, Link, LinkLine, Platform, RefusedLink
from evidence.platforms.post_times import LATEST
from evidence.platforms.redirects import redirect_target
from evidence.platforms.registry import family_of
from evidence.platforms.tracking import without_tracking

# Links in links: a leaving page that leads to a copy of a copy of a post is the longest chain that makes
# sense.
_MAX_DEPTH: Final = 4
_NO_TIME: Final = (
    "This id gives no time: it is of a kind that holds none, or what it would give lies before the platform "
    f"wrote times into its ids, or after {LATEST.year - 1}."
)


def read_link(text: str) -> Link | RefusedLink:
    """Read one link. It is never opened, so links to private addresses are fine.

    A program's own link to a post (tg:, at:) reads as the web address of the same post. Never raises: what
    is no such link comes back as a RefusedLink with a sentence.
    """
    try:
        return _read(text, parse_address(web_address(text) or text), depth=0)
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
    family = _family(address)
    if family is not None:
        address = _on_canonical_host(address, family)
    inner = _inner_address(redirect_target(address) or telegram.with_name_in_path(address), depth)
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


def _family(address: Address) -> Family | None:
    """No platform serves its posts on another port than the web's: what answers there is another program."""
    return family_of(address.host) if address.port in {None, 80, 443} else None


def _on_canonical_host(address: Address, family: Family) -> Address:
    return replace(address, scheme="https", host=family.canonical_host(address.host), port=None)


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
        short = family.shortened(address) if family and family.shortened else None
        canonical = short or without_tracking(address, platform).text
        return Link(given=given, canonical=canonical, platform=platform)
    return _from_found(given, found, family or mastodon.FAMILY)


def _from_found(given: str, found: Found, family: Family) -> Link:
    time = found.post_time
    without_time = time is None and found.post_id is not None and family.ids_hold_time
    return Link(
        given=given,
        canonical=found.canonical,
        platform=family.key,
        post_id=found.post_id,
        author_handle=found.author_handle,
        posted_at_utc=time.posted_at_utc if time else None,
        precision_s=time.precision_s if time else None,
        derivation=time.derivation if time else "",
        start_s=found.start_s,
        map_latitude=found.map_latitude,
        map_longitude=found.map_longitude,
        time_note=_NO_TIME if without_time else "",
    )
