"""No hemisphere is assumed, nothing is clipped, and every fix is kept with its source."""

from __future__ import annotations

import struct

import pytest

from evidence.metadata import FilePosition, MetadataReading, PositionStatus, read_bytes
from evidence.metadata.gps import iso_6709

from . import builders as b


def read_gps(fields: dict[int, b.Field]) -> MetadataReading:
    return read_bytes(b.jpeg(b.exif_segment(b.tiff({}, {}, fields))))


def only_fix(reading: MetadataReading) -> FilePosition:
    (fix,) = reading.positions
    return fix


@pytest.mark.parametrize("missing", [1, 3])
def test_a_missing_hemisphere_letter_is_not_guessed(missing: int) -> None:
    fields = b.gps_fields(-33.8568, 151.2153)
    del fields[missing]
    reading = read_gps(fields)
    fix = only_fix(reading)
    assert fix.status is PositionStatus.MISSING_REFERENCE
    assert (fix.latitude, fix.longitude) == (None, None)
    assert "(no reference)" in fix.raw
    assert reading.preferred_position is None


@pytest.mark.parametrize("letter", ["", "?", "E", " "])
def test_a_wrong_letter_is_as_good_as_none(letter: str) -> None:
    fix = only_fix(read_gps(b.gps_fields(10, 20) | {1: b.text(letter)}))
    assert fix.status is PositionStatus.MISSING_REFERENCE


@pytest.mark.parametrize("letter", ["S", "s", "South", "S "])
def test_letters_are_read_as_cameras_write_them(letter: str) -> None:
    assert only_fix(read_gps(b.gps_fields(10, 20) | {1: b.text(letter)})).latitude == pytest.approx(-10)


def test_the_null_point_is_kept_and_never_preferred() -> None:
    reading = read_gps(b.gps_fields(0, 0))
    assert only_fix(reading).status is PositionStatus.NULL_ISLAND
    assert reading.preferred_position is None
    assert reading.preferred_why == "The file holds a position that cannot be used."


@pytest.mark.parametrize("zero", [(0, 0), (5, 0)])
def test_a_zero_denominator_is_not_a_number(zero: tuple[int, int]) -> None:
    fields = b.gps_fields(10, 20) | {2: b.rationals((10, 1), zero, (0, 1))}
    assert only_fix(read_gps(fields)).status is PositionStatus.NOT_A_NUMBER


@pytest.mark.parametrize("tag", [2, 4])
def test_a_position_off_the_globe_is_not_clipped(tag: int) -> None:
    fields = b.gps_fields(10, 20) | {tag: b.rationals((4_294_967_295, 1), (0, 1), (0, 1))}
    fix = only_fix(read_gps(fields))
    assert fix.status is PositionStatus.OUT_OF_RANGE
    assert fix.latitude is None


def test_a_latitude_without_longitude_is_incomplete() -> None:
    fields = b.gps_fields(10, 20)
    del fields[4]
    assert only_fix(read_gps(fields)).status is PositionStatus.INCOMPLETE


def test_a_sign_beside_a_letter_is_refused() -> None:
    fields = b.gps_fields(10, 20) | {2: b.Field(10, (-10, 1, 0, 1, 0, 1))}
    assert only_fix(read_gps(fields)).status is PositionStatus.OUT_OF_RANGE


def test_comma_text_in_place_of_numbers_is_read_with_its_letter() -> None:
    fields = b.gps_fields(0, 0) | {2: b.text("40,26.767"), 4: b.text("79,58.933"), 3: b.text("W")}
    fix = only_fix(read_gps(fields))
    assert fix.latitude == pytest.approx(40 + 26.767 / 60)
    assert fix.longitude == pytest.approx(-(79 + 58.933 / 60))


def test_another_datum_is_said() -> None:
    reading = read_gps(b.gps_fields(35, 139, datum=b.text("TOKYO")))
    assert reading.warnings == ("The position refers to the datum TOKYO, not WGS 84.",)


