"""From a stored drawing to its picture, by the drawing's kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geolocation.drawings import places, times
from geolocation.drawings.picture import Picture

KINDS: dict[str, Callable[[dict[str, Any]], Picture | None]] = {
    "distance": places.distance,
    "edge": places.edge,
    "compass": places.compass,
    "sun": times.sun,
    "timeline": times.timeline,
    "shadow_times": times.shadow_times,
}


def picture_of(drawing: Mapping[str, Any] | None) -> Picture | None:
    """The picture of a drawing; None where there is nothing to draw.

    A run stored years ago may lack what today's picture needs: it then has none, and its sentence says all.
    """
    make = KINDS.get(str((drawing or {}).get("kind")))
    if make is None or drawing is None:
        return None
    try:
        return make(dict(drawing))
    except (KeyError, TypeError, ValueError):
        return None
