"""Numbers without units or letters, where their count, their decimals and their separators have to tell."""

from collections.abc import Sequence
from itertools import pairwise

from geolocation.coordinates.compose import ordered_pair
from geolocation.coordinates.dms import Angle, plain_angle, sexagesimal_angle
from geolocation.coordinates.outcome import Parsed, Reading, RefusalReason, Refused, possible_reading
from geolocation.coordinates.sentences import gettext_noop, say
from geolocation.coordinates.tokens import Number, Separator, Token


def bare_numbers(tokens: Sequence[Token]) -> Parsed | Refused:
    """The position that only numbers and separators give; two numbers are latitude and longitude."""
    numbers = [token for token in tokens if isinstance(token, Number)]
    if _has_doubled_separator(tokens):
        return Refused(
            RefusalReason.NOT_UNDERSTOOD,
            say(gettext_noop("Two separators stand side by side. Write for example 39.821232, 46.758423.")),
        )
    if len(numbers) == 1:
        return only_one_value(plain_angle(numbers[0]).signed_deg)
    if len(numbers) == 2:
        return ordered_pair(plain_angle(numbers[0]), plain_angle(numbers[1]))
    if len(numbers) == 3:
        return _three_numbers(numbers)
    if len(numbers) in (4, 6) and _divided_in_the_middle(tokens, len(numbers)):
        return _sexagesimal_or_several(numbers)
    return _several_positions(numbers)


def only_one_value(degrees: float) -> Refused:
    """Refusal of a text with one number where two are needed."""
    readings: tuple[Reading, ...] = ()
    if abs(degrees) <= 90:
        readings += (Reading(degrees, None, say(gettext_noop("if it is the latitude"))),)
    if abs(degrees) <= 180:
        readings += (Reading(None, degrees, say(gettext_noop("if it is the longitude"))),)
    return Refused(
        RefusalReason.INCOMPLETE,
        say(gettext_noop("This is one value. A position needs a latitude and a longitude.")),
        readings,
    )


def two_positions(readings: tuple[Reading, ...]) -> Refused:
    """Refusal of a text that holds more than one position."""
    return Refused(
        RefusalReason.TWO_POSITIONS,
        say(gettext_noop("The text holds more than one position. Give one at a time.")),
        readings,
    )


def _has_doubled_separator(tokens: Sequence[Token]) -> bool:
    """Whether a value is missing; a line break next to another separator is only layout."""
    written = [token.written if isinstance(token, Separator) else "" for token in tokens]
    if written and written[0]:
        return True
    return any(one and other and "\n" not in (one, other) for one, other in pairwise(written))


def _divided_in_the_middle(tokens: Sequence[Token], count: int) -> bool:
    """Whether separators stand nowhere, or only between the first and the second half of the numbers."""
    seen = 0
    for token in tokens:
        if isinstance(token, Number):
            seen += 1
        elif seen != count // 2:
            return False
    return True


def _three_numbers(numbers: Sequence[Number]) -> Refused:
    one, other = plain_angle(numbers[0]).signed_deg, plain_angle(numbers[1]).signed_deg
    return Refused(
        RefusalReason.AMBIGUOUS,
        say(
            gettext_noop(
                "Three numbers may be latitude, longitude and height, or KML with the longitude first. "
                "Give two numbers."
            )
        ),
        possible_reading(
            one, other, say(gettext_noop("if latitude comes first and the third number is a height"))
        )
        + possible_reading(other, one, say(gettext_noop("if longitude comes first, as in KML"))),
    )


def _sexagesimal_or_several(numbers: Sequence[Number]) -> Parsed | Refused:
    """`39 49.27 46 45.51` is degrees and minutes; `39 49 46 45` may be two positions as well."""
    half = len(numbers) // 2
    first, second = sexagesimal_angle(numbers[:half]), sexagesimal_angle(numbers[half:])
    several = _several_positions(numbers)
    if not (isinstance(first, Angle) and isinstance(second, Angle)):
        return several
    pair = ordered_pair(first, second)
    told_by_decimals = not numbers[half - 1].is_whole or not numbers[-1].is_whole
    if not isinstance(pair, Parsed) or half == 3 or told_by_decimals or not several.readings:
        return pair
    sexagesimal = possible_reading(
        pair.position.latitude, pair.position.longitude, say(gettext_noop("if these are degrees and minutes"))
    )
    return Refused(
        RefusalReason.AMBIGUOUS,
        say(
            gettext_noop(
                "Four whole numbers may be degrees and minutes, or two positions. Write the signs ° and '."
            )
        ),
        sexagesimal + several.readings,
    )


def _several_positions(numbers: Sequence[Number]) -> Refused:
    """Every two numbers a position, if all of them are on Earth; otherwise no reading at all."""
    pairs = [
        ordered_pair(plain_angle(latitude), plain_angle(longitude))
        for latitude, longitude in zip(numbers[::2], numbers[1::2], strict=False)
    ]
    if len(numbers) % 2 or not all(isinstance(pair, Parsed) for pair in pairs):
        return Refused(
            RefusalReason.NOT_UNDERSTOOD,
            say(
                gettext_noop("%(count)s numbers do not make a latitude and a longitude. Give two numbers."),
                count=len(numbers),
            ),
        )
    readings = tuple(
        Reading(
            pair.position.latitude, pair.position.longitude, say(gettext_noop("one of several positions"))
        )
        for pair in pairs[:10]
        if isinstance(pair, Parsed)
    )
    return two_positions(readings)
