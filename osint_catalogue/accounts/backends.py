"""Who may sign in: demo people only in the local mode, import accounts never."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from osint_catalogue.accounts.models import User


def may_sign_in(user: User) -> bool:
    """True if this account may act at all: by password, by session or by token."""
    if user.is_import or not user.is_active:
        return False
    return settings.DEMO_SIGN_INS or not user.is_demo


class CatalogueBackend(AuthenticationBackend):
    """allauth's e-mail sign-in with the rule above; it also ends sessions that the rule no longer allows."""

    def user_can_authenticate(self, user: User) -> bool:
        return may_sign_in(user)
