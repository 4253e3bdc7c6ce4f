"""Reads of the corrections feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max, Min


class PointChangeQuerySet(models.QuerySet[Any]):
    """Changes that have their place in the order."""

    def told_to(self, audience: str, *, code: str | None = None) -> PointChangeQuerySet:
        """What one audience is told, of one investigation or of all."""
        rows = self.filter(audience=audience, place__isnull=False)
        return rows.filter(investigation__code=code) if code else rows

    def place_before(self, moment: datetime) -> int:
        """The place after which everything stands that became readable at `moment` or later.

        A change of a long transaction may be older than `moment`; it became readable when it was ordered.
        """
        first = self.filter(ordered_at__gte=moment).aggregate(place=Min("place"))["place"]
        return self.place_last() if first is None else int(first) - 1

    def place_last(self) -> int:
        """The place of the newest change, 0 before there is any."""
        return int(self.aggregate(place=Max("place"))["place"] or 0)
