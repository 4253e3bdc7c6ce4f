"""Do the file's local time, its offset, its UTC and the time zone at the position fit together?

A camera's clock runs on whatever zone its owner set. Where the file gives the offset, or a local time and
a UTC beside each other, that offset is compared with the civil time at the position on that day (IANA tz
database). Both may differ honestly, after a journey or for a drone bought elsewhere, so a difference is
flagged; it fails only where no place on earth keeps such an offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from geolocation.checks.base import CheckInputs, FileTime, Finding, JsonObject, Verdict, encode, inapplicable
from geolocation.checks.claim_place import place_of_light
from geolocation.checks.given import FIRST_YEAR, LAST_YEAR
from geolocation.checks.measures import Measures, zones_at
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark
from geolocation.checks.window import Window, capture_window
from geolocation.checks.wording import duration, moment, offset

# Where no offset is written, capture minus GPS time falls within two minutes of a quarter hour in 81 of
# 99 real files; civil offsets are whole quarter hours, the rest is a clock set wrong or an old fix.
CLOCK_TOLERANCE = timedelta(minutes=2)
QUARTER_HOUR_S = 900

# The outermost civil offsets (Line Islands; Baker and Howland).
LARGEST_OFFSET = timedelta(hours=14)
SMALLEST_OFFSET = timedelta(hours=-12)

# No camera writes more times than this into a file; a hostile one may hold hundreds, and pairs of them count.
MOST_CLOCKS = 50

# Times of change say when the file was edited or copied.
NOT_OF_CAPTURE = frozenset({"file"})

NO_TIME = "The file states no local capture time, so there is no clock to compare with the time zone there."
NO_OFFSET = (
    "The file states a local time only ({local}), with neither an offset nor a UTC time, so its clock "
    "cannot be compared; on that day {zone} kept {expected}."
)
NO_PLACE = "Neither camera nor subject is placed, so the time zone there is not known."
NO_ZONE = "The time zone at the position could not be determined, so the file's clock cannot be compared."
AGREES = "The file's clock is at {stated}, the civil time of {zone} at the {role} on that day."
OTHER_ZONE = (
    "The file's clock is at {stated}, but {zone} at the {role} kept {expected} on that day. The camera "
    "was set to another zone, or the place or the time is wrong."
)
OFF_QUARTER = (
    "The file's local time and its UTC time are {apart} off any civil offset (nearest: {stated}; {zone}"
    " at the {role} kept {expected}): the camera's clock was wrong, or the fix was old."
)
IMPOSSIBLE = (
    "The file's local time lies {apart} from its UTC time; no place on earth keeps such an offset. "
    "One of the two times is wrong, or they speak of different moments."
)
UTC_INSIDE = (
    "The file states its time in UTC only ({utc}), so its clock has no zone to compare; the time lies inside "
    "the capture interval given."
)
UTC_OUTSIDE = (
    "The file states its time in UTC only ({utc}), and it lies {gap} outside the capture interval given "
    "({start} to {end}). Some cameras write local time there; otherwise the interval or the file is wrong."
)
OUTSIDE_INTERVAL = " The file's own time, {utc}, lies outside the capture interval given ({start} to {end})."


@dataclass(frozen=True, slots=True)
class _Clock:
    """Local time minus UTC as the file has it, and the moment it speaks of."""

    utc: datetime
    offset: timedelta
    time: FileTime


@check(
    "clock",
    2,
    title="Clock and time zone",
    reads=("camera", "subject", "subject_area", "file_times", "captured", "captured_on"),
)
def clock(inputs: CheckInputs, measures: Measures) -> Finding:
    """Compare the file's offset with the civil offset at the position; measures the difference in minutes."""
    times = tuple(time for time in inputs.file_times if time.basis not in NOT_OF_CAPTURE)
    local_times = [local for time in times if (local := _local(time)) is not None]
    clocks = _clocks(times)
    if not clocks and not local_times:
        return _utc_only(times, inputs)
    mark = place_of_light(inputs)
    if mark is None:
        return inapplicable(NO_PLACE)
    zones = zones_at(mark.position)
    if not zones:
        return inapplicable(NO_ZONE)
    if not clocks:
        zone = zones[0]
        expected = local_times[0].replace(tzinfo=zone).utcoffset() or timedelta()
        sentence = NO_OFFSET.format(
            local=f"{local_times[0]:%Y-%m-%d %H:%M}", zone=zone.key, expected=_offset_text(expected)
        )
        return inapplicable(sentence)
    captured = capture_window(inputs)
    return max((_judge(each, _kept(each, zones), mark, captured) for each in clocks), key=_severity)


def _severity(finding: Finding) -> tuple[int, float]:
    order = (Verdict.PASSED, Verdict.FLAGGED, Verdict.FAILED)
    return order.index(finding.verdict), finding.measured_value or 0.0


