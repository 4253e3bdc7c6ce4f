"""Sources and places: who says things, and where things are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from evidence.models import Investigation, Place, PlaceKind, PlaceName, Reliability, Source, SourceKind
from evidence.permissions import require
from evidence.services import custody
from evidence.services.custody import custody_record, investigation_lock


@transaction.atomic
def source_add(
    *,
    actor: Any,
    investigation: Investigation,
    name: str,
    kind: str = SourceKind.INDIVIDUAL,
    platform: str = "",
    handle: str = "",
    note: str = "",
    reliability: str = Reliability.F,
    key: str = "",
) -> Source:
    """One more source."""
    require(actor, "evidence.write_source", investigation)
    investigation_lock(investigation)
    source = Source(
        investigation=investigation,
        key=key or _free_key(Source, investigation, name),
        name=name,
        kind=kind,
        platform=platform,
        handle=handle,
        note=note,
        reliability=reliability,
    )
    source.full_clean()
    source.save()
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.SOURCE_ADDED,
        object_type="source",
        object_reference=name,
    )
    return source


@dataclass(frozen=True, kw_only=True)
class Name:
    """One name of a place; `language` is a BCP 47 tag, empty where it is not known."""

    name: str
    language: str = ""
    is_shown: bool = False


@transaction.atomic
def place_add(
    *,
    actor: Any,
    investigation: Investigation,
    names: Sequence[Name],
    kind: str = PlaceKind.OTHER,
    within: Place | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    radius_m: float | None = None,
    note: str = "",
    key: str = "",
) -> Place:
    """One more named place; the first name leads, names marked as shown stand beside it."""
    require(actor, "evidence.write_place", investigation)
    if not names or not names[0].name.strip():
        raise InvalidInput(_("Give the place at least one name."), field="names")
    if len({entry.name for entry in names}) < len(names):
        raise InvalidInput(_("Each name of a place is given once."), field="names")
    investigation_lock(investigation)
    place = Place(
        investigation=investigation,
        key=key or _free_key(Place, investigation, names[0].name),
        kind=kind,
        within=within,
        latitude=latitude,
        longitude=longitude,
        radius_m=radius_m,
        note=note,
    )
    place.full_clean()
    place.save()
    PlaceName.objects.bulk_create(
        PlaceName(
            place=place, name=entry.name, language=entry.language, is_shown=entry.is_shown, position=order
        )
        for order, entry in enumerate(names)
    )
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.PLACE_ADDED,
        object_type="place",
        object_reference=names[0].name,
        details={"latitude": latitude, "longitude": longitude},
    )
    return place


def _free_key(model: type[models.Model], investigation: Investigation, name: str) -> str:
    base = slugify(name)[:60] or model.__name__.lower()
    manager: Any = model._default_manager
    taken = set(
        manager.filter(investigation=investigation, key__startswith=base).values_list("key", flat=True)
    )
    return (
        base
        if base not in taken
        else next(f"{base}-{n}" for n in range(2, 10**6) if f"{base}-{n}" not in taken)
    )
