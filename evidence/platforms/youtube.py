"""YouTube: eleven characters that hold no time. Where a link points into a video is `start_s`."""

import re

from evidence.platforms.address import Address, NotALink, parse_address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import clock_s, from_fragment, path_match

_HOST = "www.youtube.com"
_VIDEO_ID = re.compile(r"([A-Za-z0-9_\-]{11})(?:[^A-Za-z0-9_\-].*)?", re.DOTALL)
_PLAYLIST = re.compile(r"(?:PL|LL|EC|UU|FL|RD|UL|TL|PU|OLAK5uy_)[0-9A-Za-z_\-]{3,80}|[0-9A-F]{16}", re.ASCII)
# Words that stand where an id would, and are as long as one.
_NO_VIDEO = frozenset({"live_stream", "videoseries"})
_PATHS = r"(?:embed|v|vi|vi_webp|e|w|shorts|live|watch|source|video)/(?P<id>[\w\-]{11})(?:[^\w\-].*)?"
_WITH_PARAMETER = frozenset(
    {(), ("watch",), ("watch_popup",), ("watch.php",), ("movie",), ("ytscreeningroom",)}
)
_MIRRORS = (
    "yewtu.be",
    "piped.video",
    "invidious.io",
    "invidio.us",
    "inv.nadeko.net",
    "invidious.nerdvpn.de",
    "piped.kavin.rocks",
    "invidious.snopyta.org",
    "youtubekids.com",
)
_PICTURES = re.compile(r"(?:i\d?|img)\.(?:ytimg|youtube)\.com")


def read(address: Address) -> Found | None:
    address = from_fragment(address, "!/", "/") or address
    if address.segments in {("attribution_link",), ("oembed",)}:
        return _wrapped(address)
    item = path_match(r"(?P<kind>post|clip)/(?P<id>Ug[\w\-]{10,60})", address)
    post_id = address.parameter("lb") if address.path.rstrip("/").endswith("/community") else None
    if item is not None or (post_id or "").startswith("Ug"):
        kind, item_id = (item["kind"].lower(), item["id"]) if item else ("post", str(post_id))
        if re.fullmatch(r"Ug[\w\-]{10,60}", item_id, re.ASCII):
            return Found(canonical=f"https://{_HOST}/{kind}/{item_id}", post_id=item_id)
    video_id = _video_id(address)
    if video_id is not None:
        return Found(
            canonical=f"https://{_HOST}/watch?v={video_id}", post_id=video_id, start_s=_start_s(address)
        )
    return _playlist(address)


def _video_id(address: Address) -> str | None:
    if address.host == "youtu.be" and address.segments[:1] not in {("watch",), ("shorts",), ("embed",)}:
        candidate = address.segments[0] if address.segments else None
    elif address.segments in _WITH_PARAMETER:
        candidate = address.parameter("v")
    else:
        path = path_match(_PATHS, address)
        candidate = path["id"] if path else None
        if candidate is None and address.host == "redirect.invidious.io" and len(address.segments) == 1:
            candidate = address.segments[0]
    found = _VIDEO_ID.fullmatch(candidate) if candidate else None
    return found[1] if found and found[1] not in _NO_VIDEO else None


def _playlist(address: Address) -> Found | None:
    """A list of videos, asked for as a whole."""
    browsed = path_match(r"browse/VL(?P<id>[\w\-]+)", address)
    whole = address.segments in {("playlist",), ("embed", "videoseries"), ("watch",), ("view_play_list",)}
    list_id = browsed["id"] if browsed else address.parameter("list") or address.parameter("p")
    if list_id is None or not (browsed or whole) or not _PLAYLIST.fullmatch(list_id):
        return None
    return Found(canonical=f"https://{_HOST}/playlist?list={list_id}", post_id=list_id)


def _wrapped(address: Address) -> Found | None:
    target = address.parameter("u") or address.parameter("url") or ""
    try:
        inner = parse_address(f"https://{_HOST}{target}" if target.startswith("/") else target)
    except NotALink:
        return None
    host = FAMILY.canonical_host(inner.host)
    return read(inner) if host in {_HOST, "youtu.be"} and inner.segments[:1] != address.segments else None


def _start_s(address: Address) -> float | None:
    text = address.parameter("t") or address.parameter("start") or address.parameter("time_continue")
    if text is None and address.fragment.startswith(("t=", "at=")):
        text = address.fragment.partition("=")[2]
    return clock_s(text)


FAMILY = Family(
    key="youtube",
    domains=frozenset({"youtube.com", "youtu.be", "youtube-nocookie.com", "ytimg.com", *_MIRRORS}),
    read=read,
    hosts=dict.fromkeys(
        (
            "youtube.com",
            "m.youtube.com",
            "music.youtube.com",
            "gaming.youtube.com",
            "studio.youtube.com",
            "tv.youtube.com",
            "youtube-nocookie.com",
            "www.youtube-nocookie.com",
            *_MIRRORS,
            *(f"www.{host}" for host in _MIRRORS),
        ),
        _HOST,
    )
    | {"www.youtu.be": "youtu.be", "m.youtu.be": "youtu.be"},
    host_pattern=_PICTURES,
    pattern_host="i.ytimg.com",
)
