"""Telegram: a channel's name and the number of the message in it. Ids count messages and hold no time.

Source of the forms: Telegram's interface documentation, "Deep links" (core.telegram.org/api/links).
"""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import clock_s, digits, path_match

_HOST = "t.me"
# Names that Telegram keeps for itself: what stands below them is no channel.
_RESERVED = frozenset(
    {
        "addemoji",
        "addlist",
        "addstickers",
        "addstyle",
        "addtheme",
        "auction",
        "auth",
        "bg",
        "boost",
        "c",
        "call",
        "confirmphone",
        "contact",
        "giftcode",
        "invoice",
        "iv",
        "joinchat",
        "login",
        "m",
        "msg",
        "nft",
        "proxy",
        "s",
        "setlanguage",
        "share",
        "socks",
        "web",
        "a",
        "k",
        "z",
        "www",
    }
)
# An escaped "?", or punctuation of the sentence in which the link stood.
_COPIED_ALONG = r"(?:[?&,;.)\]\"'»”].*)?"
_TGSTAT = re.compile(r"(?:[a-z]{2,3}\.|www\.)?tgstat\.(?:com|ru)")


def read(address: Address) -> Found | None:
    if address.host.startswith("web.") and address.host.endswith("telegram.org"):
        return _in_web_app(address)
    if _TGSTAT.fullmatch(address.host):
        listed = path_match(
            r"(?:[a-z]{2}/)?channel/@(?P<channel>[a-z]\w{2,31})/(?P<number>\d+)(?:/.*)?", address
        )
        return _message(address, listed["channel"].lower(), listed["number"]) if listed else None
    private = path_match(rf"c/(?P<chat>\d{{1,20}})/(?:\d+/)?(?P<number>\d{{1,20}}){_COPIED_ALONG}", address)
    if private is not None:
        return _message(address, f"c/{int(private['chat'])}", private["number"])
    public = path_match(
        rf"(?:s/)?(?P<channel>[a-z]\w{{2,31}})/(?P<story>s/)?(?:\d+/)?(?P<number>\d{{1,20}}){_COPIED_ALONG}",
        address,
    )
    if public is None or public["channel"].lower() in _RESERVED:
        return None
    channel = public["channel"].lower()
    if public["story"]:
        story = f"{channel}/s/{int(public['number'])}"
        return Found(canonical=f"https://{_HOST}/{story}", post_id=story, author_handle=channel)
    return _message(address, channel, public["number"])


def _message(address: Address, chat: str, number: str) -> Found:
    """`?comment=` points at another message, below the post; `?single` and `?thread` at the same one."""
    post_id = f"{chat}/{int(number)}"
    author = None if chat.startswith("c/") else chat
    comment = digits(address.parameter("comment"))
    if comment is not None:
        post_id, author = f"{post_id}?comment={int(comment)}", None
    return Found(
        canonical=f"https://{_HOST}/{post_id}",
        post_id=post_id,
        author_handle=author,
        start_s=clock_s(address.parameter("t")),
    )


def _in_web_app(address: Address) -> Found | None:
    """The web programs keep the chat after the "#": -100 and the channel's number, then the message's."""
    found = re.fullmatch(r"(?:-100|-)(\d{5,15})_(\d{1,20})", address.fragment, re.ASCII)
    return _message(address, f"c/{int(found[1])}", found[2]) if found else None


def with_name_in_path(address: Address) -> str | None:
    """`name.t.me/43` is `t.me/name/43`; None for every other address."""
    name = address.host.removesuffix(".t.me")
    if name == address.host or name in _RESERVED or not re.fullmatch(r"[a-z]\w{2,31}", name, re.ASCII):
        return None
    return f"https://{_HOST}/{name}{address.text.partition(address.host)[2]}"


FAMILY = Family(
    key="telegram",
    domains=frozenset(
        {_HOST, "telegram.me", "telegram.dog", "telegram.org", "telesco.pe", "tgstat.com", "tgstat.ru"}
    ),
    read=read,
    hosts=dict.fromkeys(
        (
            "www.t.me",
            "telegram.me",
            "www.telegram.me",
            "telegram.dog",
            "www.telegram.dog",
            "telesco.pe",
            "www.telesco.pe",
        ),
        _HOST,
    ),
)
