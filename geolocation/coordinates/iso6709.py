"""ISO 6709 Annex H strings, as QuickTime writes them (+39.8212+046.7584/), and geo: URIs (RFC 5870)."""

import math
import re
from dataclasses import replace
from urllib.parse import parse_qs

from geolocation.coordinates.compose import ordered_pair
from geolocation.coordinates.dms import Angle, not_understood, plain_angle, sexagesimal_angle
from geolocation.coordinates.outcome import Notation, Parsed, RefusalReason, Refused
from geolocation.coordinates.sentences import gettext_noop, say
from geolocation.coordinates.tokens import Number

_ISO6709 = re.compile(
    r"(?P<latitude>[+-]\d{2}(?:\d{2}){0,2}(?:\.\d+)?)(?P<longitude>[+-]\d{3}(?:\d{2}){0,2}(?:\.\d+)?)"
    r"(?P<height>[+-]\d+(?:\.\d+)?)?(?P<crs>CRS[A-Z0-9_:.-]+)?/?",
    re.IGNORECASE,
)
_WGS84 = {"CRSWGS_84", "CRSWGS84", "CRSEPSG:4326", "CRSEPSG:4979", "CRSEPSG_4326"}
_GEO = re.compile(
    r"geo:(?P<latitude>-?\d+(?:\.\d+)?),(?P<longitude>-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?"
    r"(?P<parameters>(?:;[^;?#]*)*)(?:\?(?P<query>[^#]*))?",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(?P<latitude>-?\d{1,3}(?:\.\d+)?),(?P<longitude>-?\d{1,3}(?:\.\d+)?)(?:\(.*\))?")


def number_of(written: str) -> Number:
    """A number with its sign as the text writes it."""
    sign = {"-": -1, "+": 1}.get(written[:1], 0)
    return Number(written.lstrip("+-"), sign)


def parse_iso6709(text: str) -> Parsed | Refused | None:
    """A normalised text as an ISO 6709 string; None when it is none."""
    found = _ISO6709.fullmatch(text)
    if not found:
        return None
    if found["crs"] and found["crs"].upper() not in _WGS84:
        return _other_datum(found["crs"][3:])
    latitude, longitude = _iso_angle(found["latitude"], 2), _iso_angle(found["longitude"], 3)
    if isinstance(latitude, Refused):
        return latitude
    if isinstance(longitude, Refused):
        return longitude
    if latitude.components != longitude.components:
        return not_understood(text)
    parsed = ordered_pair(latitude, longitude)
    if isinstance(parsed, Refused):
        return parsed
    return replace(
        parsed,
        notation=Notation.ISO6709,
        axis_note=say(gettext_noop("ISO 6709 writes the latitude first; the longitude has three digits.")),
    )


def _iso_angle(written: str, degree_digits: int) -> Angle | Refused:
    """+394916.4 is 39 degrees, 49 minutes, 16.4 seconds: the count of digits says so."""
    signed = number_of(written)
    whole, _, fraction = signed.digits.partition(".")
    pieces = [whole[:degree_digits]] + [whole[at : at + 2] for at in range(degree_digits, len(whole), 2)]
    if fraction:
        pieces[-1] += f".{fraction}"
    numbers = [Number(pieces[0], signed.sign), *(Number(piece) for piece in pieces[1:])]
    return sexagesimal_angle(numbers)


def _other_datum(name: str) -> Refused:
    return Refused(
        RefusalReason.UNSUPPORTED,
        say(
            gettext_noop("Only WGS 84 is read; this position is on %(name)s. Convert it first."),
            name=name[:40],
        ),
    )


def parse_geo_uri(text: str) -> Parsed | Refused | None:
    """A text as a geo: URI; None when it is none. Android's `geo:0,0?q=lat,lon(label)` means its query."""
    if not text.lower().startswith("geo:"):
        return None
    found = _GEO.fullmatch(text)
    if not found:
        return not_understood(text)
    parts = (part.partition("=") for part in found["parameters"].split(";") if part)
    parameters = {name.lower(): value for name, _, value in parts}
    if parameters.get("crs", "wgs84").lower() != "wgs84":
        return _other_datum(parameters["crs"])
    query = parse_qs(found["query"] or "").get("q")
    if query:
        inner = _PAIR.fullmatch(query[0].strip())
        if inner is None:
            return not_understood(query[0])
        found = inner
    parsed = ordered_pair(
        plain_angle(number_of(found["latitude"])), plain_angle(number_of(found["longitude"]))
    )
    if isinstance(parsed, Refused):
        return parsed
    return _with_stated_uncertainty(parsed, parameters.get("u"))


def _with_stated_uncertainty(parsed: Parsed, stated: str | None) -> Parsed | Refused:
    """`u=` is the writer's own uncertainty in metres; it counts unless the digits are coarser."""
    uncertainty_m = parsed.implied_uncertainty_m
    if stated is not None:
        if not re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", stated):
            return not_understood(f"u={stated}")
        uncertainty_m = max(float(stated), uncertainty_m)
    if not math.isfinite(uncertainty_m):
        return not_understood(f"u={stated}")
    return replace(
        parsed,
        notation=Notation.GEO_URI,
        implied_uncertainty_m=uncertainty_m,
        axis_note=say(gettext_noop("A geo: link writes the latitude first.")),
    )
