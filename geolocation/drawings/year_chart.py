"""A year at a place: days across, hours of the local clock up, the times that fit filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from geolocation.drawings.chart import Chart, box_path
from geolocation.drawings.picture import Part, label, part
from geolocation.shadows.year import DayOfYear

WIDTH, HEIGHT = 720.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 10.0, 10.0, 28.0
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Thinner than this a time that fits would not be seen.
THINNEST = 1.5


AcrossOf = Callable[[date], float]
UpOf = Callable[[float], float]


def year_chart(days: Sequence[DayOfYear], first: date, last: date) -> Chart:
    """`first` and `last` are the days that were asked about: marked where they lie in this year."""
    across = (WIDTH - LEFT - RIGHT) / len(days)
    start = days[0].day

    def x(day: date) -> float:
        return LEFT + (day - start).days * across

    def y(hour: float) -> float:
        return HEIGHT - BOTTOM - hour / 24 * (HEIGHT - TOP - BOTTOM)

    parts: list[Part] = [
        part("rect", "night", x=LEFT, y=TOP, width=WIDTH - LEFT - RIGHT, height=HEIGHT - TOP - BOTTOM),
        part("path", "day", d=_filled(days, "sunlit", x, y, across)),
        *_grid(x, y, start.year),
    ]
    if last >= start and first <= days[-1].day:
        left, right = x(max(first, start)), x(min(last, days[-1].day)) + across
        parts.append(
            part("rect", "asked", x=left, y=TOP, width=max(right - left, 1.5), height=HEIGHT - TOP - BOTTOM)
        )
    parts.append(part("path", "fit", d=_filled(days, "fits", x, y, across)))
    fitting = sum(bool(each.fits) for each in days)
    words = (
        f"The year {start.year}: days across, hours of the local clock up. The shadow fits at some time on "
        f"{fitting} of {len(days)} days; the table below has the same by month."
    )
    return Chart(WIDTH, HEIGHT, tuple(parts), words)


def _filled(days: Sequence[DayOfYear], name: str, x: AcrossOf, y: UpOf, across: float) -> str:
    written = []
    for each in days:
        for begin, close in getattr(each, name):
            tall = max(y(begin) - y(close), THINNEST)
            written.append(box_path(x(each.day), y(close), across + 0.1, tall))
    return "".join(written)


def _grid(x: AcrossOf, y: UpOf, year: int) -> list[Part]:
    parts = []
    for hour in range(0, 25, 3):
        at = y(hour)
        parts.append(part("line", "guide", x1=LEFT, y1=at, x2=WIDTH - RIGHT, y2=at))
        if hour % 6 == 0:
            parts.append(label(f"{hour:02d}:00", LEFT - 6, at + 4, "end"))
    for number, name in enumerate(MONTHS, start=1):
        left = x(date(year, number, 1))
        parts += [
            part("line", "guide", x1=left, y1=TOP, x2=left, y2=HEIGHT - BOTTOM),
            label(name, left + (WIDTH - LEFT - RIGHT) / 24, HEIGHT - 10, "middle"),
        ]
    return parts
