"""The workbench's answer: charts, tables and sentences for a valid form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from evidence.models import Investigation
from geolocation.checks.wording import duration
from geolocation.coordinates.position import Position
from geolocation.drawings.chart import Chart
from geolocation.drawings.sun_path import sun_path
from geolocation.drawings.world import world
from geolocation.drawings.year_chart import year_chart
from geolocation.forms.shadow import ShadowForm
from geolocation.shadows.band import Band, possible_band, sun_overhead
from geolocation.shadows.days import LocalDays, Outcome, Times, local_days, times_of, whole_minutes
from geolocation.shadows.fitting import Fit
from geolocation.shadows.in_picture import InPicture
from geolocation.shadows.measured import Shadow
from geolocation.shadows.year import DayOfYear, Span, year_of

# A top further aside of the foot than this does not stand above it.
LEANS_FROM_DEG = 2.0
BELT_DEG = 10


@dataclass(frozen=True, kw_only=True)
class FitRow:
    """One interval in whole minutes, widened to them: by the clocks of the place and in UTC."""

    number: int
    start: datetime
    end: datetime
    start_utc: datetime
    end_utc: datetime
    lasts: str


@dataclass(frozen=True, kw_only=True)
class AtPlace:
    """The answer for a known place."""

    days: LocalDays
    sentence: str
    rows: list[FitRow]
    path: Chart
    year: Chart
    months: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class OnEarth:
    """The answer for a moment."""

    moment: datetime
    sentence: str
    area_sentence: str
    map: Chart
    belts: list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the shadow is, and what follows for a place, for a moment, or both."""

    shadow: Shadow
    measured: InPicture | None
    leans_deg: float | None
    is_horizon_open: bool
    at_place: AtPlace | None
    on_earth: OnEarth | None


def answer_of(form: ShadowForm, investigation: Investigation) -> Answer:
    """The answer to a valid form."""
    # A valid form has measured or taken a shadow.
    assert form.shadow is not None  # noqa: S101
    lean = form.measured.lean_deg if form.measured else None
    return Answer(
        shadow=form.shadow,
        measured=form.measured,
        leans_deg=abs(lean) if lean is not None and abs(lean) > LEANS_FROM_DEG else None,
        is_horizon_open=_is_horizon_open(form),
        at_place=_at_place(form.shadow, form.position, form.days) if form.position and form.days else None,
        on_earth=_on_earth(form.shadow, form.moment_utc, form.position, investigation)
        if form.moment_utc
        else None,
    )


def _is_horizon_open(form: ShadowForm) -> bool:
    """Whether the measure rests on a tilt that was stated or assumed, with an error of a degree or more."""
    if form.marks is None or form.pose is None or form.pose.is_from_above:
        return False
    return form.marks.horizon_y is None and form.pose.pitch_error_deg > 1.0


def _at_place(shadow: Shadow, position: Position, asked: tuple[date, date]) -> AtPlace:
    days = local_days(position, *asked)
    times = times_of(position, shadow, days)
    rows = fit_rows(days, times.fits)
    year = year_of(position, shadow, days.first.year, days.zone)
    return AtPlace(
        days=days,
        sentence=_times_sentence(days, times, rows),
        rows=rows,
        path=sun_path(position, days, shadow, times.fits),
        year=year_chart(year, days.first, days.last),
        months=_months(year),
    )


def fit_rows(days: LocalDays, fits: Iterable[Fit]) -> list[FitRow]:
    """Each interval from the whole minute before it to the one after: never a single minute."""
    rows = []
    for number, fit in enumerate(fits, start=1):
        start, end = whole_minutes(fit)
        rows.append(
            FitRow(
                number=number,
                start=start.astimezone(days.zone),
                end=end.astimezone(days.zone),
                start_utc=start,
                end_utc=end,
                lasts=duration(end - start),
            )
        )
    return rows


