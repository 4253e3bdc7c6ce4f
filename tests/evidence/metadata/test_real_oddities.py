"""What real files do against their standards, found by comparing with exiftool and pinned with made files."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

import pytest

from evidence.metadata import FileTime, TimeBasis, read_bytes

from . import builders as b
from . import corpus

LOCAL = datetime(2023, 9, 25, 14, 3, 11)


def captured(content: bytes) -> FileTime:
    time = read_bytes(content).captured
    assert time is not None
    return time


def test_an_offset_beside_the_same_second_in_xmp_is_used() -> None:
    exif = b.exif_segment(b.tiff({}, b.time_fields(offset=None) | {0x9291: b.text("25")}))
    packet = b.xmp('exif:DateTimeOriginal="2023-09-25T14:03:11+05:30"')
    time = captured(b.jpeg(exif, b.xmp_segment(packet)))
    assert (time.local, time.offset_min) == (LOCAL.replace(microsecond=250_000), 330)
    assert time.basis is TimeBasis.OFFSET_TAG
    assert time.source == "EXIF DateTimeOriginal, offset from XMP exif:DateTimeOriginal"


def test_an_offset_beside_another_second_is_not() -> None:
    exif = b.exif_segment(b.tiff({}, b.time_fields(offset=None)))
    packet = b.xmp('exif:DateTimeOriginal="2023-09-25T14:03:12+05:30"')
    assert captured(b.jpeg(exif, b.xmp_segment(packet))).basis is TimeBasis.NAIVE_LOCAL


def avi(date: bytes) -> bytes:
    chunk = b"IDIT" + struct.pack("<I", len(date)) + date + b"\0" * (len(date) % 2)
    header = b"LIST" + struct.pack("<I", len(chunk) + 4) + b"hdrl" + chunk
    return b"RIFF" + struct.pack("<I", len(header) + 4) + b"AVI " + header


@pytest.mark.parametrize(
    "date",
    [
        b"Mon Sep 25 14:03:11 2023\n\0",
        b"MON SEP 25 14:03:11 2023",
        b"2023/09/25 14:03:11",
        b"2023-09-25 14:03:11",
    ],
)
def test_an_avi_writes_its_date_in_several_ways(date: bytes) -> None:
    time = captured(avi(date))
    assert (time.local, time.basis) == (LOCAL, TimeBasis.NAIVE_LOCAL)


@pytest.mark.parametrize("kind", [b"date", b"IDIT"])
def test_user_data_holds_a_date_without_length(kind: bytes) -> None:
    user_data = b.box(kind, b"2023-09-25T14:03:11-0700\0")
    time = captured(b.movie(created=b.mac_seconds(corpus.UTC_TIME), user_data=user_data))
    assert (time.local, time.offset_min, time.basis) == (LOCAL, -420, TimeBasis.OFFSET_TAG)


@pytest.mark.parametrize("head", [b"", b"\0\0\0\0\x15\xc7"])
def test_user_data_holds_the_camera_without_length(head: bytes) -> None:
    user_data = b.box(b"manu", head + b"Canon\0\0") + b.box(b"modl", head + b"PowerShot SX280 HS\0")
    reading = read_bytes(b.movie(user_data=user_data))
    assert (reading.camera_make, reading.camera_model) == ("Canon", "PowerShot SX280 HS")


@pytest.mark.parametrize(
    ("date", "clock"), [(b"2023-09-25", b"14:03:11+04:00"), (b"20230925", b"140311+0400")]
)
def test_iptc_dates_come_with_and_without_hyphens(date: bytes, clock: bytes) -> None:
    time = captured(b.jpeg(b.iptc_segment([(55, date), (60, clock)])))
    assert (time.local, time.utc) == (LOCAL, corpus.UTC_TIME)


def test_when_it_was_taken_comes_before_when_the_file_was_made() -> None:
    packet = b.xmp('xmp:CreateDate="2024-01-01T00:00:00+01:00"')
    iptc = b.iptc_segment([(55, b"20230925"), (60, b"140311+0400")])
    assert captured(b.jpeg(b.xmp_segment(packet), iptc)).source == "IPTC DateCreated"


def test_xmp_in_an_xml_box_of_jpeg_2000_is_read() -> None:
    packet = b.xmp(b.xmp_position(-33.8568, 151.2153))
    jp2 = b.box(b"jP  ", b"\r\n\x87\n") + b.box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    fix = read_bytes(jp2 + b.box(b"xml ", b"<gml/>") + b.box(b"xml ", packet)).preferred_position
    assert fix is not None
    assert fix.latitude == pytest.approx(-33.8568, abs=1e-6)


def test_xmp_behind_a_wrong_signature_is_read() -> None:
    packet = b.xmp('photoshop:DateCreated="2023-09-25T14:03:11 +00:00"')
    time = captured(b.jpeg(b.segment(0xE1, b"XMP\0://ns.adobe.com/xap/1.0/\0" + packet)))
    assert time.utc == datetime(2023, 9, 25, 14, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("-33.85", "151.21", (-33.85, 151.21)),
        ("40.5", "-74.25", (40.5, -74.25)),
        ("-1.5", "+2.5", (-1.5, 2.5)),
    ],
)
def test_of_two_plain_decimals_a_minus_sign_tells_both(
    latitude: str, longitude: str, expected: tuple[float, float]
) -> None:
    packet = b.xmp(f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="{longitude}"')
    fix = read_bytes(b.jpeg(b.xmp_segment(packet))).preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == expected


@pytest.mark.parametrize(("minutes", "error_m"), [((45, 1), 1_855.0), ((455, 10), None)])
@pytest.mark.parametrize("nothing", [(0, 0), (5, 0)])
def test_seconds_that_are_no_number_leave_a_minute(
    nothing: tuple[int, int], minutes: tuple[int, int], error_m: float | None
) -> None:
    """Phones write 0/0 for the seconds; if the minutes have no fraction, the place is known to a minute."""
    seconds = b.Field(5, (40, 1, *minutes, *nothing))
    fields = b.gps_fields(0, 20) | {2: seconds, 1: b.text("S")}
    fix = read_bytes(b.jpeg(b.exif_segment(b.tiff({}, {}, fields)))).preferred_position
    assert fix is not None
    assert fix.latitude == pytest.approx(-(40 + minutes[0] / minutes[1] / 60))
    assert fix.horizontal_error_m == error_m


@pytest.mark.parametrize(
    "text", ["39,48.5N", "N 39,48.5", "39,48,30N", "39 deg 48' 30.00\" N", "39.8083333333N"]
)
def test_xmp_degrees_come_in_several_notations(text: str) -> None:
    packet = b.xmp(f"exif:GPSLatitude='{text.replace(chr(39), '&apos;')}' exif:GPSLongitude='46,45W'")
    fix = read_bytes(b.jpeg(b.xmp_segment(packet))).preferred_position
    assert fix is not None
    assert fix.latitude == pytest.approx(39.80833333)
    assert fix.longitude == -46.75


@pytest.mark.parametrize("text", ["2023: 9:25 14: 3:11", "2023/ 9/25/ 14:03:11", "2023-09-25T14:3:11"])
def test_dates_with_spaces_in_them_are_read(text: str) -> None:
    assert captured(b.jpeg(b.exif_segment(b.tiff({}, {0x9003: b.text(text)})))).local == LOCAL


def test_a_creation_time_among_the_keys_is_read() -> None:
    meta = b.keys_meta({"com.apple.quicktime.creation_time": "2023-09-25T14:03:11+0400"})
    assert captured(b.movie(meta=meta)).utc == corpus.UTC_TIME


def test_jpeg_xr_is_read_like_a_tiff() -> None:
    block = bytearray(corpus.exif_block(*corpus.PLACES[1]))
    block[2:4] = b"\xbc\x01"
    reading = read_bytes(bytes(block), "a.jxr")
    assert reading.warnings == ()
    assert reading.preferred_position is not None


def test_raw_photos_give_their_size_in_other_ways() -> None:
    borders = b.tiff({4: b.longs(6), 5: b.longs(8), 6: b.longs(2742), 7: b.longs(3656)})
    panasonic = read_bytes(b"IIU\0" + borders[4:], "a.rw2")
    assert (panasonic.width, panasonic.height) == (3_648, 2_736)
    canon = read_bytes(
        b.cr3(b.tiff({0x100: b.shorts(6_000), 0x101: b.shorts(4_000)}), b.tiff({}), b.tiff({}))
    )
    assert (canon.width, canon.height) == (6_000, 4_000)


def test_animations_say_how_long_they_run() -> None:
    frame = b"\x21\xf9\4\0\x64\0\0\0" + b"\x2c" + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\2\2L\1\0"
    gif = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0)
    assert read_bytes(gif + frame * 3 + b"\x3b").duration_s == 3
    assert read_bytes(gif + frame + b"\x3b").duration_s is None
    part = b"\0" * 12 + (250).to_bytes(3, "little") + b"\0"
    assert read_bytes(b.webp((b"ANMF", part), (b"ANMF", part))).duration_s == 0.5


def pages(*sizes: tuple[int, int, int]) -> bytes:
    """A TIFF of several directories: kind of picture (1: reduced), width, height."""
    content, at = b"II*\0\x08\0\0\0", 8
    for number, (kind, width, height) in enumerate(sizes):
        following = at + 42 if number + 1 < len(sizes) else 0
        rows = ((0xFE, kind), (0x100, width), (0x101, height))
        content += struct.pack("<H", 3) + b"".join(
            struct.pack("<HHII", tag, 4, 1, value) for tag, value in rows
        )
        content += struct.pack("<I", following)
        at += 42
    return content


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (((0, 1728, 1152), (0, 1728, 1154)), (1728, 1152)),  # two pages of a fax
        (((1, 160, 120), (0, 6000, 4000)), (6000, 4000)),  # a raw photo that begins with its preview
        (((0, 6000, 4000), (1, 160, 120)), (6000, 4000)),
    ],
)
def test_a_tiffs_size_is_that_of_its_first_full_page(
    sizes: tuple[tuple[int, int, int], ...], expected: tuple[int, int]
) -> None:
    reading = read_bytes(pages(*sizes))
    assert (reading.width, reading.height) == expected


@pytest.mark.parametrize("kind", [b"date", b"\xa9day"])
def test_a_local_date_beside_the_headers_utc_gives_the_offset(kind: bytes) -> None:
    text = b"2023-09-25 14:03:11"
    user_data = b.box(kind, (struct.pack(">HH", len(text), 0) if kind != b"date" else b"") + text)
    time = captured(b.movie(created=b.mac_seconds(corpus.UTC_TIME), user_data=user_data))
    assert (time.local, time.offset_min, time.utc) == (LOCAL, 240, corpus.UTC_TIME)
    assert time.basis is TimeBasis.INFERRED_OFFSET


def test_a_header_that_holds_the_same_local_time_gives_none() -> None:
    """Some cameras write their clock into the header, which then is not UTC."""
    same = datetime(2023, 9, 25, 14, 3, 11, tzinfo=UTC)
    user_data = b.box(b"date", b"2023-09-25 14:03:11")
    time = captured(b.movie(created=b.mac_seconds(same), user_data=user_data))
    assert (time.local, time.offset_min, time.utc) == (LOCAL, None, None)
    assert time.basis is TimeBasis.NAIVE_LOCAL
