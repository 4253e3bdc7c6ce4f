"""Links of map services. They are only read: nothing is fetched, so a shortened link is refused."""

import re
from collections.abc import Callable

from geolocation.coordinates.link_parts import Link, link_from, unreadable_link
from geolocation.coordinates.links_google import read_google, read_google_earth
from geolocation.coordinates.links_other import read_apple, read_bing, read_osm, read_wikimapia, read_yandex
from geolocation.coordinates.outcome import Parsed, RefusalReason, Refused
from geolocation.coordinates.sentences import gettext_noop, say

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,10}(?:/|\?|#|$)", re.IGNORECASE)
_GOOGLE = re.compile(r"(?:maps\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})")
_YANDEX = re.compile(r"(?:maps\.)?yandex\.(?:[a-z]{2,3}|com\.[a-z]{2})|(?:maps\.)?ya\.ru")
_SHORTENER_HOSTS = (
    "maps.app.goo.gl goo.gl g.co g.page share.google bit.ly t.co tinyurl.com is.gd ow.ly buff.ly clck.ru "
    "yandex.link binged.it aka.ms 1drv.ms maps.apple"
)
_SHORTENERS = frozenset(_SHORTENER_HOSTS.split())
_SHIFTED = ("baidu.com", "amap.com", "gaode.com", "ditu.google.cn", "map.qq.com", "google.cn")


def looks_like_a_link(text: str) -> bool:
    """Whether a text begins as a web address, with or without its scheme."""
    return bool(_SCHEME.match(text) or _BARE_HOST.match(text))


def parse_link(text: str) -> Parsed | Refused:
    """The position that a map service's link holds."""
    if re.search(r"\s", text):
        return _more_than_a_link(text)
    link = link_from(text)
    if link is None:
        return unreadable_link()
    if _is_short(link):
        return Refused(
            RefusalReason.SHORT_LINK,
            say(
                gettext_noop(
                    "A shortened link does not hold the position, and nothing is fetched from here. "
                    "Open it in a browser and copy the long address, or the coordinates."
                )
            ),
        )
    if any(link.host == host or link.host.endswith(f".{host}") for host in _SHIFTED):
        return Refused(
            RefusalReason.UNSUPPORTED,
            say(
                gettext_noop(
                    "Maps made in China shift their coordinates by some hundred metres. "
                    "Find the place on another map and copy it from there."
                )
            ),
        )
    reader = _reader(link)
    return reader(link) if reader else unreadable_link()


def _reader(link: Link) -> Callable[[Link], Parsed | Refused] | None:
    """The reader for the service that a link belongs to."""
    host = link.host
    if host == "earth.google.com":
        return read_google_earth
    if _GOOGLE.fullmatch(host) and (host.startswith("maps.") or link.path.startswith("/maps")):
        return read_google
    if host in ("openstreetmap.org", "osm.org", "m.openstreetmap.org"):
        return read_osm
    if host == "bing.com" and link.path.startswith("/maps"):
        return read_bing
    if _YANDEX.fullmatch(host) and (
        "maps" in host or link.path.startswith(("/maps", "/harita", "/web-maps"))
    ):
        return read_yandex
    if host in ("maps.apple.com", "beta.maps.apple.com"):
        return read_apple
    return read_wikimapia if host in ("wikimapia.org", "m.wikimapia.org") else None


def _is_short(link: Link) -> bool:
    return (
        link.host in _SHORTENERS
        or (link.host in ("openstreetmap.org", "osm.org") and link.path.startswith("/go/"))
        or (bool(_YANDEX.fullmatch(link.host)) and link.path.startswith("/maps/-/"))
        or (link.host == "maps.apple.com" and link.path.startswith("/p/"))
    )


def _more_than_a_link(text: str) -> Refused:
    links = sum(looks_like_a_link(piece) for piece in text.split())
    if links > 1:
        return Refused(
            RefusalReason.TWO_POSITIONS,
            say(gettext_noop("The text holds more than one link. Give one at a time.")),
        )
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(gettext_noop("There is more than a link in this text. Paste the link alone, without spaces.")),
    )
