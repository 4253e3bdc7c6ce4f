"""The form on which somebody decides whether two items show the same recording."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from evidence.models import LikenessState

_DECISIONS = [
    (LikenessState.CONFIRMED.value, gettext_lazy("The same recording")),
    (LikenessState.DISMISSED.value, gettext_lazy("Not the same")),
]


class LikenessForm(forms.Form):
    """A decision, and why; `seen` is the state in which the page showed the pair."""

    required_css_class = "is-required"

    decision = forms.ChoiceField(
        label=gettext_lazy("What do you see?"),
        choices=_DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Decide whether it is the same recording or not.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed to dismiss: in what do they differ?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.ChoiceField(choices=LikenessState.choices, widget=forms.HiddenInput)
