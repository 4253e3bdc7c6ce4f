"""Times are never relabelled: each says what it rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evidence.metadata import FileTime, MetadataReading, TimeBasis, read_bytes
from evidence.metadata.times import infer_offset, parse_offset, parse_time, quicktime_time

from . import builders as b


def read_times(exif: dict[int, b.Field], gps: dict[int, b.Field] | None = None) -> MetadataReading:
    return read_bytes(b.jpeg(b.exif_segment(b.tiff({0x0132: b.text("2023:10:01 09:00:00")}, exif, gps))))


def gps_clock(hours: int, minutes: int, seconds: int, date: str = "2023:09:25") -> dict[int, b.Field]:
    return b.gps_fields(10, 20, date=b.text(date), clock=b.rationals((hours, 1), (minutes, 1), (seconds, 1)))


def test_a_camera_time_without_offset_stays_naive() -> None:
    captured = read_times(b.time_fields(offset=None)).captured
    assert captured is not None
    assert captured.basis is TimeBasis.NAIVE_LOCAL
    assert captured.local == datetime(2023, 9, 25, 14, 3, 11)
    assert (captured.offset_min, captured.utc) == (None, None)


@pytest.mark.parametrize(
    ("clock", "offset_min"),
    [((10, 3, 5), 240), ((8, 33, 40), 330), ((8, 18, 11), 345), ((19, 33, 11), -330), ((14, 1, 30), 0)],
)
def test_a_gps_time_a_quarter_hour_away_gives_the_offset(
    clock: tuple[int, int, int], offset_min: int
) -> None:
    reading = read_times(b.time_fields(offset=None), gps_clock(*clock))
    captured = reading.captured
    assert captured is not None
    assert captured.basis is TimeBasis.INFERRED_OFFSET
    assert captured.offset_min == offset_min
    assert captured.utc == datetime(2023, 9, 25, 14, 3, 11, tzinfo=UTC) - timedelta(minutes=offset_min)
    assert {time.basis for time in reading.times} == {TimeBasis.NAIVE_LOCAL, TimeBasis.GPS, TimeBasis.FILE}


@pytest.mark.parametrize("clock", [(10, 8, 0), (10, 5, 12), (9, 56, 0)])
def test_a_gps_time_that_is_no_quarter_hour_away_gives_none(clock: tuple[int, int, int]) -> None:
    captured = read_times(b.time_fields(offset=None), gps_clock(*clock)).captured
    assert captured is not None
    assert captured.basis is TimeBasis.NAIVE_LOCAL


def test_an_offset_across_midnight_is_inferred() -> None:
    captured = read_times(b.time_fields("2023:09:26 01:03:11", None), gps_clock(21, 3, 11)).captured
    assert captured is not None
    assert captured.offset_min == 240


def test_an_offset_no_zone_on_earth_has_is_not_inferred() -> None:
    captured = read_times(b.time_fields("2023:09:27 14:00:00", None), gps_clock(10, 0, 0)).captured
    assert captured is not None
    assert captured.offset_min is None


def test_the_files_own_offset_wins_over_the_gps_time() -> None:
    captured = read_times(b.time_fields(offset="+03:00"), gps_clock(10, 3, 11)).captured
    assert captured is not None
    assert (captured.basis, captured.offset_min) == (TimeBasis.OFFSET_TAG, 180)


def test_subseconds_are_kept() -> None:
    captured = read_times(b.time_fields() | {0x9291: b.text("07")}).captured
    assert captured is not None
    assert captured.local == datetime(2023, 9, 25, 14, 3, 11, 70_000)


def test_the_offset_of_another_time_serves_only_when_both_read_the_same_second() -> None:
    same = b.time_fields(offset=None) | {0x9004: b.text("2023:09:25 14:03:11"), 0x9012: b.text("+04:00")}
    captured = read_times(same).captured
    assert captured is not None
    assert captured.offset_min == 240
    other = same | {0x9004: b.text("2023:09:25 14:03:12")}
    captured = read_times(other).captured
    assert captured is not None
    assert captured.offset_min is None


def test_only_a_time_of_change_is_no_time_of_capture() -> None:
    reading = read_times({})
    assert reading.captured is None
    assert [(time.source, time.basis) for time in reading.times] == [("EXIF ModifyDate", TimeBasis.FILE)]


def test_a_gps_time_alone_is_the_time_in_utc() -> None:
    captured = read_times({}, gps_clock(10, 3, 11)).captured
    assert captured is not None
    assert captured.basis is TimeBasis.GPS
    assert captured.utc == datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)
    assert captured.local is None


def test_quicktime_create_date_is_utc_and_the_local_time_stays_unknown() -> None:
    captured = read_bytes(
        b.movie(created=b.mac_seconds(datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)))
    ).captured
    assert captured is not None
    assert captured.basis is TimeBasis.UTC_CONTAINER
    assert captured.utc == datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)
    assert captured.local is None


def test_the_creation_date_in_keys_carries_its_offset_and_comes_first() -> None:
    keys = {"com.apple.quicktime.creationdate": "2023-09-25T14:03:11+0400"}
    moment = b.mac_seconds(datetime(2023, 9, 25, 10, 3, 15, tzinfo=UTC))
    captured = read_bytes(b.movie(created=moment, meta=b.keys_meta(keys))).captured
    assert captured is not None
    assert (captured.basis, captured.offset_min) == (TimeBasis.OFFSET_TAG, 240)


@pytest.mark.parametrize("seconds", [0, 2_082_844_800, 2_082_844_800 + 3600])
def test_the_start_of_an_epoch_is_unknown(seconds: int) -> None:
    assert quicktime_time(seconds, "test") is None


def test_a_header_that_counts_from_1970_is_understood() -> None:
    time = quicktime_time(1_695_636_191, "test")
    assert time is not None
    assert time.utc == datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "1970:01:01 00:00:00",
        "1904:01:01 00:00:00",
        "2023:09:25",
        "",
        "2023:13:01 00:00:00",
        "2023:02:30 10:00:00",
        "2023:09:25 25:00:00",
    ],
)
def test_placeholders_and_dates_alone_are_no_times(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+04:00", 240),
        ("-0330", -210),
        ("Z", 0),
        ("+05:45", 345),
        ("+25:00", None),
        ("4", None),
        ("+04:75", None),
    ],
)
def test_offsets(text: str, minutes: int | None) -> None:
    assert parse_offset(text) == minutes


def test_a_time_with_an_offset_is_not_inferred_again() -> None:
    aware = FileTime(
        datetime(2023, 1, 1), 60, datetime(2022, 12, 31, 23, tzinfo=UTC), TimeBasis.OFFSET_TAG, "a", ""
    )
    gps = FileTime(None, None, datetime(2023, 1, 1, tzinfo=UTC), TimeBasis.GPS, "b", "")
    assert infer_offset(aware, gps) is None
