"""Could the camera have seen the subject from that far?"""

from __future__ import annotations

from geolocation import geodesy
from geolocation.checks.base import CheckInputs, Finding, Verdict, inapplicable
from geolocation.checks.direction import NO_CAMERA, NO_SUBJECT
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark, separation
from geolocation.checks.wording import metres

# Two eyes at 15 m above a level sea see each other over 30 km (4.12 * (sqrt(15) + sqrt(15)) km, standard
# refraction). What is recognised from further stands on a mountain or is a cloud of smoke, and somebody
# should say so.
FAR_M = 30_000.0
# The longest line of sight ever photographed on the ground is 443 km (Pic Gaspard from Pic de Finestrelles);
# the longest that terrain allows is 530 km.
FARTHEST_M = 530_000.0

WITHIN = (
    "The subject is {distance} from the camera (both uncertainties together: {allowed}), within the {far} "
    "over "
    "which things near the ground can be recognised."
)
FAR = (
    "The subject is {distance} from the camera, further than the {far} over which things near the ground can "
    "be "
    "recognised. A mountain, smoke or an aircraft can be seen so far; otherwise one of the two is misplaced."
)
BEYOND = (
    "The subject is {distance} from the camera; no line of sight on earth is longer than {farthest}. One of "
    "the "
    "two is misplaced."
)


@check("sight_range", 1, title="Subject within sight", reads=("camera", "subject", "subject_area"))
def sight_range(inputs: CheckInputs, measures: Measures) -> Finding:
    """Distance from camera to subject, less both uncertainties, against how far one sees."""
    if inputs.camera is None:
        return inapplicable(NO_CAMERA)
    subject = _subject(inputs, inputs.camera.position)
    if subject is None:
        return inapplicable(NO_SUBJECT)
    compared = separation(Mark("camera", inputs.camera.position, inputs.camera.uncertainty_m), subject)
    least_m = compared.distance_m - compared.allowed_m
    verdict, template = Verdict.PASSED, WITHIN
    if least_m > FARTHEST_M:
        verdict, template = Verdict.FAILED, BEYOND
    elif least_m > FAR_M:
        verdict, template = Verdict.FLAGGED, FAR
    return Finding(
        verdict=verdict,
        measured_value=compared.distance_m,
        unit="m",
        threshold=FAR_M,
        sentence=template.format(
            distance=metres(compared.distance_m),
            allowed=metres(compared.allowed_m),
            far=metres(FAR_M),
            farthest=metres(FARTHEST_M),
        ),
        drawing=compared.drawing(),
    )


def _subject(inputs: CheckInputs, camera: object) -> Mark | None:
    if inputs.subject is not None:
        return Mark("subject", inputs.subject.position, inputs.subject.uncertainty_m)
    if not inputs.subject_area:
        return None
    assert inputs.camera is not None  # noqa: S101  asked before
    nearest = min(
        inputs.subject_area,
        key=lambda corner: geodesy.distance_m(inputs.camera.position, corner),  # type: ignore[union-attr]
    )
    return Mark("subject", nearest, 1.0)
