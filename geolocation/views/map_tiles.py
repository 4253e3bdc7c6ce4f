"""Where a map finds its points as vector tiles, once there are too many of them for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from evidence.models import Investigation

# Filters of verified points that tiles have too, by their names there. A box is cut out by the map itself.
_SAME = {"captured_after": "from", "captured_before": "to"}
_ANSWERED = {*_SAME, "investigation", "published", "bbox"}


def is_for_tiles(rows: QuerySet[Any]) -> bool:
    """Whether there are more of them than a page should carry."""
    most: int = settings.MAP_TILES_ABOVE
    return rows.order_by()[: most + 1].count() > most


def point_tiles_url(asked: Mapping[str, str], points: QuerySet[Any]) -> str:
    """The TileJSON of a filter of verified points, or "" where tiles cannot answer it or are not needed."""
    if not set(asked) <= _ANSWERED or not is_for_tiles(points):
        return ""
    code = asked.get("investigation", "").upper()
    address = (
        reverse("geolocation:investigation-tiles-json", args=[code])
        if code
        else reverse("geolocation:tiles-json")
    )
    query = urlencode({_SAME[name]: value for name, value in asked.items() if name in _SAME})
    return f"{address}?{query}" if query else address


def work_tiles_url(investigation: Investigation, states: list[str]) -> str:
    """The TileJSON of geolocations in these states, for members."""
    address = reverse("geolocation:investigation-tiles-json", args=[investigation.code])
    return f"{address}?{urlencode({'status': ','.join(states)}, safe=',')}"
