"""Discord: messages and attachments, both with the time in their ids."""

from evidence.platforms.address import Address
from evidence.platforms.base import Family, Found
from evidence.platforms.families import path_match
from evidence.platforms.post_times import discord_time, time_of_digits

_HOST = "discord.com"
_FILES = "cdn.discordapp.com"


def read(address: Address) -> Found | None:
    message = path_match(
        r"channels/(?P<server>\d{1,20}|@me)/(?:\d{1,20}/threads/)?(?P<channel>\d{1,20})/(?P<id>\d{1,20})(?:/.*)?",
        address,
    )
    if message is not None:
        where = f"{message['server'].lower()}/{message['channel']}"
        return Found(
            canonical=f"https://{_HOST}/channels/{where}/{message['id']}",
            post_id=message["id"],
            post_time=time_of_digits(message["id"], discord_time),
        )
    attachment = path_match(
        r"(?:ephemeral-)?attachments/(?P<channel>\d{1,20})/(?P<id>\d{1,20})/[^/]+", address
    )
    if attachment is None or address.host != _FILES:
        return None
    # What follows the "?" is a signature that ends after a day, or the size of a preview.
    return Found(
        canonical=f"https://{_FILES}{address.path.rstrip('/')}",
        post_id=attachment["id"],
        post_time=time_of_digits(attachment["id"], discord_time),
    )


FAMILY = Family(
    key="discord",
    domains=frozenset({_HOST, "discordapp.com", "discord.gg", "discordapp.net"}),
    read=read,
    hosts=dict.fromkeys(
        [f"{name}{site}" for name in ("www.", "ptb.", "canary.") for site in (_HOST, "discordapp.com")]
        + ["discordapp.com"],
        _HOST,
    )
    | {"media.discordapp.net": _FILES, "www.discord.gg": "discord.gg"},
    ids_hold_time=True,
)
