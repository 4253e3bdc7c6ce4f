"""Read one text as one position, in any usual notation, or refuse it with the readings it could have."""

import re

from geolocation.coordinates.commas import parse_angles
from geolocation.coordinates.grids import parse_grid
from geolocation.coordinates.iso6709 import parse_geo_uri, parse_iso6709
from geolocation.coordinates.links import looks_like_a_link, parse_link
from geolocation.coordinates.normalise import mixes_digits, normalised
from geolocation.coordinates.outcome import (
    Notation,
    Parsed,
    Reading,
    RefusalReason,
    Refused,
    possible_reading,
)
from geolocation.coordinates.pluscodes import Nearby, parse_plus_code
from geolocation.coordinates.sentences import gettext_noop, say

__all__ = [
    "LONGEST_TEXT",
    "Nearby",
    "Notation",
    "Parsed",
    "Reading",
    "RefusalReason",
    "Refused",
    "parse_position",
]

LONGEST_TEXT = 2_000

_WHAT3WORDS = re.compile(r"(?:///)?[^\W\d_]{3,30}\.[^\W\d_]{3,30}\.[^\W\d_]{3,30}")
_JSON_LABEL = re.compile(r'"(lat|latitude|lon|long|lng|longitude)"(?= ?:)', re.IGNORECASE)
_BRACKETED = re.compile(r"\[ ?([-+]?\d+(?:\.\d+)?) ?, ?([-+]?\d+(?:\.\d+)?) ?(?:, ?[-+]?\d+(?:\.\d+)? ?)?\]")
_WKT = re.compile(
    r"(?:SRID ?= ?4326 ?; ?)?POINT ?Z?M? ?\( ?([-+]?\d+(?:\.\d+)?) ([-+]?\d+(?:\.\d+)?)[^()]*\)",
    re.IGNORECASE,
)


def parse_position(text: str, *, near: Nearby | None = None) -> Parsed | Refused:
    """The one position that a text gives, or why it was not taken.

    Takes decimal degrees, degrees-minutes-seconds, UTM, MGRS, plus codes, geo: URIs, ISO 6709 and links of
    map services; links are read, never opened. `near` only completes a short plus code.
    Never raises for any text, never guesses and never clips.
    """
    if len(text) > LONGEST_TEXT:
        return Refused(
            RefusalReason.TOO_LONG,
            say(
                gettext_noop("This text is longer than %(limit)s characters. Paste only the position."),
                limit=LONGEST_TEXT,
            ),
        )
    plain = normalised(text)
    if not plain:
        return Refused(
            RefusalReason.EMPTY, say(gettext_noop("Nothing was written. Type or paste a position."))
        )
    if mixes_digits(text):
        return Refused(
            RefusalReason.NOT_UNDERSTOOD,
            say(gettext_noop("One number here mixes digits of two scripts. Write all digits in one script.")),
        )
    if not _WHAT3WORDS.fullmatch(plain) and looks_like_a_link(text.strip()):
        return parse_link(text.strip())
    return (
        parse_geo_uri(plain)
        or parse_iso6709(plain)
        or parse_plus_code(plain, near or Nearby(), parse_position)
        or parse_grid(plain)
        or _with_undecided_order(plain)
        or _words(plain)
        or parse_angles(_unwrapped(plain))
    )


def _with_undecided_order(text: str) -> Refused | None:
    """Brackets and WKT: GeoJSON and WKT write longitude first, Leaflet's brackets latitude first."""
    found = _BRACKETED.fullmatch(text)
    if found:
        first, second = float(found[1]), float(found[2])
        return Refused(
            RefusalReason.AMBIGUOUS,
            say(
                gettext_noop(
                    "In brackets some write latitude first, GeoJSON longitude. Write lat 39.8, lon 46.7."
                )
            ),
            possible_reading(first, second, say(gettext_noop("if latitude comes first")))
            + possible_reading(second, first, say(gettext_noop("if longitude comes first, as in GeoJSON"))),
        )
    found = _WKT.fullmatch(text)
    if found:
        return Refused(
            RefusalReason.UNSUPPORTED,
            say(
                gettext_noop(
                    "WKT is not read here, because its order is often mixed up. Write lat 39.8, lon 46.7."
                )
            ),
            possible_reading(
                float(found[2]), float(found[1]), say(gettext_noop("longitude first, as WKT has it"))
            ),
        )
    return None


def _words(text: str) -> Refused | None:
    if not _WHAT3WORDS.fullmatch(text):
        return None
    return Refused(
        RefusalReason.UNSUPPORTED,
        say(
            gettext_noop(
                "Three words can only be turned into a position by their provider. "
                "Copy the coordinates there."
            )
        ),
    )


def _unwrapped(text: str) -> str:
    """Without parentheses or braces around the whole, a last full stop, or quotes around JSON labels."""
    if len(text) > 1 and text[0] + text[-1] in ("()", "{}"):
        text = text[1:-1]
    return _JSON_LABEL.sub(r"\1", text.strip().removesuffix("."))
