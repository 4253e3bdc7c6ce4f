"""How high did the sun stand at that place and time?

This check measures; it cannot see the picture. It says what light and which shadow direction the time and
place imply, and flags the times at which the sky gives no light at all: the media must then show darkness
or lamps, or the time is wrong. A camera can record at night, so it never fails a proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from geolocation.checks.base import CheckInputs, Finding, Interval, JsonObject, Verdict, inapplicable
from geolocation.checks.claim_place import place_of_light
from geolocation.checks.measures import LONGEST_INTERVAL, Measures, SunThrough
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark
from geolocation.checks.wording import azimuth, degrees, moment
from geolocation.geodesy import normalised_azimuth_deg
from geolocation.solar import CIVIL_TWILIGHT_DEG, SUNRISE_DEG, Light, SunTrack, light_at

# Points of the curve that the drawing gets.
DRAWN_SAMPLES = 9

# A degree on the ground in metres: so much does the sun's altitude change with the position.
METRES_PER_DEGREE = 111_000.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The sun's altitudes at which the media can look like that: surely, and at the utmost.

    Day: the disc is up, or civil twilight, in which one reads outdoors. Night: the sky is dark once the sun
    is 6 degrees down; a camera can make dusk look black, so up to the sun on the horizon it is a question.
    Twilight: the sky is lit and nothing casts a shadow, which clouds and hills can make of a low sun.
    """

    lowest_deg: float
    highest_deg: float
    utmost_lowest_deg: float
    utmost_highest_deg: float


SEEN = {
    "day": Seen(SUNRISE_DEG, 90.0, CIVIL_TWILIGHT_DEG, 90.0),
    "twilight": Seen(-12.0, 3.0, -18.0, 10.0),
    "night": Seen(-90.0, CIVIL_TWILIGHT_DEG, -90.0, 0.0),
}

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

FITS = " The person sees {seen} in the media, which fits."
DOUBTFUL = " The person sees {seen} in the media, which fits badly: the sun would stand {limits}."
CONTRADICTS = (
    " The person sees {seen} in the media, which contradicts this place and time: the sun would stand "
    "{limits}."
)

LIGHT_NAMES = {
    Light.DAY: "day",
    Light.CIVIL_TWILIGHT: "civil twilight",
    Light.NAUTICAL_TWILIGHT: "nautical twilight",
    Light.ASTRONOMICAL_TWILIGHT: "astronomical twilight",
    Light.NIGHT: "night",
}


def prepare(batch: Sequence[CheckInputs], measures: Measures) -> None:
    """Ask for the sun of a whole batch at once."""
    measures.prepare_sun(
        (mark.position, inputs.captured)
        for inputs in batch
        if inputs.captured is not None
        and inputs.captured.end_utc - inputs.captured.start_utc <= LONGEST_INTERVAL
        and (mark := place_of_light(inputs)) is not None
    )


@check(
    "daylight",
    2,
    title="Sun at that place and time",
    reads=("camera", "subject", "subject_area", "captured", "light_seen"),
    prepare=prepare,
)
def daylight(inputs: CheckInputs, measures: Measures) -> Finding:
    """The sun's altitude through the capture interval against the light that the person sees."""
    mark = place_of_light(inputs)
    if mark is None:
        return inapplicable(NO_PLACE)
    if inputs.captured is None:
        return inapplicable(NO_CAPTURE)
    length = inputs.captured.end_utc - inputs.captured.start_utc
    if length > LONGEST_INTERVAL:
        return inapplicable(TOO_LONG.format(days=length / timedelta(days=1), limit=LONGEST_INTERVAL.days))
    through = measures.sun(mark.position, inputs.captured)
    track = through.track
    highest_deg, lowest_deg = float(track.altitudes_deg.max()), float(track.altitudes_deg.min())
    sentence = _sentence(mark, inputs.captured, track, highest_deg, lowest_deg)
    verdict = Verdict.FLAGGED if highest_deg < CIVIL_TWILIGHT_DEG else Verdict.PASSED
    measured_deg, threshold_deg = highest_deg, CIVIL_TWILIGHT_DEG
    if inputs.light_seen is not None:
        swing_deg = mark.uncertainty_m / METRES_PER_DEGREE
        verdict, words = _compared(inputs.light_seen, lowest_deg - swing_deg, highest_deg + swing_deg)
        sentence += words
        seen = SEEN[inputs.light_seen]
        if inputs.light_seen != "day":
            measured_deg, threshold_deg = lowest_deg, seen.highest_deg
        else:
            threshold_deg = seen.lowest_deg
    return Finding(
        verdict=verdict,
        measured_value=measured_deg,
        unit="deg",
        threshold=threshold_deg,
        sentence=sentence,
        drawing=_curve(through, inputs.light_seen),
    )


def _compared(light_seen: str, lowest_deg: float, highest_deg: float) -> tuple[Verdict, str]:
    """The verdict of the light that is seen, and its words: some moment of the interval has to fit."""
    seen = SEEN[light_seen]
    if lowest_deg <= seen.highest_deg and highest_deg >= seen.lowest_deg:
        return Verdict.PASSED, FITS.format(seen=light_seen)
    limits = {
        "day": f"above {degrees(seen.lowest_deg)}",
        "twilight": f"between {degrees(seen.lowest_deg)} and {degrees(seen.highest_deg)}",
        "night": f"below {degrees(seen.highest_deg)}",
    }[light_seen]
    if lowest_deg <= seen.utmost_highest_deg and highest_deg >= seen.utmost_lowest_deg:
        return Verdict.FLAGGED, DOUBTFUL.format(seen=light_seen, limits=limits)
    return Verdict.FAILED, CONTRADICTS.format(seen=light_seen, limits=limits)


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


def _curve(through: SunThrough, light_seen: str | None) -> JsonObject:
    count = len(through.seconds)
    picked = sorted({round(place * (count - 1) / (DRAWN_SAMPLES - 1)) for place in range(DRAWN_SAMPLES)})
    altitudes, azimuths = through.track.altitudes_deg.tolist(), through.track.azimuths_deg.tolist()
    seconds = through.seconds.tolist()
    return {
        "kind": "sun",
        "light_seen": light_seen,
        "samples": [
            {
                "at_utc": datetime.fromtimestamp(seconds[i], tz=UTC).isoformat(),
                "altitude_deg": round(altitudes[i], 3),
                "azimuth_deg": round(azimuths[i], 3),
            }
            for i in picked
        ],
    }
