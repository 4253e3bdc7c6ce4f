"""The times a file holds, each with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata.base import FileTime, TimeBasis
from evidence.metadata.base import MetadataReading as Said

_QUARTER_S = 15 * 60
_CLOCK_SLACK_S = 2 * 60

TIME_BASIS: dict[TimeBasis, str | Promise] = {
    TimeBasis.GPS: gettext_lazy("satellite time"),
    TimeBasis.OFFSET_TAG: gettext_lazy("camera clock, offset written beside it"),
    TimeBasis.INFERRED_OFFSET: gettext_lazy("camera clock, offset inferred from GPS"),
    TimeBasis.NAIVE_LOCAL: gettext_lazy("camera clock"),
    TimeBasis.UTC_CONTAINER: gettext_lazy("written by the device as UTC"),
    TimeBasis.FILE: gettext_lazy("when the file was last changed"),
}


@dataclass(frozen=True, kw_only=True)
class ShownTime:
    """One time as the page's time fragment takes it."""

    value: datetime
    text: str
    is_naive: bool
    basis: str
    source: str
    raw: str
    is_preferred: bool


def shown_time(found: FileTime, is_preferred: bool) -> ShownTime | None:
    """In the offset it was given in; None for one that has neither a local time nor a moment."""
    value = found.utc or found.local
    if value is None:
        return None
    if found.utc is not None and found.offset_min is not None:
        value = found.utc.astimezone(timezone(timedelta(minutes=found.offset_min)))
    text = date_format(value, "j M Y, H:i:s")
    if value.tzinfo is not None:
        text = f"{text} {offset_text(value)}"
    return ShownTime(
        value=value,
        text=text,
        is_naive=value.tzinfo is None,
        basis=str(TIME_BASIS[found.basis]),
        source=found.source,
        raw=found.raw,
        is_preferred=is_preferred,
    )


def offset_text(moment: datetime) -> str:
    """`+04:00`, or `UTC` where the offset is none."""
    text = moment.isoformat()[-6:]
    return "UTC" if text == "+00:00" else text


def clocks_apart(said: Said) -> list[str]:
    """A camera clock without an offset, and a satellite time that no offset from UTC brings to it."""
    local = said.captured.local if said.captured and said.captured.basis == TimeBasis.NAIVE_LOCAL else None
    satellite = next((each.utc for each in said.times if each.basis == TimeBasis.GPS and each.utc), None)
    if local is None or satellite is None:
        return []
    apart_s = (local - satellite.replace(tzinfo=None)).total_seconds()
    from_quarter_s = abs(apart_s - round(apart_s / _QUARTER_S) * _QUARTER_S)
    if -12 * 3600 <= apart_s <= 14 * 3600 and from_quarter_s <= _CLOCK_SLACK_S:
        return []
    values = {
        "satellite": f"{date_format(satellite, 'j M Y, H:i:s')} UTC",
        "hours": int(abs(apart_s)) // 3600,
        "minutes": int(abs(apart_s)) % 3600 // 60,
    }
    return [
        _(
            "The satellites' time in the same file is %(satellite)s. The camera's clock is %(hours)d h "
            "%(minutes)d min away from it, which no offset from UTC explains."
        )
        % values
    ]
