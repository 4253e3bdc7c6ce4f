"""The stored resection of a revision as the checks read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geolocation.checks.base import Resected
from geolocation.coordinates.position import Position


def resected_from(stored: Mapping[str, Any] | None) -> Resected | None:
    """What the landmarks of a revision gave, from its column of JSON; None where no camera was found.

    Only a result that is `solved` names one place; a weak or ambiguous one is told as such.
    """
    result = (stored or {}).get("result") or {}
    camera = result.get("camera")
    if not camera:
        return None
    used = [each for each in result.get("residuals", []) if not each["outlier"]]
    return Resected(
        position=Position(**camera["position"]),
        semi_major_m=camera["ellipse"]["semi_major_m"],
        landmarks=len(used),
        worst_residual_deg=max((abs(each["angle_deg"]) for each in used), default=0.0),
        heading_deg=camera["heading_deg"],
        is_weak=result.get("status") != "solved",
    )
