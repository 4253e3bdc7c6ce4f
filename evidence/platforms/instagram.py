"""Instagram and Threads: shortcodes that spell a media id, and the time in that id."""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import handle, path_match
from evidence.platforms.post_times import PostTime, instagram_media_id, instagram_time, time_of_digits

_INSTAGRAM = "www.instagram.com"
_THREADS = "www.threads.com"
_PREVIEWS = ("ddinstagram.com", "www.ddinstagram.com", "kkinstagram.com", "www.kkinstagram.com")


def read_instagram(address: Address) -> Found | None:
    story = path_match(r"stories/(?P<user>[\w.]{1,30})/(?P<id>\d{1,20})", address)
    if story is not None:
        return Found(
            canonical=f"https://{_INSTAGRAM}/stories/{story['user'].lower()}/{story['id']}/",
            post_id=story["id"],
            # Highlights stand under a name that is nobody's.
            author_handle=None if story["user"].lower() == "highlights" else handle(story["user"]),
            post_time=None
            if story["user"].lower() == "highlights"
            else time_of_digits(story["id"], instagram_time),
        )
    post = path_match(
        r"(?:(?P<user>[\w.]{1,30})/)?(?:p|reels?|tv)/(?P<code>(?!audio$)[\w\-]{3,60})(?:/.*)?", address
    )
    if post is None or post["code"].lower() == "audio":
        return None
    return Found(
        canonical=f"https://{_INSTAGRAM}/p/{post['code']}/",
        post_id=post["code"],
        author_handle=handle(post["user"]),
        post_time=_shortcode_time(post["code"]),
    )


def read_threads(address: Address) -> Found | None:
    post = path_match(r"(?:@(?P<user>[\w.]{1,30})/post|t)/(?P<code>[\w\-]{5,60})(?:/.*)?", address)
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
    domains=frozenset({"instagram.com", "instagr.am", "ddinstagram.com", "kkinstagram.com"}),
    read=read_instagram,
    hosts=dict.fromkeys(
        ("instagram.com", "m.instagram.com", "instagr.am", "www.instagr.am", *_PREVIEWS), _INSTAGRAM
    ),
)
THREADS = Family(
    key="threads",
    domains=frozenset({"threads.net", "threads.com"}),
    read=read_threads,
    hosts=dict.fromkeys(("threads.net", "www.threads.net", "threads.com"), _THREADS),
)
