"""TikTok. The id alone is the post; the site accepts any name before it, so canonical links use `@_`."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import digits, handle, path_match
from evidence.platforms.post_times import tiktok_time, time_of_digits

_HOST = "www.tiktok.com"
_NOBODY = "_"


def read(address: Address) -> Found | None:
    path = path_match(r"@(?P<user>[\w.\-]*)/(?:video|photo|v)/(?P<id>\d{1,20})(?:/.*)?", address)
    path = path or path_match(
        r"(?:v|embed|embed/v\d|player/v\d|share/video|video)/(?P<id>\d{1,20})(?:\.html)?(?P<user>)", address
    )
    post_id = (
        path["id"] if path else digits(address.parameter("item_id") or address.parameter("share_item_id"))
    )
    if post_id is None:
        return None
    user = handle(path["user"]) if path else None
    return Found(
        canonical=f"https://{_HOST}/@{_NOBODY}/video/{post_id}",
        post_id=post_id,
        author_handle=None if user in {"", "i", _NOBODY} else user,
        post_time=time_of_digits(post_id, tiktok_time),
    )


FAMILY = Family(
    key="tiktok",
    domains=frozenset({"tiktok.com", "vxtiktok.com", "tnktok.com"}),
    read=read,
    # vm. and vt. hold short codes that only the platform can resolve, so they keep their hosts.
    hosts=dict.fromkeys(
        ("tiktok.com", "m.tiktok.com", "vxtiktok.com", "www.vxtiktok.com", "tnktok.com"), _HOST
    ),
)
