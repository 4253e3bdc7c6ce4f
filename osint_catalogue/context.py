"""What every page needs: the person's investigations for the switcher."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from evidence.models import Investigation


def catalogue(request: HttpRequest) -> dict[str, Any]:
    """`my_investigations`, read only if a template asks for it."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {"my_investigations": SimpleLazyObject(lambda: list(Investigation.objects.for_user(user)))}
