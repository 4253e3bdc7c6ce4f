"""Facebook in its usual forms. Its ids hold no time.

Two links to one post stay two when only Facebook knows that they are: `pfbid...` and a number, a page's
name and its number, a share code.
"""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import digits, path_match

_HOST = "www.facebook.com"
_ID = r"\d{1,20}|pfbid\w{10,100}"


def read(address: Address) -> Found | None:
    if address.host in {"fb.watch", "fb.me"}:
        return None
    return _video(address) or _photo(address) or _group_post(address) or _post(address)


def _video(address: Address) -> Found | None:
    path = path_match(r"reel/(?P<id>\d{1,20})(?P<user>)(?:/.*)?", address)
    path = path or path_match(r"(?P<user>[\w.\-]+)/videos/(?:[^/]+/)*(?P<id>\d{1,20})", address)
    video_id = path["id"] if path else None
    if path_match(r"watch(?:/live)?|video\.php|video/embed", address):
        video_id = digits(address.parameter("v") or address.parameter("video_id"))
    if video_id is None:
        return None
    return Found(
        canonical=f"https://{_HOST}/watch/?v={video_id}",
        post_id=video_id,
        author_handle=path["user"].lower() or None if path else None,
    )


def _photo(address: Address) -> Found | None:
    path = path_match(r"(?P<user>[\w.\-]+)/photos/(?:[^/]+/)?(?P<id>\d{1,20})", address)
    photo_id = path["id"] if path else None
    if path_match(r"photo(?:\.php)?|(?:[\w.\-]+/)?photos", address):
        photo_id = digits(address.parameter("fbid"))
    if photo_id is None:
        return None
    return Found(
        canonical=f"https://{_HOST}/photo/?fbid={photo_id}",
        post_id=photo_id,
        author_handle=path["user"].lower() if path else None,
    )


def _group_post(address: Address) -> Found | None:
    path = path_match(rf"groups/(?P<group>[\w.\-]+)/(?:posts|permalink)/(?P<id>{_ID})(?:/.*)?", address)
    if path is None:
        bare = path_match(r"groups/(?P<group>[\w.\-]+)", address)
        post_id = digits(address.parameter("multi_permalinks"))
        if bare is None or post_id is None:
            return None
        group = bare["group"]
    else:
        group, post_id = path["group"], path["id"]
    return Found(canonical=f"https://{_HOST}/groups/{group.lower()}/posts/{post_id}", post_id=post_id)


def _post(address: Address) -> Found | None:
    path = path_match(rf"(?P<user>[\w.\-]+)/posts/(?:[^/]+/)?(?P<id>{_ID})", address)
    if path is not None:
        user, post_id = path["user"].lower(), path["id"]
    else:
        user, story = address.parameter("id") or "", address.parameter("story_fbid") or ""
        if not path_match(r"permalink\.php|story\.php", address) or not _is_id(story) or not digits(user):
            return None
        post_id = story
    return Found(canonical=f"https://{_HOST}/{user}/posts/{post_id}", post_id=post_id, author_handle=user)


def _is_id(text: str) -> bool:
    rest = text.removeprefix("pfbid")
    return digits(text) is not None or (
        rest != text and rest.isalnum() and rest.isascii() and len(rest) >= 10
    )


FAMILY = Family(
    key="facebook",
    domains=frozenset({"facebook.com", "fb.com", "fb.watch", "fb.me"}),
    read=read,
    hosts=dict.fromkeys(
        [f"{name}facebook.com" for name in ("", "m.", "mbasic.", "touch.", "web.", "mobile.", "business.")]
        + [
            "fb.com",
            "www.fb.com",
            "m.fb.com",
            "en-gb.facebook.com",
            "ru-ru.facebook.com",
            "hy-am.facebook.com",
        ],
        _HOST,
    ),
)
