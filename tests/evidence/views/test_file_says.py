"""Sentences about a file's clocks and a raster's rectangle, from readings alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evidence.metadata.base import CrsPoint, FileTime, GeoTiff, MetadataReading, TimeBasis
from evidence.views.file_facts import covers, duration_text
from evidence.views.file_when import clocks_apart

GPS = datetime(2025, 6, 14, 18, 52, 10, tzinfo=UTC)


def _reading(local: datetime) -> MetadataReading:
    clock = FileTime(local, None, None, TimeBasis.NAIVE_LOCAL, "EXIF DateTimeOriginal", "")
    satellite = FileTime(None, None, GPS, TimeBasis.GPS, "EXIF GPS time", "")
    return MetadataReading(
        format="JPEG", mime_type="image/jpeg", kind="photo", times=(satellite, clock), captured=clock
    )


@pytest.mark.parametrize(
    "offset", [timedelta(hours=4), timedelta(hours=-3.5), timedelta(hours=5.75), timedelta()]
)
def test_a_clock_that_an_offset_explains_is_left_alone(offset: timedelta) -> None:
    local = GPS.replace(tzinfo=None) + offset + timedelta(seconds=90)
    assert clocks_apart(_reading(local)) == []


@pytest.mark.parametrize(
    ("local", "apart"),
    [
        (datetime(2025, 6, 15, 9, 12, 44), "14 h 20 min"),
        (datetime(2025, 6, 14, 20, 0, 0), "1 h 7 min"),
        (datetime(2024, 6, 14, 18, 52, 10), "8760 h 0 min"),
    ],
)
def test_a_clock_that_no_offset_explains_is_named(local: datetime, apart: str) -> None:
    (sentence,) = clocks_apart(_reading(local))
    assert apart in sentence
    assert "14 Jun 2025, 18:52:10 UTC" in sentence


def test_a_raster_in_degrees_says_latitude_and_longitude_and_another_its_own_numbers() -> None:
    def reading(epsg: int, *corners: tuple[float, float]) -> MetadataReading:
        points = tuple(CrsPoint(x, y) for x, y in corners)
        tiff = GeoTiff(epsg, None, None, "area", None, None, points)
        return MetadataReading(format="TIFF", mime_type="image/tiff", kind="photo", geotiff=tiff)

    degrees = reading(4326, (16.4, 56.4), (16.5, 56.4), (16.5, 56.3), (16.4, 56.3))
    assert covers(degrees) == "latitude 56.300000 to 56.400000, longitude 16.400000 to 16.500000"
    metres = reading(32638, (500000.0, 4400000.0), (500100.0, 4399900.0))
    assert covers(metres) == "easting 500000.0 to 500100.0, northing 4399900.0 to 4400000.0"
    assert covers(MetadataReading(format="TIFF", mime_type="image/tiff", kind="photo")) == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(6.0, "0:06"), (3.2, "3.2 s"), (761.4, "12:41"), (3723.0, "1:02:03"), (0.0, "0:00")]
)
def test_a_duration_reads_as_players_write_it(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
