"""Snapchat: snaps on its map, spotlights, stories. Their ids hold no time."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match

_MAP = "map.snapchat.com"
_HOST = "www.snapchat.com"


def read(address: Address) -> Found | None:
    on_map = path_match(r"(?:ttp/)?(?:snap|share)/(?P<id>[\w\-=]{8,120})(?:/.*)?", address)
    if on_map is not None and address.host == _MAP:
        return Found(canonical=f"https://{_MAP}/ttp/snap/{on_map['id']}", post_id=on_map["id"])
    spotlight = path_match(r"(?:@(?P<user>[\w.\-]+)/)?spotlight/(?P<id>[\w\-]{8,120})", address)
    if spotlight is not None:
        return Found(
            canonical=f"https://{_HOST}/spotlight/{spotlight['id']}",
            post_id=spotlight["id"],
            author_handle=spotlight["user"].lower() if spotlight["user"] else None,
        )
    story = path_match(r"(?:s|p)/(?P<id>[\w\-]{8,120})(?:/.*)?", address)
    if story is not None and address.host == "story.snapchat.com":
        return Found(canonical=f"https://story.snapchat.com/s/{story['id']}", post_id=story["id"])
    return None


FAMILY = Family(
    key="snapchat",
    domains=frozenset({"snapchat.com"}),
    read=read,
    hosts={"snapchat.com": _HOST, "m.snapchat.com": _HOST, "www.map.snapchat.com": _MAP},
)
