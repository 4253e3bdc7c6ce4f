"""Divide the tokens of a text into a latitude and a longitude."""

from collections.abc import Sequence
from itertools import islice, pairwise, zip_longest

from geolocation.coordinates.compose import labelled_pair, ordered_pair
from geolocation.coordinates.decimal import bare_numbers, only_one_value, two_positions
from geolocation.coordinates.dms import Angle, angle_from, not_understood, plain_angle
from geolocation.coordinates.outcome import Parsed, Reading, RefusalReason, Refused, possible_reading
from geolocation.coordinates.sentences import gettext_noop, say
from geolocation.coordinates.tokens import Halves, Label, Mark, Number, Separator, Sign, Token, Unknown
from geolocation.coordinates.vocabulary import Axis, Unit

Tokens = Sequence[Token]
_MOST_READINGS = 10


def pair_from(tokens: Tokens) -> Parsed | Refused:
    """The position that tokens give, if they can be divided in one way only."""
    unknown = next((token for token in tokens if isinstance(token, Unknown)), None)
    if unknown:
        return not_understood(unknown.written)
    numbers = [token for token in tokens if isinstance(token, Number)]
    if not numbers:
        return not_understood(" ".join(_written(token) for token in tokens))
    if any(isinstance(token, Label) for token in tokens):
        return _split_at_labels(tokens)
    directions = sum(isinstance(token, Halves) for token in tokens)
    if directions:
        return _with_directions(tokens, directions, len(numbers))
    if any(isinstance(token, Sign) for token in tokens):
        return _with_a_doubtful_dash(tokens, numbers)
    if any(isinstance(token, Mark) for token in tokens):
        return _with_marks(tokens)
    return bare_numbers(tokens)


def _written(token: Token) -> str:
    return token.written if isinstance(token, Halves | Separator | Unknown) else ""


def _trimmed(tokens: Tokens) -> Tokens:
    while tokens and isinstance(tokens[0], Separator):
        tokens = tokens[1:]
    while tokens and isinstance(tokens[-1], Separator):
        tokens = tokens[:-1]
    return tokens


def _angles(first: Tokens, second: Tokens) -> tuple[Angle, Angle] | Refused:
    one, other = angle_from(_trimmed(first)), angle_from(_trimmed(second))
    if isinstance(one, Refused):
        return one
    if isinstance(other, Refused):
        return other
    return one, other


def _labelled(first: Tokens, second: Tokens) -> Parsed | Refused:
    angles = _angles(first, second)
    return angles if isinstance(angles, Refused) else labelled_pair(*angles)


def _ordered(first: Tokens, second: Tokens) -> Parsed | Refused:
    angles = _angles(first, second)
    return angles if isinstance(angles, Refused) else ordered_pair(*angles)


def _split_at_labels(tokens: Tokens) -> Parsed | Refused:
    places = [place for place, token in enumerate(tokens) if isinstance(token, Label)]
    if len(places) != 2 or places[0] != 0:
        return Refused(
            RefusalReason.NOT_UNDERSTOOD,
            say(
                gettext_noop(
                    "Write both labels in front of their numbers, for example lat 39.821232, lon 46.758423."
                )
            ),
        )
    return _labelled(tokens[: places[1]], tokens[places[1] :])


def _with_directions(tokens: Tokens, directions: int, numbers: int) -> Parsed | Refused:
    if directions == 1:
        return _with_one_direction(tokens)
    if directions == 2:
        tokens = _without_commas_before_letters(tokens)
        split = _place_between_directions(tokens, numbers)
        return _unclear_order() if split is None else _labelled(tokens[:split], tokens[split:])
    if directions % 2 == 0:
        return _several_lettered_positions(tokens)
    return _unclear_order()


def _without_commas_before_letters(tokens: Tokens) -> Tokens:
    """`3949.27,N,04645.51,E`, as GPS receivers write it; only where both letters have their comma."""
    kinds = [type(token) for token in tokens if not isinstance(token, Mark)]
    lettered: list[type[Token]] = [Number, Separator, Halves]
    if kinds not in ([*lettered, *lettered], [*lettered, Separator, *lettered]):
        return tokens
    return [
        token
        for token, following in zip_longest(tokens, tokens[1:])
        if not (isinstance(token, Separator) and isinstance(following, Halves))
    ]


def _place_between_directions(tokens: Tokens, numbers: int) -> int | None:
    """Index at which the second of two lettered values begins; None where that is not clear."""
    first, second = (place for place, token in enumerate(tokens) if isinstance(token, Halves))
    in_front, behind = first == 0, second == len(tokens) - 1
    if in_front and behind:  # N 39.8, 46.7 E
        separators = [place for place, token in enumerate(tokens) if isinstance(token, Separator)]
        if len(separators) == 1:
            return separators[0]
        if numbers != 2:
            return None
        return [place for place, token in enumerate(tokens) if isinstance(token, Number)][1]
    if in_front:
        return second
    if behind:
        return first + 1
    between = tokens[first + 1 : second]  # 39.8 N, E 46.7
    return first + 1 if all(isinstance(token, Separator) for token in between) else None


