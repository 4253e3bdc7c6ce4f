"""The time hidden in a post's id, for each scheme of ids that is published or has been measured.

Every function returns None for an id that the scheme cannot have made, instead of a time that looks right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_UNIX_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# No clock here, so "in the future" is not known. A time after this is called impossible all the same: no
# post of this program's life can have it, and most numbers that are no ids lead there.
LATEST: Final = datetime(2035, 1, 1, tzinfo=UTC)
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SORTABLE_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
_BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_SIGNED_64_BIT: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class PostTime:
    """When a post was made by its id, the unit that the id counts in, and how that was worked out."""

    posted_at_utc: datetime
    precision_s: float
    derivation: str


def twitter_time(post_id: int) -> PostTime | None:
    """Snowflake ids. Source: Twitter's published IdWorker (epoch 1288834974657, 22 lower bits for the
    worker).

    They were switched on late on 4 November 2010; the ids before that count posts and hold no time.
    """
    return _in_scheme(
        post_id,
        milliseconds=(post_id >> 22) + 1_288_834_974_657,
        since=datetime(2010, 11, 4, 20, 0, tzinfo=UTC),
        derivation="The upper 41 bits of the post id are the milliseconds since 2010-11-04T01:42:54.657Z.",
    )


def discord_time(message_id: int) -> PostTime | None:
    """Source: Discord's developer documentation, "Snowflakes" (epoch: the first second of 2015)."""
    return _in_scheme(
        message_id,
        milliseconds=(message_id >> 22) + 1_420_070_400_000,
        since=datetime(2015, 1, 1, 1, 0, tzinfo=UTC),
        derivation="The upper 42 bits of the id are the milliseconds since 2015-01-01T00:00:00Z.",
    )


def mastodon_time(status_id: int) -> PostTime | None:
    """Source: Mastodon's lib/mastodon/snowflake.rb (48 bits of milliseconds, 16 bits of sequence).

    In use since version 2.0 of October 2017; older ids count posts.
    """
    return _in_scheme(
        status_id,
        milliseconds=status_id >> 16,
        since=datetime(2017, 9, 1, tzinfo=UTC),
        derivation="The upper 48 bits of the post id are the milliseconds since 1970-01-01T00:00:00Z.",
    )


def tiktok_time(post_id: int) -> PostTime | None:
    """Measured by many, never published by the platform: the upper 32 of 64 bits are Unix seconds."""
    return _in_scheme(
        post_id,
        milliseconds=(post_id >> 32) * 1000,
        since=datetime(2014, 4, 1, tzinfo=UTC),
        derivation="The upper 32 bits of the post id are the seconds since 1970-01-01T00:00:00Z.",
        precision_s=1.0,
        max_id=2**64 - 1,
    )


def instagram_time(media_id: int) -> PostTime | None:
    """Source: Instagram Engineering, "Sharding & IDs at Instagram" (epoch 1314220021721; 13 bits of shard,
    10 of sequence). Threads uses the same ids.
    """
    return _in_scheme(
        media_id,
        milliseconds=(media_id >> 23) + 1_314_220_021_721,
        since=datetime(2011, 8, 25, 12, 0, tzinfo=UTC),
        derivation="The upper 41 bits of the media id are the milliseconds since 2011-08-24T21:07:01.721Z.",
    )


def instagram_media_id(shortcode: str) -> int | None:
    """The number that a shortcode of at most 11 characters spells in base64url; a longer one (a private
    post) has the same number in its first 11. None for anything else.
    """
    return _number(shortcode[:11], _BASE64URL, _MAX_SIGNED_64_BIT)


def bluesky_time(record_key: str) -> PostTime | None:
    """Source: AT Protocol, "TID": 13 characters of sortable base32; 53 bits of microseconds, 10 of clock."""
    number = _number(record_key, _SORTABLE_BASE32, _MAX_SIGNED_64_BIT)
    if len(record_key) != 13 or number is None:
        return None
    return _at(
        timedelta(microseconds=number >> 10),
        since=datetime(2022, 1, 1, tzinfo=UTC),
        derivation=(
            "The upper 53 bits of the record key are the microseconds since 1970-01-01T00:00:00Z, "
            "as the posting program wrote them."
        ),
        precision_s=1e-6,
    )


def linkedin_time(post_id: int) -> PostTime | None:
    """Measured by many, never published: milliseconds since 1970 above 22 lower bits.

    Ids of that length were seen from 2013 on.
    """
    return _in_scheme(
        post_id,
        milliseconds=post_id >> 22,
        since=datetime(2013, 1, 1, tzinfo=UTC),
        derivation="The upper 41 bits of the post id are the milliseconds since 1970-01-01T00:00:00Z.",
    )


def weibo_time(post_id: int) -> PostTime | None:
    """Measured by many, never published: seconds since Unix time 515483463, above 22 lower bits."""
    return _in_scheme(
        post_id,
        milliseconds=((post_id >> 22) + 515_483_463) * 1000,
        since=datetime(2009, 8, 14, tzinfo=UTC),
        derivation="The bits of the post id above the lower 22 are the seconds since 1986-05-03T05:51:03Z.",
        precision_s=1.0,
    )


def weibo_post_id(short_id: str) -> int | None:
    """The number behind a short id such as z0JH2lOMb: groups of four characters from the right, in base 62,
    are seven digits each. None for anything else.
    """
    groups = [short_id[max(0, end - 4) : end] for end in range(len(short_id), 0, -4)]
    numbers = [_number(group, _BASE62, 9_999_999) for group in reversed(groups)]
    if not numbers or any(number is None for number in numbers):
        return None
    number = int("".join(f"{number:07d}" for number in numbers))
    return number if number <= _MAX_SIGNED_64_BIT else None


def instagram_shortcode(media_id: int) -> str:
    """The other way round: how a media id is written in links."""
    letters = ""
    while media_id:
        media_id, digit = divmod(media_id, 64)
        letters = _BASE64URL[digit] + letters
    return letters


def _number(digits: str, alphabet: str, largest: int) -> int | None:
    number = 0
    for digit in digits:
        value = alphabet.find(digit)
        if value < 0:
            return None
        number = number * len(alphabet) + value
    return number if digits and number <= largest else None


def _in_scheme(
    post_id: int,
    *,
    milliseconds: int,
    since: datetime,
    derivation: str,
    precision_s: float = 0.001,
    max_id: int = _MAX_SIGNED_64_BIT,
) -> PostTime | None:
    if not 0 < post_id <= max_id:
        return None
    return _at(
        timedelta(milliseconds=milliseconds), since=since, derivation=derivation, precision_s=precision_s
    )


def _at(
    since_unix_epoch: timedelta, *, since: datetime, derivation: str, precision_s: float
) -> PostTime | None:
    """`since` is the first moment at which the scheme was in use."""
    if not since - _UNIX_EPOCH <= since_unix_epoch < LATEST - _UNIX_EPOCH:
        return None
    return PostTime(_UNIX_EPOCH + since_unix_epoch, precision_s, derivation)


def time_of_digits(digits: str, scheme: Callable[[int], PostTime | None]) -> PostTime | None:
    """As the scheme says for the number that the ASCII digits write; None when they are something else."""
    return scheme(int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= 20 else None
