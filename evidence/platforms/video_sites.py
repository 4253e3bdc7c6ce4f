"""Rumble and Bitchute. Their ids hold no time."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match


def read_rumble(address: Address) -> Found | None:
    # The id in an embedded player and the one of the page are two numbers for one video; only Rumble knows
    # both.
    embedded = path_match(r"embed/(?:u[a-z0-9]+\.)?(?P<id>v[a-z0-9]{3,10})", address)
    if embedded is not None:
        video_id = embedded["id"].lower()
        return Found(canonical=f"https://rumble.com/embed/{video_id}/", post_id=f"embed/{video_id}")
    page = path_match(r"(?P<id>v(?!ideos)[a-z0-9]{3,10})(?:-[^/]*)?(?:\.html)?", address)
    if page is None:
        return None
    video_id = page["id"].lower()
    return Found(canonical=f"https://rumble.com/{video_id}", post_id=video_id)


def read_bitchute(address: Address) -> Found | None:
    path = path_match(
        r"(?:video|embed|torrent/[^/]+|api/beta9/embed)/(?P<id>[\w\-]{8,16})(?:\.torrent)?", address
    )
    if path is None:
        return None
    return Found(canonical=f"https://www.bitchute.com/video/{path['id']}/", post_id=path["id"])


RUMBLE = Family(
    key="rumble",
    domains=frozenset({"rumble.com"}),
    read=read_rumble,
    hosts={"www.rumble.com": "rumble.com", "m.rumble.com": "rumble.com"},
)
BITCHUTE = Family(
    key="bitchute",
    domains=frozenset({"bitchute.com"}),
    read=read_bitchute,
    hosts=dict.fromkeys(("bitchute.com", "old.bitchute.com", "m.bitchute.com"), "www.bitchute.com"),
)
