"""TikTok and its Chinese sister Douyin. The id alone is the post; TikTok accepts any name before it, so
canonical links use `@_`.
"""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import handle, number, path_match
from evidence.platforms.post_times import tiktok_time, time_of_digits

_HOST = "www.tiktok.com"
_DOUYIN = "www.douyin.com"
_NOBODY = "_"
_PREVIEWS = ("vxtiktok.com", "tnktok.com", "tfxktok.com", "tiktxk.com", "kktiktok.com")


def read_tiktok(address: Address) -> Found | None:
    path = path_match(r"@(?P<user>[\w.\-]*)/(?:video|photo|v|story)/(?P<id>\d{1,20})(?:\W.*)?", address)
    path = path or path_match(
        r"(?:v|embed|embed/v\d|player/v\d|(?:i18n/)?share/(?:video|photo)|video|photo)/(?P<id>\d{1,20})"
        r"(?:\.html)?(?P<user>)(?:/.*)?",
        address,
    )
    post_id = number(
        path["id"] if path else address.parameter("item_id") or address.parameter("share_item_id")
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


def share_code(address: Address) -> str | None:
    """A code that only the platform can resolve, in one spelling; None for every other address."""
    if address.host in {"vm.tiktok.com", "vt.tiktok.com"}:
        code = path_match(r"(?P<code>[a-z0-9]{5,20})", address)
    else:
        code = path_match(r"(?P<code>t/[a-z0-9]{5,20})", address)
    return f"https://{address.host}/{code['code']}/" if code else None


def read_douyin(address: Address) -> Found | None:
    path = path_match(r"(?:share/)?(?:video|note|slides)/(?P<id>\d{15,20})(?:/.*)?", address)
    post_id = number(path["id"] if path else address.parameter("modal_id"))
    if post_id is None or len(post_id) < 15:
        return None
    return Found(
        canonical=f"https://{_DOUYIN}/video/{post_id}",
        post_id=post_id,
        post_time=time_of_digits(post_id, tiktok_time),
    )


TIKTOK = Family(
    key="tiktok",
    domains=frozenset({"tiktok.com", "tiktokv.com", *_PREVIEWS}),
    read=read_tiktok,
    # vm. and vt. hold short codes that only the platform can resolve, so they keep their hosts.
    hosts=dict.fromkeys(
        (
            "tiktok.com",
            "m.tiktok.com",
            "t.tiktok.com",
            "lite.tiktok.com",
            "tiktokv.com",
            "www.tiktokv.com",
            "m.tiktokv.com",
            *_PREVIEWS,
            *(f"www.{host}" for host in _PREVIEWS),
        ),
        _HOST,
    ),
    ids_hold_time=True,
    shortened=share_code,
)
DOUYIN = Family(
    key="douyin",
    domains=frozenset({"douyin.com", "iesdouyin.com"}),
    read=read_douyin,
    # v.douyin.com holds short codes.
    hosts=dict.fromkeys(("douyin.com", "m.douyin.com", "iesdouyin.com", "www.iesdouyin.com"), _DOUYIN),
    ids_hold_time=True,
)
