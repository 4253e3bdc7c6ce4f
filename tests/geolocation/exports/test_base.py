"""Rows refuse what no format can hold; chunks keep every byte."""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolocation.exports.base import CHUNK_SIZE_BYTES, in_chunks, optional_utc_text, utc_text
from tests.geolocation.exports.rows import a_row


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.0001, 0), (-91, 0), (0, 180.5), (math.nan, 0), (0, math.nan), (math.inf, 0)],
)
def test_a_position_outside_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="outside the globe"):
        a_row(latitude=latitude, longitude=longitude)


@pytest.mark.parametrize(
    "field", ["captured_from_utc", "captured_to_utc", "verified_at_utc", "updated_at_utc"]
)
def test_a_time_without_an_offset_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="without an offset"):
        a_row(**{field: datetime(2023, 9, 19)})


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2023, 9, 21, 5, 43, 29, 922_000, tzinfo=UTC), "2023-09-21T05:43:29.922Z"),
        (datetime(2023, 9, 21, 5, 43, 29, tzinfo=UTC), "2023-09-21T05:43:29Z"),
        (datetime(2023, 9, 21, 5, 43, 29, 1, tzinfo=UTC), "2023-09-21T05:43:29.000001Z"),
        # Yerevan and Baku are four hours ahead: converted, not relabelled.
        (datetime(2023, 9, 21, 1, 0, tzinfo=timezone(timedelta(hours=4))), "2023-09-20T21:00:00Z"),
    ],
)
def test_times_are_converted_to_utc(moment: datetime, text: str) -> None:
    assert utc_text(moment) == text


def test_a_naive_time_is_refused_and_an_unknown_one_stays_unknown() -> None:
    with pytest.raises(ValueError, match="no offset"):
        utc_text(datetime(2023, 9, 21))
    assert optional_utc_text(None) is None


@given(st.lists(st.binary(max_size=20)), st.integers(1, 50))
def test_chunks_hold_every_byte_in_order_and_only_the_last_is_small(pieces: list[bytes], size: int) -> None:
    chunks = list(in_chunks(pieces, size_bytes=size))
    assert b"".join(chunks) == b"".join(pieces)
    assert all(size <= len(chunk) < size + 20 for chunk in chunks[:-1])
    assert all(chunks)


def test_chunks_are_about_64_kilobytes() -> None:
    assert CHUNK_SIZE_BYTES == 64 * 1024
