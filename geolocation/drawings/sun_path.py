"""The sun's way over a place on one day: height over azimuth, hours marked, and what a shadow measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import numpy as np

from geolocation.coordinates.position import Position
from geolocation.drawings.chart import Chart
from geolocation.drawings.picture import Part, dot, label, part
from geolocation.geodesy import FloatArray
from geolocation.shadows.days import LocalDays, whole_minutes
from geolocation.shadows.fitting import Fit
from geolocation.shadows.measured import Shadow
from geolocation.solar_series import sun_series

WIDTH, HEIGHT = 720.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 10.0, 14.0, 46.0
STEP_S = 120.0
# 95 in 100.
BAND_SIGMAS = 1.96
COMPASS = {0: "N", 45: "NE", 90: "E", 135: "SE", 180: "S", 225: "SW", 270: "W", 315: "NW"}


class _Axes:
    """Azimuth across, the side on which the sun stands at noon in the middle; height up."""

    def __init__(self, noon_azimuth_deg: float, highest_deg: float) -> None:
        self.start_deg = 0.0 if 90 <= noon_azimuth_deg < 270 else 180.0
        self.highest_deg = min(90.0, max(20.0, math.ceil((highest_deg + 5) / 10) * 10.0))

    def x(self, azimuth_deg: float) -> float:
        return LEFT + ((azimuth_deg - self.start_deg) % 360.0) / 360.0 * (WIDTH - LEFT - RIGHT)

    def y(self, altitude_deg: float) -> float:
        share = min(max(altitude_deg, 0.0), self.highest_deg) / self.highest_deg
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def sun_path(position: Position, days: LocalDays, shadow: Shadow, fits: Sequence[Fit]) -> Chart:
    """The first of the days: the whole path thin, the parts that fit thick, the measured bands behind."""
    start = days.start_utc
    end = min(days.end_utc, start + timedelta(days=1, hours=1))
    seconds = np.arange(start.timestamp(), end.timestamp() + STEP_S / 2, STEP_S)
    track = sun_series(position.latitude, position.longitude, seconds)
    azimuths, altitudes = track.azimuths_deg, track.apparent_altitudes_deg
    top = int(altitudes.argmax())
    axes = _Axes(float(azimuths[top]), float(altitudes[top]))
    shown = [fit for fit in fits if fit.start_utc < end]
    parts = [*_frame(axes), *_bands(axes, shadow), *_grid(axes)]
    parts.append(part("path", "path", d=_way(axes, azimuths, altitudes)))
    for fit in shown:
        inside = np.linspace(fit.start_utc.timestamp(), fit.end_utc.timestamp(), 60)
        of_fit = sun_series(position.latitude, position.longitude, inside)
        parts.append(part("path", "fit", d=_way(axes, of_fit.azimuths_deg, of_fit.apparent_altitudes_deg)))
    parts += _hours(axes, position, days, end)
    return Chart(WIDTH, HEIGHT, tuple(parts), _words(days, shown, float(altitudes[top])))


def _frame(axes: _Axes) -> list[Part]:
    ground = axes.y(0)
    return [
        part("rect", "ground", x=LEFT, y=TOP, width=WIDTH - LEFT - RIGHT, height=ground - TOP),
    ]


def _grid(axes: _Axes) -> list[Part]:
    parts = []
    for altitude in range(0, int(axes.highest_deg) + 1, 10 if axes.highest_deg <= 50 else 20):
        y = axes.y(altitude)
        parts += [
            part("line", "guide" if altitude else "axis", x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y),
            label(f"{altitude}°", LEFT - 6, y + 4, "end"),
        ]
    for azimuth, name in COMPASS.items():
        x = axes.x(azimuth)
        parts += [
            part("line", "guide", x1=x, y1=TOP, x2=x, y2=axes.y(0)),
            label(f"{name} {azimuth}°", x, HEIGHT - BOTTOM + 18, "start" if x < LEFT + 2 else "middle"),
        ]
    parts.append(label("Direction in which the sun stands", (LEFT + WIDTH) / 2, HEIGHT - 8, "middle"))
    return parts


def _bands(axes: _Axes, shadow: Shadow) -> list[Part]:
    """Where the sun has to stand for the measured direction, and for the measured length."""
    parts = []
    if shadow.azimuth_deg is not None and shadow.azimuth_error_deg is not None:
        half = min(BAND_SIGMAS * shadow.azimuth_error_deg, 180.0)
        width = 2 * half / 360.0 * (WIDTH - LEFT - RIGHT)
        left = axes.x(shadow.azimuth_deg + 180.0 - half)
        over = max(left + width - (WIDTH - RIGHT), 0.0)
        for x, wide in ((left, width - over), (LEFT, over)):
            if wide > 0:
                parts.append(part("rect", "wanted", x=x, y=TOP, width=wide, height=axes.y(0) - TOP))
    if shadow.length_ratio is not None and shadow.length_ratio_error is not None:
        low, high = (
            math.degrees(math.atan2(1.0, max(shadow.length_ratio + side * BAND_SIGMAS * error, 0.0)))
            for side, error in ((1, shadow.length_ratio_error), (-1, shadow.length_ratio_error))
        )
        y = axes.y(high)
        height = max(axes.y(low) - y, 1.0)
        parts.append(part("rect", "wanted", x=LEFT, y=y, width=WIDTH - LEFT - RIGHT, height=height))
    return parts


def _way(axes: _Axes, azimuths_deg: FloatArray, altitudes_deg: FloatArray) -> str:
    """The part above the horizon as a path, lifted where it leaves the picture on one side."""
    written, before = [], None
    for azimuth, altitude in zip(azimuths_deg, altitudes_deg, strict=True):
        if altitude < 0:
            before = None
            continue
        x, y = axes.x(float(azimuth)), axes.y(float(altitude))
        is_new = before is None or abs(x - before) > WIDTH / 2
        written.append(f"{'M' if is_new else 'L'}{x:.1f} {y:.1f}")
        before = x
    return "".join(written)


def _hours(axes: _Axes, position: Position, days: LocalDays, end: datetime) -> list[Part]:
    """A dot at each whole hour of the local clock."""
    at, hours = days.start_utc, []
    while at < end:
        hours.append(at)
        at += timedelta(hours=1)
    track = sun_series(position.latitude, position.longitude, [hour.timestamp() for hour in hours])
    parts: list[Part] = []
    for hour, azimuth, altitude in zip(hours, track.azimuths_deg, track.apparent_altitudes_deg, strict=True):
        if altitude < 0:
            continue
        x, y = axes.x(float(azimuth)), axes.y(float(altitude))
        parts += [dot(x, y, 3.0), label(_clock(hour, days.zone), x, y - 9, "middle", "value")]
    return parts


def _clock(moment: datetime, zone: tzinfo) -> str:
    shown = moment.astimezone(zone)
    return f"{shown:%H}" if shown.minute == 0 else f"{shown:%H:%M}"


def _words(days: LocalDays, fits: Sequence[Fit], highest_deg: float) -> str:
    said = ", ".join(
        " to ".join(f"{edge.astimezone(days.zone):%H:%M}" for edge in whole_minutes(fit)) for fit in fits
    )
    return (
        f"The sun's path on {days.first:%Y-%m-%d}, height over direction; at its highest it stands "
        f"{highest_deg:.0f}° over the horizon. The shadow fits {said or 'at no time of that day'}."
    )
