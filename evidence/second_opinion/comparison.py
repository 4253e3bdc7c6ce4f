"""Two opinions value by value. What differs is never resolved here: a person looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pyproj import Geod

from .base import Opinion, Value

_WGS84 = Geod(ellps="WGS84")
# Readers round: loci keeps 1/65536 of a degree (1.7 m), and exiftool prints it shorter.
SAME_PLACE_M = 2.0
SAME_HEADING_DEG = 0.05
SAME_DURATION_S = 0.1


class Verdict(StrEnum):
    """How two readers stand to each other on one value."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ONLY_FIRST = "only_first"
    ONLY_SECOND = "only_second"


@dataclass(frozen=True, slots=True)
class Compared:
    """One value of both. ``key`` names it; ``by`` says how far they are apart, as a number with its unit."""

    key: str
    verdict: Verdict
    first: Value | None
    second: Value | None
    by: str = ""


_Shown = tuple[str, str] | None  # what is shown, and the field whose source counts
_Apart = Callable[[Opinion, Opinion], tuple[bool, str]]


def compare(first: Opinion, second: Opinion) -> tuple[Compared, ...]:
    """One row for each value that at least one of them has, in a fixed order."""
    rows = (_row(key, shown, apart, first, second) for key, shown, apart in _ROWS)
    return tuple(row for row in rows if row is not None)


def _row(
    key: str, shown: Callable[[Opinion], _Shown], apart: _Apart, first: Opinion, second: Opinion
) -> Compared | None:
    one, two = _value(shown, first), _value(shown, second)
    if one is None and two is None:
        return None
    if one is None or two is None:
        return Compared(key, Verdict.ONLY_SECOND if one is None else Verdict.ONLY_FIRST, one, two)
    is_same, by = apart(first, second)
    return Compared(key, Verdict.AGREES if is_same else Verdict.DIFFERS, one, two, by)


def _value(shown: Callable[[Opinion], _Shown], opinion: Opinion) -> Value | None:
    found = shown(opinion)
    return Value(found[0], opinion.source_of(found[1])) if found else None


def _position(opinion: Opinion) -> _Shown:
    if opinion.latitude is None or opinion.longitude is None:
        return None
    return f"{opinion.latitude:.6f}, {opinion.longitude:.6f}", "latitude"


def _position_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    _, _, metres = _WGS84.inv(first.longitude, first.latitude, second.longitude, second.latitude)
    return metres <= SAME_PLACE_M, "" if metres <= SAME_PLACE_M else f"{metres:,.0f} m"


def _captured(opinion: Opinion) -> _Shown:
    return (opinion.captured.replace("T", " "), "captured") if opinion.captured else None


def _captured_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    """As moments where both know the offset, else by what the clocks show."""
    one, two = datetime.fromisoformat(str(first.captured)), datetime.fromisoformat(str(second.captured))
    if first.offset_min is not None and second.offset_min is not None:
        one -= timedelta(minutes=first.offset_min)
        two -= timedelta(minutes=second.offset_min)
    apart = abs(one - two)
    return apart < timedelta(seconds=2), "" if apart < timedelta(seconds=2) else str(apart)


def _offset(opinion: Opinion) -> _Shown:
    if opinion.offset_min is None:
        return None
    hours, minutes = divmod(abs(opinion.offset_min), 60)
    return f"{'-' if opinion.offset_min < 0 else '+'}{hours:02d}:{minutes:02d}", "offset_min"


def _offset_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    return first.offset_min == second.offset_min, ""


def _heading(opinion: Opinion) -> _Shown:
    if opinion.heading_deg is None:
        return None
    return f"{opinion.heading_deg:.1f}° {opinion.heading_reference or ''}".strip(), "heading_deg"


def _heading_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    """The shorter way round; true and magnetic north are not the same."""
    turn = abs(float(first.heading_deg or 0) - float(second.heading_deg or 0)) % 360
    turn = min(turn, 360 - turn)
    is_same = turn <= SAME_HEADING_DEG and first.heading_reference == second.heading_reference
    return is_same, "" if turn <= SAME_HEADING_DEG else f"{turn:.1f}°"


def _camera(opinion: Opinion) -> _Shown:
    parts = [part for part in (opinion.camera_make, opinion.camera_model) if part]
    return (" ".join(parts), "camera_model") if parts else None


def _camera_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    one, two = (" ".join((_camera(each) or ("", ""))[0].lower().split()) for each in (first, second))
    return one == two, ""


def _size(opinion: Opinion) -> _Shown:
    return (f"{opinion.width} × {opinion.height}", "width") if opinion.width and opinion.height else None


def _size_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    """Turned by a quarter is not the same: one of them applied the rotation."""
    return (first.width, first.height) == (second.width, second.height), ""


def _duration(opinion: Opinion) -> _Shown:
    return (f"{opinion.duration_s:.2f} s", "duration_s") if opinion.duration_s else None


def _duration_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    apart = abs(float(first.duration_s or 0) - float(second.duration_s or 0))
    return apart <= SAME_DURATION_S, "" if apart <= SAME_DURATION_S else f"{apart:.2f} s"


def _track(opinion: Opinion) -> _Shown:
    if not opinion.track_fixes or not opinion.track_start or not opinion.track_end:
        return None
    ends = (
        f"{latitude:.6f}, {longitude:.6f}" for latitude, longitude in (opinion.track_start, opinion.track_end)
    )
    return f"{opinion.track_fixes}: {' → '.join(ends)}", "track_fixes"


def _track_apart(first: Opinion, second: Opinion) -> tuple[bool, str]:
    """By its ends: readers take different shares of the fixes between."""
    most = 0.0
    for one, two in ((first.track_start, second.track_start), (first.track_end, second.track_end)):
        if one and two:
            most = max(most, float(_WGS84.inv(one[1], one[0], two[1], two[0])[2]))
    return most <= SAME_PLACE_M, "" if most <= SAME_PLACE_M else f"{most:,.0f} m"


_ROWS: tuple[tuple[str, Callable[[Opinion], _Shown], _Apart], ...] = (
    ("position", _position, _position_apart),
    ("captured", _captured, _captured_apart),
    ("offset", _offset, _offset_apart),
    ("heading", _heading, _heading_apart),
    ("camera", _camera, _camera_apart),
    ("size", _size, _size_apart),
    ("duration", _duration, _duration_apart),
    ("track", _track, _track_apart),
)
