"""Plus codes (Open Location Code): a cell, whose middle is taken as the position."""

import re

from openlocationcode import openlocationcode

from geolocation.coordinates.compose import degrees_text
from geolocation.coordinates.outcome import Notation, Parsed, RefusalReason, Refused
from geolocation.coordinates.position import Position, metres_per_degree
from geolocation.coordinates.sentences import Sentence, gettext_noop, say

_ALPHABET = "23456789CFGHJMPQRVWX"
# Four characters before the plus at least: `39+46` is a valid short code, but far more likely a typing error.
_PLUS_CODE = re.compile(
    rf"(?P<code>[{_ALPHABET}0]{{4,8}}\+[{_ALPHABET}]{{0,7}})(?P<place>[ ,].*)?", re.IGNORECASE | re.DOTALL
)


def parse_plus_code(text: str, reference: Position | None) -> Parsed | Refused | None:
    """A normalised text as a plus code, a short one near `reference`; None when it is none."""
    found = _PLUS_CODE.fullmatch(text)
    if not found:
        return None
    code, place = found["code"].upper(), (found["place"] or "").strip(" ,")
    if openlocationcode.isFull(code) and not place:
        return _cell(code, say(gettext_noop("A plus code names a cell; it has no order to confuse.")))
    if openlocationcode.isShort(code):
        if reference is None or place:
            return Refused(
                RefusalReason.INCOMPLETE,
                say(
                    gettext_noop(
                        "A short plus code needs the full code. Copy it with its first four characters, "
                        "for example 8HF8RQC5+F9."
                    )
                ),
            )
        full = openlocationcode.recoverNearest(code, reference.latitude, reference.longitude)
        return _cell(
            full, say(gettext_noop("A short plus code: the nearest such cell to the reference was taken."))
        )
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(gettext_noop("This is not a valid plus code. A full one looks like 8HF8RQC5+F9.")),
    )


def _cell(code: str, axis_note: Sentence) -> Parsed:
    area = openlocationcode.decode(code)
    latitude_m, longitude_m = metres_per_degree(area.latitudeCenter)
    uncertainty_m = max(
        (area.latitudeHi - area.latitudeLo) * latitude_m, (area.longitudeHi - area.longitudeLo) * longitude_m
    )
    return Parsed(
        Position(area.latitudeCenter, area.longitudeCenter),
        uncertainty_m / 2,
        Notation.PLUS_CODE,
        say(
            gettext_noop("The middle of plus code %(code)s: latitude %(latitude)s, longitude %(longitude)s."),
            code=code,
            latitude=degrees_text(area.latitudeCenter),
            longitude=degrees_text(area.longitudeCenter),
        ),
        axis_note,
    )
