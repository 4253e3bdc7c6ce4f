"""What one reader says of a file, in the few values that decide something. Unknown is ``None``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it is compared and as it is shown, with where in the file the reader found it."""

    shown: str
    where: str


class Fix(NamedTuple):
    """Degrees of WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """One reader's values. ``sources`` names where each came from, by the name of the field."""

    reader: str  # its name and version, for a person
    latitude: float | None = None
    longitude: float | None = None
    captured: str | None = None  # ISO 8601 without an offset: the local time, or UTC if offset_min is 0
    offset_min: int | None = None  # minutes east of UTC; None when the reader does not know
    heading_deg: float | None = None
    heading_reference: str | None = None  # "true" or "magnetic"
    camera_make: str | None = None
    camera_model: str | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    track_fixes: int | None = None
    track_start: tuple[float, float] | None = None
    track_end: tuple[float, float] | None = None
    sources: Mapping[str, str] | None = None

    def source_of(self, field: str) -> str:
        """Where the value came from; empty when the reader does not say."""
        return (self.sources or {}).get(field, "")

    def to_json(self) -> dict[str, Any]:
        """Plain values; ``from_json`` gives the same opinion back."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Opinion:
        """Rebuild. Unknown keys are ignored; a wrong shape raises ValueError."""
        known = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        try:
            for name in ("track_start", "track_end"):
                if known.get(name) is not None:
                    latitude, longitude = known[name]
                    known[name] = (float(latitude), float(longitude))
            return cls(**known)
        except (TypeError, ValueError) as error:
            raise ValueError(f"This is not a stored opinion: {error}.") from error


def number(value: Any) -> float | None:
    """A finite number, also where it is written as text; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def moment(value: datetime) -> str:
    """To the second, without an offset."""
    return value.replace(tzinfo=None, microsecond=0).isoformat()
