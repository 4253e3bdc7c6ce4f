"""Instagram and Threads: shortcodes that spell a media id, and the time in that id."""

import base64
import binascii
import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import handle, path_match
from evidence.platforms.post_times import PostTime, instagram_media_id, instagram_time, time_of_digits

_INSTAGRAM = "www.instagram.com"
_THREADS = "www.threads.com"
_PREVIEWS = ("ddinstagram.com", "kkinstagram.com", "vxinstagram.com", "imginn.com")
# What stands where a user's name may, and is none.
_NO_USER = r"(?!(?:share|explore|accounts|stories|direct|p|reels?|tv|s)/)"


def read_instagram(address: Address) -> Found | None:
    story = _story(address)
    if story is not None:
        return story
    post = path_match(
        rf"(?:{_NO_USER}(?P<user>[\w.]{{1,30}})/)?(?:p|reels?|tv)/(?P<code>[\w\-]{{3,60}})(?:\W.*)?", address
    )
    if post is None or post["code"].lower() in {"audio", "videos"}:
        return None
    return Found(
        canonical=f"https://{_INSTAGRAM}/p/{post['code']}/",
        post_id=post["code"],
        author_handle=handle(post["user"]),
        post_time=_shortcode_time(post["code"]),
    )


def _story(address: Address) -> Found | None:
    """A story, or a highlight: a collection of them under a number that holds no time."""
    shared = path_match(r"s/(?P<code>aGlnaGxpZ2h0[\w\-=]{4,60})", address)
    highlight = _highlight_id(shared["code"]) if shared else None
    path = path_match(r"stories/(?P<user>[\w.]{1,30})/(?P<id>\d{1,20})(?:/.*)?", address)
    if path is not None and path["user"].lower() == "highlights":
        highlight = path["id"]
    if highlight is not None:
        return Found(canonical=f"https://{_INSTAGRAM}/stories/highlights/{highlight}/", post_id=highlight)
    if path is None:
        return None
    return Found(
        canonical=f"https://{_INSTAGRAM}/stories/{path['user'].lower()}/{path['id']}/",
        post_id=path["id"],
        author_handle=handle(path["user"]),
        post_time=time_of_digits(path["id"], instagram_time),
    )


def _highlight_id(code: str) -> str | None:
    """The share code of a highlight is base 64 of "highlight:" and its number."""
    try:
        text = base64.b64decode(code.rstrip("=") + "=" * (-len(code.rstrip("=")) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return None
    found = re.fullmatch(rb"highlight:(\d{1,20})", text)
    return found[1].decode("ascii") if found else None


def share_code(address: Address) -> str | None:
    """A code that only the platform can resolve (it is no shortcode); None for every other address."""
    code = path_match(r"(?P<code>share/(?:(?:p|reels?|tv|s)/)?[\w\-]{4,60})", address)
    return f"https://{_INSTAGRAM}/{code['code']}/" if code else None


def read_threads(address: Address) -> Found | None:
    post = path_match(r"(?:@(?P<user>[\w.]{1,30})/post|t)/(?P<code>[\w\-]{5,60})(?:\W.*)?", address)
    if post is None:
        return None
    return Found(
        canonical=f"https://{_THREADS}/t/{post['code']}",
        post_id=post["code"],
        author_handle=handle(post["user"]),
        post_time=_shortcode_time(post["code"]),
    )


def _shortcode_time(shortcode: str) -> PostTime | None:
    media_id = instagram_media_id(shortcode)
    if media_id is None or not re.fullmatch(r"[\w\-]{9,11}|[\w\-]{20,60}", shortcode, re.ASCII):
        return None
    found = instagram_time(media_id)
    if found is None:
        return None
    return PostTime(
        found.posted_at_utc,
        found.precision_s,
        f"The shortcode is the media id {media_id} in base 64. {found.derivation}",
    )


INSTAGRAM = Family(
    key="instagram",
    domains=frozenset({"instagram.com", "instagr.am", "instagr.com", *_PREVIEWS}),
    read=read_instagram,
    hosts=dict.fromkeys(
        (
            "instagram.com",
            "m.instagram.com",
            "instagr.am",
            "www.instagr.am",
            "instagr.com",
            "www.instagr.com",
            *_PREVIEWS,
            *(f"www.{host}" for host in _PREVIEWS),
        ),
        _INSTAGRAM,
    ),
    ids_hold_time=True,
    shortened=share_code,
)
THREADS = Family(
    key="threads",
    domains=frozenset({"threads.net", "threads.com"}),
    read=read_threads,
    hosts=dict.fromkeys(("threads.net", "www.threads.net", "threads.com"), _THREADS),
    ids_hold_time=True,
)
