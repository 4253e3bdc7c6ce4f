"""Times in ids, against published examples and at the edges of each scheme."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.platforms.post_times import (
    bluesky_time,
    discord_time,
    instagram_media_id,
    instagram_shortcode,
    instagram_time,
    linkedin_time,
    mastodon_time,
    tiktok_time,
    twitter_time,
    weibo_post_id,
    weibo_time,
)

NUMERIC_SCHEMES = [
    twitter_time,
    discord_time,
    mastodon_time,
    tiktok_time,
    instagram_time,
    weibo_time,
    linkedin_time,
]


def test_the_tweet_whose_time_is_on_record() -> None:
    found = twitter_time(1704733065673687175)
    assert found is not None
    assert found.posted_at_utc == datetime(2023, 9, 21, 5, 43, 29, 922_000, tzinfo=UTC)
    assert found.precision_s == 0.001
    assert found.derivation == (
        "The upper 41 bits of the post id are the milliseconds since 2010-11-04T01:42:54.657Z."
    )


def test_the_example_of_discords_documentation() -> None:
    # "Snowflakes" in the developer documentation: 175928847299117063 is 2016-04-30 11:18:25.796 UTC.
    found = discord_time(175928847299117063)
    assert found is not None
    assert found.posted_at_utc == datetime(2016, 4, 30, 11, 18, 25, 796_000, tzinfo=UTC)


def test_the_example_of_instagrams_engineers() -> None:
    # "Sharding & IDs at Instagram": 1387263000 ms after the epoch, user 31341 of 2000 shards, sequence 5001.
    found = instagram_time(1387263000 << 23 | (31341 % 2000) << 10 | 5001 % 1024)
    assert found is not None
    elapsed = found.posted_at_utc - datetime(2011, 8, 24, 21, 7, 1, 721_000, tzinfo=UTC)
    assert elapsed.total_seconds() == 1387263.0


def test_a_shortcode_is_base_64_of_the_media_id() -> None:
    assert instagram_media_id("B") == 1
    assert instagram_media_id("BA") == 64
    assert instagram_media_id("_-") == 63 * 64 + 62
    assert instagram_media_id("a.b") is None
    # Only the first eleven characters of a private post's code spell the id.
    assert instagram_media_id("CxdKcUboPZ1AbCdEfGhIjKl") == instagram_media_id("CxdKcUboPZ1")


def test_a_media_id_is_written_as_a_shortcode_and_read_back() -> None:
    # The pair stands in a public collection of test links: media 482584233761418119 is aye83DjauH.
    assert instagram_shortcode(482584233761418119) == "aye83DjauH"
    assert instagram_media_id("aye83DjauH") == 482584233761418119


def test_weibos_two_spellings_are_one_number() -> None:
    # The pair of Weibo's own interface documentation for "querymid".
    assert weibo_post_id("z0JH2lOMb") == 3501756485200075
    assert weibo_post_id("z0JH2lOM-") is None
    assert weibo_post_id("") is None


def test_record_keys_that_are_no_time_have_none() -> None:
    # The AT Protocol specification lists these as invalid TIDs, and 3jzfcijpj2z2a as valid.
    assert bluesky_time("3jzfcijpj2z2a") is not None
    for key in (
        "3jzfcijpj2z21",
        "0000000000000",
        "3jzfcijpj2z2aa",
        "3jzfcijpj2z2",
        "3jzf-cij-pj2z-2a",
        "self",
        "",
    ):
        assert bluesky_time(key) is None
    # All zeros is a valid key, of 1970.
    assert bluesky_time("2222222222222") is None


@pytest.mark.parametrize("post_id", [0, -1, 20, 29700859247, 2**63 - 1, 2**63, 2**70])
def test_a_tweet_from_before_snowflake_or_beyond_64_bits_has_no_time(post_id: int) -> None:
    assert twitter_time(post_id) is None


@pytest.mark.parametrize("scheme", NUMERIC_SCHEMES)
@given(post_id=st.integers(-(2**70), 2**70))
def test_no_number_gives_a_time_outside_the_life_of_the_platform(scheme, post_id: int) -> None:
    found = scheme(post_id)
    if found is not None:
        assert datetime(2009, 1, 1, tzinfo=UTC) <= found.posted_at_utc < datetime(2035, 1, 1, tzinfo=UTC)


@given(st.integers(1_289_000_000_000, 2_050_000_000_000), st.integers(0, 2**22 - 1))
def test_the_lower_bits_of_a_tweet_change_nothing(milliseconds: int, lower_bits: int) -> None:
    found = twitter_time((milliseconds - 1_288_834_974_657) << 22 | lower_bits)
    assert found is not None
    assert (found.posted_at_utc - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000 == pytest.approx(
        milliseconds, abs=0.5
    )