def _several_lettered_positions(tokens: Tokens) -> Refused:
    """Every two directions a position; those that can be read become readings."""
    places = [place for place, token in enumerate(tokens) if isinstance(token, Halves)]
    starts = [*places[::2], len(tokens)] if places[0] == 0 else [0, *(place + 1 for place in places[1::2])]
    readings: tuple[Reading, ...] = ()
    for start, end in islice(pairwise(starts), _MOST_READINGS):
        part = _trimmed(tokens[start:end])
        if sum(isinstance(token, Halves) for token in part) != 2:
            continue
        parsed = _with_directions(part, 2, sum(isinstance(token, Number) for token in part))
        if isinstance(parsed, Parsed):
            readings += possible_reading(
                parsed.position.latitude,
                parsed.position.longitude,
                say(gettext_noop("one of several positions")),
            )
    return two_positions(readings) if readings else _unclear_order()


def _with_one_direction(tokens: Tokens) -> Refused:
    """`39.8N, 46.7`: the other value may lie on either side."""
    readings: tuple[Reading, ...] = ()
    numbers = [token for token in tokens if isinstance(token, Number)]
    lettered = _lettered_number(tokens) if len(numbers) == 2 else None
    if lettered is not None:
        half = next(token.options[0] for token in tokens if isinstance(token, Halves))
        known_deg = half.sign * numbers[lettered].magnitude
        other = numbers[1 - lettered]
        for sign in (other.sign,) if other.sign else (1, -1):
            pair = (known_deg, sign * other.magnitude)
            readings += possible_reading(
                *(pair if half.axis is Axis.LATITUDE else pair[::-1]),
                say(gettext_noop("if the value without a letter is meant so")),
            )
    return Refused(
        RefusalReason.INCOMPLETE,
        say(gettext_noop("Only one of the two values says its direction. Write N or S and E or W at both.")),
        readings,
    )


def _lettered_number(tokens: Tokens) -> int | None:
    """Which of two numbers, 0 or 1, the only direction belongs to; None where that is not clear."""
    direction = next(place for place, token in enumerate(tokens) if isinstance(token, Halves))
    if direction in (0, len(tokens) - 1):
        return 0 if direction == 0 else 1
    if isinstance(tokens[direction + 1], Separator):
        return 0
    return 1 if isinstance(tokens[direction - 1], Separator) else None


def _unclear_order() -> Refused:
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(
            gettext_noop(
                "It is not clear which letter belongs to which number. "
                "Write for example 39.821232 N, 46.758423 E."
            )
        ),
    )


def _with_a_doubtful_dash(tokens: Tokens, numbers: Sequence[Number]) -> Refused:
    """`39.8 - 46.7` and `39.8-46.7`: a dash between the two or a minus before the second."""
    readings: tuple[Reading, ...] = ()
    if [type(token) for token in tokens] == [Number, Sign, Number]:
        latitude, longitude = plain_angle(numbers[0]).signed_deg, numbers[1].magnitude
        readings += possible_reading(latitude, longitude, say(gettext_noop("if the sign only separates")))
        if any(isinstance(token, Sign) and token.value < 0 for token in tokens):
            readings += possible_reading(latitude, -longitude, say(gettext_noop("if the dash is a minus")))
    return Refused(
        RefusalReason.AMBIGUOUS,
        say(
            gettext_noop(
                "The sign between the numbers may be a minus or a dash. Separate the two values by a comma."
            )
        ),
        readings,
    )


def _with_marks(tokens: Tokens) -> Parsed | Refused:
    separators = [place for place, token in enumerate(tokens) if isinstance(token, Separator)]
    if len(separators) == 1:
        return _ordered(tokens[: separators[0]], tokens[separators[0] :])
    degrees = [place for place, token in enumerate(tokens) if token == Mark(Unit.DEGREE)]
    if len(degrees) == 2 and not separators:
        return _ordered(tokens[: degrees[1] - 1], tokens[degrees[1] - 1 :])
    if len(degrees) > 2 and len(degrees) % 2 == 0:
        return two_positions(())
    if not separators and len(degrees) == 1:
        angle = angle_from(tokens)
        if isinstance(angle, Angle):
            return only_one_value(angle.signed_deg)
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(
            gettext_noop("Two values could not be told apart. Separate latitude and longitude by one comma.")
        ),
    )
