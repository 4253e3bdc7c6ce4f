"""Telegram: a channel's name and the number of the message in it. Ids count messages and hold no time."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import digits, path_match

_HOST = "t.me"


def read(address: Address) -> Found | None:
    if address.host.startswith("web."):
        return None
    private = path_match(r"c/(?P<chat>\d+)/(?:\d+/)?(?P<number>\d+)", address)
    if private is not None:
        return _message(address, f"c/{private['chat']}", private["number"], None)
    public = path_match(r"(?:s/)?(?P<channel>[a-z]\w{2,31})/(?:\d+/)?(?P<number>\d+)", address)
    if public is None:
        return None
    channel = public["channel"].lower()
    return _message(address, channel, public["number"], channel)


def _message(address: Address, chat: str, number: str, channel: str | None) -> Found:
    """`?comment=` points at another message, below the post; `?single` and `?embed` at the same one."""
    post_id = f"{chat}/{int(number)}"
    comment = digits(address.parameter("comment"))
    if comment is not None:
        post_id = f"{post_id}?comment={int(comment)}"
        channel = None
    return Found(canonical=f"https://{_HOST}/{post_id}", post_id=post_id, author_handle=channel)


FAMILY = Family(
    key="telegram",
    domains=frozenset({_HOST, "telegram.me", "telegram.dog", "telegram.org"}),
    read=read,
    hosts=dict.fromkeys(
        ("www.t.me", "telegram.me", "www.telegram.me", "telegram.dog", "www.telegram.dog"), _HOST
    ),
)
