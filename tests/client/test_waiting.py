"""When to ask again."""

from datetime import UTC, datetime

import pytest

from catalogue_client.waiting import Patience, retry_after_s

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_waits_double_up_to_the_longest_and_end_with_the_tries():
    patience = Patience(tries=6, first_s=1, longest_s=5)
    waits = [patience.wait_s(failed, asked_s=None, share=0) for failed in range(1, 7)]
    assert waits == [1, 2, 4, 5, 5, None]


def test_chance_takes_up_to_half_away():
    patience = Patience(first_s=8, longest_s=30)
    assert patience.wait_s(1, asked_s=None, share=1) == 4


def test_what_the_server_asks_for_is_kept_exactly_or_ends_it():
    patience = Patience(most_asked_s=300)
    assert patience.wait_s(1, asked_s=300, share=1) == 300
    assert patience.wait_s(1, asked_s=301, share=1) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 26 Nov 2026 12:01:30 GMT", 90.0),
        ("Thu, 26 Nov 2026 12:01:30 -0000", 90.0),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("١٢", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_of_http(header, seconds):
    # Both forms: RFC 9110, section 10.2.3.
    assert retry_after_s(header, now=NOW) == seconds
