"""Archived copies: what they are copies of, and when they were made, as far as their address says.

Sources: the Internet Archive's "Wayback Machine APIs" (14 digits of UTC, flags such as `id_` after them);
RFC 7089 (Memento), whose addresses other web archives use likewise; the addresses that archive.today,
perma.cc and ghostarchive.org give out.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match

_WAYBACK = "web.archive.org"
_TODAY = "archive.today"
_TODAY_HOSTS: Final = (
    "archive.ph",
    "archive.is",
    "archive.li",
    "archive.vn",
    "archive.fo",
    "archive.md",
    "archiveiya74codqgiixo33q62qlrqtkgmcitqx5u2oeqnmn5bpcbiyd.onion",
)
# The flags stand on either side of the underscore in addresses written by hand.
_FLAG = r"(?:[a-z]{2,3}_|_[a-z]{2}|[a-z]{2}(?=/)|/?\*)?"
_WAYBACK_PATH = re.compile(rf"/(?:web|wayback)/(?P<stamp>[0-9]{{1,14}}){_FLAG}/(?P<original>.+)", re.DOTALL)
_WAYBACK_LIST = re.compile(
    r"/(?:(?:web|save|wayback|screenshot|details)/)?(?:_embed/)?(?:[0-9]*\*/)?(?P<original>.+)", re.DOTALL
)
_TODAY_PATH = re.compile(r"/(?P<stamp>[0-9]{4}[0-9.\-]{0,13})/(?P<original>.+)", re.DOTALL)
_TODAY_LIST = re.compile(r"/(?:(?:newest|oldest|timegate|timemap|o/\w+)/)?(?P<original>https?:.+)", re.DOTALL)
_MEMENTO_HOSTS: Final = frozenset(
    {
        "arquivo.pt",
        "wayback.archive-it.org",
        "webarchive.nationalarchives.gov.uk",
        "webarchive.loc.gov",
        "perma-archives.org",
    }
)
_MEMENTO_PATH = re.compile(
    rf"(?P<prefix>/(?:[\w\-]+/){{0,2}})(?P<stamp>[0-9]{{14}}){_FLAG}/(?P<original>https?:.+)", re.DOTALL
)
_CACHED = re.compile(r"cache:(?:[\w\-]{8,16}:)?(?P<original>[^\s+]+)")


@dataclass(frozen=True, slots=True)
class Copy:
    """What an archive's address says: the address of the original, that of the copy when it names one copy
    (and not a list of copies), and when that copy was made, to the second.
    """

    original: str
    copy_address: str | None
    captured_at_utc: datetime | None


def copy_of(address: Address) -> Copy | None:
    """What this address is a copy of; None when it is no archive's or does not name its original."""
    # The original's own query and fragment have become those of the archive's address.
    whole = address.text.partition(address.host)[2].removeprefix(f":{address.port}")
    if address.host == _WAYBACK or (
        address.host == "archive.org" and whole.startswith(("/web/", "/wayback/"))
    ):
        return _copy(
            _WAYBACK_PATH.fullmatch(whole), _WAYBACK_LIST.fullmatch(whole), f"https://{_WAYBACK}/web/"
        )
    if address.host == _TODAY:
        asked = address.parameter("url") if address.path.strip("/") in {"", "submit"} else None
        if asked:
            return Copy(_original(asked), None, None)
        return _copy(_TODAY_PATH.fullmatch(whole), _TODAY_LIST.fullmatch(whole), f"https://{_TODAY}/")
    if address.host in _MEMENTO_HOSTS:
        named = _MEMENTO_PATH.fullmatch(whole)
        return _copy(named, None, f"https://{address.host}{named['prefix']}") if named else None
    if address.host == "webcache.googleusercontent.com":
        cached = _CACHED.match(address.parameter("q") or "")
        original = cached["original"] if cached else ""
        return Copy(original if "://" in original else f"http://{original}", None, None) if original else None
    return _youtube_copy(address)


