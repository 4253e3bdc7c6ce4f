"""Links of OpenStreetMap, Bing, Yandex, Apple and Wikimapia."""

import re
from urllib.parse import parse_qs

from geolocation.coordinates.link_parts import (
    NUMBER,
    Candidate,
    Link,
    Meaning,
    decide,
    latitude_longitude,
    pair_text,
    route,
    searched_text,
)
from geolocation.coordinates.outcome import Notation, Parsed, Refused
from geolocation.coordinates.sentences import gettext_noop, say

_OSM_VIEW = re.compile(rf"(?:^|&)map=\d{{1,2}}(?:\.\d+)?/({NUMBER})/({NUMBER})(?=$|[/&])")
_LATITUDE_FIRST = gettext_noop("This service writes the latitude first.")
_LONGITUDE_FIRST = gettext_noop("Yandex links write the longitude first; this was taken into account.")


def _pairs(link: Link, meaning: Meaning, *names: str, longitude_first: bool = False) -> list[Candidate]:
    """A candidate for each of these parameters that holds two numbers."""
    pairs = [pair_text(link.first(name) or "", longitude_first=longitude_first) for name in names]
    return [Candidate(meaning, pair) for pair in pairs if pair is not None]


def _named(values: dict[str, list[str]], meaning: Meaning, latitude: str, longitude: str) -> list[Candidate]:
    """A candidate from two parameters of their own."""
    one, other = values.get(latitude, [""])[0], values.get(longitude, [""])[0]
    if not (re.fullmatch(NUMBER, one) and re.fullmatch(NUMBER, other)):
        return []
    return [Candidate(meaning, latitude_longitude(one, other))]


def _searches(link: Link, *names: str) -> list[Candidate]:
    outcomes = [searched_text(link.first(name) or "") for name in names]
    return [Candidate(Meaning.PLACE, outcome) for outcome in outcomes if outcome is not None]


def read_osm(link: Link) -> Parsed | Refused:
    """The marker (`mlat`, `mlon`), a searched position, else the view."""
    stops = link.first("route")
    if stops:
        return route(stops.split(";"))
    found = _named(link.query, Meaning.PLACE, "mlat", "mlon") + _searches(link, "query")
    found += [Candidate(Meaning.VIEW, latitude_longitude(*view)) for view in _OSM_VIEW.findall(link.fragment)]
    found += _named(link.query, Meaning.VIEW, "lat", "lon")
    return decide(found, Notation.OSM_LINK, say(_LATITUDE_FIRST))


def read_bing(link: Link) -> Parsed | Refused:
    """The pins (`sp=point.`), a searched position, else the centre of the view (`cp`)."""
    stops = link.first("rtp")
    if stops:
        return route([stop.removeprefix("pos.") for stop in stops.split("~")])
    found = [
        Candidate(Meaning.PLACE, latitude_longitude(*pin))
        for pin in re.findall(rf"point\.({NUMBER})_({NUMBER})(?=$|[_~])", link.first("sp") or "")
    ]
    found += _searches(link, "where1", "q") + _pairs(link, Meaning.VIEW, "cp")
    return decide(found, Notation.BING_LINK, say(_LATITUDE_FIRST))


def read_yandex(link: Link) -> Parsed | Refused:
    """The pins (`pt`) and points (`whatshere`, `poi`), else a panorama's camera, else the view (`ll`)."""
    stops = link.first("rtext")
    if stops:
        return route(stops.split("~"))
    found = [
        Candidate(Meaning.PLACE, pair)
        for pin in (link.first("pt") or "").split("~")
        if (pair := pair_text(",".join(pin.split(",")[:2]), longitude_first=True)) is not None
    ]
    found += _pairs(link, Meaning.PLACE, "whatshere[point]", "poi[point]", longitude_first=True)
    # A position typed into the search field is written as people write it: latitude first.
    found += _searches(link, "text")
    found += _pairs(link, Meaning.CAMERA, "panorama[point]", longitude_first=True)
    found += _pairs(link, Meaning.VIEW, "ll", longitude_first=True)
    return decide(found, Notation.YANDEX_LINK, say(_LONGITUDE_FIRST))


def read_apple(link: Link) -> Parsed | Refused:
    """The pin (`coordinate`, `q` as a position, `ll` with a name in `q`), else the view."""
    if link.first("daddr", "destination"):
        return route(
            [
                value
                for name in ("saddr", "source", "daddr", "destination")
                for value in link.query.get(name, [])
            ]
        )
    found = _searches(link, "q", "address") + _pairs(link, Meaning.PLACE, "coordinate")
    # `q` names the pin that `ll` places; alone, or beside a position in `q`, `ll` is where the map stood.
    is_pin = not found and bool(link.first("q", "name"))
    found += _pairs(link, Meaning.PLACE if is_pin else Meaning.VIEW, "ll")
    found += _pairs(link, Meaning.VIEW, "center", "sll", "near")
    return decide(found, Notation.APPLE_LINK, say(_LATITUDE_FIRST))


def read_wikimapia(link: Link) -> Parsed | Refused:
    """The centre of the view; Wikimapia keeps it behind the #."""
    values = {**link.query, **parse_qs(link.fragment)}
    found = _named(values, Meaning.VIEW, "lat", "lon")
    return decide(found, Notation.WIKIMAPIA_LINK, say(_LATITUDE_FIRST))
