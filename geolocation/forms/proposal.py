"""The form in which somebody says where a recording was made: every value as typed, parsed again here."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.metadata.times import parse_offset
from geolocation.coordinates.outcome import Parsed, Refused
from geolocation.coordinates.parse import LONGEST_TEXT, Nearby, parse_position
from geolocation.coordinates.position import Position
from geolocation.forms.light import LightFields
from geolocation.local_time import ZoneOffset, offset_at, offset_text
from geolocation.models import Method
from geolocation.services.geolocations import Captured, Placed, Proposal

# The field of the part with landmarks; both are sent as one form.
SUBJECT_AREA = "subject_area"
ROLES = ("camera", "subject")
LOCAL_FORMATS = [
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
]


class CaptureKind(models.TextChoices):
    """How exactly the time of capture is known."""

    UNKNOWN = "unknown", gettext_lazy("Not known")
    DATE = "date", gettext_lazy("The date only")
    INTERVAL = "interval", gettext_lazy("Between two local times")


class LocalTimeField(forms.Field):
    """A local time without offset; it stays naive, whatever zone the server or the person is in."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the date and the time, for example 2023-09-20 14:00.")
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        )
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        if isinstance(value, datetime):
            return value
        for shape in LOCAL_FORMATS:
            try:
                return datetime.strptime(value.strip(), shape)  # noqa: DTZ007  naive on purpose
            except ValueError:
                continue
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


def _metres(label: Any, hint: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0", "inputmode": "decimal"}),
    )


def _position(role: str, label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        strip=True,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "39.821232, 46.758423",
                "class": "mono",
                "aria-describedby": f"id_{role}_echo",
            }
        ),
    )


def _degrees(label: Any, hint: Any, most: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0", "max": most, "inputmode": "decimal"}),
    )


