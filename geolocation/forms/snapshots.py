"""Publishing a snapshot."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SnapshotForm(forms.Form):
    """Name and note; neither can be changed afterwards."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As readers will cite it, for example “First release” or “As of 1 March 2026”."),
        error_messages={"required": _("Give the snapshot a name, as readers will cite it.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What readers should know of it. What changed since the last one is listed by itself."),
    )
