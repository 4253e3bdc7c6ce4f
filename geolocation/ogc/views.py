"""The resources of OGC API - Features, each as JSON and as a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from evidence.api.base import CatalogueView
from evidence.errors import InvalidInput, NotFound
from geolocation.exports.base import utc_text
from geolocation.ogc.collections import Collection, collection_for, collections_for
from geolocation.ogc.crs import ALL_CRS, CRS84, crs_understand
from geolocation.ogc.extent import extent_of
from geolocation.ogc.items import asked_read, feature_of, page_read, point_stored
from geolocation.ogc.openapi import CONFORMANCE, description
from geolocation.ogc.pages import facts_of, map_points, rows_of, tiles_address
from geolocation.ogc.queryables import queryables_schema
from geolocation.ogc.words import asked_words

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
ITEM_NAMES = (
    "bbox", "bbox-crs", "datetime", "limit", "filter", "filter-lang", "filter-crs", "crs", "sortby",
    "properties", "cursor", "f",
)  # fmt: skip


class OgcView(CatalogueView):
    """Open to readers without an account; a session or a token opens the collections of its person."""

    known_parameters: ClassVar[Sequence[str]] = ("f",)
    permission_classes = [AllowAny]
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # Chosen in `answer`; this renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, "application/problem+json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.query_params.get("f", "json") not in ("json", "html"):
            raise InvalidInput(_("Write f=json or f=html."), field="f")

    def get_exception_handler(self) -> Callable[..., Any]:
        handle = super().get_exception_handler()

        def as_problem(failure: Exception, context: Any) -> Any:
            answer = handle(failure, context)
            if answer is not None:
                answer.data = _problem(answer.status_code, answer.data["error"])
                answer.content_type = "application/problem+json"
            return answer

        return as_problem

    def here(self, request: Request, path: str = "") -> str:
        """The whole address of a resource under /ogc."""
        root = request.path[: request.path.index("/ogc/") + len("/ogc/")]
        return request.build_absolute_uri(root + path)

    def up(self, request: Request, collection: Collection) -> dict[str, str]:
        """The link to the collection of a page or a point."""
        href = self.here(request, f"collections/{collection.key}")
        return {"rel": "collection", "href": href, "type": JSON, "title": collection.title}

    def wants_html(self, request: Request) -> bool:
        asked = request.query_params.get("f")
        if asked:
            return asked == "html"
        accepted = request.headers.get("Accept", "").lower()
        return "text/html" in accepted.partition("json")[0]

    def answer(
        self,
        request: Request,
        data: dict[str, Any],
        *,
        title: str,
        kind: str = JSON,
        page: tuple[str, Callable[[], dict[str, Any]]] = ("ogc", dict),
    ) -> HttpResponse:
        """As JSON or as a page, with the links of the body in the header too.

        `page` names the template and gives what it shows beside the data; it is asked only for a page.
        """
        if kind in (JSON, GEOJSON):
            data["links"] = [*_own_links(request, kind), *data.get("links", [])]
        if self.wants_html(request):
            # Once through JSON: properties come as the text that the database keeps.
            plain = orjson.loads(orjson.dumps(data))
            template, more = page
            context = {"heading": title, "data": plain, "json_url": _with(request, f="json"), **more()}
            made = render(request._request, f"geolocation/{template}.html", context)
        else:
            made = HttpResponse(orjson.dumps(data), content_type=kind)
        for_header = [f'<{each["href"]}>; rel="{each["rel"]}"' for each in data.get("links", ())[:8]]
        if for_header:
            made["Link"] = ", ".join(for_header)
        made["Vary"] = "Accept, Authorization, Cookie"
        made["Cache-Control"] = "private, no-cache"
        return made


class Landing(OgcView):
    def get(self, request: Request) -> HttpResponse:
        def link(rel: str, path: str, kind: str, title: str) -> dict[str, str]:
            return {"rel": rel, "href": self.here(request, path), "type": kind, "title": title}

        links = [
            link("service-desc", "api?f=json", OPENAPI, _("Description of this service (OpenAPI 3.0)")),
            link("service-doc", "api?f=html", "text/html", _("Description of this service as a page")),
            link("conformance", "conformance", JSON, _("What this service conforms to")),
            link("data", "collections", JSON, _("Collections")),
        ]
        title = _("Verified points for maps and programs")
        text = _("OGC API - Features: what QGIS, GDAL and others read.")
        return self.answer(request, {"title": title, "description": text, "links": links}, title=title)


class Conformance(OgcView):
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request, {"conformsTo": list(CONFORMANCE)}, title=_("Conformance"))


class Description(OgcView):
    def get(self, request: Request) -> HttpResponse:
        return self.answer(
            request, description(self.here(request).rstrip("/")), title=_("Description"), kind=OPENAPI
        )


class CollectionList(OgcView):
    def get(self, request: Request) -> HttpResponse:
        found = [self.described(request, each) for each in collections_for(request.user)]
        return self.answer(
            request, {"links": [], "crs": list(ALL_CRS), "collections": found}, title=_("Collections")
        )

    def described(self, request: Request, collection: Collection) -> dict[str, Any]:
        path = f"collections/{collection.key}"
        links = [
            {
                "rel": "items",
                "href": self.here(request, f"{path}/items"),
                "type": GEOJSON,
                "title": _("Points"),
            },
            {
                "rel": "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                "href": self.here(request, f"{path}/queryables"),
                "type": SCHEMA,
                "title": _("What can be asked for"),
            },
        ]
        return {
            "id": collection.key,
            "title": collection.title,
            "description": collection.description,
            "itemType": "feature",
            "crs": list(ALL_CRS),
            "storageCrs": CRS84,
            "links": links,
        }


class CollectionDetail(CollectionList):
    # The address of a collection has one part more than the base view.
    def get(self, request: Request, collection: str) -> HttpResponse:  # type: ignore[override]
        found = collection_for(request.user, collection)
        data = self.described(request, found)
        extent = extent_of(found)
        if extent is not None:
            data["extent"] = extent
        page = ("ogc_collection", lambda: {"collection": found, "tiles_url": tiles_address(found)})
        return self.answer(request, data, title=found.title, page=page)


class Queryables(OgcView):
    def get(self, request: Request, collection: str) -> HttpResponse:
        collection_for(request.user, collection)
        address = request.build_absolute_uri(request.path)
        return self.answer(request, queryables_schema(address), title=_("What can be asked for"), kind=SCHEMA)


class Items(OgcView):
    known_parameters = ITEM_NAMES

    def get(self, request: Request, collection: str) -> HttpResponse:
        found = collection_for(request.user, collection)
        asked = asked_read(request.query_params.dict())
        page = page_read(found.points(), asked)
        data: dict[str, Any] = {"type": "FeatureCollection", "links": []}
        data["links"].append(self.up(request, found))
        titles = {"next": _("Next page"), "prev": _("Previous page")}
        for rel, cursor in (("next", page.next_cursor), ("prev", page.previous_cursor)):
            if cursor is not None:
                link = {"rel": rel, "href": _with(request, cursor=cursor), "type": GEOJSON}
                data["links"].append({**link, "title": titles[rel]})
        data["timeStamp"] = utc_text(timezone.now())
        if page.matched is not None:
            data["numberMatched"] = page.matched
        if page.estimated is not None:
            # Not under the name that the standard has for the exact number.
            data["estimatedNumberMatched"] = page.estimated
        data["numberReturned"] = len(page.points)
        data["features"] = [feature_of(point, asked.crs, asked.properties) for point in page.points]

        def shown() -> dict[str, Any]:
            rows = rows_of(page.points, found)
            urls = {f"{each['rel']}_url": each["href"] for each in data["links"] if each["rel"] in titles}
            words = asked_words(request.query_params.dict())
            return {"collection": found, "rows": rows, "map_points": map_points(rows), "words": words, **urls}

        made = self.answer(request, data, title=found.title, kind=GEOJSON, page=("ogc_items", shown))
        made["Content-Crs"] = f"<{asked.crs}>"
        return made


class Item(OgcView):
    known_parameters = ("crs", "f")

    def get(self, request: Request, collection: str, uid: UUID) -> HttpResponse:
        found = collection_for(request.user, collection)
        crs = crs_understand(request.query_params.get("crs"), "crs")
        point = point_stored(found.points(), uid)
        if point is None:
            raise NotFound(_("There is no such point in this collection."))
        data = feature_of(point, crs)
        data["links"] = [self.up(request, found)]
        title = orjson.loads(point.properties)["title"]

        def shown() -> dict[str, Any]:
            rows = rows_of([point], found)
            facts = facts_of(rows[0])
            return {"collection": found, "row": rows[0], "map_points": map_points(rows), "facts": facts}

        made = self.answer(request, data, title=title, kind=GEOJSON, page=("ogc_item", shown))
        made["Content-Crs"] = f"<{crs}>"
        return made


def _own_links(request: Request, kind: str) -> list[dict[str, str]]:
    return [
        {"rel": "self", "href": _with(request), "type": kind, "title": _("This resource")},
        {"rel": "alternate", "href": _with(request, f="html"), "type": "text/html", "title": _("As a page")},
    ]


def _with(request: Request, **changes: str) -> str:
    """The address of this request with other parameters, a page's language of transport left as it is."""
    query = {**request.query_params.dict(), **changes}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}" if query else request.path)


def _problem(status: int, error: dict[str, Any]) -> dict[str, Any]:
    """RFC 9457, with the fields and the sentences of the other API."""
    fields = error.get("fields", {})
    sentences = [sentence for each in fields.values() for sentence in each]
    detail = " ".join(dict.fromkeys(sentences)) or error["sentence"]
    return {
        "type": "about:blank", "title": error["code"], "status": status, "detail": detail, "fields": fields,
    }  # fmt: skip
