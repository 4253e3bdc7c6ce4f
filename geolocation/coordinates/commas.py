"""Read a text of numbers, letters and marks, once for each meaning its commas may have."""

import re

from geolocation.coordinates.normalise import normalised
from geolocation.coordinates.outcome import (
    Notation,
    Parsed,
    Reading,
    RefusalReason,
    Refused,
    possible_reading,
)
from geolocation.coordinates.pairs import pair_from
from geolocation.coordinates.sentences import gettext_noop, say
from geolocation.coordinates.tokens import decimal_commas_as_points, tight_commas, tokenised

_DIGITS_COMMA_DIGITS = re.compile(r"(?<!\d)(\d++),(\d++)")
# With one of these no comma is needed between the values, so a comma between digits marks decimals.
_CLEAR_SEPARATOR = re.compile(r"[;|/\n°'\"]|[^\W\d_]")


def parse_angles(text: str) -> Parsed | Refused:
    """Latitude and longitude in degrees, with or without minutes, seconds, letters and labels."""
    text = normalised(text)
    as_separators = pair_from(tokenised(text))
    if not tight_commas(text):
        return as_separators
    pointed = decimal_commas_as_points(text)
    if pointed is None:
        return _with_undecidable_commas(text, as_separators)
    as_decimals = pair_from(tokenised(pointed))
    if isinstance(as_decimals, Parsed):
        alternatives = _readings(as_separators)
        if not alternatives or _CLEAR_SEPARATOR.search(text):
            return as_decimals
        return _ambiguous(_readings(as_decimals) + alternatives)
    if isinstance(as_separators, Parsed):
        return (
            _ambiguous(_readings(as_separators) + as_decimals.readings)
            if as_decimals.readings
            else as_separators
        )
    if as_decimals.readings and as_separators.readings:
        return _ambiguous(as_decimals.readings + as_separators.readings)
    return as_decimals if as_decimals.readings else as_separators


def _with_undecidable_commas(text: str, as_separators: Parsed | Refused) -> Parsed | Refused:
    """Commas that cannot all be decimal marks: `48.8566,2.3522` is fine, `48,8566,2,3522` is not."""
    if isinstance(as_separators, Parsed):
        return as_separators
    mixed = pair_from(tokenised(_DIGITS_COMMA_DIGITS.sub(r"\1.\2", text)))
    if isinstance(mixed, Refused):
        return as_separators
    return _ambiguous(_readings(mixed) + as_separators.readings)


def _readings(outcome: Parsed | Refused) -> tuple[Reading, ...]:
    if isinstance(outcome, Refused):
        return outcome.readings
    note = (
        say(gettext_noop("if these are decimal degrees"))
        if outcome.notation is Notation.DECIMAL
        else say(gettext_noop("if these are degrees, minutes and seconds"))
    )
    return possible_reading(outcome.position.latitude, outcome.position.longitude, note)


def _ambiguous(readings: tuple[Reading, ...]) -> Refused:
    distinct = {(reading.latitude, reading.longitude): reading for reading in reversed(readings)}
    return Refused(
        RefusalReason.AMBIGUOUS,
        say(
            gettext_noop(
                "A comma here may mark decimals or separate two values. "
                "Write points for decimals: 39.821232, 46.758423."
            )
        ),
        tuple(reversed(distinct.values())),
    )
