"""What the properties of an XMP packet mean for a reading."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .base import EditStep, FilePosition, TimeBasis
from .findings import Findings
from .gps import SPEEDS_MPS, join, numbers_in, signed_axis, text_axis
from .times import camera_time, utc_text

XMP_RANK, DRONE_RANK = 30, 40
_TIMES = (
    ("exif:DateTimeOriginal", "capture", 20),
    ("photoshop:DateCreated", "capture", 35),
    ("exif:DateTimeDigitized", "capture", 38),
    ("xmp:CreateDate", "capture", 42),
    ("pdf:CreationDate", "capture", 62),
    ("xmp:ModifyDate", "change", 92),
    ("xmp:MetadataDate", "change", 95),
)


def normalise_xmp(top: Mapping[str, str], history: Sequence[Mapping[str, str]], findings: Findings) -> None:
    """Position, times, camera, software and editing history of a packet's top level."""
    findings.position(_exif_fix(top), XMP_RANK)
    findings.position(_drone_fix(top), DRONE_RANK)
    for name, role, rank in _TIMES:
        if name in top:
            time = camera_time(top[name], "", "", f"XMP {name}")
            findings.time(time, "change" if role == "change" else "capture", rank)
    if "exif:GPSTimeStamp" in top:
        findings.time(utc_text(top["exif:GPSTimeStamp"], "XMP exif:GPSTimeStamp", TimeBasis.GPS), "gps", 72)
    _heading(top, findings)
    _camera(top, findings)
    _editing(top, history, findings)


def _fraction(text: str | None) -> float | None:
    """A number written as "1055/10" or as "105.5"."""
    if not text:
        return None
    parts = text.split("/")
    try:
        value = float(parts[0]) / float(parts[1]) if len(parts) == 2 else float(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) else None


def _exif_fix(top: Mapping[str, str]) -> FilePosition | None:
    latitude, longitude = top.get("exif:GPSLatitude", ""), top.get("exif:GPSLongitude", "")
    if not latitude and not longitude:
        return None
    latitude, longitude = _signed_pair(latitude.strip(), longitude.strip())
    altitude, level = _fraction(top.get("exif:GPSAltitude")), top.get("exif:GPSAltitudeRef", "")
    if altitude is not None and level in ("1", "3") and altitude > 0:
        altitude = -altitude
    error_m, dilution = _fraction(top.get("exif:GPSHPositioningError")), _fraction(top.get("exif:GPSDOP"))
    return join(
        text_axis(latitude, top.get("exif:GPSLatitudeRef", ""), "N", "S", 90),
        text_axis(longitude, top.get("exif:GPSLongitudeRef", ""), "E", "W", 180),
        "XMP exif:GPS",
        f"{latitude or '(missing)'}; {longitude or '(missing)'}",
        horizontal_error_m=error_m if error_m and error_m > 0 else None,
        dilution=dilution if dilution and dilution > 0 else None,
        altitude_m=altitude,
        altitude_reference={"0": "sea_level", "1": "sea_level", "2": "ellipsoid", "3": "ellipsoid"}.get(
            level
        ),
    )


def _signed_pair(latitude: str, longitude: str) -> tuple[str, str]:
    """Of two plain decimals one has a minus sign: signs are in use, so the other one is positive."""
    plain = all(text and text.lstrip("+-").replace(".", "", 1).isdigit() for text in (latitude, longitude))
    if not plain or "-" not in latitude[0] + longitude[0]:
        return latitude, longitude
    north, east = (text if text[0] in "+-" else f"+{text}" for text in (latitude, longitude))
    return north, east


