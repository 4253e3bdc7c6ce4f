"""What this service conforms to, and its description in OpenAPI 3.0."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from geolocation.ogc.crs import ALL_CRS
from geolocation.ogc.items import LIMIT_DEFAULT, LIMIT_MOST
from geolocation.ogc.queryables import SORTABLES
from geolocation.ogc.sorting import KEYS_MOST, TEXT_MOST

_FEATURES = "http://www.opengis.net/spec/ogcapi-features"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
# t_meets, t_overlaps and the like are not here, so temporal-functions is not claimed.
CONFORMANCE: Final = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    *(f"{_FEATURES}-1/1.0/conf/{each}" for each in ("core", "geojson", "html", "oas30")),
    f"{_FEATURES}-2/1.0/conf/crs",
    *(f"{_FEATURES}-3/1.0/conf/{each}" for each in ("queryables", "filter", "features-filter")),
    *(
        f"{_CQL2}/{each}"
        for each in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "basic-spatial-functions",
            "spatial-functions",
        )
    ),
)


def description(server: str) -> dict[str, Any]:
    """The OpenAPI document. `server` is the whole address of /ogc without a slash at its end."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": _("Verified points: OGC API - Features"),
            "version": "1.0",
            "description": _(
                "Points of published investigations need no sign-in. Those of others need a session or an "
                "API token of a member; to everybody else they do not exist."
            ),
        },
        "servers": [{"url": server}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"bearerToken": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
        "security": [{}, {"bearerToken": []}],
    }


def _paths() -> dict[str, Any]:
    one = "/collections/{collectionId}"
    return {
        "/": _get("landing", _("Where everything is"), "Landing"),
        "/api": _get("description", _("This description"), None, kind="application/vnd.oai.openapi+json"),
        "/conformance": _get("conformance", _("What this service conforms to"), "Conformance"),
        "/collections": _get("collections", _("The collections that the reader may read"), "Collections"),
        one: _get("collection", _("One collection"), "Collection", _COLLECTION),
        f"{one}/queryables": _get(
            "queryables", _("What filter can ask for"), None, _COLLECTION, kind="application/schema+json"
        ),
        f"{one}/items": _get(
            "items", _("Points"), "Features", _COLLECTION, *_item_parameters(), kind="application/geo+json"
        ),
        f"{one}/items/{{featureId}}": _get(
            "item",
            _("One point"),
            "Feature",
            _COLLECTION,
            {
                "name": "featureId",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            },
            _crs("crs"),
            kind="application/geo+json",
        ),
    }


_COLLECTION = {"name": "collectionId", "in": "path", "required": True, "schema": {"type": "string"}}
_FORMAT = {"name": "f", "in": "query", "schema": {"type": "string", "enum": ["json", "html"]}}


def _get(
    name: str, summary: str, schema: str | None, *parameters: dict[str, Any], kind: str = "application/json"
) -> dict[str, Any]:
    body = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    problem = {
        "description": _("A value does not fit, or there is no such thing; the fields say which and why."),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    content = {kind: {"schema": body}, "text/html": {"schema": {"type": "string"}}}
    responses = {"200": {"description": summary, "content": content}}
    responses |= dict.fromkeys(("400", "401", "404"), problem)
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*parameters, _FORMAT],
            "responses": responses,
        }
    }


def _crs(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string", "enum": list(ALL_CRS)}}


def _item_parameters() -> list[dict[str, Any]]:
    def text(name: str, says: str) -> dict[str, Any]:
        return {"name": name, "in": "query", "description": says, "schema": {"type": "string"}}

    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    orders = [sign + name for name in SORTABLES for sign in ("", "-")]
    return [
        {"name": "bbox", "in": "query", "schema": numbers, "style": "form", "explode": False},
        _crs("bbox-crs"),
        text("datetime", _("A time with its offset or a day, or two with / between; .. is an open end.")),
        {
            "name": "limit",
            "in": "query",
            "schema": {
                "type": "integer",
                "minimum": 1,
                "maximum": LIMIT_MOST,
                "default": LIMIT_DEFAULT,
            },
        },
        text("filter", _("A condition in CQL2 over the queryables.")),
        {
            "name": "filter-lang",
            "in": "query",
            "schema": {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"},
        },
        _crs("filter-crs"),
        _crs("crs"),
        {
            "name": "sortby",
            "in": "query",
            "description": _(
                "Names with commas between, - before one for the largest first. What is not known stands "
                "last in either direction; texts are compared by their first %(most)d characters."
            )
            % {"most": TEXT_MOST},
            "style": "form",
            "explode": False,
            "schema": {
                "type": "array",
                "maxItems": KEYS_MOST,
                "uniqueItems": True,
                "items": {"type": "string", "enum": orders},
            },
        },
        text("properties", _("Names of properties, with commas between; the others are left out.")),
        text("cursor", _("Where a page ended. Take it from the links “next” and “prev”.")),
    ]


def _schemas() -> dict[str, Any]:
    links = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}
    texts = {"type": "array", "items": {"type": "string"}}
    collection = {"id": {"type": "string"}, "title": {"type": "string"}, "links": links, "crs": texts}
    feature = {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string", "format": "uuid"},
        "geometry": {"type": "object", "nullable": True},
        "properties": {"type": "object"},
    }
    return {
        "Link": _object({"href": {"type": "string"}, "rel": {"type": "string"}}),
        "Landing": _object({"title": {"type": "string"}, "links": links}),
        "Conformance": _object({"conformsTo": texts}),
        "Collection": _object(collection),
        "Collections": _object(
            {
                "links": links,
                "collections": {"type": "array", "items": {"$ref": "#/components/schemas/Collection"}},
            }
        ),
        "Feature": _object(feature),
        "Features": {
            **_object(
                {
                    "type": {"type": "string", "enum": ["FeatureCollection"]},
                    "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
                    "links": links,
                    "timeStamp": {"type": "string", "format": "date-time"},
                    "numberReturned": {"type": "integer", "minimum": 0},
                }
            ),
            "description": _(
                "numberMatched stands on the first page, where no more than 10,000 points match."
            ),
        },
        "Problem": _object(
            {"title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}}
        ),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