def _youtube_copy(address: Address) -> Copy | None:
    """A copy whose address holds nothing but the video's id."""
    video = path_match(r"varchive/(?:youtube/\d{8}/)?(?P<id>[\w\-]{11})", address)
    if address.host == "ghostarchive.org" and video is not None:
        copy_address = f"https://ghostarchive.org/varchive/{video['id']}"
        return Copy(f"https://www.youtube.com/watch?v={video['id']}", copy_address, None)
    video = path_match(r"yt/(?P<id>[\w\-]{11})", address)
    if address.host == "wayback-fakeurl.archive.org" and video is not None:
        return Copy(f"https://www.youtube.com/watch?v={video['id']}", None, None)
    return None


def read(address: Address) -> Found | None:
    """A copy, or an item, that is known only by the archive's own code for it."""
    code: re.Match[str] | None = None
    if address.host == _TODAY:
        code = path_match(r"(?:wip/)?(?P<code>[a-z0-9]{4,6})(?:/(?:image|share|[0-9a-f]{40}.*))?", address)
    elif address.host in {"perma.cc", "ghostarchive.org"}:
        code = path_match(r"(?:warc/)?(?P<code>(?:archive/\w{4,8}|[a-z0-9]{4}-[a-z0-9]{4}))(?:/.*)?", address)
    elif address.host == "archive.org" or address.host.endswith(".us.archive.org"):
        return _item(address)
    if code is None:
        return None
    # Only perma.cc gives out codes in which capitals make no difference.
    name = code["code"].upper() if address.host == "perma.cc" else code["code"]
    return Found(canonical=f"https://{address.host}/{name}", post_id=f"{address.host}/{name}")


def _item(address: Address) -> Found | None:
    """An item of the Internet Archive's library, or one file of it, which may hold thousands."""
    found = re.fullmatch(
        r"/(?:details|download|embed|stream|metadata|\d{1,3}/items)/(?P<item>[A-Za-z0-9][\w.\-]{1,120})"
        r"(?P<file>/.*?)?/?",
        address.path,
        re.ASCII,
    )
    if found is None:
        return None
    name = f"archive.org/details/{found['item']}{(found['file'] or '').rstrip('/')}"
    return Found(canonical=f"https://{name}", post_id=name)


def _copy(named: re.Match[str] | None, listed: re.Match[str] | None, prefix: str) -> Copy | None:
    if named is not None:
        original = _original(named["original"])
        stamp = re.sub(r"[.\-]", "", named["stamp"])
        is_list = "*/" in named[0][: named.start("original")]
        return Copy(original, None if is_list else f"{prefix}{stamp}/{original}", _moment(stamp))
    if listed is not None and re.match(r"https?[:%]|(?:[\w\-]+\.)+\w+", listed["original"], re.ASCII):
        return Copy(_original(listed["original"]), None, None)
    return None


def _original(text: str) -> str:
    """Some archives and programs write one slash after the scheme, or escape all of the original."""
    if re.match(r"https?%3A", text, re.IGNORECASE):
        text = re.sub(r"%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), text)
    return re.sub(r"^(https?):/+", r"\1://", text, flags=re.IGNORECASE)


def _moment(stamp: str) -> datetime | None:
    """Only 14 digits name a copy; fewer ask for the nearest one, whenever that was made."""
    if len(stamp) != 14:
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


FAMILY = Family(
    key="archive",
    domains=frozenset(
        {"archive.org", _TODAY, *_TODAY_HOSTS, "perma.cc", "ghostarchive.org", *_MEMENTO_HOSTS}
        | {"webcache.googleusercontent.com"}
    ),
    read=read,
    hosts=dict.fromkeys((*_TODAY_HOSTS, *(f"www.{host}" for host in (*_TODAY_HOSTS, _TODAY))), _TODAY)
    | {
        "www.archive.org": "archive.org",
        "wayback.archive.org": _WAYBACK,
        "www.web.archive.org": _WAYBACK,
        "www.perma.cc": "perma.cc",
        "www.ghostarchive.org": "ghostarchive.org",
        "www.perma-archives.org": "perma-archives.org",
        "www.arquivo.pt": "arquivo.pt",
    },
)