def _drone_fix(top: Mapping[str, str]) -> FilePosition | None:
    """DJI's signed decimal degrees; early drones misspell the longitude."""
    latitude = top.get("drone-dji:GpsLatitude") or top.get("drone-dji:GPSLatitude") or ""
    names = ("drone-dji:GpsLongitude", "drone-dji:GPSLongitude", "drone-dji:GpsLongtitude")
    longitude = next((top[name] for name in names if name in top), "")
    north, east = numbers_in(latitude), numbers_in(longitude)
    if len(north) != 1 or len(east) != 1:
        return None
    return join(
        signed_axis(north[0], 90),
        signed_axis(east[0], 180),
        "XMP drone-dji",
        f"{latitude}; {longitude}",
        altitude_m=_fraction(top.get("drone-dji:AbsoluteAltitude")),
    )


def _heading(top: Mapping[str, str], findings: Findings) -> None:
    heading = _fraction(top.get("exif:GPSImgDirection"))
    if heading is not None and 0 <= heading <= 360:
        findings.offer("heading_deg", heading % 360, XMP_RANK)
        reference = {"T": "true", "M": "magnetic"}.get(top.get("exif:GPSImgDirectionRef", "").strip()[:1])
        findings.offer("heading_reference", reference, XMP_RANK)
    speed, unit = _fraction(top.get("exif:GPSSpeed")), top.get("exif:GPSSpeedRef", "").strip().upper()[:1]
    if speed is not None and speed >= 0 and unit in SPEEDS_MPS:
        findings.offer("speed_mps", round(speed * SPEEDS_MPS[unit], 4), XMP_RANK)
    bearing = _fraction(top.get("exif:GPSDestBearing"))
    if bearing is not None and 0 <= bearing <= 360:
        findings.offer("destination_bearing_deg", bearing % 360, XMP_RANK)
    destination = _destination(top)
    if destination.status == "ok":
        findings.offer("destination_latitude", destination.latitude, XMP_RANK)
        findings.offer("destination_longitude", destination.longitude, XMP_RANK)


def _destination(top: Mapping[str, str]) -> FilePosition:
    return join(
        text_axis(top.get("exif:GPSDestLatitude", ""), "", "N", "S", 90),
        text_axis(top.get("exif:GPSDestLongitude", ""), "", "E", "W", 180),
        "XMP exif:GPSDest",
        "",
    )


def _camera(top: Mapping[str, str], findings: Findings) -> None:
    findings.offer("camera_make", top.get("tiff:Make"), 30)
    findings.offer("camera_model", top.get("tiff:Model"), 30)
    findings.offer("lens", top.get("exifEX:LensModel") or top.get("aux:Lens"), 30)
    for name in (
        "exifEX:BodySerialNumber",
        "aux:SerialNumber",
        "exifEX:LensSerialNumber",
        "aux:LensSerialNumber",
    ):
        findings.serial(top.get(name, ""))
    if top.get("GCamera:MotionPhoto") == "1" or top.get("GCamera:MicroVideo") == "1":
        findings.offer("motion_photo", True)
    orientation = top.get("tiff:Orientation", "")
    if orientation in set("12345678"):
        findings.offer("orientation", int(orientation), 30)


def _editing(top: Mapping[str, str], history: Sequence[Mapping[str, str]], findings: Findings) -> None:
    findings.program(top.get("xmp:CreatorTool"), "XMP CreatorTool", 30)
    findings.program(top.get("tiff:Software"), "XMP tiff:Software", 32)
    for event in history[:200]:
        step = EditStep(
            action=event.get("stEvt:action", "")[:100],
            when=event.get("stEvt:when", "")[:50],
            software=event.get("stEvt:softwareAgent", "")[:200],
            changed=event.get("stEvt:changed", "")[:100],
            parameters=event.get("stEvt:parameters", "")[:300],
        )
        if step not in findings.history:
            findings.history.append(step)
    for event in history[:50]:
        names = ("stEvt:action", "stEvt:softwareAgent", "stEvt:when")
        parts = [event.get(name, "") for name in names]
        findings.edited(f"XMP history: {', '.join(part for part in parts if part)}.")
    if any(name.startswith("crs:") and name != "crs:Version" for name in top):
        findings.edited("XMP holds Camera Raw development settings.")
