"""A shadow as a person measured it: what it takes, and the columns of a revision that keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evidence.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class ShadowSeen:
    """A shadow on level ground: where it points, and its length by the height of what casts it.

    Each measure comes with its error (one standard deviation), or both are None.
    """

    azimuth_deg: float | None = None
    azimuth_error_deg: float | None = None
    length_ratio: float | None = None
    length_ratio_error: float | None = None
    # Where in the picture it was measured, as `geolocation.shadows.record` writes it.
    marks: dict[str, Any] | None = None


NO_SHADOW = ShadowSeen()


def shadow_refuse(shadow: ShadowSeen) -> None:
    """Raises InvalidInput for half a measure, and for one out of its range."""
    if shadow.marks is not None and shadow.azimuth_deg is None and shadow.length_ratio is None:
        raise InvalidInput(
            _("There are marks of a shadow but no measure. Give one, or drop the marks."),
            field="shadow_marks",
        )
    for name, most in (("azimuth", 360.0), ("length", 1000.0)):
        measure = "azimuth_deg" if name == "azimuth" else "length_ratio"
        error = "azimuth_error_deg" if name == "azimuth" else "length_ratio_error"
        value, error_value = getattr(shadow, measure), getattr(shadow, error)
        if (value is None) != (error_value is None):
            raise InvalidInput(
                _("Give the measure of a shadow together with its error."),
                field=f"shadow_{error if error_value is None else measure}",
            )
        if value is not None and not 0 <= value < most:
            raise InvalidInput(
                _("Give a number of 0 or more and less than %(most)d.") % {"most": most},
                field=f"shadow_{measure}",
            )
        if error_value is not None and not 0 < error_value <= most / 2:
            raise InvalidInput(
                _("Give an error of more than 0 and at most %(most)d.") % {"most": most / 2},
                field=f"shadow_{error}",
            )


def shadow_columns(shadow: ShadowSeen) -> dict[str, Any]:
    """Columns of a revision that speak of its shadow."""
    return {f"shadow_{name}": getattr(shadow, name) for name in ShadowSeen.__dataclass_fields__}
