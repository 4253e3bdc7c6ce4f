"""Why a row is refused or doubtful, in words, and at which of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geolocation.importers.formats.row import Reason

_PLACE = ("latitude", "longitude", "position")
_WORDS: dict[str, tuple[tuple[str, ...], Promise]] = {
    Reason.NO_LINK: (("links",), gettext_lazy("The row names no link.")),
    Reason.NO_POSITION: (_PLACE, gettext_lazy("Latitude or longitude is missing.")),
    Reason.POSITION_UNREADABLE: (_PLACE, gettext_lazy("This is not understood as a position.")),
    Reason.OUT_OF_RANGE: (
        _PLACE,
        gettext_lazy("A latitude is from -90 to 90, a longitude from -180 to 180."),
    ),
    Reason.AXES_SWAPPED: (
        _PLACE,
        gettext_lazy("The latitude is beyond 90: latitude and longitude look swapped."),
    ),
    Reason.TOO_MANY_COLUMNS: ((), gettext_lazy("The row has more cells than the first line names columns.")),
    Reason.NOT_A_ROW: ((), gettext_lazy("This cannot be read as a row.")),
    Reason.NUL_CHARACTER: ((), gettext_lazy("The row holds a NUL character.")),
    Reason.ZERO_POSITION: (_PLACE, gettext_lazy("Latitude 0, longitude 0 usually stands for unknown.")),
    Reason.DECIMAL_COMMA: (_PLACE, gettext_lazy("Read with a comma as the decimal sign.")),
    Reason.DATE_UNREADABLE: (("date",), gettext_lazy("This is not understood as a date.")),
    Reason.DATE_AMBIGUOUS: (
        ("date",),
        gettext_lazy("Day or month first? Say so under the columns and check again."),
    ),
    Reason.DATE_FALLBACK: (
        ("date",),
        gettext_lazy("The publisher's tool writes this date where it knows none."),
    ),
    Reason.YEAR_UNLIKELY: (("date",), gettext_lazy("This year is unlikely.")),
    Reason.UNCERTAINTY_UNREADABLE: (
        ("uncertainty",),
        gettext_lazy("This is not a number of metres; the default is taken."),
    ),
    Reason.SOURCE_DANGLING: ((), gettext_lazy("The row names a source that the file does not have.")),
    Reason.TEXT_DAMAGED: ((), gettext_lazy("Some characters were damaged before the file came here.")),
    Reason.PATH: (
        (),
        gettext_lazy("A track or a route is a path, not a point. Save its places as waypoints."),
    ),
    Reason.FILE_MISSING: ((), gettext_lazy("The report names a file that is not in its folder.")),
    Reason.FILE_DAMAGED: ((), gettext_lazy("A file of this folder is damaged or locked inside the ZIP.")),
    Reason.FILE_PATH: ((), gettext_lazy("A file is named by a path that leaves its folder.")),
    Reason.FILE_TOO_LARGE: ((), gettext_lazy("A file is larger than 2 GiB, or these are more than 100.")),
    Reason.UNPACKS_TOO_FAR: (
        (),
        gettext_lazy("The ZIP would unpack to far more than pictures and videos do; this was left packed."),
    ),
    Reason.DIGEST_DIFFERS: (
        (),
        gettext_lazy(
            "A file is not the one whose SHA-256 the report states. Let in, the row comes without it."
        ),
    ),
    Reason.ID_TWICE: (("upstream_id",), gettext_lazy("The same id stands in the file with other content.")),
}
REASONS = tuple(str(reason) for reason in _WORDS)
FIELD_LABELS: dict[str, Promise] = {
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "position": gettext_lazy("Position"),
    "upstream_id": gettext_lazy("Id"),
    "date": gettext_lazy("Date"),
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "source_name": gettext_lazy("Credit"),
    "links": gettext_lazy("Links"),
    "uncertainty": gettext_lazy("Uncertainty in metres"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason, in words, at its field: the column as the file calls it, and what stands there."""

    reason: str
    sentence: str
    field: str
    column: str
    value: str


def faults(reasons: list[str], row: Mapping[str, Any], mapping: Mapping[str, str]) -> list[Fault]:
    """Each reason of a row. Without a mapping (formats that know their columns) the field is a plain word."""
    return [_fault(reason, row, mapping) for reason in reasons]


def reason_words(reason: str) -> str:
    """The sentence of a reason; the reason itself where it is not known any more."""
    return str(_WORDS[reason][1]) if reason in _WORDS else reason


def _fault(reason: str, row: Mapping[str, Any], mapping: Mapping[str, str]) -> Fault:
    fields = _WORDS[reason][0] if reason in _WORDS else ()
    named = [field for field in fields if mapping.get(field)]
    columns = [mapping[field] for field in named]
    field = (named or list(fields) or [""])[0]
    label = str(FIELD_LABELS[field]) if field else _("Row")
    if "latitude" in fields and not named:
        label = _("Position")
    values = [str(row.get(column, "")) for column in columns]
    return Fault(
        reason=reason,
        sentence=reason_words(reason),
        field=label,
        column=", ".join(columns),
        value=", ".join(values)[:200],
    )
