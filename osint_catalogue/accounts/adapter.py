"""Accounts come into being through an invitation, and in no other way."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes open sign-up; osint_catalogue.accounts.services.invitation_accept makes accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
