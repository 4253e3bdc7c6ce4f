"""What the pages for people show of points: rows of a table, and the same points on a map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _

from geolocation.ogc.collections import Collection
from geolocation.ogc.items import StoredPoint
from geolocation.ogc.queryables import QUERYABLES

# Of the properties that no filter asks for. The others have the title of their queryable.
_NO_FACTS = ("title", "camera_latitude", "camera_longitude", "subject_latitude", "subject_longitude")


def rows_of(points: Sequence[StoredPoint], collection: Collection) -> list[dict[str, Any]]:
    """A row a point: its properties with days and times as such, where it is, and its addresses."""
    return [_row(point, collection) for point in points]


def map_points(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Features in degrees for static/js/pages/ogc.js, in whichever reference system the page is asked for."""
    said = ("title", "place_name", "uncertainty_m", "media_reference")
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": (row["longitude"], row["latitude"])},
            "properties": {
                "id": row["uid"],
                "status": "verified",
                "verified_by": ", ".join(row["verified_by"]),
                **{name: row[name] for name in said},
            },
        }
        for row in rows
    ]


def facts_of(row: dict[str, Any]) -> list[tuple[str, Any]]:
    """Title and value of each property of one point that is known and has no place of its own on the page."""
    titles = {name: str(each.title) for name, each in QUERYABLES.items()}
    titles |= {"claims": _("Claims"), "verified_by": _("Verified by")}
    stored = orjson.loads(row["stored"])
    found = []
    for name, value in stored.items():
        if name not in _NO_FACTS and value not in (None, "", []):
            found.append((titles[name], ", ".join(value) if isinstance(value, list) else value))
    return found


def tiles_address(collection: Collection) -> str:
    """Where the tiles of all of a collection describe themselves."""
    if collection.investigation is None:
        return reverse("geolocation:tiles-json")
    return reverse("geolocation:investigation-tiles-json", args=[collection.investigation.code])


def _row(point: StoredPoint, collection: Collection) -> dict[str, Any]:
    said: dict[str, Any] = orjson.loads(point.properties)
    day, start, end = (said[name] for name in ("captured_on", "captured_from", "captured_to"))
    return said | {
        "uid": str(point.uid),
        "latitude": point.latitude,
        "longitude": point.longitude,
        "captured_on": date.fromisoformat(day) if day else None,
        "captured_from": datetime.fromisoformat(start) if start else None,
        "captured_to": datetime.fromisoformat(end) if end else None,
        "page_url": reverse("geolocation:point", args=[point.uid]),
        "feature_url": reverse("geolocation:ogc-item", args=[collection.key, point.uid]),
        "stored": point.properties,
    }
