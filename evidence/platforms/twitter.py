"""X, formerly Twitter. The id alone is the post: whatever name stands before it, the site shows the same
one.
"""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import handle, path_match
from evidence.platforms.post_times import time_of_digits, twitter_time

# Mirrors and previews with the paths of the original. A fixed list: others cannot be told from any other
# site.
_MIRRORS = (
    "nitter.net",
    "nitter.poast.org",
    "nitter.privacydev.net",
    "xcancel.com",
    "vxtwitter.com",
    "fxtwitter.com",
    "fixupx.com",
    "fixvx.com",
    "twittpr.com",
)
_SAME_SITE = (
    "twitter.com",
    "www.twitter.com",
    "mobile.twitter.com",
    "m.twitter.com",
    "www.x.com",
    "mobile.x.com",
)


def read(address: Address) -> Found | None:
    path = path_match(r"(?:i/(?:web/)?|(?P<user>@?\w{1,20})/)status(?:es)?/(?P<id>\d{1,19})(?:/.*)?", address)
    if path is None:
        path = path_match(r"statuses/(?P<id>\d{1,19})(?P<user>)", address)
    if path is None:
        return None
    user = handle(path["user"] or None)
    return Found(
        canonical=f"https://x.com/i/status/{path['id']}",
        post_id=path["id"],
        author_handle=None if user == "i" else user,
        post_time=time_of_digits(path["id"], twitter_time),
    )


FAMILY = Family(
    key="twitter",
    domains=frozenset({"twitter.com", "x.com", *_MIRRORS}),
    read=read,
    hosts=dict.fromkeys((*_SAME_SITE, *_MIRRORS), "x.com"),
)
