"""Mastodon, and sites with its addresses and ids such as Truth Social.

Any host may be one: the path decides.
"""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match
from evidence.platforms.post_times import mastodon_time, time_of_digits

# Sites known to be one; on any other host the id must have the length and the time of Mastodon's.
_KNOWN = frozenset(
    {
        "mastodon.social",
        "mastodon.online",
        "mastodon.world",
        "mstdn.social",
        "mas.to",
        "fosstodon.org",
        "infosec.exchange",
        "journa.host",
        "newsie.social",
        "gab.com",
    }
)
_TRUTH_SOCIAL = "truthsocial.com"
_USER = r"(?P<user>[\w.\-]+(?:@[\w.\-]+)?)"


def read(address: Address) -> Found | None:
    known = address.host in _KNOWN or address.host == _TRUTH_SOCIAL
    path = path_match(rf"(?:web/|deck/)?@{_USER}/(?:posts/|statuses/)?(?P<id>\d{{1,20}})(?:/.*)?", address)
    path = path or path_match(r"(?:ap/)?users/(?P<user>[\w.\-]+)/statuses/(?P<id>\d{1,20})(?:/.*)?", address)
    if path is None and address.host == "gab.com":
        path = path_match(r"(?P<user>[\w.\-]+)/posts/(?P<id>\d{1,20})(?:/.*)?", address)
    old = path_match(r"web/statuses/(?P<id>\d{1,20})", address) if path is None else None
    if old is not None and (known or time_of_digits(old["id"], mastodon_time)):
        # The old web program's address, which names nobody; whose post it is, only the site knows.
        return Found(
            canonical=f"{address.scheme}://{address.host}{_port(address)}/web/statuses/{old['id']}",
            post_id=f"{address.host}/{old['id']}",
            post_time=time_of_digits(old["id"], mastodon_time),
        )
    if path is None:
        return None
    post_time = time_of_digits(path["id"], mastodon_time)
    if not known and (post_time is None or not 17 <= len(path["id"]) <= 19):
        return None
    user = path["user"].lower()
    return Found(
        canonical=f"{address.scheme}://{address.host}{_port(address)}/@{user}/{path['id']}",
        post_id=path["id"] if address.host == _TRUTH_SOCIAL else f"{address.host}/{path['id']}",
        author_handle=user if "@" in user or address.host == _TRUTH_SOCIAL else f"{user}@{address.host}",
        post_time=post_time,
    )


def _port(address: Address) -> str:
    return "" if address.port is None else f":{address.port}"


FAMILY = Family(
    key="mastodon",
    domains=_KNOWN,
    read=read,
    hosts={f"www.{host}": host for host in _KNOWN},
    ids_hold_time=True,
)
TRUTH_SOCIAL = Family(
    key="truthsocial",
    domains=frozenset({_TRUTH_SOCIAL}),
    read=read,
    hosts={f"www.{_TRUTH_SOCIAL}": _TRUTH_SOCIAL},
    ids_hold_time=True,
)
