"""LinkedIn: numbers with the time in them. One post may have several (activity, share, ugcPost)."""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match
from evidence.platforms.post_times import linkedin_time, time_of_digits

_HOST = "www.linkedin.com"
_KINDS = {"activity": "activity", "share": "share", "ugcpost": "ugcPost"}


def read(address: Address) -> Found | None:
    urn = path_match(
        r"(?:embed/)?(?:feed/update|video/live|video/event)/urn:li:(?P<kind>activity|share|ugcPost)"
        r":(?P<id>\d{15,20})(?:/.*)?",
        address,
    )
    named = path_match(
        r"posts/(?:[^/]*[-_])?(?P<kind>activity|share|ugcPost)-(?P<id>\d{15,20})(?:-[\w\-]*)?(?:/.*)?",
        address,
    )
    found = urn or named
    if found is not None:
        kind = _KINDS[found["kind"].lower()]
        return _item(f"feed/update/urn:li:{kind}:{found['id']}/", found["id"])
    event = path_match(r"events/[^/]*?(?P<id>\d{15,20})(?:/.*)?", address)
    return _item(f"events/{event['id']}/", event["id"]) if event else None


def _item(path: str, item_id: str) -> Found:
    return Found(
        canonical=f"https://{_HOST}/{path}",
        post_id=item_id,
        post_time=time_of_digits(item_id, linkedin_time),
    )


FAMILY = Family(
    key="linkedin",
    domains=frozenset({"linkedin.com"}),
    read=read,
    host_pattern=re.compile(r"(?:(?:m|[a-z]{2})\.)?linkedin\.com"),
    pattern_host=_HOST,
    ids_hold_time=True,
)
