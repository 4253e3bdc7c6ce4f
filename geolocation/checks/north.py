"""From the file's heading to a direction from true north: which north it means, and how well it is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geolocation import geodesy
from geolocation.checks.base import CheckInputs
from geolocation.checks.given import FIRST_YEAR, LAST_YEAR
from geolocation.checks.measures import Measures
from geolocation.checks.window import capture_window
from geolocation.geomagnetism.model import RELEASES, Declination, decimal_year

FIRST_MODEL_YEAR, LAST_MODEL_YEAR = RELEASES[0].first_year, RELEASES[-1].last_year
# Without a date both ends of the years that the model covers are taken, and their difference is allowed for.
WITHOUT_DATE_YEARS = (FIRST_MODEL_YEAR, math.nextafter(LAST_MODEL_YEAR, 0))
# Within a year the declination hardly changes where people film (0.2 degrees at most outside the polar
# regions), and one that is asked for once a month is computed once for a whole batch.
YEAR_STEP = 1 / 12

OUTSIDE_MODEL = (
    "The file's heading refers to magnetic north, and the World Magnetic Model kept here covers {first:.0f} "
    "to"
    " {last:.0f} only; for {year:.0f} it cannot be turned into a direction from true north."
)
MAYBE_OUTSIDE_MODEL = (
    "The file does not say whether its heading is from true or magnetic north, and the World Magnetic Model"
    " kept here covers {first:.0f} to {last:.0f} only; for {year:.0f} the two cannot be compared."
)
POLAR = (
    "The file's heading refers to magnetic north or does not say; this close to a magnetic pole a compass "
    "points anywhere, so it cannot be compared."
)
APPLIED = (
    " The file's heading is {heading} from magnetic north; the declination there and then is {angle} "
    "({model})."
)
EITHER = (
    " The file does not say which north it means; the nearer reading, from {north} north, was taken "
    "(declination"
    " {angle}, {model})."
)
UNDATED = " No date is known, so the declinations of {first:.0f} to {last:.0f} were taken together."


@dataclass(frozen=True, slots=True)
class North:
    """Declination where and when the file's heading was read; `error_deg` counts model and missing date."""

    declination_deg: float
    error_deg: float
    model: str
    dated: bool

    @property
    def text(self) -> str:
        """`+5.9° ± 0.3°`."""
        return f"{self.declination_deg:+.1f}° ± {self.error_deg:.1f}°"


def magnetic_north(inputs: CheckInputs, measures: Measures) -> North | str:
    """The declination at the camera, or the sentence that says why there is none."""
    assert inputs.camera is not None  # noqa: S101  asked only where there is a direction from the camera
    years = declination_years(inputs)
    found = [measures.declination(inputs.camera.position, year) for year in years]
    known = [each for each in found if each is not None]
    if not known:
        magnetic = inputs.file_heading_reference == "magnetic"
        template = OUTSIDE_MODEL if magnetic else MAYBE_OUTSIDE_MODEL
        return template.format(first=FIRST_MODEL_YEAR, last=LAST_MODEL_YEAR, year=years[0] // 1)
    if not all(each.is_usable for each in known):
        return POLAR
    return _joined(known)


def _joined(known: list[Declination]) -> North:
    first, last = known[0], known[-1]
    drift_deg = geodesy.angular_difference_deg(first.declination_deg, last.declination_deg)
    return North(
        declination_deg=geodesy.angular_difference_deg(0.0, first.declination_deg + drift_deg / 2),
        error_deg=max(each.uncertainty_deg for each in known) + abs(drift_deg) / 2,
        model=first.model if first.model == last.model else f"{first.model} to {last.model}",
        dated=len(known) == 1,
    )


def declination_years(inputs: CheckInputs) -> tuple[float, ...]:
    """The decimal years at which to ask for the declination: one if any date is known, else two."""
    moment = _moment(inputs)
    if moment is None:
        return WITHOUT_DATE_YEARS
    return (math.floor(decimal_year(moment) / YEAR_STEP) * YEAR_STEP + YEAR_STEP / 2,)


def _moment(inputs: CheckInputs) -> datetime | None:
    window = capture_window(inputs)
    if window is not None:
        return window.first_utc + (window.last_utc - window.first_utc) / 2
    for time in inputs.file_times:
        if time.basis == "file":
            continue
        if time.utc is not None and FIRST_YEAR <= time.utc.year <= LAST_YEAR:
            return time.utc
        if time.local_naive is None:
            continue
        try:
            local = datetime.fromisoformat(time.local_naive).replace(tzinfo=UTC)
        except ValueError:
            continue
        if FIRST_YEAR <= local.year <= LAST_YEAR:
            return local
    return None


def prepare(batch: Sequence[CheckInputs], measures: Measures) -> None:
    """Ask for the declinations of a whole batch at once."""
    measures.prepare_declination(
        (inputs.camera.position, year)
        for inputs in batch
        if inputs.file_heading_deg is not None
        and inputs.file_heading_reference != "true"
        and inputs.camera is not None
        for year in declination_years(inputs)
    )
