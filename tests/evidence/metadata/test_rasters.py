"""GeoTIFF: how much ground a pixel covers and when it was acquired, as far as the file itself says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evidence.metadata import MetadataReading, read_bytes

from . import builders as b


def raster(*, unit: int = 9001, epsg: int = 32638, items: str = "", date: str = "") -> MetadataReading:
    keys = (1, 1, 0, 4, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg, 3076, 0, 1, unit)
    image = {
        0x100: b.shorts(200), 0x101: b.shorts(100), 0x830E: b.doubles(10, 5, 0),
        0x8482: b.doubles(0, 0, 0, 444_720, 3_751_320, 0), 0x87AF: b.shorts(*keys),
    }  # fmt: skip
    if items:
        image[0xA480] = b.text(f"<GDALMetadata>{items}</GDALMetadata>")
    if date:
        image[0x0132] = b.text(date)
    reading = read_bytes(b.tiff(image), "a.tif")
    assert MetadataReading.from_json(reading.to_json()) == reading
    return reading


@pytest.mark.parametrize(
    ("unit", "epsg", "expected"),
    [(9001, 3857, (10, 5)), (9002, 2260, (3.048, 1.524)), (0, 32738, (10, 5)), (0, 2260, (None, None))],
)
def test_ground_sampling_needs_a_known_unit(
    unit: int, epsg: int, expected: tuple[float | None, float | None]
) -> None:
    found = raster(unit=unit, epsg=epsg).geotiff
    assert found is not None
    assert (found.ground_sampling_x_m, found.ground_sampling_y_m) == pytest.approx(expected)


@pytest.mark.parametrize(
    "name",
    ["ACQUISITIONDATETIME", "acquisition_datetime", "collect_start", "IMAGE_DATETIME", "TIFFTAG_DATETIME"],
)
def test_an_item_tells_when_the_raster_was_acquired(name: str) -> None:
    reading = raster(items=f'<Item name="X">1</Item><Item name="{name}">2023-09-25T10:03:11.5Z</Item>')
    assert reading.geotiff is not None
    acquired = reading.geotiff.acquired
    assert acquired is not None
    assert acquired.utc == datetime(2023, 9, 25, 10, 3, 11, 500_000, tzinfo=UTC)
    assert acquired.source == f"GDAL {name}"
    assert reading.captured == acquired
    assert (reading.raw_tags[-1].group, reading.raw_tags[-1].name) == ("GDAL", name)


def test_the_tiffs_own_date_is_kept_for_the_raster_and_is_no_capture() -> None:
    reading = raster(date="2023:09:25 10:03:11")
    assert reading.geotiff is not None
    assert reading.geotiff.acquired is not None
    assert reading.geotiff.acquired.source == "TIFFTAG_DATETIME"
    assert reading.captured is None


@pytest.mark.parametrize(
    "items",
    ['<!DOCTYPE x [<!ENTITY a "b">]>', '<Item name="ACQUISITIONDATETIME">&a;</Item>', "<Item", "<a>" * 5_000],
)
def test_hostile_items_are_refused(items: str) -> None:
    reading = raster(items=items)
    assert reading.geotiff is None or reading.geotiff.acquired is None
    assert len(reading.warnings) == 1
