"""What a link turns into, and what a platform family tells about one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from evidence.platforms.address import Address
from evidence.platforms.post_times import PostTime

Platform = Literal[
    "twitter",
    "telegram",
    "youtube",
    "tiktok",
    "instagram",
    "facebook",
    "vk",
    "ok",
    "reddit",
    "discord",
    "mastodon",
    "bluesky",
    "threads",
    "rumble",
    "bitchute",
    "weibo",
    "snapchat",
    "archive",
    "dailymotion",
    "vimeo",
    "streamable",
    "odysee",
    "gettr",
    "truthsocial",
    "linkedin",
    "douyin",
    "web",
]


@dataclass(frozen=True, slots=True)
class Link:
    """One link, understood.

    `canonical` is the same for every mobile, share and tracking variant of a link, and reading it again
    gives it back. `post_id` is unique within its platform. `author_handle` is what the link says, which
    platforms do not check. `posted_at_utc` comes out of the id alone, `precision_s` is the unit it counts
    in, and `derivation` says in a sentence how; the three are None, None and "" together.

    A link to an archived copy is unwrapped: everything above describes the original, `archived_from` is
    the address of the copy it was unwrapped from and `captured_at_utc` when that copy was made. A copy
    whose address does not name its original stays on the platform "archive". `start_s` is where in a
    video the link points; `map_latitude` and `map_longitude`, in degrees, are where a link to a map of the
    platform is centred, which need not be where anything was filmed. `time_note` says in a sentence why a
    post whose platform writes times into its ids has none here.
    """

    given: str
    canonical: str
    platform: Platform
    post_id: str | None = None
    author_handle: str | None = None
    posted_at_utc: datetime | None = None
    precision_s: float | None = None
    derivation: str = ""
    archived_from: str | None = None
    captured_at_utc: datetime | None = None
    start_s: float | None = None
    map_latitude: float | None = None
    map_longitude: float | None = None
    time_note: str = ""


@dataclass(frozen=True, slots=True)
class RefusedLink:
    """A text that is not taken as a link. `code` is permanent; `reason` says in a sentence what to do."""

    given: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One line of a list: its number, counted from 1, and that of the earlier line which it repeats."""

    number: int
    result: Link | RefusedLink
    duplicate_of: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a family read in an address of its own; `canonical` is complete."""

    canonical: str
    post_id: str | None = None
    author_handle: str | None = None
    post_time: PostTime | None = None
    start_s: float | None = None
    map_latitude: float | None = None
    map_longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """One platform: a permanent key, the hosts that belong to it, and how to read their addresses.

    `domains` are matched with all their subdomains. `hosts` maps names of the same site (mobile, old,
    mirrors) to the one used in canonical links, and so does `host_pattern` for names that cannot be listed
    (one for each language), to `pattern_host`. `read` sees the address after that, always with https. It
    returns None for an address that is no post (a profile, a search): that one stays a plain link of the
    platform. `ids_hold_time` is true when the platform's present ids do. `shortened` gives the one spelling
    of a code that only the platform can resolve.
    """

    key: Platform
    domains: frozenset[str]
    read: Callable[[Address], Found | None]
    hosts: Mapping[str, str] = field(default_factory=dict)
    host_pattern: re.Pattern[str] | None = None
    pattern_host: str = ""
    ids_hold_time: bool = False
    shortened: Callable[[Address], str | None] | None = None

    def canonical_host(self, host: str) -> str:
        """The name under which the same pages stand in canonical links."""
        if host in self.hosts:
            return self.hosts[host]
        if self.host_pattern is not None and self.host_pattern.fullmatch(host):
            return self.pattern_host
        return host
