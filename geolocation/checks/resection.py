"""Does the camera stand where the landmarks in the picture say that it stood?

The resection itself (`geolocation.resection`) solves for the camera from landmarks with a pixel and a ground
position; here its stored result is compared with the camera as placed.
"""

from __future__ import annotations

from geolocation.checks.base import CheckInputs, Finding, Verdict, inapplicable
from geolocation.checks.direction import NO_CAMERA
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark, separation
from geolocation.checks.wording import degrees, metres

# A circle that holds 95 of 100 normal errors in a plane has 2.448 standard deviations, one that holds 68 has
# 1.515: the resection states the first, uncertainties here mean the second.
FROM_95_TO_68 = 1.515 / 2.448

# A landmark picked well is off by a few pixels, some tenths of a degree; more than this and one of them is
# something else than it was taken for.
LARGEST_RESIDUAL_DEG = 2.0

NOT_SOLVED = (
    "No camera position was computed from landmarks: three with a pixel and a ground position are needed."
)
WEAK = (
    "The {landmarks} landmarks with pixel positions do not fix where the camera stood (they lie too close to "
    "one"
    " line or one direction), so there is nothing to compare."
)
AGREES = (
    "The {landmarks} landmarks put the camera {distance} from where it was placed; both uncertainties "
    "together "
    "allow {allowed}. The worst landmark is {residual} off."
)
APART = (
    "The {landmarks} landmarks put the camera {distance} from where it was placed, more than the {allowed} "
    "that "
    "both uncertainties together allow. The worst landmark is {residual} off."
)
RESIDUAL = " That is more than {limit}: a landmark is mistaken, or its pixel or ground position is."


@check("resection", 1, title="Camera from the landmarks", reads=("camera", "resected"))
def resection(inputs: CheckInputs, measures: Measures) -> Finding:
    """Distance between the camera as placed and as the landmarks give it; and the worst residual."""
    found = inputs.resected
    if found is None:
        return inapplicable(NOT_SOLVED)
    if found.is_weak:
        return inapplicable(WEAK.format(landmarks=found.landmarks))
    if inputs.camera is None:
        return inapplicable(NO_CAMERA)
    compared = separation(
        Mark("camera", inputs.camera.position, inputs.camera.uncertainty_m),
        Mark("resection", found.position, found.semi_major_m * FROM_95_TO_68),
    )
    verdict = compared.verdict
    sentence = (AGREES if verdict is Verdict.PASSED else APART).format(
        landmarks=found.landmarks,
        distance=metres(compared.distance_m),
        allowed=metres(compared.allowed_m),
        residual=degrees(found.worst_residual_deg),
    )
    if found.worst_residual_deg > LARGEST_RESIDUAL_DEG:
        sentence += RESIDUAL.format(limit=degrees(LARGEST_RESIDUAL_DEG))
        verdict = Verdict.FLAGGED if verdict is Verdict.PASSED else verdict
    return Finding(
        verdict=verdict,
        measured_value=compared.distance_m,
        unit="m",
        threshold=compared.allowed_m,
        sentence=sentence,
        drawing=compared.drawing(),
    )
