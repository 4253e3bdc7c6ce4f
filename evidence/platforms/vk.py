"""VK and Odnoklassniki. Their ids count and hold no time."""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import clock_s, digits, path_match

_VK = "vk.com"
_OK = "ok.ru"
# wall, video and so on, the owner (negative for a group), the number; a comment is "_r" and its number.
_OBJECT = re.compile(
    r"(wall|video|photo|clip|story|doc|topic|album|audio|podcast|market|product)(-?\d{1,12})_(\d{1,12})"
    r"(_r\d{1,12})?",
    re.ASCII | re.IGNORECASE,
)


def read_vk(address: Address) -> Found | None:
    found = _object(address)
    if found is None:
        return None
    kind, owner, number, comment = found.groups()
    kind = kind.lower()
    reply = digits(address.parameter("reply"))
    if comment is None and kind == "wall" and reply:
        comment = f"_r{reply}"
    post_id = f"{kind}{owner}_{number}{comment or ''}"
    start_s = clock_s(address.parameter("t")) if kind in {"video", "clip"} else None
    return Found(canonical=f"https://{_VK}/{post_id}", post_id=post_id, start_s=start_s)


def _object(address: Address) -> re.Match[str] | None:
    """What is shown on top (`?w=` and `?z=`) counts before the page below it."""
    if address.segments == ("video_ext.php",):
        return _OBJECT.fullmatch(f"video{address.parameter('oid')}_{address.parameter('id')}")
    for text in (address.parameter("w"), address.parameter("z"), *reversed(address.segments)):
        found = _OBJECT.match(text or "")
        # An access key may follow the number: video1_2_0a1b2c.
        if found is not None and (text or "")[found.end() :][:1] in {"", "/", "?", "%", "_", "&"}:
            return found
    return None


def read_ok(address: Address) -> Found | None:
    # Some videos have a number with another behind a hyphen; the site knows them by both together.
    video = path_match(
        r"(?:video|videoembed|live|clip|web-api/video/moviePlayer)/(?P<id>\d{1,20}(?:-\d{1,20})?)(?:/.*)?",
        address,
    )
    video_id = video["id"] if video else digits(address.parameter("st.mvId") or address.parameter("st.mvid"))
    if video_id is not None:
        return Found(
            canonical=f"https://{_OK}/video/{video_id}",
            post_id=f"video/{video_id}",
            start_s=clock_s(address.parameter("fromTime")),
        )
    item = path_match(
        r"(?P<owner>(?:group/|profile/)?[\w.\-]+)/"
        r"(?P<kind>topic|statuses|pphotos|album/\w+|photos/\w+)/(?P<id>\d{1,20})(?:/.*)?",
        address,
    )
    if item is None:
        return None
    # A topic has one number on the whole site, but it is shown only below its owner.
    owner, kind = item["owner"].lower().removeprefix("group/"), item["kind"].lower()
    return Found(canonical=f"https://{_OK}/{owner}/{kind}/{item['id']}", post_id=f"{kind}/{item['id']}")


VK = Family(
    key="vk",
    domains=frozenset({_VK, "vk.ru", "vkvideo.ru", "vkontakte.ru"}),
    read=read_vk,
    hosts=dict.fromkeys(
        (
            "www.vk.com",
            "m.vk.com",
            "new.vk.com",
            "m.vkontakte.ru",
            "away.vk.com",
            "vksport.vk.com",
            "vk.ru",
            "www.vk.ru",
            "m.vk.ru",
            "vkontakte.ru",
            "www.vkontakte.ru",
        ),
        _VK,
    )
    | dict.fromkeys(("www.vkvideo.ru", "m.vkvideo.ru", "vksport.vkvideo.ru"), "vkvideo.ru"),
)
OK = Family(
    key="ok",
    domains=frozenset({_OK, "odnoklassniki.ru"}),
    read=read_ok,
    hosts=dict.fromkeys(
        (
            "www.ok.ru",
            "m.ok.ru",
            "mobile.ok.ru",
            "connect.ok.ru",
            "odnoklassniki.ru",
            "www.odnoklassniki.ru",
            "m.odnoklassniki.ru",
        ),
        _OK,
    ),
)
