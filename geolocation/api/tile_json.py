"""TileJSON 3.0.0: which layers the tiles have, what their features say, where there are any."""

from __future__ import annotations

import orjson
from django.utils.translation import gettext as _

from evidence.models import Investigation
from geolocation.tiles import GRID_ZOOM_MOST, ZOOM_MOST, latitude_at

# Where there is nothing yet: the whole map.
_WORLD = (-180.0, latitude_at(1), 180.0, latitude_at(0))


def tile_json(
    template: str, investigation: Investigation | None, bounds: tuple[float, float, float, float] | None
) -> bytes:
    """The document. `template` is the address of a tile with {z}, {x} and {y} in it."""
    name = _("Verified points")
    attribution = _("See the page of each point.")
    if investigation is not None:
        name = _("Verified points of %(title)s") % {"title": investigation.title}
        attribution = ". ".join(part for part in (investigation.attribution, investigation.licence) if part)
    return orjson.dumps(
        {
            "tilejson": "3.0.0",
            "name": name,
            "description": _("Counted in cells up to zoom 8, point by point above."),
            "attribution": attribution,
            "scheme": "xyz",
            "tiles": [template],
            "minzoom": 0,
            "maxzoom": ZOOM_MOST,
            "bounds": list(bounds or _WORLD),
            "vector_layers": _layers(),
        }
    )


def _layers() -> list[dict[str, object]]:
    above = GRID_ZOOM_MOST + 1
    clusters = {
        "point_count": _("Number: how many geolocations the cell holds. The feature stands at their mean."),
        "status": _("String: their status, where all have the same one"),
    }
    points = {
        "id": _("String: the id of the point in every format and at /points/. Not in tiles of many points."),
        "reference": _("String: reference of the geolocation"),
        "media_reference": _("String: reference of the media item"),
        "kind": _("String: kind of media"),
        "title": _("String: title, up to 100 characters"),
        "place_name": _("String: names of the place, up to 100 characters"),
        "captured": _("String: the day on which the capture begins, in UTC"),
        "status": _("String: where the geolocation stands"),
        "uncertainty_m": _("Number: radius in metres"),
        "position_role": _("String: camera or subject"),
        "disclosure": _(
            "String: exact, or generalised: then the circle of uncertainty_m is all that is said"
        ),
        "verified_by": _("String: who approved it, up to 100 characters"),
    }
    more = {
        "more": _("Boolean: true; without more points than fit there is no such layer"),
        "total": _("Number: how many lie in the tile"),
        "is_exact": _("Boolean: false where there are at least so many"),
        "shown": _("Number: how many of them the tile holds"),
    }
    return [
        _layer("clusters", _("Geolocations counted in a grid"), clusters, 0, GRID_ZOOM_MOST),
        _layer("points", _("Single geolocations"), points, above, ZOOM_MOST),
        _layer("more", _("Said where a tile has no room for all points"), more, above, ZOOM_MOST),
    ]


def _layer(key: str, description: str, fields: dict[str, str], low: int, high: int) -> dict[str, object]:
    return {"id": key, "description": description, "fields": fields, "minzoom": low, "maxzoom": high}
