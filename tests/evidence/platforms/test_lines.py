"""Lines of JSON: what the command prints for a link, unknown as null."""

import json

from evidence.platforms import read_link
from evidence.platforms.lines import link_record


def test_a_post_with_a_time_in_its_id() -> None:
    link = "https://twitter.com/marutvanian/status/1704733065673687175"
    record = json.loads(json.dumps(link_record(read_link(link))))
    assert record == {
        "given": link,
        "platform": "twitter",
        "canonical": "https://x.com/i/status/1704733065673687175",
        "post_id": "1704733065673687175",
        "author_handle": "marutvanian",
        "posted_at": "2023-09-21T05:43:29.922Z",
        "precision_s": 0.001,
        "derivation": "The upper 41 bits of the post id are the milliseconds since 2010-11-04T01:42:54.657Z.",
        "archived_from": None,
        "captured_at": None,
        "start_s": None,
        "map_latitude": None,
        "map_longitude": None,
        "time_note": None,
        "refused": None,
    }


def test_an_id_that_cannot_hold_a_time_says_so() -> None:
    for link in ("https://x.com/a/status/9223372036854775807", "https://x.com/jack/status/20"):
        record = link_record(read_link(link))
        assert (record["posted_at"], record["precision_s"], record["derivation"]) == (None, None, None)
        assert str(record["time_note"]).startswith("This id gives no time:")
    assert link_record(read_link("https://t.me/durov/43"))["time_note"] is None
    assert link_record(read_link("https://x.com/jack"))["time_note"] is None


def test_a_map_link_says_where_the_map_is_centred() -> None:
    record = link_record(read_link("https://map.snapchat.com/ttp/snap/W7_EDlXWTBiXAEEniNo/@39.82,-46.75,12z"))
    assert (record["map_latitude"], record["map_longitude"]) == (39.82, -46.75)
    beyond = link_record(read_link("https://map.snapchat.com/@95.0,46.75,12z"))
    assert (beyond["map_latitude"], beyond["map_longitude"]) == (None, None)


def test_a_refused_text_is_null_with_its_reason() -> None:
    record = link_record(read_link("javascript:alert(1)"))
    assert record.pop("given") == "javascript:alert(1)"
    assert record.pop("refused") == "Only http and https links can be logged, not javascript: links."
    assert set(record.values()) == {None}
