"""Positions: EXIF, XMP and ISO 6709 notations into degrees, with a status. No hemisphere is assumed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from .base import FilePosition, PositionStatus

SPEEDS_MPS = {"K": 1 / 3.6, "M": 0.44704, "N": 1852 / 3600}  # EXIF's letters: km/h, miles/h, knots
_KM_A_DEGREE = 111.2
_CONTRADICTION_KM = 0.2  # loci holds four decimals and phones refine a fix while recording
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,15})?|\.\d{1,15})")
_ISO_6709 = re.compile(
    r"\s*([+-]\d{1,6}(?:\.\d{0,15})?)\s?([+-]\d{1,7}(?:\.\d{0,15})?)([+-]\d{1,6}(?:\.\d{0,15})?)?(?:CRS(\w+))?"
)


class Axis:
    """One half of a position: degrees when certain, otherwise the reason why not."""

    __slots__ = ("degrees", "status")

    def __init__(self, degrees: float | None, status: PositionStatus) -> None:
        self.degrees = degrees
        self.status = status


def axis(parts: Sequence[float], letter: str, positive: str, negative: str, limit: float) -> Axis:
    """Degrees, minutes and seconds with a hemisphere letter. ``limit`` is 90 or 180."""
    if not parts:
        return Axis(None, PositionStatus.INCOMPLETE)
    if lost_seconds(parts):
        parts = parts[:2]
    if not all(math.isfinite(part) for part in parts[:3]):
        return Axis(None, PositionStatus.NOT_A_NUMBER)
    if any(part < 0 for part in parts[:3]):  # a letter and a sign: which of them holds is not known
        return Axis(None, PositionStatus.OUT_OF_RANGE)
    degrees = sum(part / 60**index for index, part in enumerate(parts[:3]))
    if degrees > limit:
        return Axis(None, PositionStatus.OUT_OF_RANGE)
    letter = letter.strip("\0 ").upper()[:1]
    if letter not in (positive, negative) or not letter:
        return Axis(None, PositionStatus.MISSING_REFERENCE)
    return Axis(degrees if letter == positive else -degrees, PositionStatus.OK)


def lost_seconds(parts: Sequence[float]) -> bool:
    """Whether only the seconds are no number, as some phones write 0/0 for none: a minute is still known."""
    return len(parts) == 3 and math.isnan(parts[2]) and all(map(math.isfinite, parts[:2]))


def signed_axis(degrees: float, limit: float) -> Axis:
    """Degrees of a notation in which the sign is the hemisphere (ISO 6709, loci)."""
    if not math.isfinite(degrees):
        return Axis(None, PositionStatus.NOT_A_NUMBER)
    if abs(degrees) > limit:
        return Axis(None, PositionStatus.OUT_OF_RANGE)
    return Axis(degrees, PositionStatus.OK)


def numbers_in(text: str) -> list[float]:
    """The numbers of "40,26.767" or "40 26 46.0"; nan when the text says so."""
    if re.search(r"nan|inf|undef", text, re.IGNORECASE):
        return [math.nan]
    return [float(number) for number in _NUMBER.findall(text[:100])[:3]]


def text_axis(text: str, reference: str, positive: str, negative: str, limit: float) -> Axis:
    """XMP's "40,26.767N", or signed decimals. Unsigned and without a letter the hemisphere is unknown."""
    text = text.strip()
    letter = next((end.upper() for end in (text[-1:], text[:1]) if end.isalpha()), reference)
    signed = text[:1] in "+-" if text else False
    parts = numbers_in(text)
    if signed and not letter and len(parts) == 1:
        return signed_axis(parts[0], limit)
    return axis(parts, letter, positive, negative, limit)


