"""Does the direction written in the file point at the proposed subject?

The heading in a file (EXIF GPSImgDirection, QuickTime camera direction) is the axis of the lens. Everything
in the picture lies within half the field of view of it, so that is the tolerance, widened by the compass and
by how far the positions let the direction swing. A magnetic heading is turned by the declination at the
camera on that day.
"""

from __future__ import annotations

import math

from geolocation import geodesy
from geolocation.checks.base import CheckInputs, Finding, inapplicable
from geolocation.checks.direction import READS_SIGHT, View, compare, half_field_deg, to_subject
from geolocation.checks.measures import Measures
from geolocation.checks.north import (
    APPLIED,
    EITHER,
    UNDATED,
    WITHOUT_DATE_YEARS,
    North,
    magnetic_north,
    prepare,
)
from geolocation.checks.registry import check
from geolocation.checks.wording import azimuth

# Errors of phone compasses in published field tests average 10 to 30 degrees, worst beside steel and traffic
# (T. Novakova and T. L. Pavlis, J. Struct. Geol. 97, 2017, among others). The lower end is taken: the
# tolerance already holds half a field of view.
COMPASS_ERROR_DEG = 10.0

NO_HEADING = "The file states no heading, so there is nothing to compare with the direction to the subject."
AGREES = (
    "The file's heading is {axis} from true north; the subject lies {distance} away at azimuth {azimuth}, "
    "{off} off it."
    " Up to {tolerance} is allowed ({half_field} half field of view, {axis_error} compass, {spread} "
    "positions)."
)
OUTSIDE = (
    "The file's heading is {axis} from true north, but the subject lies {distance} away at azimuth "
    "{azimuth}: {off} off"
    " it, where {tolerance} is allowed ({half_field} half field of view, {axis_error} compass, {spread}"
    " positions)."
)
BEHIND = (
    "The file's heading is {axis} from true north, but the subject lies {distance} away at azimuth "
    "{azimuth}: {off} off it, "
    "behind the camera; {tolerance} is allowed. Heading, camera or subject is wrong."
)
WITHOUT_FIELD = " No field of view is given; that of a phone's main camera was taken."


@check(
    "file_heading",
    2,
    title="Heading in the file",
    reads=(
        "file_heading_deg",
        "file_heading_reference",
        "file_times",
        "captured",
        "captured_on",
        *READS_SIGHT,
    ),
    prepare=prepare,
)
def file_heading(inputs: CheckInputs, measures: Measures) -> Finding:
    """Compare the file's heading, turned to true north, with the azimuth from camera to subject."""
    if inputs.file_heading_deg is None:
        return inapplicable(NO_HEADING)
    direction = to_subject(inputs)
    if isinstance(direction, str):
        return inapplicable(direction)
    north = None if inputs.file_heading_reference == "true" else magnetic_north(inputs, measures)
    if isinstance(north, str):
        return inapplicable(north)
    axis_deg, note = _axis(inputs.file_heading_deg, direction.azimuth_deg, north, inputs)
    view = View(
        axis_deg=axis_deg,
        half_field_deg=half_field_deg(inputs),
        axis_error_deg=COMPASS_ERROR_DEG if north is None else math.hypot(COMPASS_ERROR_DEG, north.error_deg),
    )
    if inputs.field_of_view_deg is None:
        note = WITHOUT_FIELD + note
    return compare(inputs, view, agrees=AGREES + note, outside=OUTSIDE + note, behind=BEHIND + note)


def _axis(
    heading_deg: float, azimuth_deg: float, north: North | None, inputs: CheckInputs
) -> tuple[float, str]:
    """The lens's axis from true north, and the words on how it was got."""
    if north is None:
        return heading_deg, ""
    turned_deg = geodesy.normalised_azimuth_deg(heading_deg + north.declination_deg)
    undated = "" if north.dated else UNDATED.format(first=WITHOUT_DATE_YEARS[0], last=WITHOUT_DATE_YEARS[1])
    if inputs.file_heading_reference == "magnetic":
        note = APPLIED.format(heading=azimuth(heading_deg), angle=north.text, model=north.model)
        return turned_deg, note + undated
    # Nobody says which north: the reading that speaks for the proposal is taken, as a doubt should be.
    off_true, off_magnetic = (
        abs(geodesy.angular_difference_deg(axis_deg, azimuth_deg)) for axis_deg in (heading_deg, turned_deg)
    )
    nearer = "true" if off_true <= off_magnetic else "magnetic"
    note = EITHER.format(north=nearer, angle=north.text, model=north.model)
    return (heading_deg if nearer == "true" else turned_deg), note + undated
