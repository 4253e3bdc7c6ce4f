"""What the training files say of themselves: EXIF blocks, a GeoTIFF's tags, and the words drawn on each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from PIL import ExifTags, Image, ImageDraw, ImageFont, TiffImagePlugin

from evidence.training.overhead import Aerial
from evidence.training.place import Spot

MAKE, MODEL = "Exercise Instruments", "Training Camera 1"
SOFTWARE = "Training exercise: invented scene"
BANNER = "TRAINING EXERCISE"

MODEL_PIXEL_SCALE, MODEL_TIEPOINT, GEO_KEYS, GEO_ASCII = 33550, 33922, 34735, 34737
TIFF_DOUBLE, TIFF_SHORT, TIFF_ASCII = 12, 3, 2


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a photo's EXIF block says; None is left out.

    ``taken`` is camera time as EXIF writes it, "YYYY:MM:DD HH:MM:SS", ``offset`` like "+02:00"; ``gps_date``
    and ``gps_time_s`` (seconds of the day) are UTC.
    """

    at: Spot | None = None
    taken: str | None = None
    offset: str | None = None
    altitude_m: float | None = None
    heading_deg: float | None = None
    horizontal_error_m: float | None = None
    gps_date: str | None = None
    gps_time_s: int | None = None


def exif_of(stamp: Stamp) -> Image.Exif:
    """The EXIF block (EXIF 3.0, 4.6.5 to 4.6.8), camera included."""
    exif = Image.Exif()
    base, gps = ExifTags.Base, ExifTags.GPS
    exif[base.Make], exif[base.Model], exif[base.Software] = MAKE, MODEL, SOFTWARE
    exif[base.ImageDescription] = "Training exercise. Nothing in this picture is real."
    if stamp.taken is not None:
        exif[base.DateTime] = stamp.taken
        taken = exif.get_ifd(ExifTags.IFD.Exif)
        taken[base.DateTimeOriginal] = taken[base.DateTimeDigitized] = stamp.taken
        taken[base.SubsecTimeOriginal] = "240"
        if stamp.offset is not None:
            taken[base.OffsetTime] = taken[base.OffsetTimeOriginal] = stamp.offset
    if stamp.at is not None:
        tags = exif.get_ifd(ExifTags.IFD.GPSInfo)
        tags[gps.GPSVersionID] = b"\x02\x03\x00\x00"
        latitude, longitude = stamp.at.latitude, stamp.at.longitude
        tags[gps.GPSLatitudeRef], tags[gps.GPSLatitude] = "NS"[latitude < 0], sexagesimal(latitude)
        tags[gps.GPSLongitudeRef], tags[gps.GPSLongitude] = "EW"[longitude < 0], sexagesimal(longitude)
        tags[gps.GPSMapDatum] = "WGS-84"
        _gps_details(tags, stamp)
    return exif


def _gps_details(tags: dict[int, object], stamp: Stamp) -> None:
    gps = ExifTags.GPS
    if stamp.altitude_m is not None:
        tags[gps.GPSAltitudeRef] = b"\x01" if stamp.altitude_m < 0 else b"\x00"
        tags[gps.GPSAltitude] = _rational(abs(stamp.altitude_m), 10)
    if stamp.heading_deg is not None:
        tags[gps.GPSImgDirectionRef] = "T"
        tags[gps.GPSImgDirection] = _rational(stamp.heading_deg, 100)
    if stamp.horizontal_error_m is not None:
        tags[gps.GPSHPositioningError] = _rational(stamp.horizontal_error_m, 100)
    if stamp.gps_date is not None:
        tags[gps.GPSDateStamp] = stamp.gps_date
    if stamp.gps_time_s is not None:
        parts = stamp.gps_time_s // 3600, stamp.gps_time_s // 60 % 60, stamp.gps_time_s % 60
        tags[gps.GPSTimeStamp] = tuple(_rational(part, 1) for part in parts)


def sexagesimal(degrees: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    """Degrees, minutes and seconds as EXIF keeps them, to 0.0001 second (3 mm)."""
    total = round(abs(degrees) * 36_000_000)
    whole, rest = divmod(total, 36_000_000)
    minutes, ten_thousandths = divmod(rest, 600_000)
    return (
        _rational(whole, 1),
        _rational(minutes, 1),
        TiffImagePlugin.IFDRational(ten_thousandths, 10_000),
    )


def _rational(value: float, denominator: int) -> TiffImagePlugin.IFDRational:
    return TiffImagePlugin.IFDRational(round(Fraction(value) * denominator), denominator)


def geotiff_tags(aerial: Aerial, taken: str) -> TiffImagePlugin.ImageFileDirectory_v2:
    """Tags of a north-up picture in EPSG:4326 (OGC 19-008r4): scale, tie point at the corner, keys."""
    east_south = Spot(
        aerial.corner.east_m + aerial.width_px * aerial.metres_a_pixel,
        aerial.corner.north_m - aerial.height_px * aerial.metres_a_pixel,
    )
    middle = Spot(aerial.corner.east_m, (aerial.corner.north_m + east_south.north_m) / 2)
    far = Spot(east_south.east_m, middle.north_m)
    scale = (
        (far.longitude - middle.longitude) / aerial.width_px,
        (aerial.corner.latitude - east_south.latitude) / aerial.height_px,
        0.0,
    )
    citation = "WGS 84|"
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    values: tuple[tuple[int, int, object], ...] = (
        (MODEL_PIXEL_SCALE, TIFF_DOUBLE, scale),
        (MODEL_TIEPOINT, TIFF_DOUBLE, (0.0, 0.0, 0.0, middle.longitude, aerial.corner.latitude, 0.0)),
        # version 1.1.0, 4 keys: geographic model, pixel is area, EPSG:4326, citation
        (
            GEO_KEYS,
            TIFF_SHORT,
            (1, 1, 0, 4, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326, 2049, GEO_ASCII, 7, 0),
        ),
        (GEO_ASCII, TIFF_ASCII, citation),
        (ExifTags.Base.DateTime, TIFF_ASCII, taken),
        (ExifTags.Base.Software, TIFF_ASCII, SOFTWARE),
        (ExifTags.Base.ImageDescription, TIFF_ASCII, "Training exercise. Nothing in this picture is real."),
    )
    for tag, kind, value in values:
        tags.tagtype[tag] = kind
        tags[tag] = value
    return tags


def with_banner(picture: Image.Image, key: str, *, above: bool = False) -> Image.Image:
    """The picture with the words that mark it as an exercise, and its number, in the lower or upper left."""
    size = max(13, round(max(picture.size) / 52))
    draw = ImageDraw.Draw(picture, "RGBA")
    font, small = ImageFont.load_default(size), ImageFont.load_default(round(size * 0.8))
    margin = size
    text, more = BANNER, f"{key} · invented scene, nothing here is real"
    first = draw.textbbox((0, 0), text, font=font)
    second = draw.textbbox((0, 0), more, font=small)
    width = max(first[2], second[2]) + 2 * margin
    height = round(size * 3.3)
    left, top = margin, margin if above else picture.height - margin - height
    draw.rounded_rectangle((left, top, left + width, top + height), radius=size // 3, fill=(18, 22, 28, 196))
    draw.rectangle((left, top, left + max(3, size // 5), top + height), fill=(240, 178, 62, 255))
    draw.text((left + margin, top + size * 0.55), text, font=font, fill=(255, 255, 255, 255))
    draw.text((left + margin, top + size * 1.85), more, font=small, fill=(214, 220, 228, 255))
    return picture
