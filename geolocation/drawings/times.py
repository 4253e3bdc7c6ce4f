"""The sun's arc, spans of time on a line, and the times at which a shadow fits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from geolocation.checks.wording import degrees, moment
from geolocation.drawings.picture import WIDTH, Part, Picture, dot, label, part

ROW = 26.0
MARGIN = 6.0
MONTHS = "JFMAMJJASOND"


def sun(drawing: dict[str, Any]) -> Picture | None:
    """Height of the sun over the horizon through the interval."""
    samples = drawing.get("samples") or []
    if not samples:
        return None
    altitudes = [float(each["altitude_deg"]) for each in samples]
    times = [_read(each["at_utc"]) for each in samples]
    top, bottom = max(30.0, *altitudes) * 1.15, min(-10.0, *altitudes) * 1.15

    def height(altitude_deg: float) -> float:
        return 4 + (top - altitude_deg) / (top - bottom) * 62

    last = len(samples) - 1
    across = [MARGIN + at / last * (WIDTH - 2 * MARGIN) if last else WIDTH / 2 for at in range(last + 1)]
    track = [f"{x:.2f} {height(altitude):.2f}" for x, altitude in zip(across, altitudes, strict=True)]
    parts = [
        part("rect", "wedge", x=0.0, y=height(0), width=WIDTH, height=66 - height(0)),
        part("line", "guide", x1=0.0, y1=height(0), x2=WIDTH, y2=height(0)),
    ]
    if last:
        parts.append(part("path", "measure", d="M" + "L".join(track)))
    parts += [dot(across[at], height(altitudes[at]), 3.5, measured=True) for at in sorted({0, last})]
    if last:
        parts += [
            label(f"{times[0]:%H:%M}", 0, 79),
            label(f"{times[-1]:%H:%M} UTC", WIDTH, 79, "end"),
        ]
    else:
        parts.append(
            label(f"{degrees(altitudes[0])}, {times[0]:%H:%M} UTC", WIDTH / 2, 79, "middle", "value")
        )
    words = (
        f"The sun's height over the horizon from {moment(times[0])} to {moment(times[-1])}: "
        f"{degrees(altitudes[0])} at the start, {degrees(altitudes[-1])} at the end, between "
        f"{degrees(min(altitudes))} and {degrees(max(altitudes))}."
    )
    return Picture(84, tuple(parts), words)


def timeline(drawing: dict[str, Any]) -> Picture | None:
    """Spans of time, one row each; an end that nobody knows runs on in dashes."""
    spans = [
        (str(each["role"]), _maybe(each.get("start_utc")), _maybe(each.get("end_utc")))
        for each in drawing.get("spans") or []
    ]
    known = [end for _role, *ends in spans for end in ends if end is not None]
    if not known:
        return None
    least, most = min(known), max(known)
    width_s = max((most - least).total_seconds(), 1.0)

    def across(at: datetime) -> float:
        return MARGIN + (at - least).total_seconds() / width_s * (WIDTH - 2 * MARGIN)

    parts: list[Part] = []
    said = []
    for row, (role, start, end) in enumerate(spans):
        y = row * ROW + 18
        left, right = across(start) if start else 0.0, across(end) if end else WIDTH
        parts += [
            part("line", "guide guide--dashed", x1=0.0, y1=y, x2=WIDTH, y2=y),
            part("line", "measure" if row else "stated", x1=left, y1=y, x2=max(right, left + 0.5), y2=y),
        ]
        if start:
            parts.append(dot(left, y, 3, measured=row > 0))
        if end and right - left > 1:
            parts.append(dot(right, y, 3, measured=row > 0))
        parts.append(label(role, 0, y - 7))
        said.append(f"{role} {_span(start, end)}")
    by_day = width_s >= 86_400 or drawing.get("date_only")
    shape = "%d %b" if by_day else "%H:%M"
    below = len(spans) * ROW + 14
    parts += [
        label(f"{least:{shape}}", 0, below),
        label(f"{most:{shape}} UTC", WIDTH, below, "end"),
    ]
    return Picture(len(spans) * ROW + 18, tuple(parts), "On a line of time: " + "; ".join(said) + ".")


def _span(start: datetime | None, end: datetime | None) -> str:
    if start and end:
        return f"at {moment(start)}" if start == end else f"from {moment(start)} to {moment(end)}"
    return f"from {moment(start)}" if start else f"to {moment(end)}" if end else "at an unknown time"


def shadow_times(drawing: dict[str, Any]) -> Picture:
    """The day of capture with the times that fit and the interval given, and below it the year."""
    start = _read(drawing["day_start_utc"])
    day_s = timedelta(days=1).total_seconds()

    def across(at: datetime) -> float:
        share = min(max((at - start).total_seconds() / day_s, 0.0), 1.0)
        return MARGIN + share * (WIDTH - 2 * MARGIN)

    first, last = (across(_read(each)) for each in drawing["captured"])
    fits = [tuple(_read(end) for end in each) for each in drawing.get("fits") or []]
    parts = [
        part("line", "guide guide--dashed", x1=MARGIN, y1=18.0, x2=WIDTH - MARGIN, y2=18.0),
        part("line", "stated", x1=first, y1=18.0, x2=max(last, first + 1), y2=18.0),
        part("line", "guide guide--dashed", x1=MARGIN, y1=28.0, x2=WIDTH - MARGIN, y2=28.0),
    ]
    for begin, end in fits:
        parts.append(
            part(
                "line", "measure", x1=across(begin), y1=28.0, x2=max(across(end), across(begin) + 1), y2=28.0
            )
        )
    parts += [
        label("00", MARGIN, 11, "middle"),
        label("12", WIDTH / 2, 11, "middle"),
        label("24 UTC", WIDTH, 11, "end"),
    ]
    days = [int(each) for each in drawing.get("days") or []]
    height = 38.0
    if days:
        parts += _year(days)
        height = 68.0
    said = ", ".join(f"{begin:%H:%M} to {end:%H:%M}" for begin, end in fits) or "no time"
    words = (
        f"On {start:%Y-%m-%d} (UTC) the shadow fits {said}; the capture was put between {_clock(drawing)}."
    )
    if days:
        words += f" Over the year it fits on about {len(days) * 5} days at the same clock times."
    return Picture(height, tuple(parts), words)


def _year(days: list[int]) -> list[Part]:
    width = (WIDTH - 2 * MARGIN) / 366
    parts = [part("line", "guide guide--dashed", x1=MARGIN, y1=48.0, x2=WIDTH - MARGIN, y2=48.0)]
    parts += [
        part("rect", "reach", x=MARGIN + day * width, y=44.0, width=5 * width, height=8.0) for day in days
    ]
    firsts = [(date(2023, month, 1) - date(2023, 1, 1)).days for month in range(1, 13)]
    parts += [
        label(letter, MARGIN + (first + 15) * width, 65, "middle")
        for letter, first in zip(MONTHS, firsts, strict=True)
    ]
    return parts


def _clock(drawing: dict[str, Any]) -> str:
    first, last = (_read(each) for each in drawing["captured"])
    return f"{moment(first)} and {moment(last)}"


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _maybe(text: str | None) -> datetime | None:
    return _read(text) if text else None
