"""What people type to come in: invitations, new accounts, tokens, roles."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from evidence.models import Role


class InviteForm(forms.Form):
    """An editor asks somebody in."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.INVESTIGATOR,
        help_text=_("Each role may do what the ones before it may."),
    )


class RoleForm(forms.Form):
    """An editor changes a role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class NewAccountForm(forms.Form):
    """A person who was invited makes their account."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Shown beside everything you log and decide."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; a sentence is easier to remember than signs."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(forms.Form):
    """A name for a new API token."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What it is for, for example “QGIS on the office machine”."),
    )
