"""Is the proposed camera position where the file says that it was recorded?

What a camera writes is where the camera was, so the fix is compared with the camera position and never
with the subject.
"""

from __future__ import annotations

from geolocation import geodesy
from geolocation.checks.base import CheckInputs, FileFix, Finding, Verdict, inapplicable
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark, Separation, separation
from geolocation.checks.wording import metres
from geolocation.coordinates.position import Position

# A phone under open sky is typically within 4.9 m (F. van Diggelen and P. Enge, ION GNSS+ 2015, quoted by
# gps.gov); between buildings and indoors several times that. Three times the open-sky figure.
DEFAULT_FIX_ERROR_M = 15.0

# A dilution of precision scales the ranging error of the receiver, about 5 m for a civil single-frequency
# one.
RANGING_ERROR_M = 5.0
# Receivers call a dilution above 20 unusable; larger numbers in files are something else in the wrong tag.
LARGEST_DILUTION = 20.0

NO_FIX = "The file states no position, so there is nothing to compare the proposal with."
UNREADABLE = "The file states a position that cannot be used ({status}), so there is nothing to compare with."
NO_PLACE = "The camera position is missing; place the camera to compare it with the file's own position."
SUBJECT_ONLY = (
    "Only the subject is placed. The file's own position, which tells where the camera was, is "
    "{distance} from the subject; place the camera to compare them."
)
AGREES = (
    "The file's own position is {distance} from the camera position; both uncertainties together allow "
    "{allowed}."
)
APART = (
    "The file's own position is {distance} from the camera position, more than the {allowed} that both "
    "uncertainties together allow."
)
CONTRADICTS = (
    "The file's own position is {distance} from the camera position; both uncertainties together allow "
    "{allowed}. One of the two is wrong, or the file's position was not taken by the camera at that "
    "moment."
)
STATED = ""
FROM_DILUTION = " The file states no error; {error} was taken from its dilution of precision of {dilution:g}."
ASSUMED = " The file states no error; {error} was assumed, usual for a phone."
OTHER_FIX = " The file states another position too ({source}), {distance} from this one; they disagree."


@check(
    "file_position",
    1,
    title="Position in the file",
    reads=("camera", "subject", "file_fixes", "preferred_fix"),
)
def file_position(inputs: CheckInputs, measures: Measures) -> Finding:
    """Distance between the camera position and the file's own, against both uncertainties."""
    if not inputs.file_fixes:
        return inapplicable(NO_FIX)
    chosen = _choose(inputs)
    if chosen is None:
        status = ", ".join(sorted({fix.status.replace("_", " ") for fix in inputs.file_fixes}))
        return inapplicable(UNREADABLE.format(status=status))
    fix, fix_position = chosen
    if inputs.camera is None:
        return _without_camera(inputs, fix_position)
    error_m, note = fix_error_m(fix)
    compared = separation(
        Mark("camera", inputs.camera.position, inputs.camera.uncertainty_m),
        Mark("file", fix_position, error_m),
    )
    verdict = compared.verdict
    template = {Verdict.PASSED: AGREES, Verdict.FLAGGED: APART, Verdict.FAILED: CONTRADICTS}[verdict]
    sentence = (
        template.format(distance=metres(compared.distance_m), allowed=metres(compared.allowed_m)) + note
    )
    disagreement = _disagreement(inputs, fix, compared.second)
    if disagreement is not None:
        other, apart = disagreement
        sentence += OTHER_FIX.format(source=other.source or other.status, distance=metres(apart.distance_m))
        verdict = Verdict.FLAGGED if verdict is Verdict.PASSED else verdict
    return Finding(
        verdict=verdict,
        measured_value=compared.distance_m,
        unit="m",
        threshold=compared.allowed_m,
        sentence=sentence,
        drawing=compared.drawing(),
    )


def fix_error_m(fix: FileFix) -> tuple[float, str]:
    """The fix's error as a radius in metres, and the sentence that says how it is known (empty if stated)."""
    if fix.horizontal_error_m is not None and fix.horizontal_error_m > 0:
        return fix.horizontal_error_m, STATED
    if fix.dilution is not None and 0 < fix.dilution <= LARGEST_DILUTION:
        error_m = fix.dilution * RANGING_ERROR_M
        return error_m, FROM_DILUTION.format(error=metres(error_m), dilution=fix.dilution)
    return DEFAULT_FIX_ERROR_M, ASSUMED.format(error=metres(DEFAULT_FIX_ERROR_M))


def _choose(inputs: CheckInputs) -> tuple[FileFix, Position] | None:
    """The preferred fix if it can be used, else the first that can."""
    fixes = list(inputs.file_fixes)
    if inputs.preferred_fix is not None:
        fixes.insert(0, fixes[inputs.preferred_fix])
    for fix in fixes:
        if (position := fix.position) is not None:
            return fix, position
    return None


def _without_camera(inputs: CheckInputs, fix: Position) -> Finding:
    if inputs.subject is None:
        return inapplicable(NO_PLACE)
    apart_m = geodesy.distance_m(inputs.subject.position, fix)
    return Finding(
        verdict=Verdict.INAPPLICABLE,
        measured_value=apart_m,
        unit="m",
        sentence=SUBJECT_ONLY.format(distance=metres(apart_m)),
    )


def _disagreement(inputs: CheckInputs, chosen: FileFix, mark: Mark) -> tuple[FileFix, Separation] | None:
    """The other usable fix that is furthest beyond its allowance, if any is."""
    others = [
        (fix, separation(mark, Mark("file", position, fix_error_m(fix)[0])))
        for fix in inputs.file_fixes
        if fix is not chosen and (position := fix.position) is not None
    ]
    apart = [(fix, found) for fix, found in others if found.excess > 1]
    return max(apart, key=lambda pair: pair[1].excess, default=None)
