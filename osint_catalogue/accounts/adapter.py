"""Accounts come into being through an invitation, and in no other way."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from osint_catalogue.accounts.backends import may_sign_in
from osint_catalogue.accounts.models import User


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes open sign-up, and sign-in for those who may not: allauth alone would ask `is_active` only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        # allauth hands on a person whose password was right even if the backend refused them.
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and may_sign_in(user) else None
