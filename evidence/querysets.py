"""Reads: what a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class InvestigationQuerySet(models.QuerySet[Any]):
    """Investigations as one person sees them."""

    def for_user(self, user: Any | AnonymousUser) -> InvestigationQuerySet:
        """Those that the person belongs to; none for a stranger, whatever their rights elsewhere."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user)

    def published(self) -> InvestigationQuerySet:
        """Those whose verified points everybody may read."""
        return self.filter(visibility="published")


class InInvestigationQuerySet(models.QuerySet[Any]):
    """Rows that belong to an investigation, as one person sees them."""

    def for_user(self, user: Any | AnonymousUser) -> InInvestigationQuerySet:
        """Those of the investigations that the person belongs to."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(investigation__memberships__user=user)
