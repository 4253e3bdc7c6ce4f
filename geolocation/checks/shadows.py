"""Does the shadow that somebody measured fit the sun, through the whole capture interval?

Level ground and an upright object are assumed, as the person who measured it says. The answer names the times
of that day at which the shadow fits, and the days of the year on which it would fit at the same clock times.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from geolocation.checks.base import CheckInputs, Finding, Interval, JsonObject, Verdict, encode, inapplicable
from geolocation.checks.claim_place import place_of_light
from geolocation.checks.measures import LONGEST_INTERVAL, Measures
from geolocation.checks.registry import check
from geolocation.checks.separation import Mark
from geolocation.checks.window import Window, capture_window
from geolocation.checks.wording import azimuth, day, duration, moment
from geolocation.shadows import Fit, Shadow, fits_between, fitting_days, misfits, within
from geolocation.shadows.measured import LIMIT_95, LIMIT_9999, shadow_of_sun

# The year is asked on every fifth day: between two the sun's declination changes by two degrees at most.
DAY_STEP = 5
ASKED_DAYS = range(0, 366, DAY_STEP)

NOT_MEASURED = "No shadow was measured (its direction, or its length against what casts it)."
NO_PLACE = "Neither camera nor subject is placed, so the sun there cannot be computed."
NO_CAPTURE = "The capture time is missing; without it the sun cannot be compared with the shadow."
TOO_LONG = (
    "The capture interval is {days:.0f} days long; over more than {limit} days a shadow fits some of them."
)
FITS = "The shadow measured ({shadow}) fits the sun at the {role} {when}."
DOUBTFUL = (
    "The shadow measured ({shadow}) fits the sun at the {role} badly: at best, {best}, the sun's shadow "
    "points to "
    "{azimuth} and is {length} times as long as what casts it. {times}"
)
CONTRADICTS = (
    "The shadow measured ({shadow}) contradicts the sun at the {role}: at best, {best}, the sun's shadow "
    "points to "
    "{azimuth} and is {length} times as long as what casts it. {times}"
)
SUN_DOWN = (
    "A shadow was measured ({shadow}), but the sun was below the horizon or too low at the {role} from "
    "{start} to "
    "{end}. {times}"
)
TIMES = "On {day} it would fit {fits}."
NEVER = "It fits at no time of {day}."
DAYS = " At the same clock times it would fit on about {days} days of the year ({spans})."


@check(
    "shadows",
    1,
    title="Shadow against the sun",
    reads=("camera", "subject", "subject_area", "captured", "captured_on", "shadow"),
)
def shadows(inputs: CheckInputs, measures: Measures) -> Finding:
    """Chi-square of the measured shadow at the best moment of the interval, against what the errors allow."""
    shadow = inputs.shadow
    if shadow is None:
        return inapplicable(NOT_MEASURED)
    mark = place_of_light(inputs)
    if mark is None:
        return inapplicable(NO_PLACE)
    window = capture_window(inputs)
    if window is None:
        return inapplicable(NO_CAPTURE)
    length = window.last_utc - window.first_utc
    if length > LONGEST_INTERVAL:
        return inapplicable(TOO_LONG.format(days=length / timedelta(days=1), limit=LONGEST_INTERVAL.days))
    return _judge(shadow, mark, window, measures)


def _judge(shadow: Shadow, mark: Mark, window: Window, measures: Measures) -> Finding:
    start = window.first_utc.replace(hour=0, minute=0, second=0, microsecond=0)
    end = max(start + timedelta(days=1), window.last_utc)
    found = fits_between(mark.position, shadow, start, end)
    inside = within(found, window.first_utc, window.last_utc)
    of_day = within(found, start, start + timedelta(days=1))
    days = _days(shadow, mark, window)
    limit = LIMIT_95[shadow.measures]
    misfit: float | None
    if inside:
        verdict = Verdict.PASSED
        misfit = min(fit.best_misfit for fit in inside)
        sentence = FITS.format(shadow=in_words(shadow), role=mark.role, when=_spans(inside))
    else:
        verdict, misfit, sentence = _misses(shadow, mark, window, measures, _of_day(start.date(), of_day))
    return Finding(
        verdict=verdict,
        measured_value=misfit,
        unit="chi2",
        threshold=limit,
        sentence=sentence + _in_year(days),
        drawing=_drawing(window, start, of_day, days),
    )


def _misses(
    shadow: Shadow, mark: Mark, window: Window, measures: Measures, times: str
) -> tuple[Verdict, float | None, str]:
    through = measures.sun(mark.position, Interval(window.first_utc, window.last_utc))
    found = misfits(shadow, through.track)
    place = int(found.argmin())
    words = {"shadow": in_words(shadow), "role": mark.role, "times": times}
    if found[place] == float("inf"):
        sentence = SUN_DOWN.format(start=moment(window.first_utc), end=moment(window.last_utc), **words)
        return Verdict.FAILED, None, sentence
    azimuths, lengths = shadow_of_sun(through.track)
    verdict = Verdict.FAILED if found[place] > LIMIT_9999[shadow.measures] else Verdict.FLAGGED
    sentence = (CONTRADICTS if verdict is Verdict.FAILED else DOUBTFUL).format(
        best=moment(datetime.fromtimestamp(float(through.seconds[place]), tz=UTC)),
        azimuth=azimuth(float(azimuths[place])),
        length=f"{float(lengths[place]):.2f}",
        **words,
    )
    return verdict, float(found[place]), sentence


def in_words(shadow: Shadow) -> str:
    """`to 028.0° ± 2.0°, 0.90 ± 0.05 of the height`."""
    said = []
    if shadow.azimuth_deg is not None:
        said.append(f"to {azimuth(shadow.azimuth_deg)} ± {shadow.azimuth_error_deg:.1f}°")
    if shadow.length_ratio is not None:
        said.append(f"{shadow.length_ratio:.2f} ± {shadow.length_ratio_error:.2f} of the height")
    return ", ".join(said)


def _days(shadow: Shadow, mark: Mark, window: Window) -> tuple[date, ...]:
    """Of every fifth day of the year those that fit at the window's clock times."""
    if window.date_only or window.last_utc - window.first_utc > timedelta(days=1):
        return ()
    first = date(window.first_utc.year, 1, 1)
    asked = [first + timedelta(days=step) for step in ASKED_DAYS]
    return fitting_days(mark.position, shadow, window.first_utc, window.last_utc, asked)


