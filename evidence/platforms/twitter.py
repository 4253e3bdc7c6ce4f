"""X, formerly Twitter. The id alone is the post: whatever name stands before it, the site shows the same
one.
"""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import from_fragment, handle, number, path_match
from evidence.platforms.post_times import time_of_digits, twitter_time

# Mirrors and previews with the paths of the original. A fixed list: others cannot be told from any other
# site.
_MIRRORS = (
    "nitter.net",
    "nitter.poast.org",
    "nitter.privacydev.net",
    "nitter.space",
    "nitter.tiekoetter.com",
    "nitter.it",
    "nitter.cz",
    "xcancel.com",
    "vxtwitter.com",
    "fxtwitter.com",
    "fixupx.com",
    "fixvx.com",
    "twittpr.com",
    "twitter3e4tixl4xyajtrzo62zg5vztmjuricljdp2c5kshju4avyoid.onion",
)
_SAME_SITE = (
    "twitter.com",
    "www.twitter.com",
    "mobile.twitter.com",
    "m.twitter.com",
    "www.x.com",
    "mobile.x.com",
    "m.x.com",
    "pro.x.com",
    "tweetdeck.twitter.com",
    "tweetdeck.com",
)
_UNROLLED = "threadreaderapp.com"
_PERISCOPE = ("periscope.tv", "www.periscope.tv", "pscp.tv", "www.pscp.tv")
_EMBEDDED = ("platform.twitter.com", "platform.x.com")


def read(address: Address) -> Found | None:
    address = from_fragment(address, "!/") or address
    post = _post(address)
    if post is not None:
        post_id, user = post
        return Found(
            canonical=f"https://x.com/i/status/{post_id}",
            post_id=post_id,
            author_handle=None if user == "i" else user,
            post_time=time_of_digits(post_id, twitter_time),
        )
    # A live broadcast or an audio room is an item of its own; their ids hold no time that is known.
    live = path_match(r"i/(?P<kind>broadcasts|spaces)/(?P<id>[a-z0-9]{8,20})(?:/.*)?", address)
    if address.host in _PERISCOPE:
        # Periscope became X's live broadcasts, which kept its ids.
        old = path_match(r"\w{1,20}/(?P<id>1[a-z0-9]{11,13})(?:/.*)?", address)
        item = f"broadcasts/{old['id']}" if old else ""
        return Found(canonical=f"https://x.com/i/{item}", post_id=item) if old else None
    if live is None:
        return None
    item = f"{live['kind'].lower()}/{live['id']}"
    return Found(canonical=f"https://x.com/i/{item}", post_id=item)


def _post(address: Address) -> tuple[str, str | None] | None:
    """The post's number, and the name that stands before it."""
    if address.host in _EMBEDDED:
        post_id = number(address.parameter("id")) if "embed" in address.path.lower() else None
        return (post_id, None) if post_id and len(post_id) <= 19 else None
    if address.host == _UNROLLED:
        path = path_match(r"thread/(?P<id>\d{1,19})(?:\.html)?(?P<user>)", address)
    else:
        path = path_match(
            r"(?:i/(?:web/|user/\d+/)?|(?P<user>@?\w{1,20})/)status(?:es)?/(?P<id>\d{1,19})(?:\W.*)?", address
        ) or path_match(r"(?:statuses|i/videos/tweet|i/videos)/(?P<id>\d{1,19})(?P<user>)(?:/.*)?", address)
    post_id = number(path["id"]) if path else None
    return (post_id, handle(path["user"] or None)) if path and post_id else None


FAMILY = Family(
    key="twitter",
    domains=frozenset(
        {"twitter.com", "x.com", "tweetdeck.com", "periscope.tv", "pscp.tv", _UNROLLED, *_MIRRORS}
    ),
    read=read,
    hosts=dict.fromkeys(
        (*_SAME_SITE, *_MIRRORS, *(f"www.{host}" for host in _MIRRORS), "d.fxtwitter.com", "c.vxtwitter.com"),
        "x.com",
    )
    | {f"www.{_UNROLLED}": _UNROLLED},
    ids_hold_time=True,
)
