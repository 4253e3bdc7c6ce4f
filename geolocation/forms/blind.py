"""What an editor sends about a blind round: one choice, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geolocation.models import BlindEntry

REVIEW = "review:"


class RoundForm(forms.Form):
    """One choice for each proposal, beside a third look and none of them where those may be chosen."""

    required_css_class = "is-required"

    choice = forms.ChoiceField(
        label=gettext_lazy("What happens now"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what happens now.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Everybody who placed the recording reads it; it is kept for good."),
        error_messages={"required": gettext_lazy("Say why.")},
    )

    def __init__(
        self, *args: Any, entries: Sequence[BlindEntry], may_ask: bool, may_reject: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (
                f"{REVIEW}{entry.geolocation.reference}",
                _("Send %(reference)s by %(author)s to review")
                % {"reference": entry.geolocation.reference, "author": entry.author},
            )
            for entry in entries
        ]
        if may_ask:
            choices.append(("third", _("Ask somebody else to place it, without seeing these")))
        if may_reject:
            choices.append(("reject", _("Reject it") if len(entries) == 1 else _("Reject all of them")))
        self.fields["choice"] = forms.ChoiceField(
            label=self.fields["choice"].label,
            widget=forms.RadioSelect,
            choices=choices,
            error_messages=self.fields["choice"].error_messages,
        )

    @property
    def decision(self) -> dict[str, str]:
        """What `round_resolve` takes, of a valid form."""
        choice, _separator, reference = self.cleaned_data["choice"].partition(":")
        return {"decision": choice, "geolocation": reference, "reason": self.cleaned_data["reason"]}
