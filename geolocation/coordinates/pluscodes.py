"""Plus codes (Open Location Code): a cell, whose middle is taken as the position."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openlocationcode import openlocationcode

from geolocation.coordinates.compose import degrees_text
from geolocation.coordinates.outcome import (
    Notation,
    Parsed,
    Reading,
    RefusalReason,
    Refused,
    possible_reading,
)
from geolocation.coordinates.position import Position, metres_per_degree
from geolocation.coordinates.sentences import Sentence, gettext_noop, say

_ALPHABET = "23456789CFGHJMPQRVWX"
# Four characters before the plus at least: `39+46` is a valid short code, but far more likely a typing error.
_PLUS_CODE = re.compile(
    rf"(?P<code>[{_ALPHABET}0]{{4,8}}\+[{_ALPHABET}]{{0,7}})(?P<place>[ ,].*)?", re.IGNORECASE | re.DOTALL
)


def _nowhere(_name: str) -> Sequence[Position]:
    return ()


@dataclass(frozen=True, slots=True)
class Nearby:
    """What completes a short plus code: a place that goes without saying, and places known by a name.

    ``named`` answers a name with every position that it could mean, none for a name that it does not know.
    """

    position: Position | None = None
    named: Callable[[str], Sequence[Position]] = _nowhere


def parse_plus_code(
    text: str, near: Nearby, read: Callable[[str], Parsed | Refused]
) -> Parsed | Refused | None:
    """A normalised text as a plus code; None when it is none.

    A short code may have its reference behind it: a position, which ``read`` reads, or a name of ``near``.
    """
    found = _PLUS_CODE.fullmatch(text)
    if not found:
        return None
    code, place = found["code"].upper(), (found["place"] or "").strip(" ,")
    if openlocationcode.isFull(code) and not place:
        return _cell(code, say(gettext_noop("A plus code names a cell; it has no order to confuse.")))
    if openlocationcode.isShort(code):
        return _completed(code, _references(place, near, read), named=bool(place))
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(gettext_noop("This is not a valid plus code. A full one looks like 8HF8RQC5+F9.")),
    )


def _references(place: str, near: Nearby, read: Callable[[str], Parsed | Refused]) -> Sequence[Position]:
    """Every position that could complete a short code."""
    if not place:
        return () if near.position is None else (near.position,)
    typed = read(place)
    if isinstance(typed, Parsed):
        return (typed.position,)
    # Map services write the country behind the town.
    return near.named(place) or near.named(place.split(",")[0].strip())


def _completed(code: str, references: Sequence[Position], *, named: bool) -> Parsed | Refused:
    cells = dict.fromkeys(
        openlocationcode.recoverNearest(code, each.latitude, each.longitude) for each in references
    )
    if len(cells) == 1:
        note = gettext_noop("A short plus code: the nearest such cell to the reference was taken.")
        return _cell(next(iter(cells)), say(note))
    if cells:
        return Refused(
            RefusalReason.AMBIGUOUS,
            say(gettext_noop("Several places have this name. Copy the code with its first four characters.")),
            tuple(reading for cell in cells for reading in _reading(cell)),
        )
    if named:
        unknown = gettext_noop(
            "The place behind this short plus code is not known here. Copy the code with its first four "
            "characters, for example 8HF8RQC5+F9, or write a position near it behind the code."
        )
        return Refused(RefusalReason.INCOMPLETE, say(unknown))
    return Refused(
        RefusalReason.INCOMPLETE,
        say(
            gettext_noop(
                "A short plus code needs the full code. Copy it with its first four characters, "
                "for example 8HF8RQC5+F9."
            )
        ),
    )


def _reading(code: str) -> tuple[Reading, ...]:
    area = openlocationcode.decode(code)
    note = say(gettext_noop("plus code %(code)s"), code=code)
    return possible_reading(area.latitudeCenter, area.longitudeCenter, note)


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