def join(
    latitude: Axis,
    longitude: Axis,
    source: str,
    raw: str,
    *,
    horizontal_error_m: float | None = None,
    dilution: float | None = None,
    altitude_m: float | None = None,
    altitude_reference: str | None = None,
) -> FilePosition:
    """A position of its two halves; the worse status is the position's, and then neither half is given."""
    status = PositionStatus.OK
    for bad in (
        PositionStatus.INCOMPLETE,
        PositionStatus.NOT_A_NUMBER,
        PositionStatus.OUT_OF_RANGE,
        PositionStatus.MISSING_REFERENCE,
    ):
        if bad in (latitude.status, longitude.status):
            status = bad
            break
    sure = status is PositionStatus.OK
    if sure and latitude.degrees == 0 and longitude.degrees == 0:
        status = PositionStatus.NULL_ISLAND
    return FilePosition(
        latitude=latitude.degrees if sure else None,
        longitude=longitude.degrees if sure else None,
        source=source,
        raw=raw[:300],
        status=status,
        horizontal_error_m=horizontal_error_m,
        dilution=dilution,
        altitude_m=altitude_m,
        altitude_reference=altitude_reference,
    )


def iso_6709(text: str, source: str, *, horizontal_error_m: float | None = None) -> FilePosition | None:
    """Read "+40.1776+044.5126+990.000/" (or with minutes, or minutes and seconds); None when empty."""
    if not text.strip("\0 /"):
        return None
    found = _ISO_6709.match(text)
    if not found:
        nothing = Axis(None, PositionStatus.NOT_A_NUMBER)
        return join(nothing, nothing, source, text)
    altitude = float(found[3]) if found[3] else None
    return join(
        signed_axis(_packed_degrees(found[1], 2), 90),
        signed_axis(_packed_degrees(found[2], 3), 180),
        source,
        text,
        horizontal_error_m=horizontal_error_m,
        altitude_m=altitude,
        altitude_reference="ellipsoid"
        if altitude is not None and (found[4] or "").startswith("WGS")
        else None,
    )


def _packed_degrees(text: str, degree_digits: int) -> float:
    """Degrees of packed text: "+4026.767" is 40 degrees 26.767 minutes of latitude (two degree digits)."""
    whole = len(text[1:].split(".")[0])
    if whole not in (*range(1, degree_digits + 1), degree_digits + 2, degree_digits + 4):
        return math.nan  # neither degrees nor packed minutes nor packed seconds
    value = abs(float(text))
    if whole > degree_digits + 2:
        value = value // 10_000 + value % 10_000 // 100 / 60 + value % 100 / 3600
    elif whole > degree_digits:
        value = value // 100 + value % 100 / 60
    return -value if text[0] == "-" else value


def prefer_position(ranked: Sequence[tuple[int, FilePosition]]) -> tuple[FilePosition | None, str]:
    """The usable position of the lowest rank, and the reason in a sentence."""
    usable = [(rank, fix) for rank, fix in ranked if fix.status is PositionStatus.OK]
    if not usable:
        why = "The file holds a position that cannot be used." if ranked else "The file holds no position."
        return None, why
    chosen = min(usable, key=lambda each: each[0])[1]
    if len(usable) == 1:
        return chosen, f"{chosen.source} is the only usable position."
    return chosen, f"{chosen.source} comes first of {len(usable)} usable positions."


def contradiction(positions: Sequence[FilePosition]) -> str | None:
    """A sentence when two usable positions lie apart, else None."""
    usable = [each for each in positions if each.status is PositionStatus.OK]
    for other in usable[1:]:
        apart_km = _rough_km(usable[0], other)
        if apart_km > _CONTRADICTION_KM:
            return f"{usable[0].source} and {other.source} give places about {apart_km:.1f} km apart."
    return None


def _rough_km(one: FilePosition, other: FilePosition) -> float:
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return 0.0
    latitudes = (one.latitude or 0.0, other.latitude or 0.0)
    turn = abs((one.longitude or 0.0) - (other.longitude or 0.0))
    east = min(turn, 360 - turn) * math.cos(math.radians(sum(latitudes) / 2))
    return math.hypot(latitudes[0] - latitudes[1], east) * _KM_A_DEGREE
