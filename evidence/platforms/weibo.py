"""Weibo: one post id in two spellings, digits and base 62, with the time in it."""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import digits, path_match
from evidence.platforms.post_times import time_of_digits, weibo_post_id, weibo_time

_HOST = "weibo.com"
# Post ids have at least 14 digits; what spells a smaller number in base 62 is something else.
_SMALLEST_ID = 10**13
_VIDEO = re.compile(r"\d{4}:[0-9a-f]{10,40}")


def read(address: Address) -> Found | None:
    video = path_match(r"(?:tv/(?:show|v)|show)/(?P<id>\d{4}:[0-9a-f]{10,40})", address)
    video_id = video["id"] if video else address.parameter("fid") or ""
    if _VIDEO.fullmatch(video_id):
        return Found(canonical=f"https://{_HOST}/tv/show/{video_id}", post_id=video_id)
    path = path_match(
        r"(?:status|statuses|detail|comment|repost|(?:u/)?(?P<user>\d{1,12}))"
        r"/(?P<id>\d{14,19}|[0-9a-z]{8,11})(?:\W.*)?",
        address,
    )
    user = path["user"] if path and path["user"] != "0" else None
    written = path["id"] if path else address.parameter("mid") or address.parameter("weibo_id")
    post_id = _number(written)
    if post_id is None and path is None:
        # Some accounts have a name in place of their number; what stands below it must then be of its time.
        named = path_match(r"(?P<user>[a-z][\w\-]{3,30})/(?P<id>[0-9a-z]{9})", address)
        post_id = _number(named["id"]) if named else None
        user = named["user"].lower() if named else None
        post_id = post_id if post_id and time_of_digits(post_id, weibo_time) else None
    if post_id is None:
        return None
    return Found(
        canonical=f"https://{_HOST}/detail/{post_id}",
        post_id=post_id,
        author_handle=user,
        post_time=time_of_digits(post_id, weibo_time),
    )


def _number(written: str | None) -> str | None:
    if written is None:
        return None
    number = int(written) if digits(written) and len(written) >= 14 else weibo_post_id(written)
    return str(number) if number is not None and number >= _SMALLEST_ID else None


FAMILY = Family(
    key="weibo",
    domains=frozenset({_HOST, "weibo.cn"}),
    read=read,
    hosts=dict.fromkeys(
        (
            "www.weibo.com",
            "m.weibo.com",
            "weibo.cn",
            "m.weibo.cn",
            "www.weibo.cn",
            "video.weibo.com",
            "h5.video.weibo.com",
            "share.api.weibo.cn",
        ),
        _HOST,
    ),
    ids_hold_time=True,
)
