"""Reddit: numbers in base 36 that count and hold no time."""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import handle, path_match

_HOST = "www.reddit.com"
_MIRRORS = ("rxddit.com", "vxreddit.com", "redditmedia.com", "libredd.it", "teddit.net")
_SAME_SITE = re.compile(
    r"(?:(?:www|old|new|np|nm|m|i|amp|sh|pay|ssl|v|compact|embed|[a-z]{2}|[a-z]{2}-[a-z]{2})\.)?reddit\.com"
)
_ID = r"[a-z0-9]{1,10}"


def read(address: Address) -> Found | None:
    if address.host in {"v.redd.it", "i.redd.it", "preview.redd.it"}:
        return _file(address)
    if address.host == "redd.it":
        path = path_match(rf"(?P<post>{_ID})(?P<user>)(?P<comment>)", address)
    elif address.host == _HOST:
        video = path_match(r"video/(?P<id>[a-z0-9]{8,20})(?:/.*)?", address)
        if video is not None:
            return _video(video["id"])
        path = path_match(
            r"(?:r/[\w\-]+/|u(?:ser)?/(?P<user>[\w\-]+)/)?(?:comments|gallery|poll|duplicates)/"
            rf"(?P<post>{_ID})(?:\.\w+)?(?:/[^/]+(?:/(?P<comment>{_ID})(?:\.\w+)?(?:/.*)?)?)?",
            address,
        ) or path_match(rf"(?:tb/)(?P<post>{_ID})(?P<user>)(?P<comment>)", address)
    else:
        path = None
    if path is None:
        return None
    post_id = path["post"].lower()
    canonical = f"https://{_HOST}/comments/{post_id}"
    if path["comment"]:
        comment = path["comment"].lower()
        return Found(canonical=f"{canonical}/_/{comment}", post_id=f"{post_id}/{comment}")
    return Found(canonical=canonical, post_id=post_id, author_handle=handle(path["user"] or None))


def _file(address: Address) -> Found | None:
    """A file of a post. Which post is known to Reddit alone."""
    if address.host == "v.redd.it":
        video = path_match(r"(?P<id>[a-z0-9]{8,20})(?:/.*)?", address)
        return _video(video["id"]) if video else None
    picture = path_match(r"(?:[\w\-]+-v\d-)?(?P<name>[a-z0-9]{8,20}\.[a-z0-9]{3,4})", address)
    if picture is None:
        return None
    name = picture["name"].lower()
    return Found(canonical=f"https://i.redd.it/{name}", post_id=f"i.redd.it/{name}")


def _video(code: str) -> Found:
    return Found(canonical=f"https://v.redd.it/{code.lower()}", post_id=f"v.redd.it/{code.lower()}")


FAMILY = Family(
    key="reddit",
    domains=frozenset({"reddit.com", "redd.it", *_MIRRORS}),
    read=read,
    hosts=dict.fromkeys((*_MIRRORS, *(f"www.{host}" for host in _MIRRORS)), _HOST)
    | {"www.redd.it": "redd.it"},
    host_pattern=_SAME_SITE,
    pattern_host=_HOST,
)
