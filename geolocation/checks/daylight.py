"""How high did the sun stand at that place and time?

This check measures; it cannot see the picture. It says what light and which shadow direction the time and
place imply, and flags the times at which the sky gives no light at all: the media must then show darkness
or lamps, or the time is wrong. A camera can record at night, so it never fails a proposal.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from geolocation.checks.base import CheckInputs, Finding, Interval, JsonObject, Verdict, encode, inapplicable
from geolocation.checks.claim_place import event_mark
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark
from geolocation.checks.wording import azimuth, degrees, moment
from geolocation.geodesy import FloatArray, normalised_azimuth_deg
from geolocation.solar import CIVIL_TWILIGHT_DEG, SUNRISE_DEG, Light, SunTrack, light_at, sun_track

# The sun climbs at most 15 degrees an hour and turns smoothly at its highest and lowest, so samples this far
# apart miss an extreme by less than 0.02 degrees.
SAMPLE_STEP = timedelta(minutes=10)

# Over weeks the sun does everything it does in that season, and the capture time says nothing of the light.
LONGEST_INTERVAL = timedelta(days=31)

# Points of the curve that the drawing gets.
DRAWN_SAMPLES = 25

NO_PLACE = "Neither camera nor subject is placed, so the sun's height there cannot be computed."
NO_CAPTURE = "The capture interval is missing; without it the sun's height cannot be computed."
TOO_LONG = (
    "The capture interval is {days:.0f} days long; over more than {limit} days the sun says nothing about it."
)
DARK = (
    "It was {light} at the {role} from {start} to {end}: the sun stood {high} or more below the "
    "horizon, so the sky gave no light to see by. Media that show daylight contradict this place and "
    "time."
)
MIXED = (
    "The sun's altitude at the {role} ran from {low} to {high} between {start} and {end} ({darkest} to "
    "{brightest}); a shorter capture interval would tell more."
)
LIT = (
    "It was {light} at the {role} from {start} to {end}: the sun stood {low} to {high} high, at azimuth "
    "{first} to {last}, so shadows on level ground point to {shadow_first} to {shadow_last}."
)
TWILIT = (
    "It was {light} at the {role} from {start} to {end}: the sun stood {low} to {high} high, its light "
    "came from azimuth {first} to {last}, without shadows."
)

LIGHT_NAMES = {
    Light.DAY: "day",
    Light.CIVIL_TWILIGHT: "civil twilight",
    Light.NAUTICAL_TWILIGHT: "nautical twilight",
    Light.ASTRONOMICAL_TWILIGHT: "astronomical twilight",
    Light.NIGHT: "night",
}


@check("daylight", 1, title="Sun at that place and time")
def daylight(inputs: CheckInputs) -> Finding:
    """The sun's altitude through the capture interval; measures the highest, flags a sky without light."""
    mark = place_of_light(inputs)
    if mark is None:
        return inapplicable(NO_PLACE, captured=inputs.captured)
    if inputs.captured is None:
        return inapplicable(NO_CAPTURE)
    length = inputs.captured.end_utc - inputs.captured.start_utc
    if length > LONGEST_INTERVAL:
        sentence = TOO_LONG.format(days=length / timedelta(days=1), limit=LONGEST_INTERVAL.days)
        return inapplicable(sentence, captured=inputs.captured)
    seconds = _sample_times_s(inputs.captured)
    track = sun_track(mark.position.latitude, mark.position.longitude, seconds)
    highest_deg, lowest_deg = float(track.altitudes_deg.max()), float(track.altitudes_deg.min())
    return Finding(
        verdict=Verdict.FLAGGED if highest_deg < CIVIL_TWILIGHT_DEG else Verdict.PASSED,
        measured_value=highest_deg,
        unit="deg",
        threshold=CIVIL_TWILIGHT_DEG,
        sentence=_sentence(mark, inputs.captured, track, highest_deg, lowest_deg),
        drawing=_curve(seconds, track),
        used={
            "role": mark.role,
            "position": encode(mark.position),
            "captured": encode(inputs.captured),
        },
    )


def place_of_light(inputs: CheckInputs) -> Mark | None:
    """The camera, whose picture is judged; else where the event was."""
    if inputs.camera is not None:
        return Mark("camera", inputs.camera.position, inputs.camera.uncertainty_m)
    return event_mark(inputs)


def _sample_times_s(captured: Interval) -> FloatArray:
    start_s, end_s = captured.start_utc.timestamp(), captured.end_utc.timestamp()
    if end_s == start_s:
        return np.array([start_s])
    count = math.ceil((end_s - start_s) / SAMPLE_STEP.total_seconds()) + 1
    return np.linspace(start_s, end_s, max(count, 2))


def _sentence(mark: Mark, captured: Interval, track: SunTrack, highest_deg: float, lowest_deg: float) -> str:
    brightest, darkest = light_at(highest_deg), light_at(lowest_deg)
    if highest_deg < CIVIL_TWILIGHT_DEG:
        template = DARK
    elif brightest is not darkest:
        template = MIXED
    else:
        template = LIT if lowest_deg >= SUNRISE_DEG else TWILIT
    first_deg, last_deg = float(track.azimuths_deg[0]), float(track.azimuths_deg[-1])
    return template.format(
        light=LIGHT_NAMES[brightest],
        brightest=LIGHT_NAMES[brightest],
        darkest=LIGHT_NAMES[darkest],
        role=mark.role,
        start=moment(captured.start_utc),
        end=moment(captured.end_utc),
        low=degrees(lowest_deg),
        high=degrees(-highest_deg if template == DARK else highest_deg),
        first=azimuth(first_deg),
        last=azimuth(last_deg),
        shadow_first=azimuth(normalised_azimuth_deg(first_deg + 180)),
        shadow_last=azimuth(normalised_azimuth_deg(last_deg + 180)),
    )


def _curve(seconds: FloatArray, track: SunTrack) -> JsonObject:
    picked = np.unique(np.linspace(0, len(seconds) - 1, min(len(seconds), DRAWN_SAMPLES)).round().astype(int))
    return {
        "kind": "sun",
        "samples": [
            {
                "at_utc": datetime.fromtimestamp(float(seconds[i]), tz=UTC).isoformat(),
                "altitude_deg": round(float(track.altitudes_deg[i]), 3),
                "azimuth_deg": round(float(track.azimuths_deg[i]), 3),
                "light": light_at(float(track.altitudes_deg[i])).value,
            }
            for i in picked
        ],
    }
