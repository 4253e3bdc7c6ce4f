"""Ask for a file in the background: its format, beside the filter that stands in the address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from geolocation.services.export_formats import FORMATS


class ExportForm(forms.Form):
    """The ten formats, each with who reads it."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(each.key, each.label) for each in FORMATS.values()],
        error_messages={"required": _("Choose a format."), "invalid_choice": _("Choose one of the formats.")},
    )
