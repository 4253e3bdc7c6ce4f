"""Vector tiles at /tiles/: verified points for everybody, and for members what is not verified yet."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from evidence.api.base import CatalogueView
from evidence.errors import InvalidInput, NotAllowed, NotFound
from evidence.models import Investigation
from evidence.permissions import may
from geolocation.api.tile_json import tile_json
from geolocation.forms.points import capture_edge_understand
from geolocation.review.states import State
from geolocation.services.tiles import (
    VERIFIED,
    TileFilter,
    published_version,
    tile_kept,
    tile_version,
    tiles_bounds,
)
from geolocation.tiles import ZOOM_MOST, Tile, tile_at

MVT = "application/vnd.mapbox-vector-tile"
_WORTH_ZIPPING = 1_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address asks for, after it was decided that the reader may have it.

    `version` was read before the tile: what changes meanwhile makes the tile newer than its tag, never older.
    """

    wanted: TileFilter
    version: str
    is_public: bool
    investigation: Investigation | None


class TileView(CatalogueView):
    """Open to readers without an account; a session or a token opens the investigations of its person."""

    known_parameters: ClassVar[Sequence[str]] = ("from", "to")
    permission_classes = [AllowAny]
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # A map asks for a tile, not for JSON; this renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def asked(self, request: Request) -> Asked:
        """Every published investigation."""
        start, end = _times(request)
        investigations, version = published_version()
        wanted = TileFilter(investigations=investigations, start=start, end=end)
        return Asked(wanted=wanted, version=version, is_public=True, investigation=None)

    def answer(self, request: Request, asked: Asked, made: bytes | None, tag: str, kind: str) -> HttpResponse:
        """`made` is None where the reader has it already. Says who may keep it, and to ask again."""
        response = HttpResponseNotModified() if made is None else HttpResponse(made, content_type=kind)
        if made is not None and len(made) > _WORTH_ZIPPING and _takes_gzip(request):
            response.content = gzip.compress(made, compresslevel=1, mtime=0)
            response["Content-Encoding"] = "gzip"
        response["ETag"] = tag
        # A tile of a second ago may still be drawn; whatever is older is asked for again.
        kept = "public, max-age=1, must-revalidate" if asked.is_public else "private, no-cache"
        response["Cache-Control"] = kept
        patch_vary_headers(response, ["Accept-Encoding"])
        if not asked.is_public:
            patch_vary_headers(response, ["Authorization", "Cookie"])
        return response


class InvestigationTileView(TileView):
    """Tiles of one investigation: its verified points for whoever may read them, all states for members."""

    known_parameters = ("from", "to", "status")

    def asked(self, request: Request) -> Asked:
        user = request.user
        code = self.kwargs["code"]
        # A NUL cannot be asked of the database; no code has one.
        found = None if "\0" in code else Investigation.objects.filter(code=code).first()
        is_member = found is not None and may(user, "evidence.view", found)
        if found is None or not (found.is_published or is_member):
            raise NotFound(_("There is no such investigation, or you may not read its points."))
        statuses = _statuses(request.query_params.get("status"))
        if statuses != VERIFIED and not is_member:
            raise NotAllowed(
                _("Only members of %(code)s see what is not verified yet. Leave status out.")
                % {"code": found.code}
            )
        start, end = _times(request)
        wanted = TileFilter(investigations=(found.pk,), statuses=statuses, start=start, end=end)
        return Asked(
            wanted=wanted,
            version=tile_version(wanted),
            is_public=found.is_published and statuses == VERIFIED,
            investigation=found,
        )


class TileData(TileView):
    """One tile of everything that is public."""

    def get(self, request: Request, **parts: str) -> HttpResponse:
        asked = self.asked(request)
        tile = _tile(parts["z"], parts["x"], parts["y"])
        tag = f'W/"{asked.version}"'
        made = None if holds_tag(request, tag) else tile_kept(tile, asked.wanted, asked.version)
        return self.answer(request, asked, made, tag, MVT)


class TileDescription(TileView):
    """What the tiles hold and where they are, as TileJSON 3.0.0."""

    def get(self, request: Request, **_parts: str) -> HttpResponse:
        asked = self.asked(request)
        tag = f'W/"{asked.version}-{_named(asked.investigation)}"'
        made = None
        if not holds_tag(request, tag):
            address = request.build_absolute_uri(request.path).removesuffix("tiles.json")
            query = request.META["QUERY_STRING"]
            template = f"{address}{{z}}/{{x}}/{{y}}.mvt" + (f"?{query}" if query else "")
            made = tile_json(template, asked.investigation, tiles_bounds(asked.wanted))
        return self.answer(request, asked, made, tag, "application/json")


class InvestigationTileData(InvestigationTileView, TileData):
    """One tile of one investigation."""


class InvestigationTileDescription(InvestigationTileView, TileDescription):
    """What the tiles of one investigation hold."""


def _named(investigation: Investigation | None) -> str:
    """Changes with what the description says of the investigation."""
    said = [investigation.title, investigation.attribution, investigation.licence] if investigation else []
    return sha256("\0".join(said).encode()).hexdigest()[:12]


def _tile(z: str, x: str, y: str) -> Tile:
    for name, text in (("z", z), ("x", x), ("y", y)):
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise InvalidInput(
                _("“%(text)s” is no whole number. A tile is /tiles/zoom/column/row.mvt.")
                % {"text": text[:40]},
                field=name,
            )
    found = tile_at(int(z), int(x), int(y))
    if found is None:
        raise NotFound(
            _("There is no such tile: zoom runs from 0 to %(most)d, column and row from 0 to 2^zoom - 1.")
            % {"most": ZOOM_MOST}
        )
    return found


def _statuses(text: str | None) -> tuple[str, ...]:
    """In the order of the states, each once, so that the same question is recognised as the same."""
    if text is None:
        return VERIFIED
    known = [state.value for state in State]
    given = known if text == "all" else text.split(",")
    for name in given:
        if name not in known:
            raise InvalidInput(
                _("There is no status “%(name)s”. Known are: %(known)s, or all.")
                % {"name": name[:40], "known": ", ".join(known)},
                field="status",
            )
    return tuple(state for state in known if state in given)


def _times(request: Request) -> tuple[datetime | None, datetime | None]:
    start = _edge(request, "from", time.min)
    end = _edge(request, "to", time.max)
    if start is not None and end is not None and start > end:
        raise InvalidInput(_("The end of the capture lies before its beginning."), field="to")
    return start, end


def _edge(request: Request, name: str, at: time) -> datetime | None:
    try:
        return capture_edge_understand(request.query_params.get(name, ""), at=at)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], field=name) from None


def holds_tag(request: Request | HttpRequest, tag: str) -> bool:
    """Whether the reader holds this very version; weak comparison (RFC 9110, 13.1.2)."""
    given = request.headers.get("If-None-Match", "")
    held = [each.strip().removeprefix("W/") for each in given.split(",")]
    return given.strip() == "*" or tag.removeprefix("W/") in held


def _takes_gzip(request: Request) -> bool:
    for each in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _sep, weight = each.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight not in ("0", "0.0", "0.00", "0.000")
    return False
