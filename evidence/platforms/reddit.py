"""Reddit: numbers in base 36 that count and hold no time."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import handle, path_match

_HOST = "www.reddit.com"
_SUBDOMAINS = ("", "old.", "new.", "np.", "m.", "i.", "amp.", "sh.", "en.", "pay.", "ssl.")


def read(address: Address) -> Found | None:
    if address.host == "redd.it":
        path = path_match(r"(?P<post>[a-z0-9]{1,10})(?P<user>)(?P<comment>)", address)
    elif address.host == _HOST:
        path = path_match(
            r"(?:r/\w+/|u(?:ser)?/(?P<user>[\w\-]+)/)?(?:comments|gallery)/(?P<post>[a-z0-9]{1,10})"
            r"(?:/[^/]+(?:/(?P<comment>[a-z0-9]{1,10}))?)?",
            address,
        )
    else:
        path = None
    if path is None:
        return None
    post_id = path["post"].lower()
    canonical = f"https://{_HOST}/comments/{post_id}"
    if path["comment"]:
        comment = path["comment"].lower()
        return Found(canonical=f"{canonical}/_/{comment}", post_id=f"{post_id}/{comment}")
    return Found(canonical=canonical, post_id=post_id, author_handle=handle(path["user"] or None))


FAMILY = Family(
    key="reddit",
    domains=frozenset({"reddit.com", "redd.it", "rxddit.com", "vxreddit.com"}),
    read=read,
    hosts=dict.fromkeys(
        [f"{name}reddit.com" for name in _SUBDOMAINS] + ["rxddit.com", "www.rxddit.com", "vxreddit.com"],
        _HOST,
    )
    | {"www.redd.it": "redd.it"},
)
