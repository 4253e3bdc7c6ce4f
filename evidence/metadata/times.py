"""Times in files: parsing, offsets and which one is the time of capture. A naive time stays naive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from .base import FileTime, TimeBasis

TimeRole = Literal["capture", "gps", "change"]

_TIME = re.compile(
    r"\s*(\d{4})[:\-/. ] ?(\d{1,2})[:\-/. ] ?(\d{1,2})/?[T ]+"
    r"(\d{1,2}): ?(\d{1,2})(?:: ?(\d{1,2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
)
_CTIME = re.compile(r"\s*[A-Za-z]{3},?\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d{2}:\d{2})\s+(\d{4})")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})")
_MAC_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAC_TO_UNIX_S = 2_082_844_800
_QUARTER = timedelta(minutes=15)
_NEAR_QUARTER = timedelta(minutes=2)


def parse_offset(text: str) -> int | None:
    """Minutes east of UTC of "+04:00", "+0400" or "Z"; None when it is not an offset on earth."""
    text = text.strip("\0 ")
    if text in ("Z", "UTC"):
        return 0
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    if int(found[3]) > 59 or minutes > 15 * 60:
        return None
    return -minutes if found[1] == "-" else minutes


def parse_time(text: str) -> tuple[datetime, int | None] | None:
    """Local time and offset of an EXIF, XMP or ISO 8601 time; None for a date alone or a placeholder."""
    found = _TIME.match(text[:80])
    if not found:
        return None
    try:
        year, month, day, hour, minute, second = (int(found[part] or 0) for part in range(1, 7))
        local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - naive on purpose
    except ValueError:
        return None
    if found[7]:
        local += timedelta(microseconds=int(found[7][:6].ljust(6, "0")))
    if is_placeholder(local):
        return None
    return local, parse_offset(found[8]) if found[8] else None


def from_ctime(text: str) -> str:
    """ "Mon Mar 10 15:04:43 2003", as AVI writes it, in the order of EXIF; any other text unchanged."""
    found = _CTIME.match(text[:80])
    if not found or found[1].upper() not in _MONTHS:
        return text
    return f"{found[4]}:{_MONTHS.index(found[1].upper()) + 1:02d}:{int(found[2]):02d} {found[3]}"


def is_placeholder(moment: datetime) -> bool:
    """The start of an epoch, which clocks and writers leave when they know nothing."""
    return moment.year < 1900 or (moment.year in (1904, 1970) and moment.month == 1 and moment.day == 1)


def camera_time(text: str, subseconds: str, offset: str, source: str) -> FileTime | None:
    """An EXIF-like time with its own offset tag, or naive when there is none."""
    parsed = parse_time(text)
    if parsed is None:
        return None
    local, offset_min = parsed
    raw = text.strip("\0 ")
    digits = subseconds.strip("\0 ")
    if digits.isdigit() and digits.isascii() and not local.microsecond:
        local = local.replace(microsecond=int(digits[:6].ljust(6, "0")))
        raw += f".{digits}"
    if offset_min is None and offset:
        offset_min = parse_offset(offset)
        raw += f" {offset.strip(chr(0) + ' ')}"
    return zoned(local, offset_min, source, raw)


def zoned(
    local: datetime, offset_min: int | None, source: str, raw: str, *, basis: TimeBasis = TimeBasis.OFFSET_TAG
) -> FileTime | None:
    """Local time with a known offset, or naive without; None when its UTC is outside the calendar."""
    if offset_min is None:
        return FileTime(local, None, None, TimeBasis.NAIVE_LOCAL, source, raw[:100])
    try:
        utc = local.replace(tzinfo=timezone(timedelta(minutes=offset_min))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return FileTime(local, offset_min, utc, basis, source, raw[:100])


def utc_text(text: str, source: str, basis: TimeBasis = TimeBasis.UTC_CONTAINER) -> FileTime | None:
    """A container's time that is UTC by definition, written as text."""
    parsed = parse_time(text)
    if parsed is None:
        return None
    if parsed[1]:  # it says another offset: that is worth more than the definition
        return zoned(parsed[0], parsed[1], source, text)
    return FileTime(None, None, parsed[0].replace(tzinfo=UTC), basis, source, text.strip("\0 ")[:100])


def utc_after(epoch: datetime, seconds: float, source: str, raw: str) -> FileTime | None:
    """``seconds`` after an epoch in UTC; None for the epoch itself and for what no calendar holds."""
    try:
        moment = epoch + timedelta(seconds=seconds)
    except OverflowError:
        return None
    if is_placeholder(moment) or moment.year > 2200:
        return None
    return FileTime(None, None, moment, TimeBasis.UTC_CONTAINER, source, raw)


