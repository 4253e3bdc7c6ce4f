"""What the person sees in the media: the light, and a shadow with its errors. Part of the proposal's form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geolocation.models import LightSeen
from geolocation.services.geolocations import ShadowSeen
from geolocation.shadows.record import marks_of, record_of


def _number(label: Any, hint: Any, most: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0", "max": most, "inputmode": "decimal"}),
    )


class MarksField(forms.JSONField):
    """A record of marks in a hidden input: text that was sent is shown again as it is, never packed twice."""

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value or ""
        return super().prepare_value(value)


class LightFields(forms.Form):
    """The light seen, and where a shadow on level ground points and how long it is, each with its error."""

    light_seen = forms.ChoiceField(
        label=gettext_lazy("Light in the media"),
        choices=[("", gettext_lazy("Not judged")), *LightSeen.choices],
        required=False,
    )
    shadow_azimuth_deg = _number(
        gettext_lazy("Shadow points to"),
        gettext_lazy("Degrees from true north, on level ground, from the foot to the tip."),
        "359.999999",
    )
    shadow_azimuth_error_deg = _number(gettext_lazy("± degrees"), "", "180")
    shadow_length_ratio = _number(
        gettext_lazy("Shadow's length"),
        gettext_lazy("Divided by the height of what casts it: 1 at 45° of sun."),
        "999",
    )
    shadow_length_ratio_error = _number(gettext_lazy("± of the ratio"), "", "500")

    # Not typed: the workbench fills it in, and what comes back is measured again.
    shadow_marks = MarksField(
        label=gettext_lazy("Marks of the shadow"), required=False, widget=forms.HiddenInput
    )

    @property
    def light_is_given(self) -> bool:
        """Whether any of these fields holds something, so that the page shows them."""
        names = ("light_seen", *(f"shadow_{name}" for name in ShadowSeen.__dataclass_fields__))
        return any(self[name].value() not in (None, "") or name in self.errors for name in names)

    def clean_shadow(self) -> None:
        """A measure and its error go together, and each lies in its range."""
        for measure, error, most in (
            ("shadow_azimuth_deg", "shadow_azimuth_error_deg", 360),
            ("shadow_length_ratio", "shadow_length_ratio_error", 1000),
        ):
            value, uncertainty = self.cleaned_data.get(measure), self.cleaned_data.get(error)
            if measure in self.errors or error in self.errors:
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

    def clean_shadow_marks(self) -> dict[str, Any] | None:
        """The marks as they are kept, measured again from what was sent."""
        sent = self.cleaned_data["shadow_marks"]
        if sent is None:
            return None
        try:
            return record_of(*marks_of(sent))
        except ValueError:
            raise forms.ValidationError(
                _("These marks of a shadow cannot be read. Measure it again on the workbench.")
            ) from None

    def shadow_seen(self) -> ShadowSeen:
        """The shadow of a valid form."""
        seen = {name: self.cleaned_data[f"shadow_{name}"] for name in ShadowSeen.__dataclass_fields__}
        if seen["azimuth_deg"] is None and seen["length_ratio"] is None:
            # Whoever empties the measure cannot see that marks are still kept with it.
            seen["marks"] = None
        return ShadowSeen(**seen)
