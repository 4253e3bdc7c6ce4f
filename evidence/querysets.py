"""Reads: what a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections, models

from evidence.sealed import withheld_from

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


class CustodyEventQuerySet(models.QuerySet[Any]):
    """Log lines as one person may read them; see evidence.sealed."""

    def visible_to(self, user: Any) -> CustodyEventQuerySet:
        """Without the lines whose content the person may not read yet."""
        return self.filter(~withheld_from(user))

    def with_withheld(self, user: Any) -> CustodyEventQuerySet:
        """Every line, annotated with `is_withheld`; give what is loaded to `evidence.sealed.emptied`."""
        withheld = models.ExpressionWrapper(withheld_from(user), models.BooleanField())
        annotated: CustodyEventQuerySet = self.annotate(is_withheld=withheld)
        return annotated


class InInvestigationQuerySet(models.QuerySet[Any]):
    """Rows that belong to an investigation, as one person sees them."""

    def for_user(self, user: Any | AnonymousUser) -> InInvestigationQuerySet:
        """Those of the investigations that the person belongs to."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(investigation__memberships__user=user)


_COPIES = """
WITH RECURSIVE edge AS (
    SELECT item_a_id AS one, item_b_id AS other FROM evidence_medialikeness
        WHERE investigation_id = %(investigation)s AND state = 'confirmed'
    UNION ALL
    SELECT item_b_id, item_a_id FROM evidence_medialikeness
        WHERE investigation_id = %(investigation)s AND state = 'confirmed'
), copy AS (
    SELECT %(item)s::bigint AS id
    UNION
    SELECT edge.other FROM copy JOIN edge ON edge.one = copy.id
)
SELECT id FROM copy WHERE id <> %(item)s ORDER BY id
"""


class LikenessQuerySet(InInvestigationQuerySet):
    """Pairs of items that look alike."""

    def of_item(self, item: Any) -> LikenessQuerySet:
        """The pairs in which the item is one of the two."""
        return self.filter(models.Q(item_a=item) | models.Q(item_b=item))

    def with_both(self) -> LikenessQuerySet:
        """With both items, their files and who decided, in one query."""
        return self.select_related("item_a", "item_b", "file_a", "file_b", "decided_by")

    def copies_of(self, item: Any) -> list[int]:
        """Keys of the items that are confirmed copies of this one, also by way of others."""
        parameters = {"item": item.pk, "investigation": item.investigation_id}
        with connections[self.db].cursor() as cursor:
            cursor.execute(_COPIES, parameters)
            return [key for (key,) in cursor.fetchall()]
