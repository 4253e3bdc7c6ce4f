"""One latitude or longitude: degrees, or degrees with minutes, or with minutes and seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geolocation.coordinates.outcome import RefusalReason, Refused
from geolocation.coordinates.sentences import gettext_noop, say
from geolocation.coordinates.tokens import Halves, Label, Mark, Number, Separator, Sign, Token, Unknown
from geolocation.coordinates.vocabulary import Axis, Direction, Unit

_UNITS = (Unit.DEGREE, Unit.MINUTE, Unit.SECOND)
_COMPACT_DIGITS = {Axis.LATITUDE: {4: 2, 6: 3}, Axis.LONGITUDE: {5: 2, 7: 3}}


@dataclass(frozen=True, slots=True)
class Angle:
    """Degrees as written: without its half of the Earth, which `halves` or `sign` give.

    `step_deg` is one unit of the last digit. `components` is 1 for degrees, 2 with minutes, 3 with seconds.
    """

    magnitude_deg: float
    step_deg: float
    components: int
    sign: int = 0
    halves: tuple[Direction, ...] = ()
    axis: Axis | None = None

    @property
    def signed_deg(self) -> float:
        return -self.magnitude_deg if self.sign < 0 else self.magnitude_deg


def not_understood(written: str) -> Refused:
    """Refusal that names the piece which made no sense."""
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(
            gettext_noop("“%(piece)s” was not understood. Write for example 39.821232, 46.758423."),
            piece=written.strip()[:40],
        ),
    )


def plain_angle(number: Number) -> Angle:
    """Degrees given by one number."""
    return Angle(number.magnitude, 10.0**-number.decimals, 1, number.sign)


def sexagesimal_angle(numbers: Sequence[Number]) -> Angle | Refused:
    """Degrees, minutes and seconds given by up to three numbers; only the last may have decimals."""
    if any(not number.is_whole for number in numbers[:-1]) or any(number.sign for number in numbers[1:]):
        return Refused(
            RefusalReason.NOT_UNDERSTOOD,
            say(
                gettext_noop(
                    "Only the last of degrees, minutes and seconds may have decimals, only the first a sign."
                )
            ),
        )
    if any(number.magnitude >= 60 for number in numbers[1:]):
        return Refused(
            RefusalReason.OUT_OF_RANGE,
            say(
                gettext_noop("Minutes and seconds end below 60. Check the digits, or write decimal degrees.")
            ),
        )
    magnitude_deg = sum(number.magnitude / 60**place for place, number in enumerate(numbers))
    step_deg = 10.0 ** -numbers[-1].decimals / 60 ** (len(numbers) - 1)
    return Angle(magnitude_deg, step_deg, len(numbers), numbers[0].sign)


def angle_from(tokens: Sequence[Token]) -> Angle | Refused:
    """The angle that a part of a text gives, with its direction or label if it has one."""
    halves = [token for token in tokens if isinstance(token, Halves)]
    labels = [token for token in tokens if isinstance(token, Label)]
    body = [token for token in tokens if not isinstance(token, Halves | Label)]
    if len(halves) > 1 or len(labels) > 1:
        return _misplaced()
    if any(isinstance(token, Halves | Label) for token in tokens[1:-1]) and not labels:
        return _misplaced()
    numbers = _numbers_in_order(body, hyphens_separate=bool(halves))
    if isinstance(numbers, Refused):
        return numbers
    options = halves[0].options if halves else ()
    angle = _compact_angle(numbers, body, options) or sexagesimal_angle(numbers)
    if isinstance(angle, Refused):
        return angle
    return replace(angle, halves=options, axis=labels[0].axis if labels else None)


def _numbers_in_order(body: Sequence[Token], *, hyphens_separate: bool) -> list[Number] | Refused:
    """The numbers of an angle, once each unit written behind one is the unit of its place."""
    numbers: list[Number] = []
    marked = True
    for place, token in enumerate(body):
        if isinstance(token, Number):
            numbers.append(token)
            marked = False
        elif isinstance(token, Mark):
            if marked or len(numbers) > 3 or token.unit is not _UNITS[len(numbers) - 1]:
                return _misplaced()
            marked = True
        elif isinstance(token, Sign):
            # 39-49-16N: a sign in the middle of an angle cannot be one.
            between = 0 < place < len(body) - 1 and isinstance(body[place - 1], Number)
            if not (hyphens_separate and between and token.value < 0 and token.touches_after):
                return _misplaced()
        elif isinstance(token, Separator | Unknown):
            return not_understood(token.written)
    return numbers if 1 <= len(numbers) <= 3 else _misplaced()


def _compact_angle(
    numbers: Sequence[Number], body: Sequence[Token], options: Sequence[Direction]
) -> Angle | Refused | None:
    """Aviation's 394916N and 0464530E, told by their number of digits; None for everything else."""
    axes = {half.axis for half in options}
    if len(body) != 1 or len(numbers) != 1 or len(axes) != 1:
        return None
    whole, _, fraction = numbers[0].digits.partition(".")
    components = _COMPACT_DIGITS[axes.pop()].get(len(whole))
    if components is None or numbers[0].sign:
        return None
    cuts = [len(whole) - 2 * (components - 1) + 2 * place for place in range(components)]
    pieces = [Number(whole[max(0, cut - 2) if cut != cuts[0] else 0 : cut]) for cut in cuts]
    if fraction:
        pieces[-1] = Number(f"{pieces[-1].digits}.{fraction}")
    return sexagesimal_angle(pieces)


def _misplaced() -> Refused:
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(
            gettext_noop(
                "The degrees, minutes, seconds and letters are not in an order that can be read. "
                "Write for example 39°49'16\"N 46°45'30\"E."
            )
        ),
    )
