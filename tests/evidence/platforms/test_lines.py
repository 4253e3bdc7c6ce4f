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
        "refused": None,
    }


def test_a_refused_text_is_null_with_its_reason() -> None:
    record = link_record(read_link("javascript:alert(1)"))
    assert record.pop("given") == "javascript:alert(1)"
    assert record.pop("refused") == "Only http and https links can be logged, not javascript: links."
    assert set(record.values()) == {None}