class ProposalForm(LightFields):
    """One revision of a geolocation. `proposal()` gives it to the service once the form is valid.

    `outcomes` holds what became of each position text, also when the form is not valid, so that the page can
    echo it and offer the readings of a refused one.
    """

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    camera = _position("camera", gettext_lazy("Camera position"))
    camera_uncertainty_m = _metres(gettext_lazy("± metres"), "")
    subject = _position("subject", gettext_lazy("Subject position"))
    subject_uncertainty_m = _metres(gettext_lazy("± metres"), "")
    bearing_deg = _degrees(
        gettext_lazy("Bearing"),
        gettext_lazy("Degrees from true north in which the lens looked."),
        "359.999999",
    )
    field_of_view_deg = _degrees(
        gettext_lazy("Field of view"), gettext_lazy("Degrees from the left edge to the right."), "360"
    )
    capture_kind = forms.ChoiceField(
        label=gettext_lazy("When it was recorded"),
        choices=CaptureKind.choices,
        initial=CaptureKind.UNKNOWN,
        required=False,
        widget=forms.RadioSelect,
    )
    captured_on = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 2023-09-20.")},
    )
    captured_from = LocalTimeField(label=gettext_lazy("From, local time"), required=False)
    captured_to = LocalTimeField(
        label=gettext_lazy("To, local time"),
        required=False,
        help_text=gettext_lazy("Empty: one moment."),
    )
    captured_offset = forms.CharField(
        label=gettext_lazy("Offset from UTC"),
        required=False,
        max_length=9,
        widget=forms.TextInput(attrs={"placeholder": "+04:00", "autocomplete": "off", "class": "mono"}),
    )
    captured_basis = forms.CharField(
        label=gettext_lazy("How the time is known"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "capture-bases", "autocomplete": "off"}),
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=[("", "…"), *Method.choices])
    reasoning = forms.CharField(
        label=gettext_lazy("Reasoning"),
        help_text=gettext_lazy(
            "What is seen, and what it was compared with. A reviewer decides on these words."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": gettext_lazy("Say how you know: what is seen, and what it was compared with.")
        },
    )
    references = forms.CharField(
        label=gettext_lazy("References"),
        required=False,
        help_text=gettext_lazy("Imagery, maps and pages you used, one a line, with their dates."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, near: Nearby | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near
        self.outcomes: dict[str, Parsed | Refused] = {}
        self.zone: ZoneOffset | None = None
        for field in self.fields.values():
            field.error_messages.setdefault("required", _("This is needed."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for role in ROLES:
            self._clean_position(role)
        placed = [*(cleaned.get(role) for role in ROLES), self.data.get(SUBJECT_AREA, "").strip()]
        if not any(placed) and not any(role in self.errors for role in ROLES):
            nothing = _("Place the camera, the subject, or both, or draw the subject's area.")
            self.add_error("camera", nothing)
        self._refuse_outside("bearing_deg", least=0, below=360)
        self._refuse_outside("field_of_view_deg", above=0, most=360)
        self.clean_shadow()
        {CaptureKind.DATE: self._clean_date, CaptureKind.INTERVAL: self._clean_interval}.get(
            cleaned.get("capture_kind") or CaptureKind.UNKNOWN, lambda: None
        )()
        return cleaned

    def _clean_position(self, role: str) -> None:
        text = self.cleaned_data.get(role) or ""
        uncertainty = f"{role}_uncertainty_m"
        metres = self.cleaned_data.get(uncertainty)
        if not text:
            if metres is not None and role not in self.errors:
                self.add_error(role, _("There is an uncertainty but no position. Place it, or empty both."))
            return
        outcome = self.outcomes[role] = parse_position(text, near=self.near)
        if isinstance(outcome, Refused):
            self.add_error(role, _translated(outcome.sentence))
        if uncertainty in self.errors:
            return
        if metres is None or not 0 < metres < 20_100_000:
            self.add_error(uncertainty, _("Give the uncertainty in metres, more than 0."))

    def _refuse_outside(self, name: str, **limits: float) -> None:
        value = self.cleaned_data.get(name)
        if value is None:
            return
        inside = (
            value >= limits.get("least", value)
            and value <= limits.get("most", value)
            and ("above" not in limits or value > limits["above"])
            and ("below" not in limits or value < limits["below"])
        )
        if not inside:
            self.add_error(
                name,
                _("A bearing is 0 or more and less than 360.")
                if name == "bearing_deg"
                else _("A field of view is more than 0 and at most 360."),
            )

    def _clean_date(self) -> None:
        if not self.cleaned_data.get("captured_on") and "captured_on" not in self.errors:
            self.add_error("captured_on", _("Give the date, or say that it is not known."))
        self._require_basis()

    def _clean_interval(self) -> None:
        start, end = self.cleaned_data.get("captured_from"), self.cleaned_data.get("captured_to")
        if start is None and "captured_from" not in self.errors:
            self.add_error("captured_from", _("Give the local time, or the date only."))
        if start and end and end < start:
            self.add_error("captured_to", _("The capture ends before it starts."))
        position = self._any_position()
        if start and position:
            self.zone = offset_at(position, start)
        text = self.cleaned_data.get("captured_offset") or ""
        if parse_offset(text) is None and "captured_offset" not in self.errors:
            self.add_error("captured_offset", self._offset_sentence())
        self._require_basis()

    def _require_basis(self) -> None:
        if not self.cleaned_data.get("captured_basis") and "captured_basis" not in self.errors:
            self.add_error("captured_basis", _("Say how the time is known, for example: as posted."))

    def _offset_sentence(self) -> str:
        if self.zone and self.zone.offsets_min:
            return _("Give the offset. Clocks at this position showed %(offset)s then (%(zone)s).") % {
                "offset": _(" or ").join(map(offset_text, self.zone.offsets_min)),
                "zone": self.zone.zone,
            }
        return _("Give the offset from UTC, for example +04:00. Z is UTC itself.")

    def _any_position(self) -> Position | None:
        for role in ROLES:
            outcome = self.outcomes.get(role)
            if isinstance(outcome, Parsed):
                return outcome.position
        return None

    def proposal(self) -> Proposal:
        """What a valid form says."""
        data = self.cleaned_data
        return Proposal(
            camera=self._placed("camera"),
            subject=self._placed("subject"),
            bearing_deg=data["bearing_deg"],
            field_of_view_deg=data["field_of_view_deg"],
            captured=self._captured(),
            light_seen=data["light_seen"],
            shadow=self.shadow_seen(),
            method=data["method"],
            reasoning=data["reasoning"],
            references=data["references"],
        )

    def _placed(self, role: str) -> Placed | None:
        outcome = self.outcomes.get(role)
        if not isinstance(outcome, Parsed):
            return None
        return Placed(
            position=outcome.position,
            uncertainty_m=self.cleaned_data[f"{role}_uncertainty_m"],
            as_typed=self.cleaned_data[role],
        )

    def _captured(self) -> Captured:
        data = self.cleaned_data
        if data["capture_kind"] == CaptureKind.DATE:
            return Captured(on=data["captured_on"], basis=data["captured_basis"])
        offset_min = parse_offset(data["captured_offset"])
        if data["capture_kind"] != CaptureKind.INTERVAL or offset_min is None:
            return Captured()
        zone = timezone(timedelta(minutes=offset_min))
        return Captured(
            start=data["captured_from"].replace(tzinfo=zone),
            end=(data["captured_to"] or data["captured_from"]).replace(tzinfo=zone),
            offset_min=offset_min,
            basis=data["captured_basis"],
        )


def _translated(sentence: Any) -> str:
    return _(sentence.template) % sentence.values if sentence.values else _(sentence.template)
