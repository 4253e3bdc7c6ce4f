"""Does the bearing that the investigator typed point at the subject that they placed?

The bearing is the axis of view. Both come from the same person, so a disagreement is a slip: a typing error,
the back bearing, or a point dragged later.
"""

from __future__ import annotations

from geolocation.checks.base import CheckInputs, Finding, inapplicable
from geolocation.checks.direction import READS_SIGHT, View, compare, half_field_deg
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check

# A bearing read off a map with a ruler or from two landmarks is good to a few degrees.
TYPED_BEARING_ERROR_DEG = 5.0

NO_BEARING = "No bearing is given, so there is nothing to compare with the direction to the subject."
AGREES = (
    "The bearing given is {axis}; the subject lies {distance} away at azimuth {azimuth}, {off} off it. "
    "Up to {tolerance} is allowed ({half_field} half field of view, {axis_error} bearing, {spread} "
    "positions)."
)
OUTSIDE = (
    "The bearing given is {axis}, but the subject lies {distance} away at azimuth {azimuth}: {off} off "
    "it, where {tolerance} is allowed ({half_field} half field of view, {axis_error} bearing, {spread} "
    "positions)."
)
BEHIND = (
    "The bearing given is {axis}, but the subject lies {distance} away at azimuth {azimuth}: {off} off it, "
    "behind the camera; {tolerance} is allowed. Bearing, camera or subject is wrong."
)
WITHOUT_FIELD = " No field of view is given; that of a phone's main camera was taken."


@check("bearing", 1, title="Bearing given", reads=("bearing_deg", *READS_SIGHT))
def bearing(inputs: CheckInputs, measures: Measures) -> Finding:
    """Compare the typed bearing with the azimuth from camera to subject."""
    if inputs.bearing_deg is None:
        return inapplicable(NO_BEARING)
    view = View(
        axis_deg=inputs.bearing_deg,
        half_field_deg=half_field_deg(inputs),
        axis_error_deg=TYPED_BEARING_ERROR_DEG,
    )
    note = "" if inputs.field_of_view_deg is not None else WITHOUT_FIELD
    return compare(inputs, view, agrees=AGREES + note, outside=OUTSIDE + note, behind=BEHIND + note)
