"""What the GPS directory of EXIF means: position, time, heading, speed and what the camera pointed at."""

from __future__ import annotations

from .base import FilePosition
from .findings import Findings
from .gps import SPEEDS_MPS, Axis, axis, join, lost_seconds, text_axis
from .tiff import Value, first_number, numbers, printed, text_of
from .times import gps_time

Tags = dict[int, Value]
_MINUTE_M = 1_855.0  # of latitude, and at most of longitude
_DISTANCES_M = {"K": 1000.0, "M": 1609.344, "N": 1852.0}


def normalise_gps(tags: Tags, findings: Findings, rank: int, source: str = "EXIF GPS") -> None:
    """Position, GPS time, heading, speed and destination of a GPS directory."""
    if 2 in tags or 4 in tags:
        findings.position(_fix(tags, source), rank)
    stamp = numbers(tags.get(7))
    findings.time(gps_time(text_of(tags.get(0x1D)), stamp, f"{source} time"), "gps", 70)
    heading = _bearing(first_number(tags.get(0x11)))
    findings.offer("heading_deg", heading, rank)
    if heading is not None:
        findings.offer("heading_reference", _reference(tags.get(0x10)), rank)
    _destination(tags, findings, rank, source)
    movement = _bearing(first_number(tags.get(0x0F)))
    findings.offer("movement_deg", movement, rank)
    if movement is not None:
        findings.offer("movement_reference", _reference(tags.get(0x0E)), rank)
    speed, unit = first_number(tags.get(0x0D)), text_of(tags.get(0x0C)).strip().upper()[:1]
    if speed is not None and speed >= 0 and unit in SPEEDS_MPS:
        findings.offer("speed_mps", round(speed * SPEEDS_MPS[unit], 4), rank)
    if text_of(tags.get(0x09)).strip().upper()[:1] == "V":
        findings.warn("The GPS receiver marked its measurement as void.")
    datum = text_of(tags.get(0x12)).strip()
    if datum and "84" not in datum and datum.upper() != "UNKNOWN":
        findings.warn(f"The position refers to the datum {datum[:40]}, not WGS 84.")


def _destination(tags: Tags, findings: Findings, rank: int, source: str) -> None:
    """What the camera was told to point at: its position, its bearing and how far it is."""
    place = join(_half(tags, 0x14, "NS", 90), _half(tags, 0x16, "EW", 180), source, "")
    if place.status == "ok":
        findings.offer("destination_latitude", place.latitude, rank)
        findings.offer("destination_longitude", place.longitude, rank)
    bearing = _bearing(first_number(tags.get(0x18)))
    findings.offer("destination_bearing_deg", bearing, rank)
    if bearing is not None:
        findings.offer("destination_bearing_reference", _reference(tags.get(0x17)), rank)
    distance, unit = first_number(tags.get(0x1A)), text_of(tags.get(0x19)).strip().upper()[:1]
    if distance is not None and distance >= 0 and unit in _DISTANCES_M:
        findings.offer("destination_distance_m", round(distance * _DISTANCES_M[unit], 3), rank)


def _reference(letter: Value | None) -> str | None:
    """Whether a direction counts from true or from magnetic north."""
    return {"T": "true", "M": "magnetic"}.get(text_of(letter).strip().upper()[:1])


def _half(tags: Tags, tag: int, letters: str, limit: float) -> Axis:
    """Latitude or longitude of a tag; its hemisphere letter is the tag before."""
    reference = text_of(tags.get(tag - 1))
    value = tags.get(tag)
    if isinstance(value, str | bytes):  # against the standard, but found in real files
        return text_axis(text_of(value), reference, letters[0], letters[1], limit)
    return axis(numbers(value), reference, letters[0], letters[1], limit)


def _fix(tags: Tags, source: str) -> FilePosition:
    altitude = first_number(tags.get(0x06))
    level = first_number(tags.get(0x05))
    if altitude is not None and level in (1, 3) and altitude > 0:
        altitude = -altitude
    error_m, dilution = first_number(tags.get(0x1F)), first_number(tags.get(0x0B))
    raw = "; ".join(
        f"{text_of(tags.get(tag - 1)) or '(no reference)'} {_shown(tags.get(tag))}" for tag in (0x02, 0x04)
    )
    error_m = error_m if error_m is not None and error_m > 0 else None
    halves = (numbers(tags.get(0x02)), numbers(tags.get(0x04)))
    if any(lost_seconds(half) and half[1].is_integer() for half in halves):
        error_m = max(error_m or 0.0, _MINUTE_M)
    return join(
        _half(tags, 0x02, "NS", 90),
        _half(tags, 0x04, "EW", 180),
        source,
        raw,
        horizontal_error_m=error_m,
        dilution=dilution if dilution is not None and dilution > 0 else None,
        altitude_m=altitude,
        altitude_reference={0: "sea_level", 1: "sea_level", 2: "ellipsoid", 3: "ellipsoid"}.get(
            int(level) if level is not None else -1
        ),
    )


def _shown(value: Value | None) -> str:
    return "(missing)" if value is None else printed(value, 0)


def _bearing(degrees: float | None) -> float | None:
    if degrees is None or not 0 <= degrees <= 360:
        return None
    return degrees % 360