@pytest.mark.parametrize(
    ("text", "latitude", "longitude", "altitude_m"),
    [
        ("+40.1776+044.5126+990.000/", 40.1776, 44.5126, 990.0),
        ("-33.8568+151.2153/", -33.8568, 151.2153, None),
        ("+4026.767-07958.933/", 40 + 26.767 / 60, -(79 + 58.933 / 60), None),
        ("+402646.5-0795855.2+5/", 40 + 26 / 60 + 46.5 / 3600, -(79 + 58 / 60 + 55.2 / 3600), 5.0),
        ("-00.5000-000.2500/", -0.5, -0.25, None),
        ("+27.5916+086.5640+8850CRSWGS_84/", 27.5916, 86.5640, 8850.0),
    ],
)
def test_iso_6709_in_all_three_lengths(
    text: str, latitude: float, longitude: float, altitude_m: float | None
) -> None:
    fix = iso_6709(text, "test")
    assert fix is not None
    assert fix.latitude == pytest.approx(latitude)
    assert fix.longitude == pytest.approx(longitude)
    assert fix.altitude_m == altitude_m


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("40.1776 44.5126", PositionStatus.NOT_A_NUMBER),  # no signs: not ISO 6709
        ("+123.5+044.5/", PositionStatus.NOT_A_NUMBER),  # neither degrees nor packed minutes
        ("+91.0+044.5/", PositionStatus.OUT_OF_RANGE),
        ("+00.0000+000.0000/", PositionStatus.NULL_ISLAND),
    ],
)
def test_iso_6709_that_is_none_is_refused(text: str, status: PositionStatus) -> None:
    fix = iso_6709(text, "test")
    assert fix is not None
    assert fix.status is status


def test_every_fix_of_a_video_is_kept_and_the_user_data_comes_first() -> None:
    keys = {"com.apple.quicktime.location.ISO6709": "+10.0000+020.0000/"}
    user_data = b.loci(10.00004, 20.00004) + b.quicktime_text(b"\xa9xyz", "+10.0001+020.0001/")
    reading = read_bytes(
        b.movie(meta=b.keys_meta(keys), user_data=user_data) + b.xmp_uuid_box(b.xmp(b.xmp_position(10, 20)))
    )
    assert {fix.source for fix in reading.positions} == {
        "QuickTime ©xyz", "QuickTime Keys", "3GPP loci", "XMP exif:GPS",
    }  # fmt: skip
    assert reading.preferred_position is not None
    assert reading.preferred_position.source == "QuickTime ©xyz"
    assert reading.preferred_why == "QuickTime ©xyz comes first of 4 usable positions."
    assert reading.warnings == ()


def test_loci_gives_way_to_keys() -> None:
    keys = {"com.apple.quicktime.location.ISO6709": "+10.0000+020.0000/"}
    reading = read_bytes(b.movie(meta=b.keys_meta(keys), user_data=b.loci(10, 20)))
    assert reading.preferred_position is not None
    assert reading.preferred_position.source == "QuickTime Keys"


def test_loci_with_a_wide_name_is_read() -> None:
    name = "\ufeffԱրցախ".encode("utf-16-be") + b"\0\0"
    fix = only_fix(read_bytes(b.movie(user_data=b.loci(-1.5, -2.5, name=name))))
    assert (fix.latitude, fix.longitude) == (-1.5, -2.5)


def test_an_itunes_list_can_carry_the_position() -> None:
    reading = read_bytes(b.movie(user_data=b.ilst_meta(b"\xa9xyz", "-10.5+020.5/")))
    assert only_fix(reading).latitude == -10.5


def test_positions_that_contradict_each_other_are_both_kept_and_the_distance_is_said() -> None:
    block = b.tiff({}, {}, b.gps_fields(39.8153, 46.7519))
    packet = b.xmp(b.xmp_position(40.1776, 44.5126))
    reading = read_bytes(b.jpeg(b.exif_segment(block), b.xmp_segment(packet)))
    assert reading.preferred_position is not None
    assert reading.preferred_position.source == "EXIF GPS"
    assert len(reading.positions) == 2
    (warning,) = reading.warnings
    assert warning.startswith("EXIF GPS and XMP exif:GPS give places about 19")  # 195 km by Karney's geodesic


def test_a_gps_value_of_bytes_with_letters_typed_as_numbers_is_read() -> None:
    fields = b.gps_fields(10, 20) | {1: b.byte(ord("S"), 0)}
    assert only_fix(read_gps(fields)).latitude == pytest.approx(-10)


def test_floating_point_nan_is_not_a_number() -> None:
    (nan,) = struct.unpack("<d", b"\0\0\0\0\0\0\xf8\x7f")
    assert (
        only_fix(read_gps(b.gps_fields(10, 20) | {2: b.doubles(nan, 0, 0)})).status
        is PositionStatus.NOT_A_NUMBER
    )


def test_a_magnetic_heading_says_so_and_an_unmarked_one_says_nothing() -> None:
    fields = b.gps_fields(10, 20, direction_ref=b.text("M"), direction=b.rationals((360, 1)))
    reading = read_gps(fields)
    assert (reading.heading_deg, reading.heading_reference) == (0.0, "magnetic")
    del fields[0x10]
    assert read_gps(fields).heading_reference is None
