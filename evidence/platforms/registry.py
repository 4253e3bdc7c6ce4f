"""Every platform family, found by the host of an address. Keys are permanent: posts are stored with them."""

from collections.abc import Iterable
from typing import Final

from evidence.platforms import (
    archives,
    bluesky,
    discord,
    facebook,
    instagram,
    linkedin,
    mastodon,
    reddit,
    snapchat,
    telegram,
    tiktok,
    twitter,
    video_sites,
    vk,
    weibo,
    youtube,
)
from evidence.platforms.base import Family

FAMILIES: Final = (
    twitter.FAMILY,
    telegram.FAMILY,
    youtube.FAMILY,
    tiktok.TIKTOK,
    tiktok.DOUYIN,
    instagram.INSTAGRAM,
    instagram.THREADS,
    facebook.FAMILY,
    vk.VK,
    vk.OK,
    reddit.FAMILY,
    discord.FAMILY,
    mastodon.FAMILY,
    mastodon.TRUTH_SOCIAL,
    bluesky.FAMILY,
    video_sites.RUMBLE,
    video_sites.BITCHUTE,
    video_sites.DAILYMOTION,
    video_sites.VIMEO,
    video_sites.STREAMABLE,
    video_sites.ODYSEE,
    video_sites.GETTR,
    linkedin.FAMILY,
    weibo.FAMILY,
    snapchat.FAMILY,
    archives.FAMILY,
)


def by_domain(families: Iterable[Family]) -> dict[str, Family]:
    """Which family each domain belongs to. Raises ValueError for a key or a domain that is given twice."""
    keys: set[str] = set()
    domains: dict[str, Family] = {}
    for family in families:
        if family.key in keys:
            raise ValueError(f"The platform key {family.key!r} is taken.")
        keys.add(family.key)
        for domain in family.domains:
            if domain in domains:
                raise ValueError(f"{domain} belongs to {domains[domain].key!r} already.")
            domains[domain] = family
    return domains


_BY_DOMAIN: Final = by_domain(FAMILIES)


def family_of(host: str) -> Family | None:
    """The family whose domain this host is, or lies below; None for any other site."""
    labels = host.split(".")
    suffixes = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((_BY_DOMAIN[suffix] for suffix in suffixes if suffix in _BY_DOMAIN), None)
