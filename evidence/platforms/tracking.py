"""What apps and newsletters add to a link without changing what it shows."""

from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from evidence.platforms.address import Address
from evidence.platforms.base import Platform

_PREFIXES: Final = (
    "utm_",
    "utm-",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "_hs",
    "stm_",
    "__cft__",
    "vero_",
)
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
        "refid",
        "at_medium",
        "at_campaign",
        "xtor",
        "_branch_match_id",
        "_branch_referrer",
        "rdt_cid",
        "epik",
        "sc_cid",
        "irclickid",
        "dm_i",
        "trk",
        "trkcampaign",
        "lipi",
        "lici",
        "original_referer",
        "tw_source",
        "tw_medium",
        "twgr",
        "ns_campaign",
        "ns_mchannel",
        "share_token",
        "amp_gsa",
        "amp_js_v",
        "usqp",
    }
)
_ON_PLATFORM: Final[dict[Platform, frozenset[str]]] = {
    "twitter": frozenset({"s", "t", "lang", "cxt", "cn", "refsrc", "amp", "ref"}),
    "youtube": frozenset(
        {"si", "feature", "pp", "ab_channel", "app", "themerefresh", "cbrd", "persist_app", "sttick"}
    ),
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
    "instagram": frozenset({"hl", "img_index", "taken-by", "next", "story_media_id"}),
    "threads": frozenset({"xmt", "slof", "hl"}),
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
    "vk": frozenset({"from", "ref", "track_code", "access_key", "t2fs"}),
    "ok": frozenset({"__dp", "fromtime"}),
    "reddit": frozenset({"share_id", "rdt", "ref", "ref_source", "st", "sh"}),
    "telegram": frozenset({"single", "embed", "mode", "discussion", "before", "after"}),
    "rumble": frozenset({"mref", "mc", "e9s", "pub", "rel", "sci"}),
    "linkedin": frozenset({"rcm", "originalsubdomain", "midtoken", "midsig", "li_theme"}),
    "snapchat": frozenset({"share_id", "sender_web_id", "device_type", "locale", "sid"}),
    "odysee": frozenset({"r", "src"}),
    "weibo": frozenset({"from", "wm", "refer_flag", "type", "luicode", "lfid", "sourcetype"}),
}
# Short links whose path is all there is to them. Only their owners know where they lead.
_SHORTENERS: Final = frozenset({"t.co", "bit.ly", "vk.cc", "t.cn", "lnkd.in", "goo.gl"})


def without_tracking(address: Address, platform: Platform) -> Address:
    """The address without what was added to it, and without a fragment unless that looks like a page of its
    own.
    """
    dropped = _EVERYWHERE | _ON_PLATFORM.get(platform, frozenset())
    if address.host in _SHORTENERS:
        address = replace(address, query=())
    kept = tuple(pair for pair in address.query if not _is_tracking(unquote(pair[0]).lower(), dropped))
    fragment = address.fragment if address.fragment.startswith(("!", "/", "@", "-")) else ""
    return replace(address, query=kept, fragment=fragment)


def _is_tracking(name: str, dropped: frozenset[str]) -> bool:
    return name.startswith(_PREFIXES) or name in dropped
