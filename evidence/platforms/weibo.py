"""Weibo: one post id in two spellings, digits and base 62, with the time in it."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import digits, path_match
from evidence.platforms.post_times import time_of_digits, weibo_post_id, weibo_time

_HOST = "weibo.com"
# Post ids have at least 14 digits; what spells a smaller number in base 62 is something else.
_SMALLEST_ID = 10**13


def read(address: Address) -> Found | None:
    video = path_match(r"tv/(?:show|v)/(?P<id>\d{4}:[0-9a-f]{10,40})", address)
    if video is not None:
        return Found(canonical=f"https://{_HOST}/tv/show/{video['id']}", post_id=video["id"])
    path = path_match(
        r"(?:status|statuses|detail|(?:u/)?(?P<user>\d{5,12}))/(?P<id>\d{14,19}|[0-9a-z]{8,11})", address
    )
    written = path["id"] if path else address.parameter("mid") or address.parameter("weibo_id")
    if written is None:
        return None
    number = int(written) if digits(written) and len(written) >= 14 else weibo_post_id(written)
    if number is None or number < _SMALLEST_ID:
        return None
    return Found(
        canonical=f"https://{_HOST}/detail/{number}",
        post_id=str(number),
        author_handle=path["user"] if path else None,
        post_time=time_of_digits(str(number), weibo_time),
    )


FAMILY = Family(
    key="weibo",
    domains=frozenset({_HOST, "weibo.cn"}),
    read=read,
    hosts=dict.fromkeys(("www.weibo.com", "m.weibo.com", "weibo.cn", "m.weibo.cn", "www.weibo.cn"), _HOST),
)
