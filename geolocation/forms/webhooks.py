"""Naming an address that is told of changes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from geolocation.models import WebhookEvent


class WebhookForm(forms.Form):
    """The address and what it asks for; whether it may be told is for the service to say."""

    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://example.org/catalogue"}
        ),
        help_text=_("A public HTTPS address of your program. It is sent ids and links, never a position."),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"),
        choices=WebhookEvent.choices,
        initial=WebhookEvent.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one of the events.")},
    )
