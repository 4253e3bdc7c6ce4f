"""Bluesky: record keys with the time in them. A handle and a DID of one account stay two links."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match
from evidence.platforms.post_times import bluesky_time

_HOST = "bsky.app"
_PREVIEWS = ("fxbsky.app", "bskx.app", "vxbsky.app", "bskyx.app", "deer.social")


def read(address: Address) -> Found | None:
    path = path_match(r"profile/(?P<user>@?[\w.:%\-]+)/post/(?P<id>[\w\-.~:]{1,512})(?:/.*)?", address)
    if path is None:
        path = path_match(
            r"embed/(?P<user>did:[\w.:%\-]+)/app\.bsky\.feed\.post/(?P<id>[\w\-.~:]{1,512})", address
        )
    if path is None or "%" in path["user"]:
        return None
    user = path["user"].lower().removeprefix("@")
    return Found(
        canonical=f"https://{_HOST}/profile/{user}/post/{path['id']}",
        post_id=f"{user}/{path['id']}",
        author_handle=user,
        post_time=bluesky_time(path["id"]),
    )


FAMILY = Family(
    key="bluesky",
    domains=frozenset({_HOST, "bsky.dev", *_PREVIEWS}),
    read=read,
    hosts=dict.fromkeys(
        (
            "www.bsky.app",
            "staging.bsky.app",
            "main.bsky.dev",
            "embed.bsky.app",
            "c.bsky.app",
            *_PREVIEWS,
            *(f"www.{host}" for host in _PREVIEWS),
        ),
        _HOST,
    ),
    ids_hold_time=True,
)
