"""What an editor gives out of a position: exactly, as a circle, or nothing, and why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from geolocation.models import DisclosureKind


class DisclosureForm(forms.Form):
    """The radius is asked for where the position is generalised; the service says what it must be."""

    required_css_class = "is-required"

    kind = forms.ChoiceField(
        label=_("What is given out"),
        widget=forms.RadioSelect,
        choices=[
            (DisclosureKind.EXACT, _("Exact: the position as it was approved")),
            (DisclosureKind.GENERALISED, _("Generalised: a circle that holds it, with a middle drawn once")),
            (DisclosureKind.WITHHELD, _("Withheld: no position at all")),
        ],
        error_messages={
            "required": _("Choose what is given out: exact, generalised or withheld."),
            "invalid_choice": _("Choose what is given out: exact, generalised or withheld."),
        },
    )
    radius_m = forms.FloatField(
        label=_("Radius of the circle, in metres"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("For a generalised position. 1000 hides a street, 5000 a quarter, 20000 a town."),
        error_messages={"invalid": _("Write the radius as a number of metres, such as 5000.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members of the investigation see it in the record. Readers outside do not."),
        error_messages={"required": _("Say why; members of the investigation will see it.")},
    )
