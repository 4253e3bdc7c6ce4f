"""Snapchat: snaps on its map, spotlights, stories.

Their ids hold no time; a link to the map says where that is centred.
"""

import re

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match

_MAP = "map.snapchat.com"
_HOST = "www.snapchat.com"
_CENTRE = re.compile(
    r"@(-?\d{1,2}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,6})?)z)?", re.ASCII
)


def read(address: Address) -> Found | None:
    latitude, longitude = _centre(address)
    on_map = path_match(r"(?:map/)?(?:ttp/)?(?:snap|share)/(?P<id>[\w\-=]{8,200})(?:/.*)?", address)
    if on_map is not None and (address.host == _MAP or address.path.startswith("/map/")):
        return Found(
            canonical=f"https://{_MAP}/ttp/snap/{on_map['id']}",
            post_id=on_map["id"],
            map_latitude=latitude,
            map_longitude=longitude,
        )
    spotlight = path_match(r"(?:@(?P<user>[\w.\-]+)/)?spotlight/(?P<id>[\w\-]{8,200})(?:/.*)?", address)
    if spotlight is not None:
        return Found(
            canonical=f"https://{_HOST}/spotlight/{spotlight['id']}",
            post_id=spotlight["id"],
            author_handle=spotlight["user"].lower() if spotlight["user"] else None,
        )
    story = path_match(r"(?:s|p)/(?P<id>[\w\-]{8,200})(?:/.*)?", address)
    if story is not None and address.host == "story.snapchat.com":
        return Found(canonical=f"https://story.snapchat.com/s/{story['id']}", post_id=story["id"])
    if latitude is not None and address.host == _MAP:
        return Found(
            canonical=f"https://{_MAP}{address.path}", map_latitude=latitude, map_longitude=longitude
        )
    return None


def _centre(address: Address) -> tuple[float | None, float | None]:
    """Where the map is centred, latitude and longitude in degrees; None twice when that is not said."""
    for segment in address.segments:
        found = _CENTRE.fullmatch(segment)
        if found is not None:
            latitude, longitude = float(found[1]), float(found[2])
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                return latitude, longitude
    return None, None


FAMILY = Family(
    key="snapchat",
    domains=frozenset({"snapchat.com"}),
    read=read,
    hosts={"snapchat.com": _HOST, "m.snapchat.com": _HOST, "www.map.snapchat.com": _MAP},
)
