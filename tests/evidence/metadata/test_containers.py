"""Every container gives back the position and time that were built into it, in all four hemispheres."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from evidence.metadata import PositionStatus, TimeBasis, read_bytes

from . import builders as b
from . import corpus

PICTURES = [(name, place) for place in corpus.PLACES for name, _ in corpus.pictures(*place)]
VIDEOS = [(name, place) for place in corpus.PLACES for name, _ in corpus.videos(*place)]
TOLERANCE_DEG = 1e-6  # 0.1 m
LOCI_TOLERANCE_DEG = 1 / 65_536


@pytest.mark.parametrize(("name", "place"), PICTURES)
def test_a_picture_gives_its_position_and_capture_time(name: str, place: tuple[float, float]) -> None:
    reading = read_bytes(dict(corpus.pictures(*place))[name], name)
    assert reading.warnings == ()
    assert reading.kind == "photo"
    fix = reading.preferred_position
    assert fix is not None
    assert fix.status is PositionStatus.OK
    assert fix.latitude == pytest.approx(place[0], abs=TOLERANCE_DEG)
    assert fix.longitude == pytest.approx(place[1], abs=TOLERANCE_DEG)
    assert reading.captured is not None
    assert reading.captured.local == datetime(2023, 9, 25, 14, 3, 11)
    assert reading.captured.offset_min == 240
    assert reading.captured.utc == corpus.UTC_TIME
    assert reading.captured.basis is TimeBasis.OFFSET_TAG


@pytest.mark.parametrize(("name", "place"), VIDEOS)
def test_a_video_gives_its_position(name: str, place: tuple[float, float]) -> None:
    reading = read_bytes(dict(corpus.videos(*place))[name], name)
    assert reading.warnings == ()
    assert reading.kind == "video"
    fix = reading.preferred_position
    assert fix is not None
    tolerance = LOCI_TOLERANCE_DEG if "loci" in name else TOLERANCE_DEG
    assert fix.latitude == pytest.approx(place[0], abs=tolerance)
    assert fix.longitude == pytest.approx(place[1], abs=tolerance)
    assert (reading.width, reading.height, reading.duration_s) == (1920, 1080, 12.5)
    assert reading.has_audio is True
    assert reading.captured is not None


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("exif.jpg", (64, 48)),
        ("exif.png", (64, 48)),
        ("exif.webp", (64, 48)),
        ("big.tif", (64, 48)),
        ("exif.heic", (4032, 3024)),
        ("exif.jxl", (64, 48)),
        ("xmp.gif", (64, 48)),
    ],
)
def test_the_size_is_that_of_the_picture(name: str, size: tuple[int, int]) -> None:
    reading = read_bytes(dict(corpus.pictures(10, 20))[name], name)
    assert (reading.width, reading.height) == size


def test_camera_software_orientation_and_heading_are_read() -> None:
    reading = read_bytes(b.jpeg(b.exif_segment(corpus.exif_block(10, 20))))
    assert (reading.camera_make, reading.camera_model, reading.software) == ("Apple", "iPhone 12", "17.0.1")
    assert reading.orientation == 6
    assert (reading.heading_deg, reading.heading_reference) == (270.5, "true")
    assert not reading.nothing_found


def test_codecs_frame_rate_and_rotation_of_a_video_are_read() -> None:
    reading = read_bytes(b.movie(rotated=True, wide=True))
    assert (reading.video_codec, reading.audio_codec) == ("h264", "aac")
    assert reading.frame_rate == 30.0  # 375 frames in 12.5 s
    assert reading.orientation == 6
    assert reading.duration_s == 12.5
    matroska = read_bytes(b.matroska({}))
    assert (matroska.video_codec, matroska.audio_codec) == ("vp9", "opus")
    assert matroska.frame_rate == 25.0


def test_a_picture_without_metadata_is_no_error() -> None:
    reading = read_bytes(b.jpeg(), "message.jpg")
    assert reading.nothing_found
    assert reading.warnings == ()
    assert reading.captured is None
    assert reading.preferred_position is None


def test_an_exif_item_stored_inside_the_meta_box_is_found() -> None:
    reading = read_bytes(b.heif(corpus.exif_block(-10, 20), in_idat=True))
    assert reading.preferred_position is not None
    assert reading.preferred_position.latitude == pytest.approx(-10)


def test_a_long_exif_block_may_span_two_segments() -> None:
    block = b.tiff({0x010E: b.text("x" * 70_000)}, {}, b.gps_fields(5, 6))
    reading = read_bytes(b.jpeg(b.exif_segment(block[:60_000]), b.exif_segment(block[60_000:])))
    assert reading.preferred_position is not None
    assert reading.preferred_position.longitude == pytest.approx(6)


def test_iptc_date_and_time_are_the_capture_time_when_nothing_better_is_there() -> None:
    reading = read_bytes(b.jpeg(b.iptc_segment([(55, b"20230925"), (60, b"140311+0400"), (90, b"Khojaly")])))
    assert reading.captured is not None
    assert reading.captured.utc == corpus.UTC_TIME
    assert ("IPTC", "City", "Khojaly") in [(tag.group, tag.name, tag.value) for tag in reading.raw_tags]


def test_an_iptc_date_without_a_time_does_not_become_midnight() -> None:
    assert read_bytes(b.jpeg(b.iptc_segment([(55, b"20230925")]))).times == ()


def test_matroska_date_counts_nanoseconds_from_2001() -> None:
    reading = read_bytes(b.matroska({}, date_ns=717_328_991 * 10**9))
    expected = datetime.fromtimestamp(978_307_200 + 717_328_991, UTC)
    assert reading.captured is not None
    assert reading.captured.utc == expected
    assert reading.captured.basis is TimeBasis.UTC_CONTAINER


def test_altitude_error_dilution_and_speed_carry_their_units() -> None:
    gps = b.gps_fields(
        10, 20,
        altitude_ref=b.byte(1), altitude=b.rationals((125, 10)), error=b.rationals((475, 100)),
        dop=b.rationals((12, 10)), speed_ref=b.text("K"), speed=b.rationals((36, 1)),
    )  # fmt: skip
    reading = read_bytes(b.jpeg(b.exif_segment(b.tiff({}, {}, gps))))
    fix = reading.preferred_position
    assert fix is not None
    assert (fix.altitude_m, fix.altitude_reference) == (-12.5, "sea_level")
    assert (fix.horizontal_error_m, fix.dilution) == (4.75, 1.2)
    assert reading.speed_mps == 10.0


def test_live_photo_and_motion_photo_are_recognised() -> None:
    video = read_bytes(b.movie(meta=b.keys_meta({"com.apple.quicktime.content.identifier": "4F2C-11"})))
    assert video.content_identifier == "4F2C-11"
    assert read_bytes(b.jpeg(b.xmp_segment(b.xmp('GCamera:MotionPhoto="1"')))).motion_photo


def test_the_accuracy_in_keys_belongs_to_the_position_in_keys() -> None:
    keys = {
        "com.apple.quicktime.location.ISO6709": "+10.5-020.25/",
        "com.apple.quicktime.location.accuracy.horizontal": "4.74",
    }
    fix = read_bytes(b.movie(meta=b.keys_meta(keys))).preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude, fix.horizontal_error_m) == (10.5, -20.25, 4.74)


def test_sonys_xml_beside_a_recording_gives_position_and_local_time() -> None:
    document = (
        b'<NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">'
        b'<CreationDate value="2023-09-25T14:03:11+04:00"/><Device manufacturer="Sony" modelName="ILCE-7M3"/>'
        b'<AcquisitionRecord><Group name="ExifGPS"><Item name="LatitudeRef" value="S"/>'
        b'<Item name="Latitude" value="33:51:24.5"/><Item name="LongitudeRef" value="E"/>'
        b'<Item name="Longitude" value="151:12:55.0"/></Group></AcquisitionRecord></NonRealTimeMeta>'
    )
    meta = b.full_box(
        b"meta", b.full_box(b"hdlr", b"\0\0\0\0nrtm" + b"\0" * 13), b.full_box(b"xml ", document)
    )
    reading = read_bytes(b.movie(brand=b"XAVC", created=b.mac_seconds(corpus.UTC_TIME)) + meta)
    assert reading.warnings == ()
    assert reading.camera_model == "ILCE-7M3"
    fix = reading.preferred_position
    assert fix is not None
    assert fix.latitude == pytest.approx(-(33 + 51 / 60 + 24.5 / 3600))
    assert fix.longitude == pytest.approx(151 + 12 / 60 + 55 / 3600)
    assert reading.captured is not None
    assert reading.captured.offset_min == 240


def test_a_canon_thumbnail_speaks_for_its_recording_but_not_for_its_size() -> None:
    picture = b.jpeg(b.exif_segment(corpus.exif_block(10, 20)), width=160, height=120)
    reading = read_bytes(b.movie(user_data=b.box(b"CNTH", b.box(b"CNDA", picture))))
    assert (reading.width, reading.height) == (1920, 1080)
    assert reading.camera_make == "Apple"
    assert reading.captured is not None
    assert reading.captured.source == "EXIF DateTimeOriginal"


def test_iptc_in_a_raw_profile_of_a_png_is_read() -> None:
    segment = b.iptc_segment([(55, b"20230925"), (60, b"140311+0400")])
    resource = segment[4 + len(b"Photoshop 3.0\0") :]
    profile = f"\nIPTC profile\n{len(resource):8d}\n{resource.hex()}\n".encode()
    reading = read_bytes(b.png(b.chunk(b"tEXt", b"Raw profile type iptc\0" + profile)))
    assert reading.captured is not None
    assert reading.captured.utc == corpus.UTC_TIME


def test_a_rotated_geotiff_gives_its_four_corners() -> None:
    angle = math.radians(30)
    matrix = (
        2 * math.cos(angle), 2 * math.sin(angle), 0, 1000, 2 * math.sin(angle), -2 * math.cos(angle), 0, 2000,
        0, 0, 0, 0, 0, 0, 0, 1,
    )  # fmt: skip
    image = {0x100: b.shorts(100), 0x101: b.shorts(50), 0x85D8: b.doubles(*matrix)}
    reading = read_bytes(b.tiff(image))
    assert reading.geotiff is not None
    assert reading.geotiff.pixel_scale_x == pytest.approx(2)
    lower_right = reading.geotiff.corners[2]
    # 200 units along the rotated row, then 100 across it
    assert lower_right.x == pytest.approx(1000 + 200 * math.cos(angle) + 100 * math.sin(angle))
    assert lower_right.y == pytest.approx(2000 + 200 * math.sin(angle) - 100 * math.cos(angle))


@pytest.mark.parametrize(("raster_type", "left"), [(1, 444_720.0), (2, 444_715.0)])
def test_a_geotiff_gives_projection_scale_and_footprint(raster_type: int, left: float) -> None:
    keys = (1, 1, 0, 4, 1024, 0, 1, 1, 1025, 0, 1, raster_type, 3072, 0, 1, 32638, 3073, 0x87B1, 12, 0)
    image = {
        0x100: b.shorts(200), 0x101: b.shorts(100), 0x830E: b.doubles(10, 10, 0),
        0x8482: b.doubles(0, 0, 0, 444_720, 3_751_320, 0), 0x87AF: b.shorts(*keys),
        0x87B1: b.text("UTM zone 38|"),
    }  # fmt: skip
    found = read_bytes(b.tiff(image)).geotiff
    assert found is not None
    assert (found.epsg, found.crs_kind, found.citation) == (32638, "projected", "UTM zone 38")
    assert (found.pixel_scale_x, found.pixel_scale_y) == (10, 10)
    assert found.corners[0].x == left  # a point raster's coordinates mean pixel centres
    assert found.corners[2].x - found.corners[0].x == 2000
    assert found.corners[0].y - found.corners[2].y == 1000