def quicktime_time(seconds: int, source: str) -> FileTime | None:
    """A QuickTime header time: seconds since 1904 in UTC.

    Some writers count from 1970; a value before 1970 can only be one of those.
    """
    if seconds <= 0:
        return None
    epoch = _MAC_EPOCH if seconds >= _MAC_TO_UNIX_S else _UNIX_EPOCH
    return utc_after(epoch, seconds, source, str(seconds))


def gps_time(date_text: str, clock: Sequence[float], source: str) -> FileTime | None:
    """GPS date stamp and hours, minutes, seconds, which are UTC."""
    found = re.match(r"\s*(\d{4})[:\-/ .](\d{1,2})[:\-/ .](\d{1,2})", date_text)
    if not found or len(clock) != 3 or not (0 <= clock[0] < 25 and 0 <= clock[1] < 61 and 0 <= clock[2] < 61):
        return None
    try:
        day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
        moment = day + timedelta(hours=clock[0], minutes=clock[1], seconds=round(clock[2], 6))
    except (ValueError, OverflowError):
        return None
    if is_placeholder(moment):
        return None
    raw = f"{date_text.strip(chr(0) + ' ')} {clock[0]:g}:{clock[1]:g}:{clock[2]:g}"
    return FileTime(None, None, moment, TimeBasis.GPS, source, raw[:100])


def infer_offset(naive: FileTime, gps: FileTime) -> FileTime | None:
    """Give a naive camera time its offset when it is quarter hours off the GPS time, within 2 minutes.

    In 81 of 99 real photos that hold both, it does. The result says that it was inferred and from what.
    """
    if naive.local is None or naive.offset_min is not None or gps.utc is None:
        return None
    difference = naive.local - gps.utc.replace(tzinfo=None)
    quarters = round(difference / _QUARTER)
    minutes = quarters * 15
    if not -12 * 60 <= minutes <= 14 * 60 or abs(difference - quarters * _QUARTER) > _NEAR_QUARTER:
        return None
    source = f"{naive.source}, offset from {gps.source}"
    inferred = zoned(naive.local, minutes, source, naive.raw, basis=TimeBasis.INFERRED_OFFSET)
    kind = "GPS" if gps.basis is TimeBasis.GPS else "UTC"
    return inferred and replace(inferred, raw=f"{naive.raw}; {kind} {gps.raw}")


def _paired(naive: FileTime, others: Sequence[FileTime]) -> FileTime | None:
    """The naive time with the offset that another field of the file writes beside the same second."""
    if naive.local is None:
        return None
    second = naive.local.replace(microsecond=0)
    for other in others:
        if other.basis is not TimeBasis.OFFSET_TAG or other.local is None:
            continue
        if other.local.replace(microsecond=0) == second:
            source = f"{naive.source}, offset from {other.source}"
            paired = zoned(naive.local, other.offset_min, source, naive.raw)
            return paired and replace(paired, raw=f"{naive.raw}; {other.raw}"[:100])
    return None


def prefer_time(ranked: Sequence[tuple[int, TimeRole, FileTime]]) -> tuple[FileTime | None, str]:
    """The time of capture and the reason for it in a sentence; a time of change is never one."""
    captures = sorted((each for each in ranked if each[1] == "capture"), key=lambda each: each[0])
    gps = next((time for _, role, time in ranked if role == "gps"), None)
    if not captures:
        if gps is not None:
            return gps, "Only the GPS receiver's time is recorded; it is UTC and may lag behind the capture."
        return None, "Only a time of change is recorded." if ranked else "The file holds no time."
    chosen = captures[0][2]
    if chosen.offset_min is not None:
        return chosen, f"{chosen.source} carries its offset from UTC."
    if chosen.utc is not None:
        return chosen, f"{chosen.source} is UTC by definition; the local time is not recorded."
    paired = _paired(chosen, [each[2] for each in captures])
    if paired is not None:
        return paired, f"{chosen.source} has no offset; another field writes the same second with one."
    inferred = infer_offset(chosen, gps) if gps else None
    if inferred is not None:
        return inferred, f"{chosen.source} has no offset; the GPS time beside it gives one."
    header = next((each[2] for each in captures if each[2].basis is TimeBasis.UTC_CONTAINER), None)
    inferred = infer_offset(chosen, header) if header else None
    if inferred is not None and inferred.offset_min:  # no difference: the header may hold local time too
        return inferred, f"{chosen.source} has no offset; the header's time in UTC gives one."
    return chosen, f"{chosen.source} is the camera's clock; its zone is not recorded."
