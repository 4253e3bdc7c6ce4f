"""A measured shadow as a revision keeps it: the marks, what was assumed of the camera, and what they gave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from geolocation.shadows.in_picture import Marks, Pixel, Pose, shadow_in_picture
from geolocation.shadows.measured import Shadow

# Raised when the same marks can give another answer.
VERSION = 1
LARGEST_PX = 1_000_000


def record_of(marks: Marks, pose: Pose, frame_time_s: float | None) -> dict[str, Any]:
    """A JSON-safe object from which `marks_of` makes the same marks. Raises NotMeasurable."""
    shadow = shadow_in_picture(marks, pose).shadow
    return {
        "version": VERSION,
        "picture": [marks.width_px, marks.height_px],
        "foot": _pair(marks.foot),
        "tip": _pair(marks.tip),
        "top": _pair(marks.top) if marks.top else None,
        "horizon_y": marks.horizon_y,
        "sigma_px": marks.sigma_px,
        "frame_time_s": frame_time_s,
        "pose": asdict(pose),
        "measured": asdict(shadow),
    }


def marks_of(record: Mapping[str, Any]) -> tuple[Marks, Pose, float | None]:
    """What a record was made of. Raises ValueError for anything that no record holds."""
    try:
        width_px, height_px = (int(side) for side in record["picture"])
        time_s = record.get("frame_time_s")
        marks = Marks(
            width_px=width_px,
            height_px=height_px,
            foot=_pixel(record["foot"]),
            tip=_pixel(record["tip"]),
            top=_pixel(record["top"]) if record.get("top") else None,
            horizon_y=_number(record.get("horizon_y")),
            sigma_px=float(record["sigma_px"]),
        )
        pose = _pose(record["pose"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no record of a measured shadow") from error
    _refuse_nonsense(marks)
    return marks, pose, _number(time_s)


def measured_in(record: Mapping[str, Any]) -> Shadow:
    """What the marks gave when the record was made."""
    return Shadow(**record["measured"])


def _pose(data: Mapping[str, Any]) -> Pose:
    given = {each.name: data[each.name] for each in fields(Pose)}
    is_from_above = given.pop("is_from_above")
    numbers = {name: _number(value) for name, value in given.items()}
    if any(value is None for name, value in numbers.items() if name != "heading_deg"):
        raise ValueError("a camera's numbers are known, except the heading")
    # The names are fields of `Pose`; a mapping cannot tell the type checker so.
    return Pose(**numbers, is_from_above=bool(is_from_above))  # type: ignore[arg-type]


def _refuse_nonsense(marks: Marks) -> None:
    sides = (marks.width_px, marks.height_px)
    if not all(2 <= side <= LARGEST_PX for side in sides) or not 0 < marks.sigma_px < LARGEST_PX:
        raise ValueError("a picture has a size, and a mark an error")


def _pair(pixel: Pixel) -> list[float]:
    return [pixel.x, pixel.y]


def _pixel(pair: Any) -> Pixel:
    x, y = (float(each) for each in pair)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError("a pixel is two finite numbers")
    return Pixel(x, y)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number is finite")
    return number
