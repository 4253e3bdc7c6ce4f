"""Forms for opening an investigation and for its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.area_text import AreaRefused, area_text, read_area
from evidence.models import Investigation

if TYPE_CHECKING:
    InvestigationModelForm = forms.ModelForm[Investigation]
else:
    InvestigationModelForm = forms.ModelForm

MOST_APPROVALS = 9


class DayInput(forms.DateInput):
    """The browser's own date picker; the value goes over the wire as 2023-09-20."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LinesField(forms.CharField):
    """A list written one entry a line."""

    widget = forms.Textarea({"rows": 2, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = super().to_python(value) or ""
        return [" ".join(line.split()) for line in lines.splitlines() if line.strip()]


class AreaField(forms.CharField):
    """An area as GeoJSON or one corner a line; the value is a MultiPolygon, or None."""

    widget = forms.Textarea({"rows": 4, "spellcheck": "false", "class": "mono"})

    def prepare_value(self, value: Any) -> Any:
        return (
            area_text([list(polygon[0]) for polygon in value.coords])
            if isinstance(value, MultiPolygon)
            else value
        )

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        if not text.strip():
            return None
        try:
            area = MultiPolygon(*(Polygon(ring) for ring in read_area(text)), srid=4326)
        except AreaRefused as refused:
            raise ValidationError(_(refused.template) % refused.values) from refused
        if not area.valid:
            raise ValidationError(
                _("The sides of the area cross each other. Give the corners in order around it.")
            )
        return area


class SettingsForm(InvestigationModelForm):
    """What may change while the work goes on."""

    timezones = LinesField(
        label=gettext_lazy("Local time zones"),
        required=False,
        help_text=gettext_lazy("Names of the tz database, one a line, for example Asia/Yerevan."),
    )
    researchers = LinesField(
        label=gettext_lazy("Researchers"), required=False, help_text=gettext_lazy("One name a line.")
    )
    area = AreaField(
        label=gettext_lazy("Area on the map"),
        required=False,
        help_text=gettext_lazy(
            "One corner a line, latitude first, or GeoJSON. Geolocations outside it are flagged by a check."
        ),
    )
    required_approvals = forms.IntegerField(
        label=gettext_lazy("Approvals needed"),
        min_value=1,
        max_value=MOST_APPROVALS,
        initial=1,
        help_text=gettext_lazy(
            "How many people other than its author must approve a revision before it is verified."
        ),
    )

    class Meta:
        model = Investigation
        fields = [
            "title",
            "summary",
            "published_by",
            "researchers",
            "as_of",
            "period_from",
            "period_to",
            "timezones",
            "area",
            "area_note",
            "licence",
            "attribution",
            "required_approvals",
        ]
        widgets = {
            "summary": forms.Textarea({"rows": 3}),
            "area_note": forms.Textarea({"rows": 2}),
            "as_of": DayInput(),
            "period_from": DayInput(),
            "period_to": DayInput(),
        }
        help_texts = {
            "licence": gettext_lazy("Under which others may use the verified points, for example CC BY 4.0."),
            "attribution": gettext_lazy("Whom they name when they do."),
        }

    def clean_timezones(self) -> list[str]:
        zones: list[str] = self.cleaned_data["timezones"]
        unknown = [zone for zone in zones if zone not in available_timezones()]
        if unknown:
            raise ValidationError(
                _("There is no time zone called %(names)s. Write it as Asia/Yerevan or Europe/Kyiv.")
                % {"names": ", ".join(unknown)}
            )
        return list(dict.fromkeys(zones))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", _("The period ends before it begins. Swap the two dates."))
        return cleaned

    def _post_clean(self) -> None:
        """Leave the model alone: the service validates and writes it."""


class OpenForm(SettingsForm):
    """The same, with what is decided once: the code, and whether it is an exercise."""

    field_order = ["code", "title", "summary"]

    class Meta(SettingsForm.Meta):
        fields = [
            "code",
            "title",
            "summary",
            "period_from",
            "period_to",
            "timezones",
            "licence",
            "attribution",
            "required_approvals",
            "is_training",
        ]
        help_texts = {
            **SettingsForm.Meta.help_texts,
            "code": gettext_lazy(
                "Short, for addresses and citations, for example NK23. It cannot be changed later."
            ),
            "is_training": gettext_lazy(
                "For practice with generated or harmless material. Its points can never be made public."
            ),
        }

    researchers = None  # type: ignore[assignment]
    area = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(
            {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        Investigation._meta.get_field("code").run_validators(code)
        return code