def _local(time: FileTime) -> datetime | None:
    """The naive local time if it is one, within the years in which there are recordings."""
    if time.local_naive is None:
        return None
    try:
        local = datetime.fromisoformat(time.local_naive)
    except ValueError:
        return None
    if local.tzinfo is not None or not FIRST_YEAR <= local.year <= LAST_YEAR:
        return None
    return local


def _clocks(times: tuple[FileTime, ...]) -> list[_Clock]:
    """Every pair of local time and UTC that the file gives: within one time, or a bare one and the GPS's."""
    gps = [time.utc for time in times if time.basis == "gps" and time.utc is not None]
    found = []
    for time in times:
        local = _local(time)
        if local is None:
            continue
        as_if_utc = local.replace(tzinfo=UTC)
        if time.offset_min is not None:
            shift = timedelta(minutes=time.offset_min)
            found.append(_Clock(as_if_utc - shift, shift, time))
        utcs = dict.fromkeys(gps if time.utc is None else [time.utc, *gps])
        found.extend(
            _Clock(utc, as_if_utc - utc, time) for utc in utcs if FIRST_YEAR <= utc.year <= LAST_YEAR
        )
    return found[:MOST_CLOCKS]


def _utc_only(times: tuple[FileTime, ...], inputs: CheckInputs) -> Finding:
    """Without any local time there is no zone to compare, but the capture interval still can be."""
    moments = [
        time.utc for time in times if time.utc is not None and FIRST_YEAR <= time.utc.year <= LAST_YEAR
    ]
    captured = capture_window(inputs)
    if not moments or captured is None:
        return inapplicable(NO_TIME)
    gap, utc = min(
        (max(captured.first_utc - utc, utc - captured.last_utc, timedelta()), utc) for utc in moments
    )
    inside = gap <= CLOCK_TOLERANCE
    return Finding(
        verdict=Verdict.PASSED if inside else Verdict.FLAGGED,
        measured_value=gap.total_seconds() / 60,
        unit="min",
        threshold=CLOCK_TOLERANCE.total_seconds() / 60,
        sentence=(UTC_INSIDE if inside else UTC_OUTSIDE).format(
            utc=moment(utc),
            gap=duration(gap),
            start=moment(captured.first_utc),
            end=moment(captured.last_utc),
        ),
        drawing=_timeline(utc, captured),
    )


def _kept(found: _Clock, zones: tuple[ZoneInfo, ...]) -> ZoneInfo:
    """Of the zones that people keep there the one that the clock comes nearest to."""
    return min(
        zones, key=lambda zone: abs(found.offset - (found.utc.astimezone(zone).utcoffset() or timedelta()))
    )


def _judge(found: _Clock, zone: ZoneInfo, mark: Mark, captured: Window | None) -> Finding:
    expected = found.utc.astimezone(zone).utcoffset() or timedelta()
    apart = abs(found.offset - expected)
    quarter = timedelta(seconds=round(found.offset.total_seconds() / QUARTER_HOUR_S) * QUARTER_HOUR_S)
    remainder = abs(found.offset - quarter)
    verdict, template, shown = Verdict.FLAGGED, OTHER_ZONE, apart
    if not SMALLEST_OFFSET - CLOCK_TOLERANCE <= found.offset <= LARGEST_OFFSET + CLOCK_TOLERANCE:
        verdict, template, shown = Verdict.FAILED, IMPOSSIBLE, found.offset
    elif apart <= CLOCK_TOLERANCE:
        verdict, template = Verdict.PASSED, AGREES
    elif remainder > CLOCK_TOLERANCE:
        template, shown = OFF_QUARTER, remainder
    sentence = template.format(
        apart=duration(shown),
        stated=_offset_text(quarter),
        expected=_offset_text(expected),
        zone=zone.key,
        role=mark.role,
    )
    outside = _outside_interval(found, captured)
    if outside:
        sentence += outside
        verdict = Verdict.FLAGGED if verdict is Verdict.PASSED else verdict
    return Finding(
        verdict=verdict,
        measured_value=apart.total_seconds() / 60,
        unit="min",
        threshold=CLOCK_TOLERANCE.total_seconds() / 60,
        sentence=sentence,
        drawing=_timeline(found.utc, captured),
    )


def _outside_interval(found: _Clock, captured: Window | None) -> str:
    if captured is None:
        return ""
    if captured.first_utc - CLOCK_TOLERANCE <= found.utc <= captured.last_utc + CLOCK_TOLERANCE:
        return ""
    return OUTSIDE_INTERVAL.format(
        utc=moment(found.utc), start=moment(captured.first_utc), end=moment(captured.last_utc)
    )


def _timeline(utc: datetime, captured: Window | None) -> JsonObject:
    spans = [{"role": "file", "start_utc": encode(utc), "end_utc": encode(utc)}]
    if captured is not None:
        start, end = encode(captured.first_utc), encode(captured.last_utc)
        spans.append({"role": "captured", "start_utc": start, "end_utc": end})
    return {"kind": "timeline", "spans": spans, "date_only": False}


def _offset_text(value: timedelta) -> str:
    return offset(round(value.total_seconds() / 60))
