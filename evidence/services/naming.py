"""Names as people type them: the source or place that has the name, or a new one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from evidence.models import Investigation, Place, PlaceName, Source
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.custody import investigation_lock


@transaction.atomic
def source_named(*, actor: Any, investigation: Investigation, name: str) -> Source | None:
    """The source with this name, ignoring case; added if there is none; None for an empty name."""
    name = " ".join(name.split())
    if not name:
        return None
    # Two uploads at once with the same new name wait here for each other.
    investigation_lock(investigation)
    known = Source.objects.filter(investigation=investigation, name__iexact=name).first()
    return known or source_add(actor=actor, investigation=investigation, name=name)


@transaction.atomic
def place_named(*, actor: Any, investigation: Investigation, name: str) -> Place | None:
    """The place with this name in any language, or whose names joined read so; added if there is none."""
    name = " ".join(name.split())
    if not name:
        return None
    investigation_lock(investigation)
    known = PlaceName.objects.filter(place__investigation=investigation, name__iexact=name).first()
    if known is not None:
        return known.place
    if " / " in name:
        for place in Place.objects.filter(investigation=investigation).prefetch_related("names"):
            if place.display_name.casefold() == name.casefold():
                return place
    # Both names of a disputed place, as the page shows them: the first leads, the others stand beside it.
    names = [Name(name=part.strip(), is_shown=True) for part in name.split(" / ") if part.strip()]
    return place_add(actor=actor, investigation=investigation, names=names)
