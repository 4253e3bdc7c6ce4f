"""Bluesky: record keys with the time in them. A handle and a DID of one account stay two links."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match
from evidence.platforms.post_times import bluesky_time

_HOST = "bsky.app"
_PREVIEWS = ("fxbsky.app", "bskx.app", "vxbsky.app", "bskyx.app")


def read(address: Address) -> Found | None:
    path = path_match(r"profile/(?P<user>[\w.:\-]+)/post/(?P<id>[\w\-.~]{1,64})(?:/.*)?", address)
    if path is None:
        embedded = path_match(
            r"embed/(?P<user>did:[\w.:\-]+)/app\.bsky\.feed\.post/(?P<id>[\w\-.~]{1,64})", address
        )
        if embedded is None:
            return None
        path = embedded
    user = path["user"].lower()
    return Found(
        canonical=f"https://{_HOST}/profile/{user}/post/{path['id']}",
        post_id=f"{user}/{path['id']}",
        author_handle=user,
        post_time=bluesky_time(path["id"]),
    )


FAMILY = Family(
    key="bluesky",
    domains=frozenset({_HOST, *_PREVIEWS}),
    read=read,
    hosts=dict.fromkeys(
        ("www.bsky.app", "staging.bsky.app", "main.bsky.dev", "embed.bsky.app", *_PREVIEWS), _HOST
    ),
)
