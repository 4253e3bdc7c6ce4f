"""Links that only lead to others: leaving pages of platforms, wrappers of search engines and of mail filters.

Nothing is asked of anybody: only what stands in the address itself is unwrapped, so that a short link such as
t.co stays what it is. Sources: the addresses these services give out; for Google's accelerated pages the AMP
project's "AMP Cache URL format"; for mail filters the vendors' notes on rewritten links.
"""

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote

from evidence.platforms.address import Address

# Host, path (None is any) and the parameters that say where to.
_BY_PARAMETER: Final[dict[tuple[str, str | None], tuple[str, ...]]] = {
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("www.facebook.com", "/l.php"): ("u",),
    ("www.facebook.com", "/flx/warn/"): ("u",),
    ("www.facebook.com", "/flx/warn"): ("u",),
    ("www.facebook.com", "/plugins/video.php"): ("href",),
    ("www.facebook.com", "/plugins/post.php"): ("href",),
    ("www.facebook.com", "/login/"): ("next",),
    ("www.facebook.com", "/login.php"): ("next",),
    ("l.workplace.com", "/l.php"): ("u",),
    ("l.messenger.com", "/l.php"): ("u",),
    ("l.wl.co", "/l"): ("u",),
    ("l.instagram.com", "/"): ("u",),
    ("www.instagram.com", "/accounts/login/"): ("next",),
    ("l.threads.com", "/"): ("u",),
    ("l.threads.net", "/"): ("u",),
    ("www.youtube.com", "/redirect"): ("q", "url"),
    ("consent.youtube.com", None): ("continue",),
    ("consent.google.com", None): ("continue",),
    ("vk.com", "/away.php"): ("to",),
    ("vk.com", "/away"): ("to",),
    ("ok.ru", "/dk"): ("st.link",),
    ("out.reddit.com", None): ("url",),
    ("www.reddit.com", "/media"): ("url",),
    ("www.tiktok.com", "/link/v2"): ("target",),
    ("t.me", "/iv"): ("url",),
    ("weibo.com", "/sinaurl"): ("u", "toasturl"),
    ("passport.weibo.com", None): ("url",),
    ("www.linkedin.com", "/redir/redirect"): ("url",),
    ("www.linkedin.com", "/safety/go"): ("url",),
    ("www.linkedin.com", "/safety/go/"): ("url",),
    ("t.umblr.com", "/redirect"): ("z",),
    ("steamcommunity.com", "/linkfilter/"): ("url", "u"),
    ("duckduckgo.com", "/l/"): ("uddg",),
    ("slack-redir.net", "/link"): ("url",),
    ("exit.sc", "/"): ("url",),
    ("link.zhihu.com", "/"): ("target",),
    ("translate.google.com", "/translate"): ("u",),
    ("translate.google.com", "/website"): ("u",),
    ("cdn.embedly.com", "/widgets/media.html"): ("url", "src"),
}
_BEHIND_QUESTION_MARK: Final = frozenset(
    {"href.li", "www.href.li", "anon.to", "nullrefer.com", "dereferer.me"}
)
_GOOGLE: Final = re.compile(r"(?:www\.|m\.)?google\.(?:com?\.)?[a-z]{2,3}")
_HOST_AND_PATH: Final = r"(?P<rest>[a-z0-9.\-]+\.[a-z0-9\-]{2,}(?::\d{1,5})?(?:[/?#].*)?)"


def redirect_target(address: Address) -> str | None:
    """Where the address only leads to; None when it is no such wrapper, or leads to no web page."""
    for find in (
        _by_parameter,
        _behind_question_mark,
        _google,
        _accelerated,
        _translated,
        _mail_filter,
        _reader,
    ):
        target = find(address)
        if target and target.lower().startswith(("http://", "https://")):
            return target
    return None


def _by_parameter(address: Address) -> str | None:
    names = _BY_PARAMETER.get((address.host, address.path)) or _BY_PARAMETER.get((address.host, None))
    values = (address.parameter(name) for name in names or ())
    return next((value for value in values if value), None)


def _behind_question_mark(address: Address) -> str | None:
    if address.host not in _BEHIND_QUESTION_MARK:
        return None
    target = address.text.partition("?")[2]
    return unquote(target) if re.match(r"https?%3A", target, re.IGNORECASE) else target


def _google(address: Address) -> str | None:
    if not _GOOGLE.fullmatch(address.host):
        return None
    if address.path == "/url":
        return address.parameter("q") or address.parameter("url")
    if address.path == "/imgres":
        return address.parameter("imgrefurl")
    found = re.fullmatch(
        rf"/amp/(?P<secure>s/)?{_HOST_AND_PATH}", _from_path(address), re.IGNORECASE | re.DOTALL
    )
    return _with_scheme(found) if found else None


def _accelerated(address: Address) -> str | None:
    if not address.host.endswith(".ampproject.org"):
        return None
    found = re.fullmatch(
        rf"/(?:[acvir]|wp)/(?P<secure>s/)?{_HOST_AND_PATH}", _from_path(address), re.IGNORECASE | re.DOTALL
    )
    return _with_scheme(found) if found else None


def _translated(address: Address) -> str | None:
    """`news-example-org.translate.goog`: a hyphen is a dot there, and two hyphens are one."""
    name = address.host.removesuffix(".translate.goog")
    if name == address.host or "." in name:
        return None
    host = name.replace("--", "\0").replace("-", ".").replace("\0", "-")
    kept = tuple(pair for pair in address.query if not pair[0].startswith("_x_tr_"))
    return Address("https", host, None, address.path, kept, address.fragment).text


def _mail_filter(address: Address) -> str | None:
    if address.host.endswith(".safelinks.protection.outlook.com"):
        return address.parameter("url")
    if address.host == "urldefense.proofpoint.com" and address.path == "/v2/url":
        written = address.parameter("u")
        return unquote(written.replace("-", "%").replace("_", "/")) if written else None
    if address.host == "urldefense.com":
        found = re.fullmatch(r"/v3/__(?P<target>[^*]+?)__;.*", _from_path(address), re.DOTALL)
        return re.sub(r"^(https?):/+", r"\1://", found["target"]) if found else None
    if address.host == "www.bing.com" and address.path == "/ck/a":
        return _from_base64((address.parameter("u") or "").removeprefix("a1"))
    return None


def _reader(address: Address) -> str | None:
    """Elk, a reader of Mastodon, names the site in the path."""
    if address.host not in {"elk.zone", "main.elk.zone"}:
        return None
    found = re.fullmatch(r"/(?P<rest>[a-z0-9.\-]+\.[a-z]{2,}/@.+)", address.path, re.IGNORECASE)
    return f"https://{found['rest']}" if found else None


def _from_base64(text: str) -> str | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None


def _from_path(address: Address) -> str:
    return address.text.partition(address.host)[2].removeprefix(f":{address.port}")


def _with_scheme(found: re.Match[str]) -> str:
    return f"{'https' if found['secure'] else 'http'}://{found['rest']}"
