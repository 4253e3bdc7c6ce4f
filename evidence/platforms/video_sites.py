"""Sites for videos whose ids hold no time.

Rumble, Bitchute, Dailymotion, Vimeo, Streamable, Odysee and Gettr.
"""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import clock_s, number, path_match


def read_rumble(address: Address) -> Found | None:
    # The id in an embedded player and the one of the page are two numbers for one video; only Rumble knows
    # both.
    embedded = path_match(r"(?:embed|embedJS)/(?:u[a-z0-9]*\.)?(?P<id>v[a-z0-9]{3,10})(?:[/.].*)?", address)
    if embedded is not None:
        video_id = embedded["id"].lower()
        return Found(canonical=f"https://rumble.com/embed/{video_id}/", post_id=f"embed/{video_id}")
    page = path_match(r"(?:shorts/)?(?P<id>v(?!ideos)[a-z0-9]{3,10})(?:-[^/]*)?(?:\.html)?", address)
    if page is None:
        return None
    video_id = page["id"].lower()
    start_s = clock_s(address.parameter("start"))
    return Found(canonical=f"https://rumble.com/{video_id}", post_id=video_id, start_s=start_s)


def read_bitchute(address: Address) -> Found | None:
    path = path_match(
        r"(?:video|embed|torrent/[^/]+|api/beta9/embed)/(?P<id>[\w\-]{8,16})(?:\.(?:web)?torrent)?(?:/.*)?",
        address,
    )
    if path is None:
        return None
    return Found(canonical=f"https://www.bitchute.com/video/{path['id']}/", post_id=path["id"])


def read_dailymotion(address: Address) -> Found | None:
    path = path_match(
        r"(?:(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:embed/|swf/|crawler/)?video|swf)/(?P<id>[a-z0-9]{3,24})(?:[_\-/].*)?",
        address,
    )
    video_id = path["id"] if path else None
    if address.host == "dai.ly" and len(address.segments) == 1:
        video_id = address.segments[0]
    elif path_match(r"player(?:/[\w\-]+)?\.html", address):
        video_id = address.parameter("video")
    elif address.fragment.startswith("video="):
        video_id = address.fragment.removeprefix("video=")
    if video_id is None or not re.fullmatch(r"[a-zA-Z0-9]{3,24}", video_id, re.ASCII):
        return None
    return Found(
        canonical=f"https://www.dailymotion.com/video/{video_id}",
        post_id=video_id,
        start_s=clock_s(address.parameter("start") or address.parameter("startTime")),
    )


def read_vimeo(address: Address) -> Found | None:
    """The key of an unlisted video, a second code after the number, is no part of what the video is."""
    path = path_match(
        r"(?:(?:channels|groups|album|showcase|ondemand|event)/[\w\-]+/(?:videos?/)?|videos?/|manage/videos/"
        r"|[\w\-]+/review/|[\w\-]+/[\w\-]+/video/)?(?P<id>[1-9]\d{3,11})(?:/.*)?",
        address,
    )
    video_id = path["id"] if path else None
    if path_match(r"moogaloop\.swf", address):
        video_id = number(address.parameter("clip_id"))
        video_id = video_id if video_id and 4 <= len(video_id) <= 12 else None
    if video_id is not None:
        start_s = clock_s(re.sub(r"^a?t=", "", address.fragment)) if "t=" in address.fragment else None
        return Found(canonical=f"https://vimeo.com/{video_id}", post_id=video_id, start_s=start_s)
    event = path_match(r"event/(?P<id>[1-9]\d{3,11})(?:/.*)?", address)
    if event is None:
        return None
    return Found(canonical=f"https://vimeo.com/event/{event['id']}", post_id=f"event/{event['id']}")


def read_streamable(address: Address) -> Found | None:
    path = path_match(r"(?:[eost]/)?(?P<id>[a-z0-9]{3,8})(?:/.*)?", address)
    if path is None or path["id"].lower() in {
        "login",
        "signup",
        "about",
        "terms",
        "privacy",
        "upload",
        "faq",
    }:
        return None
    return Found(canonical=f"https://streamable.com/{path['id']}", post_id=path["id"])


def read_odysee(address: Address) -> Found | None:
    """`@channel:1/name:2`: after the colon stands the beginning of the claim's id, which may be left out."""
    named = r"(?P<name>[^/:$@#]{1,200})(?:[:/#](?P<claim>[0-9a-f]{1,40}))?"
    path = path_match(rf"(?:\$/(?:embed|download)/)?(?P<channel>@[^/]{{1,200}}/){named}", address)
    path = path or path_match(rf"(?:\$/(?:embed|download)/)?(?P<channel>){named}", address)
    if path is None or not (path["claim"] or path["channel"]):
        return None
    segments = [segment for segment in address.path.split("/") if segment and segment != "$"]
    if segments[0].lower() in {"embed", "download"}:
        segments = segments[1:]
    if not path["channel"]:
        segments = [segments[0].replace("#", ":") if ":" in segments[0] else ":".join(segments[:2])]
    item = "/".join(segments[:2])
    return Found(
        canonical=f"https://odysee.com/{item}",
        post_id=item,
        author_handle=path["channel"].rstrip("/").partition(":")[0].lower() or None,
        start_s=clock_s(address.parameter("t")),
    )


def read_gettr(address: Address) -> Found | None:
    path = path_match(r"(?P<kind>post|streaming|comment)/(?P<id>[a-z][a-z0-9]{3,16})(?:/.*)?", address)
    if path is None:
        return None
    kind, post_id = path["kind"].lower(), path["id"].lower()
    return Found(canonical=f"https://gettr.com/{kind}/{post_id}", post_id=post_id)


RUMBLE = Family(
    key="rumble",
    domains=frozenset({"rumble.com"}),
    read=read_rumble,
    hosts={"www.rumble.com": "rumble.com", "m.rumble.com": "rumble.com"},
)
BITCHUTE = Family(
    key="bitchute",
    domains=frozenset({"bitchute.com"}),
    read=read_bitchute,
    hosts=dict.fromkeys(
        ("bitchute.com", "old.bitchute.com", "m.bitchute.com", "api.bitchute.com"), "www.bitchute.com"
    ),
)
DAILYMOTION = Family(
    key="dailymotion",
    domains=frozenset({"dailymotion.com", "dai.ly"}),
    read=read_dailymotion,
    hosts=dict.fromkeys(
        ("dailymotion.com", "m.dailymotion.com", "touch.dailymotion.com"), "www.dailymotion.com"
    )
    | {"www.dai.ly": "dai.ly"},
)
VIMEO = Family(
    key="vimeo",
    domains=frozenset({"vimeo.com", "vimeopro.com"}),
    read=read_vimeo,
    hosts=dict.fromkeys(("www.vimeo.com", "player.vimeo.com", "m.vimeo.com"), "vimeo.com")
    | {"www.vimeopro.com": "vimeopro.com"},
)
STREAMABLE = Family(
    key="streamable",
    domains=frozenset({"streamable.com"}),
    read=read_streamable,
    hosts={"www.streamable.com": "streamable.com", "m.streamable.com": "streamable.com"},
)
ODYSEE = Family(
    key="odysee",
    domains=frozenset({"odysee.com", "lbry.tv"}),
    read=read_odysee,
    hosts=dict.fromkeys(("www.odysee.com", "lbry.tv", "www.lbry.tv", "open.lbry.tv"), "odysee.com"),
)
GETTR = Family(
    key="gettr",
    domains=frozenset({"gettr.com"}),
    read=read_gettr,
    hosts=dict.fromkeys(("www.gettr.com", "m.gettr.com"), "gettr.com"),
)
