"""Could one device, or one source, have been at both places in that time?

The least speed is judged: the distance less three times the joint uncertainty, in the longest time that both
capture intervals leave. A source may be many people, so only a device can fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from geolocation import geodesy
from geolocation.checks.base import CheckInputs, Finding, Recording, Verdict, encode, inapplicable
from geolocation.checks.measures import Measures
from geolocation.checks.registry import check
from geolocation.checks.window import Window, capture_window
from geolocation.checks.wording import duration, metres

# Three joint uncertainties hold 99.997 % of normal errors (see `separation`).
UNCERTAINTIES = 3.0
# Over land nobody averages more from door to door, short of a high-speed train.
LAND_KMH = 150.0
# Airliners cruise at 900 km/h and have been carried to 1,300 by the jet stream.
AIR_KMH = 1_300.0
SHORTEST = timedelta(seconds=1)

NO_CAMERA = "The camera position is missing; without it no journey from another recording can be measured."
NO_CAPTURE = "The capture time is missing; without it no journey from another recording can be measured."
ALONE = (
    "No other placed and dated recording of the same device or source is known, so no journey is measured."
)
POSSIBLE = (
    "{count} other recording(s) of the same device or source leave time for the journey; the tightest is "
    "{item} "
    "({name}, {tie}): {distance} in at most {gap}, {speed} or more."
)
HURRIED = (
    "{item} was recorded by the same {tie} ({name}) {distance} away, within {gap}: that needs {speed} or "
    "more, "
    "which is possible by air only. {ask}"
)
IMPOSSIBLE = (
    "{item} was recorded by the same {tie} ({name}) {distance} away, within {gap}: that needs {speed} or "
    "more, "
    "faster than any airliner. {ask}"
)
ASK_DEVICE = "One of the two places or times is wrong, or the two devices only bear the same name."
ASK_SOURCE = "A source may be several people; otherwise one of the two places or times is wrong."


@dataclass(frozen=True, slots=True)
class _Leg:
    recording: Recording
    distance_m: float
    gap: timedelta
    speed_kmh: float


@check(
    "journey",
    1,
    title="Journey between recordings",
    reads=("camera", "captured", "captured_on", "recordings"),
)
def journey(inputs: CheckInputs, measures: Measures) -> Finding:
    """The least speed that links this recording with others of its device or source."""
    if inputs.camera is None:
        return inapplicable(NO_CAMERA)
    window = capture_window(inputs)
    if window is None:
        return inapplicable(NO_CAPTURE)
    if not inputs.recordings:
        return inapplicable(ALONE)
    legs = [_leg(inputs, window, each) for each in inputs.recordings]
    worst = max(legs, key=lambda leg: (_verdict(leg) is Verdict.FAILED, leg.speed_kmh))
    return Finding(
        verdict=_verdict(worst),
        measured_value=worst.speed_kmh,
        unit="km/h",
        threshold=LAND_KMH,
        sentence=_template(worst).format(
            count=len(legs),
            item=worst.recording.item,
            tie=worst.recording.tie,
            name=worst.recording.name,
            distance=metres(worst.distance_m),
            gap=duration(worst.gap),
            speed=f"{worst.speed_kmh:,.0f} km/h",
            ask=ASK_SOURCE if worst.recording.tie == "source" else ASK_DEVICE,
        ),
        drawing=_timeline(window, worst),
    )


def _leg(inputs: CheckInputs, window: Window, other: Recording) -> _Leg:
    assert inputs.camera is not None  # noqa: S101  asked before
    distance_m = geodesy.distance_m(inputs.camera.position, other.position)
    joint_m = geodesy.joint_uncertainty_m(inputs.camera.uncertainty_m, other.uncertainty_m)
    gap = max(window.last_utc - other.captured.start_utc, other.captured.end_utc - window.first_utc, SHORTEST)
    least_m = max(0.0, distance_m - UNCERTAINTIES * joint_m)
    return _Leg(other, distance_m, gap, least_m / gap.total_seconds() * 3.6)


def _verdict(leg: _Leg) -> Verdict:
    if leg.speed_kmh <= LAND_KMH:
        return Verdict.PASSED
    if leg.speed_kmh <= AIR_KMH or leg.recording.tie == "source":
        return Verdict.FLAGGED
    return Verdict.FAILED


def _template(leg: _Leg) -> str:
    if leg.speed_kmh <= LAND_KMH:
        return POSSIBLE
    return HURRIED if leg.speed_kmh <= AIR_KMH else IMPOSSIBLE


def _timeline(window: Window, leg: _Leg) -> dict[str, object]:
    captured = leg.recording.captured
    return {
        "kind": "timeline",
        "spans": [
            {"role": "captured", "start_utc": encode(window.first_utc), "end_utc": encode(window.last_utc)},
            {
                "role": leg.recording.item,
                "start_utc": encode(captured.start_utc),
                "end_utc": encode(captured.end_utc),
            },
        ],
        "date_only": window.date_only,
    }