def _times_sentence(days: LocalDays, times: Times, rows: Sequence[FitRow]) -> str:
    when = f"{days.first:%Y-%m-%d}" if days.count == 1 else f"{days.first:%Y-%m-%d} – {days.last:%Y-%m-%d}"
    if times.outcome == Outcome.SUN_DOWN:
        return _("%(when)s: the sun does not rise there high enough to cast a shadow.") % {"when": when}
    if times.outcome == Outcome.NONE:
        return _(
            "%(when)s: nothing fits. At no time does the sun cast such a shadow there, within these errors. "
            "The place, the date, the heading or a mark is wrong; or the ground is not level."
        ) % {"when": when}
    if times.outcome == Outcome.ALL:
        return _(
            "%(when)s: everything fits. The errors are so wide that the shadow is possible as long as the "
            "sun is up; it says nothing about the time."
        ) % {"when": when}
    if days.count > 1:
        return _(
            "%(when)s: the shadow fits in %(count)d intervals, %(hours).1f of %(sunlit).1f hours of sun."
        ) % {
            "when": when,
            "count": len(rows),
            "hours": times.fitting_s / 3600,
            "sunlit": times.sunlit_s / 3600,
        }
    spans = _(" and ").join(f"{row.start:%H:%M}–{row.end:%H:%M}" for row in rows)
    return _("%(when)s: the shadow fits between %(spans)s by the clocks there, 95 in 100.") % {
        "when": when,
        "spans": spans,
    }


def _months(year: Sequence[DayOfYear]) -> list[dict[str, Any]]:
    """The year's chart as rows: on how many days of each month, and between which clock times."""
    rows = []
    for month in range(1, 13):
        of_month = [each for each in year if each.day.month == month]
        spans = joined(span for each in of_month for span in each.fits)
        rows.append(
            {
                "first": of_month[0].day,
                "days": sum(bool(each.fits) for each in of_month),
                "of": len(of_month),
                "spans": ", ".join(f"{_clock(begin)}–{_clock(close)}" for begin, close in spans),
            }
        )
    return rows


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch as one, in order."""
    found: list[Span] = []
    for begin, close in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], close))
        else:
            found.append((begin, close))
    return found


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _on_earth(
    shadow: Shadow, moment: datetime, place: Position | None, investigation: Investigation
) -> OnEarth:
    band = possible_band(shadow, moment)
    area = investigation.area
    rings = [polygon[0] for polygon in area.coords] if area else []
    drawn = world(band, moment, sun=sun_overhead(moment), area=rings, place=place)
    if band.share == 0:
        # Every direction and length is possible somewhere; under a sun near the zenith that is tiny.
        sentence = _(
            "The place where it is possible is smaller than the cells of half a degree in which it is looked "
            "for. Give wider errors."
        )
    else:
        sentence = _("The shadow is possible on %(share).1f %% of the earth's surface at that moment.") % {
            "share": band.share * 100
        }
    return OnEarth(
        moment=moment,
        sentence=sentence,
        area_sentence=_area_sentence(band, area),
        map=drawn,
        belts=_belts(band),
    )


def _area_sentence(band: Band, area: Any) -> str:
    """Whether the box around the investigation's area has a place where the shadow is possible."""
    if not area:
        return ""
    west, south, east, north = area.extent
    half = band.step_deg / 2
    rows = (band.latitudes >= south - half) & (band.latitudes <= north + half)
    columns = (band.longitudes >= west - half) & (band.longitudes <= east + half)
    inside = band.misfits[np.ix_(rows, columns)] <= band.limit
    if not inside.any():
        return _("The area of the investigation lies outside of the band.")
    if inside.all():
        return _("The area of the investigation lies inside of the band.")
    return _("The band crosses the area of the investigation, or the box around it.")


def _belts(band: Band) -> list[dict[str, str]]:
    """The band as rows of ten degrees of latitude, from north to south."""
    inside = band.misfits <= band.limit
    rows = []
    for south in range(80, -91, -BELT_DEG):
        belt = (band.latitudes > south) & (band.latitudes < south + BELT_DEG)
        columns = inside[belt].any(axis=0)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], columns, [False]]).astype(np.int8)))
        spans = [
            " – ".join(
                _side(float(band.longitudes[column]) + side * band.step_deg / 2, "E", "W")
                for column, side in ((first, -1), (after - 1, 1))
            )
            for first, after in zip(edges[::2], edges[1::2], strict=True)
        ]
        if spans:
            rows.append(
                {
                    "belt": f"{_side(south + BELT_DEG, 'N', 'S')} – {_side(south, 'N', 'S')}",
                    "spans": ", ".join(spans),
                }
            )
    return rows


def _side(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.0f}°{positive if value > 0 else negative if value < 0 else ''}"
