"""Files for the pages of media, made here: a photo that says everything, and one that says nothing."""

from __future__ import annotations

import io
from typing import Any

from PIL import ExifTags, Image, TiffImagePlugin

from tests.evidence.credentials.signing import changed_pixel, signed

Rational = TiffImagePlugin.IFDRational
_EDITS = (
    'stEvt:action="created" stEvt:when="2025-06-14T20:35:12+02:00" stEvt:softwareAgent="Exercise Camera 1.2"',
    'stEvt:action="saved" stEvt:when="2025-06-15T09:02:00+02:00" stEvt:softwareAgent="Exercise Editor 7.1"',
)
HISTORY = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
 exif:GPSLatitude="56,22.3200N" exif:GPSLongitude="16,24.2400E"><xmpMM:History><rdf:Seq>
{"".join(f"<rdf:li {edit}/>" for edit in _EDITS)}
</rdf:Seq></xmpMM:History></rdf:Description></rdf:RDF></x:xmpmeta>"""
SERIAL = "EXR-004711"


def _degrees(value: float) -> tuple[Any, Any, Any]:
    minutes = value % 1 * 60
    return Rational(int(value)), Rational(int(minutes)), Rational(round(minutes % 1 * 60 * 10_000), 10_000)


def _gps() -> dict[int, Any]:
    tags = ExifTags.GPS
    return {
        tags.GPSLatitudeRef: "N", tags.GPSLatitude: _degrees(56.3714778),
        tags.GPSLongitudeRef: "E", tags.GPSLongitude: _degrees(16.4065852),
        tags.GPSAltitudeRef: b"\0", tags.GPSAltitude: Rational(62, 10),
        tags.GPSHPositioningError: Rational(47, 10), tags.GPSDOP: Rational(18, 10),
        tags.GPSSpeedRef: "K", tags.GPSSpeed: Rational(54, 10),
        tags.GPSTrackRef: "T", tags.GPSTrack: Rational(310),
        tags.GPSImgDirectionRef: "T", tags.GPSImgDirection: Rational(2960, 10),
        tags.GPSDestLatitudeRef: "N", tags.GPSDestLatitude: _degrees(56.372),
        tags.GPSDestLongitudeRef: "E", tags.GPSDestLongitude: _degrees(16.404),
        tags.GPSDestBearingRef: "T", tags.GPSDestBearing: Rational(2901, 10),
        tags.GPSTimeStamp: (Rational(18), Rational(35), Rational(12)), tags.GPSDateStamp: "2025:06:14",
    }  # fmt: skip


def everything() -> bytes:
    """A signed photo with every kind of value that the page shows."""
    exif = Image.Exif()
    base, more = ExifTags.Base, exif.get_ifd(ExifTags.IFD.Exif)
    exif[base.Make], exif[base.Model] = "Exercise Instruments", "Training Camera 1"
    exif[base.Software], exif[base.Orientation] = "Exercise Editor 7.1", 6
    exif[base.DateTime] = "2025:06:15 09:02:00"
    more[base.DateTimeOriginal], more[base.OffsetTimeOriginal] = "2025:06:14 20:35:12", "+02:00"
    more[base.LensModel], more[base.BodySerialNumber] = "Exercise 24-70 mm", SERIAL
    more[base.MakerNote] = b"EXERCISE\0\1\2\3"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(_gps())
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize((960, 640)).convert("RGB")
    picture.save(out, "JPEG", exif=exif, xmp=HISTORY.encode())
    return signed(out.getvalue())


def spoiled() -> bytes:
    """The same, with one bit of the picture changed after signing."""
    return changed_pixel(everything())


def nothing() -> bytes:
    """A picture that says nothing of itself."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).convert("RGB").save(out, "PNG")
    return out.getvalue()