def _in_year(days: Sequence[date]) -> str:
    return DAYS.format(days=len(days) * DAY_STEP, spans=_day_spans(days)) if days else ""


def _day_spans(days: Sequence[date]) -> str:
    runs: list[list[date]] = []
    for each in days:
        if runs and (each - runs[-1][-1]).days <= DAY_STEP:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(f"{run[0]:%-d %b} to {run[-1]:%-d %b}" for run in runs)


def _of_day(value: date, fits: Sequence[Fit]) -> str:
    if not fits:
        return NEVER.format(day=day(value))
    return TIMES.format(day=day(value), fits=_spans(fits))


def _spans(fits: Sequence[Fit]) -> str:
    return ", ".join(
        f"from {moment(fit.start_utc)} to {moment(fit.end_utc)} ({duration(fit.end_utc - fit.start_utc)})"
        for fit in fits
    )


def _drawing(window: Window, start: datetime, of_day: Sequence[Fit], days: Sequence[date]) -> JsonObject:
    return {
        "kind": "shadow_times",
        "day_start_utc": encode(start),
        "captured": [encode(window.first_utc), encode(window.last_utc)],
        "fits": [[encode(fit.start_utc), encode(fit.end_utc)] for fit in of_day],
        "days": [(each - date(each.year, 1, 1)).days for each in days],
    }
