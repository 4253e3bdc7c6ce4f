"""YouTube: eleven characters that hold no time. Where a link points into a video is `start_s`."""

import re

from evidence.platforms.address import Address, NotALink, parse_address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match

_VIDEO_ID = re.compile(r"[A-Za-z0-9_\-]{11}")
_CLOCK = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,7}(?:\.\d{1,6})?)s?)?", re.ASCII)
_MIRRORS = ("yewtu.be", "piped.video", "invidious.io")


def read(address: Address) -> Found | None:
    if address.segments == ("attribution_link",):
        return _attributed(address)
    post = path_match(r"post/(?P<id>Ug[\w\-]{10,60})", address)
    if post is not None:
        return Found(canonical=f"https://www.youtube.com/post/{post['id']}", post_id=post["id"])
    video_id = _video_id(address)
    if video_id is None:
        return None
    return Found(
        canonical=f"https://www.youtube.com/watch?v={video_id}", post_id=video_id, start_s=_start_s(address)
    )


def _video_id(address: Address) -> str | None:
    if address.host == "youtu.be":
        candidate = address.segments[0] if len(address.segments) == 1 else None
    elif address.segments in {("watch",), ("watch_popup",), ()}:
        candidate = address.parameter("v")
    else:
        path = path_match(r"(?:embed|v|vi|e|shorts|live|watch)/(?P<id>[\w\-]{11})(?:[&?].*)?", address)
        candidate = path["id"] if path else None
    return candidate if candidate and _VIDEO_ID.fullmatch(candidate) else None


def _attributed(address: Address) -> Found | None:
    target = address.parameter("u") or ""
    try:
        return (
            read(parse_address(f"https://www.youtube.com{target}")) if target.startswith("/watch") else None
        )
    except NotALink:
        return None


def _start_s(address: Address) -> float | None:
    text = address.parameter("t") or address.parameter("start") or address.parameter("time_continue")
    if text is None and address.fragment.startswith("t="):
        text = address.fragment.removeprefix("t=")
    found = _CLOCK.fullmatch(text) if text else None
    if found is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


FAMILY = Family(
    key="youtube",
    domains=frozenset({"youtube.com", "youtu.be", "youtube-nocookie.com", *_MIRRORS}),
    read=read,
    hosts=dict.fromkeys(
        ("youtube.com", "m.youtube.com", "music.youtube.com", "gaming.youtube.com", *_MIRRORS),
        "www.youtube.com",
    )
    | dict.fromkeys(("youtube-nocookie.com", "www.youtube-nocookie.com"), "www.youtube.com")
    | {"www.youtu.be": "youtu.be"},
)
