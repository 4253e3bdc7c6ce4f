"""What may be asked for: each queryable, its type, and its column. Nothing else reaches the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Queryable:
    """`kind` is text, number, time, day or geometry; `is_long` a text beyond what a cursor holds."""

    kind: str
    column: str
    title: str | Promise
    is_long: bool = False


QUERYABLES: Final[dict[str, Queryable]] = {
    "geometry": Queryable("geometry", "position", _("Position")),
    "investigation": Queryable("text", "investigation__code", _("Code of the investigation")),
    "reference": Queryable("text", "geolocation__reference", _("Reference of the geolocation")),
    "media_reference": Queryable("text", "media_reference", _("Reference of the media item")),
    "title": Queryable("text", "title", _("Title")),
    "kind": Queryable("text", "media_kind", _("Kind of media")),
    "uncertainty_m": Queryable("number", "uncertainty_m", _("Uncertainty: radius in metres")),
    "position_role": Queryable("text", "position_role", _("What the point marks: camera or subject")),
    "disclosure": Queryable("text", "disclosure", _("How the position is given out: exact or generalised")),
    "place_name": Queryable("text", "place_name", _("Place"), is_long=True),
    "captured_from": Queryable("time", "captured_from", _("Captured not before")),
    "captured_to": Queryable("time", "captured_to", _("Captured not after")),
    "captured_on": Queryable("day", "captured_on", _("Day of the capture, where only the day is known")),
    "source_url": Queryable("text", "source_url", _("Address of the source"), is_long=True),
    "licence": Queryable("text", "licence", _("Licence")),
    "attribution": Queryable("text", "attribution", _("Attribution")),
    "revision": Queryable("number", "revision__number", _("Revision that was approved")),
    "verified_at": Queryable("time", "verified_at", _("Verified at")),
    "updated_at": Queryable("time", "updated_at", _("Changed at")),
}
SORTABLES: Final = tuple(name for name, each in QUERYABLES.items() if each.kind != "geometry")
#: What may be not known of a point, as NULL.
OPTIONAL: Final = ("captured_from", "captured_to", "captured_on")

_SCHEMAS = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "time": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "geometry": {"format": "geometry-point"},
}


def queryables_schema(address: str) -> dict[str, object]:
    """The JSON Schema document of OGC API - Features, Part 3."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": "Verified points",
        "properties": {
            name: {"title": str(each.title), **_SCHEMAS[each.kind]} for name, each in QUERYABLES.items()
        },
        "additionalProperties": False,
    }
