"""Every container with a known position and time, for comparing with exiftool and for the benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from . import builders as b
from . import camcorder_builders as camcorders
from . import raw_builders as raws
from . import track_builders as t

PLACES = (
    (39.8153, 46.7519),  # Stepanakert / Khankendi: north, east
    (-33.8568, 151.2153),  # Sydney: south, east
    (40.6892, -74.0445),  # New York: north, west
    (-22.9519, -43.2105),  # Rio de Janeiro: south, west
    (0.0005, -0.0005),  # near the zero point, but a place
)
UTC_TIME = datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC)


def exif_block(latitude: float, longitude: float, order: str = "<", *, big: bool = False) -> bytes:
    gps = b.gps_fields(latitude, longitude, direction_ref=b.text("T"), direction=b.rationals((2705, 10)))
    return b.tiff(b.camera_fields(), b.time_fields(), gps, order=order, big=big)


def tiff_file(latitude: float, longitude: float, order: str = "<", *, big: bool = False) -> bytes:
    image = b.camera_fields() | {
        0x100: b.shorts(64),
        0x101: b.shorts(48),
        0x103: b.shorts(1),
        0x106: b.shorts(1),
    }
    gps = b.gps_fields(latitude, longitude)
    return b.tiff(image, b.time_fields(), gps, order=order, big=big)


def iso_6709(latitude: float, longitude: float) -> str:
    return f"{latitude:+010.6f}{longitude:+011.6f}+812.500/"


def pictures(latitude: float, longitude: float) -> Iterator[tuple[str, bytes]]:
    """File name and content of every kind of picture."""
    block, motorola = exif_block(latitude, longitude), exif_block(latitude, longitude, ">")
    packet = b.xmp(b.xmp_position(latitude, longitude) + ' exif:DateTimeOriginal="2023-09-25T14:03:11+04:00"')
    yield "exif.jpg", b.jpeg(b.exif_segment(block))
    yield "exif-motorola.jpg", b.jpeg(b.exif_segment(motorola))
    yield "xmp.jpg", b.jpeg(b.xmp_segment(packet))
    yield "exif.tif", tiff_file(latitude, longitude)
    yield "exif-motorola.tif", tiff_file(latitude, longitude, ">")
    yield "big.tif", tiff_file(latitude, longitude, big=True)
    yield "exif.png", b.png(b.chunk(b"eXIf", motorola))
    yield "profile.png", b.png(b.raw_profile("exif", b"Exif\0\0" + block))
    yield "xmp.png", b.png(b.png_xmp(packet))
    yield "exif.webp", b.webp((b"EXIF", block))
    yield "xmp.webp", b.webp((b"XMP ", packet))
    yield "exif.heic", b.heif(motorola)
    yield "xmp.heic", b.heif(None, packet)
    yield "exif.avif", b.heif(block, brand=b"avif")
    yield "exif.jxl", b.jxl(motorola)
    yield "xmp.gif", b.gif(packet)
    parts = b.tiff(b.camera_fields()), b.tiff(b.time_fields()), b.tiff(b.gps_fields(latitude, longitude))
    yield "canon.cr3", b.cr3(*parts)


def videos(latitude: float, longitude: float) -> Iterator[tuple[str, bytes]]:
    """File name and content of every kind of video."""
    text, created = iso_6709(latitude, longitude), b.mac_seconds(UTC_TIME)
    keys = {
        "com.apple.quicktime.location.ISO6709": text,
        "com.apple.quicktime.creationdate": "2023-09-25T14:03:11+0400",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.model": "iPhone 12",
    }
    xyz = b.quicktime_text(b"\xa9xyz", text)
    yield "xyz.mov", b.movie(created=created, user_data=xyz)
    yield "xyz.mp4", b.movie(created=created, user_data=xyz, brand=b"isom", mdat_first=True)
    yield "keys.mov", b.movie(created=created, meta=b.keys_meta(keys))
    yield "keys.mp4", b.movie(created=created, meta=b.keys_meta(keys, full=True), brand=b"mp42")
    yield "loci.3gp", b.movie(created=created, user_data=b.loci(latitude, longitude), brand=b"3gp4")
    packet = b.xmp(b.xmp_position(latitude, longitude))
    yield "xmp.mp4", b.movie(created=created, brand=b"isom") + b.xmp_uuid_box(packet)
    tags = {"LOCATION": text, "DATE_RECORDED": "2023-09-25 14:03:11"}
    yield "tags.mkv", b.matroska(tags)
    yield "tags-last.webm", b.matroska(tags, doc_type=b"webm", tags_last=True)


def others(latitude: float, longitude: float) -> Iterator[tuple[str, bytes]]:
    """File name and content of what is rarer: tracks of positions, raw photos, camcorders, segments."""
    block = exif_block(latitude, longitude)
    yield "gps5.mp4", t.timed(b"gpmd", [t.gopro(latitude, longitude)] * 2)
    yield "gps9.mp4", t.timed(b"gpmd", [t.gopro_9(latitude, longitude)] * 2)
    yield "camm.mp4", t.timed(b"camm", [t.camm_6(latitude, longitude), t.camm_5(latitude, longitude)])
    yield "rtmd.mp4", t.timed(b"rtmd", [t.sony(latitude, longitude)] * 2)
    yield "nmea.mp4", t.timed(b"text", [t.nmea(latitude, longitude), t.dji(latitude, longitude)])
    yield "insta360.mp4", t.insta360((latitude, longitude))
    yield "avchd.mts", camcorders.stream(camcorders.record(latitude, longitude))
    yield "windows.wmv", camcorders.asf()
    yield "minolta.mrw", raws.mrw(block)
    yield "canon.crw", raws.crw()
    yield "sigma.x3f", raws.preview_x3f(block)
    yield "segments.exv", raws.exv(block)
