"""Figures with their units, as the sentences of checks show them."""

from __future__ import annotations

from datetime import date, datetime, timedelta


def metres(distance_m: float) -> str:
    """`0.4 m`, `12 m`, `1.25 km`, `312 km`: as many digits as a reader can use."""
    if distance_m < 9.95:
        return f"{distance_m:.1f} m"
    if distance_m < 999.5:
        return f"{distance_m:.0f} m"
    if distance_m < 99_950:
        return f"{distance_m / 1000:.2f} km"
    return f"{distance_m / 1000:,.0f} km"


def degrees(angle_deg: float) -> str:
    """`7.2°` below ten, `196°` above: no compass in a camera knows more."""
    return f"{angle_deg:.1f}°" if abs(angle_deg) < 9.95 else f"{angle_deg:.0f}°"


def azimuth(azimuth_deg: float) -> str:
    """A direction from true north, `016.2°`, never `360.0°`."""
    return f"{round(azimuth_deg, 1) % 360:05.1f}°"


def moment(at_utc: datetime) -> str:
    """`2023-09-21 05:43 UTC`."""
    # Twice as fast as strftime, and every sentence has one or two.
    return at_utc.isoformat(sep=" ", timespec="minutes")[:16] + " UTC"


def day(value: date) -> str:
    """`2023-09-21`."""
    return value.isoformat()


def duration(length: timedelta) -> str:
    """`45 s`, `12 min`, `3.5 h`, `12 days`, whatever the sign."""
    seconds = abs(length.total_seconds())
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:,.0f} days"


def offset(offset_min: int) -> str:
    """`UTC+04:00`."""
    hours, minutes = divmod(abs(offset_min), 60)
    return f"UTC{'-' if offset_min < 0 else '+'}{hours:02d}:{minutes:02d}"
