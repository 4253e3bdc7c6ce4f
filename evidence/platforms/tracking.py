"""What apps and newsletters add to a link without changing what it shows; and links that only lead to
others.
"""

from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from evidence.platforms.address import Address
from evidence.platforms.base import Platform

_PREFIXES: Final = ("utm_", "mtm_", "pk_", "matomo_", "hsa_", "_hs", "stm_")
_EVERYWHERE: Final = frozenset(
    {
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "ysclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "vero_id",
        "oly_enc_id",
        "oly_anon_id",
        "wickedid",
        "_openstat",
        "ref_src",
        "ref_url",
        "__twitter_impression",
        "_ga",
        "_gl",
        "s_kwcid",
        "srsltid",
        "cmpid",
        "ncid",
        "spm",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "mibextid",
    }
)
_ON_PLATFORM: Final[dict[Platform, frozenset[str]]] = {
    "twitter": frozenset({"s", "t", "lang", "cxt", "cn", "refsrc"}),
    "youtube": frozenset({"si", "feature", "pp", "ab_channel", "app", "themerefresh", "cbrd"}),
    "tiktok": frozenset(
        {
            "_r",
            "_t",
            "_d",
            "is_from_webapp",
            "is_copy_url",
            "sender_device",
            "sender_web_id",
            "web_id",
            "lang",
            "u_code",
        }
    ),
    "instagram": frozenset({"hl", "img_index", "taken-by"}),
    "threads": frozenset({"xmt", "slof"}),
    "facebook": frozenset(
        {
            "ref",
            "refsrc",
            "fref",
            "__tn__",
            "__xts__",
            "_rdr",
            "_rdc",
            "rdid",
            "share_url",
            "sfnsn",
            "eav",
            "paipv",
            "locale",
        }
    ),
    "vk": frozenset({"from", "ref", "track_code"}),
    "ok": frozenset({"__dp", "fromtime"}),
    "reddit": frozenset({"share_id", "rdt", "ref", "ref_source", "st", "sh"}),
    "telegram": frozenset({"single", "embed", "mode", "discussion", "before", "after"}),
    "rumble": frozenset({"mref", "mc", "e9s", "pub"}),
}
# Where a platform sends people who leave it, and the parameters that say where to.
_REDIRECTORS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("www.facebook.com", "/l.php"): ("u",),
    ("www.facebook.com", "/flx/warn/"): ("u",),
    ("l.instagram.com", "/"): ("u",),
    ("l.threads.com", "/"): ("u",),
    ("l.threads.net", "/"): ("u",),
    ("l.messenger.com", "/l.php"): ("u",),
    ("www.youtube.com", "/redirect"): ("q",),
    ("www.google.com", "/url"): ("q", "url"),
    ("google.com", "/url"): ("q", "url"),
    ("vk.com", "/away.php"): ("to",),
    ("out.reddit.com", "/"): ("url",),
    ("www.tiktok.com", "/link/v2"): ("target",),
}


def without_tracking(address: Address, platform: Platform) -> Address:
    """The address without what was added to it, and without a fragment unless that looks like a page of its
    own.
    """
    dropped = _EVERYWHERE | _ON_PLATFORM.get(platform, frozenset())
    kept = tuple(pair for pair in address.query if not _is_tracking(unquote(pair[0]).lower(), dropped))
    fragment = address.fragment if address.fragment.startswith(("!", "/", "@", "-")) else ""
    return replace(address, query=kept, fragment=fragment)


def redirect_target(address: Address) -> str | None:
    """Where a platform's own leaving page leads to; None for every other address."""
    path = "/" if address.host == "out.reddit.com" else address.path
    for name in _REDIRECTORS.get((address.host, path), ()):
        target = address.parameter(name)
        if target and target.lower().startswith(("http://", "https://")):
            return target
    return None


def _is_tracking(name: str, dropped: frozenset[str]) -> bool:
    return name.startswith(_PREFIXES) or name in dropped
