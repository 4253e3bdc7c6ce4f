"""The file's clock against the civil time at the position. The avenue keeps UTC+04:00 all year."""

from datetime import UTC, datetime
from time import perf_counter

import pytest

from geolocation.checks.base import FileTime, PlacedPoint
from geolocation.coordinates.position import Position
from tests.geolocation.checks.proposals import between, camera, result

UTC_9 = datetime(2023, 9, 19, 9, tzinfo=UTC)
PARIS = PlacedPoint(Position(48.8583, 2.2945), 10)


def test_an_offset_like_the_zones_passes():
    found = result(
        "clock", camera=camera(), file_times=(FileTime("2023-09-19T13:00:00", 240, None, "offset_tag"),)
    )
    assert found.verdict == "passed"
    assert found.measured_value == 0
    assert found.sentence == (
        "The file's clock is at UTC+04:00, the civil time of Asia/Baku at the camera on that day."
    )


def test_local_time_beside_gps_time_gives_the_offset():
    times = (FileTime("2023-09-19T13:01:10", None, None, "naive_local"), FileTime(None, None, UTC_9, "gps"))
    found = result("clock", camera=camera(), file_times=times)
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(70 / 60)


def test_another_zones_offset_is_flagged():
    found = result(
        "clock", camera=camera(), file_times=(FileTime("2023-09-19T11:00:00", 120, None, "offset_tag"),)
    )
    assert found.verdict == "flagged"
    assert found.measured_value == 120
    assert "UTC+02:00, but Asia/Baku at the camera kept UTC+04:00" in found.sentence


def test_a_clock_set_wrong_is_told_from_another_zone():
    times = (FileTime("2023-09-19T13:07:00", None, UTC_9, "inferred_offset"),)
    found = result("clock", camera=camera(), file_times=times)
    assert found.verdict == "flagged"
    assert "7 min off any civil offset" in found.sentence


def test_an_offset_that_no_place_keeps_fails():
    times = (FileTime("2023-09-21T13:00:00", None, UTC_9, "inferred_offset"),)
    found = result("clock", camera=camera(), file_times=times)
    assert found.verdict == "failed"
    assert "no place on earth" in found.sentence


@pytest.mark.parametrize(("month", "offset_min"), [(1, 60), (7, 120)])
def test_summer_time_is_that_of_the_day(month, offset_min):
    times = (FileTime(f"2023-{month:02d}-15T12:00:00", offset_min, None, "offset_tag"),)
    assert result("clock", camera=PARIS, file_times=times).verdict == "passed"


def test_the_worst_of_several_times_decides():
    times = (
        FileTime("2023-09-19T13:00:00", 240, None, "offset_tag"),
        FileTime("2023-09-19T11:00:00", 120, None, "offset_tag"),
    )
    assert result("clock", camera=camera(), file_times=times).verdict == "flagged"


def test_a_capture_interval_that_leaves_the_files_time_out_is_flagged():
    found = result(
        "clock",
        camera=camera(),
        file_times=(FileTime("2023-09-19T13:00:00", 240, None, "offset_tag"),),
        captured=between("2023-09-19T10:00Z", "2023-09-19T11:00Z"),
    )
    assert found.verdict == "flagged"
    assert "2023-09-19 09:00 UTC, lies outside the capture interval" in found.sentence


def test_a_capture_interval_that_holds_it_passes():
    found = result(
        "clock",
        camera=camera(),
        file_times=(FileTime("2023-09-19T13:00:00", 240, None, "offset_tag"),),
        captured=between("2023-09-19T08:00Z", "2023-09-19T11:00Z"),
    )
    assert found.verdict == "passed"
    assert [span["role"] for span in found.drawing["spans"]] == ["file", "captured"]


def test_a_local_time_alone_says_only_what_the_zone_kept():
    found = result(
        "clock", camera=camera(), file_times=(FileTime("2023-09-19T13:00:00", basis="naive_local"),)
    )
    assert found.verdict == "inapplicable"
    assert "Asia/Baku kept UTC+04:00" in found.sentence


@pytest.mark.parametrize(
    "time",
    [
        FileTime("0000:00:00 00:00:00", 240, None, "offset_tag"),
        FileTime("0001-01-01T00:00:00", 240, None, "offset_tag"),
        FileTime("2023-09-19T13:00:00", 240, UTC_9, "file"),
        FileTime(None, None, UTC_9, "utc_container"),
    ],
)
def test_times_that_say_nothing_of_a_camera_clock_are_left_out(time):
    found = result("clock", camera=camera(), file_times=(time,))
    assert found.verdict == "inapplicable"


def test_what_is_missing_is_named():
    assert "no local capture time" in result("clock", camera=camera()).sentence
    times = (FileTime("2023-09-19T13:00:00", 240, None, "offset_tag"),)
    assert "Neither camera nor subject" in result("clock", file_times=times).sentence


@pytest.mark.parametrize(
    ("local", "verdict"),
    [
        # UTC-12 and UTC+14 exist (with two minutes for the clock), what lies beyond does not.
        ("2023-09-18T20:58:30", "flagged"),
        ("2023-09-18T20:57:30", "failed"),
        ("2023-09-19T23:01:30", "flagged"),
        ("2023-09-19T23:02:30", "failed"),
    ],
)
def test_civil_offsets_reach_from_minus_12_to_plus_14_hours(local, verdict):
    found = result("clock", camera=camera(), file_times=(FileTime(local, None, UTC_9, "inferred_offset"),))
    assert found.verdict == verdict
    assert (found.unit, found.threshold) == ("min", 2)


@pytest.mark.parametrize(
    ("start", "verdict", "words"),
    [
        ("2023-09-19T08:30Z", "passed", "inside the capture interval"),
        ("2023-09-19T09:02Z", "passed", "inside the capture interval"),
        ("2023-09-19T09:30Z", "flagged", "30 min outside the capture interval"),
    ],
)
def test_a_time_in_utc_alone_is_compared_with_the_capture_interval(start, verdict, words):
    times = (FileTime(None, None, UTC_9, "utc_container"),)
    captured = between(start, "2023-09-19T11:00Z")
    found = result("clock", camera=camera(), file_times=times, captured=captured)
    assert found.verdict == verdict
    assert words in found.sentence


def test_a_file_with_hundreds_of_times_does_not_hold_the_worker_up():
    times = tuple(FileTime(f"2023-09-19T13:{n % 60:02d}:00", None, UTC_9, "gps") for n in range(200))
    start = perf_counter()
    assert result("clock", camera=camera(), file_times=times).verdict == "flagged"
    assert perf_counter() - start < 2


@pytest.mark.parametrize(("offset_min", "zone"), [(480, "Asia/Shanghai"), (360, "Asia/Urumqi")])
def test_in_xinjiang_either_of_the_two_times_people_keep_agrees(offset_min, zone):
    time = FileTime("2023-09-20T14:00:00", offset_min, None, "offset_tag")
    found = result("clock", camera=camera(Position(43.825, 87.6)), file_times=(time,))
    assert found.verdict == "passed"
    assert zone in found.sentence
