"""Which collections there are for one reader: all that is public, and each investigation they may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from evidence.errors import NotFound
from evidence.models import Investigation
from geolocation.models import VerifiedPoint
from geolocation.querysets import VerifiedPointQuerySet

ALL_PUBLIC: Final = "verified-points"


@dataclass(frozen=True)
class Collection:
    """`investigation` is None for the one that holds every published point."""

    key: str
    title: str
    description: str
    investigation: Investigation | None = None

    def points(self) -> VerifiedPointQuerySet:
        """Its points, by columns of the table itself: a join would keep the index from giving the order."""
        if self.investigation is not None:
            return VerifiedPoint.objects.filter(investigation_id=self.investigation.pk)
        return VerifiedPoint.objects.filter(investigation_id__in=self.investigations())

    def investigations(self) -> tuple[int, ...]:
        """The keys of the investigations whose points it holds."""
        if self.investigation is not None:
            return (self.investigation.pk,)
        return tuple(Investigation.objects.published().values_list("pk", flat=True))


def collections_for(user: Any) -> list[Collection]:
    """The public one first, then the investigations by code."""
    return [_all_public(), *(_of(each) for each in _readable(user).order_by("code"))]


def collection_for(user: Any, key: str) -> Collection:
    """One of them. Raises NotFound for one that the reader may not know of."""
    if key == ALL_PUBLIC:
        return _all_public()
    # A NUL cannot be asked of the database; no code has one.
    found = None if "\0" in key else _readable(user).filter(code=key).first()
    if found is None:
        raise NotFound(_("There is no such collection, or you may not read it."))
    return _of(found)


def _readable(user: Any) -> Any:
    wanted = Q(visibility="published")
    if user.is_authenticated:
        wanted |= Q(pk__in=user.memberships.values("investigation"))
    return Investigation.objects.filter(wanted)


def _all_public() -> Collection:
    return Collection(
        ALL_PUBLIC, _("Verified points"), _("Every verified point of a published investigation.")
    )


def _of(investigation: Investigation) -> Collection:
    return Collection(
        investigation.code,
        investigation.title,
        _("Verified points of %(title)s.") % {"title": investigation.title},
        investigation,
    )
