"""Facebook in its usual forms. Its ids hold no time.

Two links to one post stay two when only Facebook knows that they are: `pfbid...` and a number, a page's
name and its number, a share code.
"""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import digits, from_fragment, path_match

_HOST = "www.facebook.com"
_ID = r"\d{1,20}|pfbid\w{10,100}"
_USER = r"(?:pg/|people/[^/]+/|pages/[^/]+/)?(?P<user>[\w.\-]+)"
_ONION = "facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd.onion"
# Mobile sites, and one for each language such as ru-ru; none of them shows other posts.
_SAME_SITE = re.compile(
    r"(?:(?:www|m|mbasic|touch|web|mobile|mtouch|p|x|iphone|free|d|z-m-www|business|upload|[a-z]{2}-[a-z]{2})\.)?"
    rf"(?:facebook\.com|fb\.com|{_ONION.replace('.', '[.]')})"
)


def read(address: Address) -> Found | None:
    if address.host in {"fb.watch", "fb.me"}:
        return None
    address = from_fragment(address, "!/") or address
    return (
        _video(address) or _photo(address) or _group_post(address) or _post(address) or _other_item(address)
    )


def _video(address: Address) -> Found | None:
    path = path_match(r"reels?/(?P<id>\d{1,20})(?P<user>)(?:/.*)?", address)
    path = path or path_match(rf"{_USER}/(?:videos|reels?)/(?:[^/]+/)*?(?P<id>\d{{1,20}})(?:/.*)?", address)
    video_id = path["id"] if path else None
    if (
        path_match(r"watch(?:/live)?|(?:video/)?video\.php|video/embed|photo\.php", address)
        and video_id is None
    ):
        video_id = digits(address.parameter("v") or address.parameter("video_id"))
    if video_id is None:
        return None
    return Found(
        canonical=f"https://{_HOST}/watch/?v={video_id}",
        post_id=video_id,
        author_handle=path["user"].lower() or None if path else None,
    )


def _photo(address: Address) -> Found | None:
    path = path_match(rf"{_USER}/photos/(?:[^/]+/)?(?P<id>\d{{1,20}})(?:/.*)?", address)
    photo_id = path["id"] if path else None
    if path_match(r"photo(?:\.php|/view_full_size|/download)?|(?:[\w.\-]+/)?photos", address):
        photo_id = digits(address.parameter("fbid"))
    if photo_id is None:
        return None
    return Found(
        canonical=f"https://{_HOST}/photo/?fbid={photo_id}",
        post_id=photo_id,
        author_handle=path["user"].lower() if path else None,
    )


def _group_post(address: Address) -> Found | None:
    path = path_match(
        rf"groups/(?P<group>[\w.\-]+)/(?:posts|permalink)/(?:[^/]+/)?(?P<id>{_ID})(?::\d+)?(?:/.*)?", address
    )
    if path is not None:
        group, post_id = path["group"], path["id"]
    else:
        bare = path_match(r"groups/(?P<group>[\w.\-]+)", address)
        found = address.parameter("multi_permalinks") or address.parameter("post_id")
        if address.parameter("view") == "permalink":
            found = address.parameter("id")
        # Several numbers may stand here; the first one is the post that is shown on top.
        found = (found or "").split(",")[0]
        if bare is None or not _is_id(found):
            return None
        group, post_id = bare["group"], found
    return Found(canonical=f"https://{_HOST}/groups/{group.lower()}/posts/{post_id}", post_id=post_id)


def _post(address: Address) -> Found | None:
    path = path_match(rf"{_USER}/(?:posts|activity)/(?:[^/]+/)?(?P<id>{_ID})(?::\d+)?(?:/.*)?", address)
    path = path or path_match(r"(?P<user>\d{5,20})_(?P<id>\d{1,20})", address)
    if path is not None:
        user, post_id = path["user"].lower(), path["id"]
    else:
        user, story = address.parameter("id") or "", address.parameter("story_fbid") or ""
        if not path_match(r"permalink\.php|story\.php|profile\.php", address):
            return None
        if not _is_id(story) or not digits(user):
            return None
        post_id = story
    return Found(canonical=f"https://{_HOST}/{user}/posts/{post_id}", post_id=post_id, author_handle=user)


def _other_item(address: Address) -> Found | None:
    """An event, an album, an advertisement, a sale: each with a number of its own."""
    event = path_match(r"events/(?:[^/]+/)*?(?P<id>\d{5,20})(?:/.*)?", address)
    sale = path_match(r"marketplace/item/(?P<id>\d{5,20})(?:/.*)?", address)
    if event is not None:
        return Found(canonical=f"https://{_HOST}/events/{event['id']}/", post_id=event["id"])
    if sale is not None:
        return Found(canonical=f"https://{_HOST}/marketplace/item/{sale['id']}/", post_id=sale["id"])
    if path_match(r"ads/library", address) and digits(address.parameter("id")):
        advertisement = address.parameter("id")
        return Found(canonical=f"https://{_HOST}/ads/library/?id={advertisement}", post_id=advertisement)
    story = path_match(r"stories/(?P<who>\d{5,20})/(?P<code>[\w\-=+]{8,80})(?:/.*)?", address)
    if story is not None:
        code = story["code"].rstrip("=")
        return Found(canonical=f"https://{_HOST}/stories/{story['who']}/{code}/", post_id=code)
    album = address.parameter("set") or ""
    if path_match(r"media/set", address) and re.fullmatch(r"[a-z]{1,4}\.[\d.]{1,80}", album):
        return Found(canonical=f"https://{_HOST}/media/set/?set={album}", post_id=album)
    return None


def share_code(address: Address) -> str | None:
    """A code that only the platform can resolve, in one spelling; None for every other address."""
    if address.host == "fb.watch":
        code = path_match(r"(?P<code>(?:v/)?[\w\-]{5,30})", address)
        return f"https://fb.watch/{code['code']}/" if code else None
    code = path_match(r"(?P<code>share/(?:[a-z]/)?[\w\-]{5,40})", address)
    return f"https://{_HOST}/{code['code']}/" if code and address.host == _HOST else None


def _is_id(text: str) -> bool:
    rest = text.removeprefix("pfbid")
    return digits(text) is not None or (
        rest != text and rest.isalnum() and rest.isascii() and len(rest) >= 10
    )


FAMILY = Family(
    key="facebook",
    domains=frozenset({"facebook.com", "fb.com", "fb.watch", "fb.me", _ONION}),
    read=read,
    hosts={"www.fb.watch": "fb.watch", "m.fb.watch": "fb.watch", "www.fb.me": "fb.me"},
    host_pattern=_SAME_SITE,
    pattern_host=_HOST,
    shortened=share_code,
)
