"""What completes a short plus code: the recording's own place, and the investigation's places by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from evidence.models import Investigation, MediaItem, Place
from geolocation.coordinates.parse import Nearby
from geolocation.coordinates.position import Position


def place_near(item: MediaItem) -> Position | None:
    """The position of the item's named place."""
    place = item.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Position(place.latitude, place.longitude)


def nearby(where: MediaItem | Investigation) -> Nearby:
    """An item's place goes without saying; each place of its investigation is found when it is named."""
    if isinstance(where, MediaItem):
        return Nearby(place_near(where), partial(_positions_named, where.investigation))
    return Nearby(named=partial(_positions_named, where))


def _positions_named(investigation: Investigation, name: str) -> Sequence[Position]:
    known = Place.objects.filter(investigation=investigation, latitude__isnull=False)
    named = known.filter(names__name__iexact=name).values_list("latitude", "longitude")
    return [Position(north, east) for north, east in named if north is not None and east is not None]
