"""Does the direction written in the file point at the proposed subject?

The heading in a file (EXIF GPSImgDirection, QuickTime camera direction) is the axis of the lens. Everything
in the picture lies within half the field of view of it, so that is the tolerance, widened by the compass.
With neither field of view nor reference stated it comes to 45 degrees plus the positions' share.
"""

from __future__ import annotations

from dataclasses import replace

from geolocation.checks.base import CheckInputs, Finding, inapplicable
from geolocation.checks.direction import View, compare, half_field_deg
from geolocation.checks.registry import check

# Errors of phone compasses in published field tests average 10 to 30 degrees, worst beside steel and traffic
# (T. Novakova and T. L. Pavlis, J. Struct. Geol. 97, 2017, among others). The lower end is taken: the
# tolerance already holds half a field of view.
COMPASS_ERROR_DEG = 10.0

# Between 60 S and 60 N, outside the far Southern Ocean, magnetic and true north differ by less than about
# 30 degrees (World Magnetic Model 2025). No declination model is applied, so a magnetic heading is
# widened by it.
MAGNETIC_WIDENING_DEG = 30.0

# Nearer to a pole the declination takes any value, and a magnetic heading says nothing of true north.
MAGNETIC_LATITUDE_LIMIT_DEG = 60.0

NO_HEADING = "The file states no heading, so there is nothing to compare with the direction to the subject."
POLAR = (
    "The file's heading refers to magnetic north, which this close to a pole can lie in any direction; "
    "it cannot be compared."
)
AGREES = (
    "The file's heading is {axis}; the subject lies {distance} away at azimuth {azimuth}, {off} off it."
    " Up to {tolerance} is allowed ({half_field} half field of view, {axis_error} compass, {spread} "
    "positions)."
)
OUTSIDE = (
    "The file's heading is {axis}, but the subject lies {distance} away at azimuth {azimuth}: {off} off"
    " it, where {tolerance} is allowed ({half_field} half field of view, {axis_error} compass, {spread}"
    " positions)."
)
BEHIND = (
    "The file's heading is {axis}, but the subject lies {distance} away at azimuth {azimuth}: {off} off it, "
    "behind the camera; {tolerance} is allowed. Heading, camera or subject is wrong."
)
WITHOUT_FIELD = " No field of view is given; that of a phone's main camera was taken."
WITHOUT_REFERENCE = " The file does not say whether true or magnetic north; it was treated as magnetic."
MAGNETIC = " The heading is magnetic and no declination was applied, so the allowance is wider."


@check("file_heading", 1, title="Heading in the file")
def file_heading(inputs: CheckInputs) -> Finding:
    """Compare the file's heading with the azimuth from camera to subject."""
    if inputs.file_heading_deg is None:
        return inapplicable(NO_HEADING)
    true_north = inputs.file_heading_reference == "true"
    if not true_north and _near_a_pole(inputs):
        return inapplicable(POLAR, camera=inputs.camera, file_heading_deg=inputs.file_heading_deg)
    view = View(
        axis_deg=inputs.file_heading_deg,
        half_field_deg=half_field_deg(inputs),
        axis_error_deg=COMPASS_ERROR_DEG + (0.0 if true_north else MAGNETIC_WIDENING_DEG),
    )
    notes = "" if inputs.field_of_view_deg is not None else WITHOUT_FIELD
    if inputs.file_heading_reference == "magnetic":
        notes += MAGNETIC
    elif not true_north:
        notes += WITHOUT_REFERENCE
    finding = compare(inputs, view, agrees=AGREES + notes, outside=OUTSIDE + notes, behind=BEHIND + notes)
    used = {
        "file_heading_deg": inputs.file_heading_deg,
        "file_heading_reference": inputs.file_heading_reference,
    }
    return replace(finding, used={**finding.used, **used})


def _near_a_pole(inputs: CheckInputs) -> bool:
    camera = inputs.camera
    return camera is not None and abs(camera.position.latitude) > MAGNETIC_LATITUDE_LIMIT_DEG
