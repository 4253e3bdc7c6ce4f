"""The verified points on the map of an investigation's home: in the page, or of very many as vector tiles.

The points belong to the app above this one: they are reached through the relation that it adds to ours.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from evidence.views.links import page_url

# The map is a glance; the table and the exports have all points, and so have the tiles.
MOST_POINTS = 500


def map_tiles_url(investigation: Any, *, points: int) -> str:
    """Where the map finds its points as vector tiles; empty while there are few enough for the page."""
    is_many = points > settings.MAP_TILES_ABOVE
    return page_url("geolocation:investigation-tiles-json", investigation.code) if is_many else ""


def map_points(investigation: Any, *, most: int | None = None) -> dict[str, Any]:
    """The verified points as GeoJSON (RFC 7946: longitude first), as the map's script takes them."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
            "properties": {
                "status": "verified",
                "status_word": _("Verified"),
                "title": f"{point.media_reference} · {point.title}",
                "place": point.place_name,
                "detail": f"± {point.uncertainty_m:g} m",
                "url": page_url("evidence:media-detail", investigation.code, point.media_reference),
            },
        }
        for point in investigation.verified_points.order_by("pk")[: MOST_POINTS if most is None else most]
    ]
    return {"type": "FeatureCollection", "features": features}
