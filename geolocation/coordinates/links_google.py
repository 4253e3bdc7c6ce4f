"""Google Maps and Google Earth links."""

import re

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

_AT = re.compile(rf"@({NUMBER}),({NUMBER})(?:,([^/]*))?")
_PLACE_MARK = re.compile(rf"!3d({NUMBER})!4d({NUMBER})(?![\d.])")
_EMBEDDED_VIEW = re.compile(rf"!2d({NUMBER})!3d({NUMBER})(?!!4d)(?![\d.])")
_AXIS_NOTE = gettext_noop("Google writes the latitude first.")


def read_google(link: Link) -> Parsed | Refused:
    """The marked place (`!3d!4d`, a searched text), else the panorama's camera, else the view (`@`)."""
    stops = _stops(link)
    if stops:
        return route(stops)
    data = " ".join([link.path, link.fragment, *link.query.get("pb", []), *link.query.get("data", [])])
    found = [Candidate(Meaning.PLACE, latitude_longitude(*mark)) for mark in _PLACE_MARK.findall(data)]
    for text in _searched(link):
        outcome = searched_text(text)
        if outcome is not None:
            found.append(Candidate(Meaning.PLACE, outcome))
    found += _views(link)
    found += [
        Candidate(Meaning.VIEW, latitude_longitude(latitude, longitude))
        for longitude, latitude in _EMBEDDED_VIEW.findall(data)[:1]
    ]
    return decide(found, Notation.GOOGLE_LINK, say(_AXIS_NOTE))


def _stops(link: Link) -> list[str]:
    """The stops of a route, which is never one position."""
    if "/dir/" in link.path:
        after = link.path.partition("/dir/")[2].split("/")
        stops = [part for part in after if part and not part.startswith(("@", "data=", "am="))]
        return [*stops, *link.query.get("origin", []), *link.query.get("destination", [])] or ["?"]
    if link.first("saddr") or link.first("daddr"):
        return [*link.query.get("saddr", []), *link.query.get("daddr", [])]
    return []


def _searched(link: Link) -> list[str]:
    """Texts that name the place: path pieces behind /place/ and /search/, and the query parameters."""
    texts = [value for name in ("q", "query") for value in link.query.get(name, [])[:1]]
    for behind in ("/place/", "/search/"):
        piece = link.path.partition(behind)[2].split("/")[0]
        if piece and not piece.startswith("@"):
            texts.append(piece.replace("+", " "))
    return texts


def _views(link: Link) -> list[Candidate]:
    found = []
    for latitude, longitude, rest in _AT.findall(link.path)[:1]:
        # `3a,75y,210h,90t` is Street View; `17z` and `500m` are a map.
        panorama = bool(re.match(r"\d+a,", rest))
        meaning = Meaning.CAMERA if panorama else Meaning.VIEW
        found.append(Candidate(meaning, latitude_longitude(latitude, longitude)))
    for meaning, names in (
        (Meaning.CAMERA, ("cbll", "viewpoint")),
        (Meaning.VIEW, ("ll", "center", "sll")),
    ):
        for name in names:
            pair = pair_text(link.first(name) or "")
            if pair is not None:
                found.append(Candidate(meaning, pair))
                break
    return found


def read_google_earth(link: Link) -> Parsed | Refused:
    """A searched position, else the point the Earth view is centred on."""
    found = []
    piece = link.path.partition("/search/")[2].split("/")[0]
    outcome = searched_text(piece.replace("+", " ")) if piece else None
    if outcome is not None:
        found.append(Candidate(Meaning.PLACE, outcome))
    found += [
        Candidate(Meaning.VIEW, latitude_longitude(latitude, longitude))
        for latitude, longitude, _ in _AT.findall(link.path)[:1]
    ]
    return decide(found, Notation.GOOGLE_EARTH_LINK, say(_AXIS_NOTE))
