"""What every page needs: the person's investigations; in the local mode, who to try it as."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from evidence.models import Investigation
from osint_catalogue.accounts.demo import DEMO_PEOPLE


def catalogue(request: HttpRequest) -> dict[str, Any]:
    """`my_investigations`, read only if a template asks for it; `demo_people` in the local mode."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "my_investigations": SimpleLazyObject(lambda: list(Investigation.objects.for_user(user))),
        "demo_people": DEMO_PEOPLE if settings.DEMO_SIGN_INS else (),
    }
