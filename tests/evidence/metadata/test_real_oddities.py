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
