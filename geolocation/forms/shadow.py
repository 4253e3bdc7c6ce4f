"""The workbench's form: a shadow marked or stated, a place or none, and the days or the moment asked about.

It is sent by GET: it changes nothing, and its address can be kept and passed on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geolocation.checks.inputs import FIRST_YEAR, LAST_YEAR
from geolocation.coordinates.outcome import Parsed, Refused
from geolocation.coordinates.parse import LONGEST_TEXT, Nearby, parse_position
from geolocation.coordinates.position import Position
from geolocation.forms.proposal import LocalTimeField
from geolocation.forms.shadow_marks import MarkFields, number_field
from geolocation.shadows.measured import Shadow

MOST_DAYS = 31


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 2023-09-20.")},
    )


class ShadowForm(MarkFields):
    """`shadow`, `position`, `days` and `moment` are what a valid form says; `outcome` what became of the
    position's text. `measured` is None where the shadow was stated and not marked."""

    geolocation = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    camera = forms.CharField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("In any notation. Empty: not known, then the earth is searched."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "39.821232, 46.758423",
                "class": "mono",
            }
        ),
    )
    day_from = _day(gettext_lazy("Date"), gettext_lazy("As clocks at that place count it."))
    day_to = _day(gettext_lazy("To"), gettext_lazy("Empty: that day only."))
    moment = LocalTimeField(
        label=gettext_lazy("Moment, UTC"),
        help_text=gettext_lazy("For the band of the earth where the shadow is possible."),
        required=False,
    )
    azimuth_deg = number_field(
        gettext_lazy("Shadow points to"), gettext_lazy("From the foot to the tip."), min="0", max="359.999999"
    )
    azimuth_error_deg = number_field(gettext_lazy("± degrees"), min="0", max="180")
    length_ratio = number_field(
        gettext_lazy("Shadow's length"), gettext_lazy("Divided by the height."), min="0"
    )
    length_ratio_error = number_field(gettext_lazy("± of the ratio"), min="0")

    def __init__(self, *args: Any, near: Nearby | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near
        self.outcome: Parsed | Refused | None = None
        self.shadow: Shadow | None = None

    @property
    def states_shadow(self) -> bool:
        """Whether any field of a stated shadow holds something, so that the page shows them."""
        return any(
            self[name].value() not in (None, "") or name in self.errors
            for name in Shadow.__dataclass_fields__
        )

    @property
    def position(self) -> Position | None:
        """The place, where one is given."""
        return self.outcome.position if isinstance(self.outcome, Parsed) else None

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day; that of the moment where no other is given."""
        moment = self.cleaned_data.get("moment")
        first = self.cleaned_data.get("day_from") or (moment.date() if moment else None)
        return (first, self.cleaned_data.get("day_to") or first) if first else None

    @property
    def moment_utc(self) -> datetime | None:
        """The moment in UTC."""
        at: datetime | None = self.cleaned_data.get("moment")
        return at.replace(tzinfo=UTC) if at else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.refuse_outside_limits()
        self._clean_place()
        self._clean_days()
        self._clean_shadow()
        return cleaned

    def clean_camera(self) -> str:
        text: str = self.cleaned_data["camera"]
        if text:
            self.outcome = parse_position(text, near=self.near)
            if isinstance(self.outcome, Refused):
                sentence = self.outcome.sentence
                raise forms.ValidationError(_(sentence.template) % sentence.values)
        return text

    def _clean_place(self) -> None:
        is_asked = self.position or self.cleaned_data.get("moment") or {"camera", "moment"} & set(self.errors)
        if not is_asked:
            self.add_error("camera", _("Give the place; or, if it is not known, the moment in UTC."))

    def _clean_days(self) -> None:
        first, last = self.cleaned_data.get("day_from"), self.cleaned_data.get("day_to")
        if first is None:
            is_wanted = self.position is not None and not self.cleaned_data.get("moment")
            if is_wanted and not {"day_from", "moment"} & set(self.errors):
                self.add_error("day_from", _("Give the date on which the shadow was seen."))
            return
        for name, day in (("day_from", first), ("day_to", last)):
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(
                    name,
                    _("The year has to lie between %(first)d and %(last)d.")
                    % {"first": FIRST_YEAR, "last": LAST_YEAR},
                )
        if last is not None and last < first:
            self.add_error("day_to", _("The last day lies before the first."))
        elif last is not None and (last - first).days >= MOST_DAYS:
            self.add_error(
                "day_to",
                _("At most %(most)d days are asked at once; the year's chart shows the rest.")
                % {"most": MOST_DAYS},
            )

    def _clean_shadow(self) -> None:
        """What is stated comes first; what is not comes from the marks."""
        stated = self._stated()
        if self.errors:
            return
        if self.has_marks:
            self.measure()
        if self.errors:
            return
        values = self._together(stated, self.measured.shadow if self.measured else None)
        if values["azimuth_deg"] is None and values["length_ratio"] is None:
            self.add_error(
                "foot_x", _("Mark foot and tip of a shadow, or state where it points or how long it is.")
            )
            return
        self.shadow = Shadow(**values)

    def _together(self, stated: dict[str, float | None], found: Shadow | None) -> dict[str, float | None]:
        together = dict(stated)
        for measure, error in (("azimuth_deg", "azimuth_error_deg"), ("length_ratio", "length_ratio_error")):
            if stated[measure] is None and found is not None:
                together[measure], together[error] = getattr(found, measure), getattr(found, error)
        return together

    def _stated(self) -> dict[str, float | None]:
        data = self.cleaned_data
        for measure, error, most in (
            ("azimuth_deg", "azimuth_error_deg", 360.0),
            ("length_ratio", "length_ratio_error", 1000.0),
        ):
            value, uncertainty = data.get(measure), data.get(error)
            if {measure, error} & set(self.errors):
                continue
            if value is not None and not 0 <= value < most:
                self.add_error(measure, _("Give 0 or more and less than %(most)d.") % {"most": most})
            elif value is not None and (uncertainty is None or not 0 < uncertainty <= most / 2):
                self.add_error(
                    error,
                    _("Say how uncertain it is: more than 0 and at most %(most)d.") % {"most": most / 2},
                )
            elif value is None and uncertainty is not None:
                self.add_error(measure, _("There is an error but no measure. Give it, or empty both."))
        return {name: data.get(name) for name in Shadow.__dataclass_fields__}
