"""Put a latitude and a longitude together: range, hemispheres, precision on the ground, sentences."""

from itertools import product

from geolocation.coordinates.dms import Angle
from geolocation.coordinates.outcome import (
    Notation,
    Parsed,
    Reading,
    RefusalReason,
    Refused,
    possible_reading,
)
from geolocation.coordinates.position import Position, PositionOutOfRange, metres_per_degree
from geolocation.coordinates.sentences import Sentence, gettext_noop, say
from geolocation.coordinates.vocabulary import Axis

# A double holds a longitude to about three nanometres: no text can imply less.
_FINEST_M = 1e-8

_NOTATIONS = {1: Notation.DECIMAL, 2: Notation.DM, 3: Notation.DMS}
_UNDERSTOOD = {
    Notation.DECIMAL: gettext_noop("Decimal degrees: latitude %(latitude)s, longitude %(longitude)s."),
    Notation.DM: gettext_noop("Degrees and decimal minutes: latitude %(latitude)s, longitude %(longitude)s."),
    Notation.DMS: gettext_noop(
        "Degrees, minutes and seconds: latitude %(latitude)s, longitude %(longitude)s."
    ),
}
LATITUDE_FIRST = gettext_noop(
    "Without letters the first number is the latitude and the second the longitude."
)
LETTERS_DECIDE = gettext_noop(
    "The directions written say which number is the latitude and which the longitude."
)
LABELS_DECIDE = gettext_noop("The labels written say which number is the latitude and which the longitude.")
OUT_OF_RANGE = gettext_noop(
    "Latitude ends at 90 degrees and longitude at 180; %(latitude)s, %(longitude)s is not on Earth. "
    "Check the digits and the order: latitude comes first."
)


def implied_uncertainty_m(latitude: float, latitude_step_deg: float, longitude_step_deg: float) -> float:
    """Half a unit of the last digit on the ground, in metres, on the axis where it is larger."""
    latitude_m, longitude_m = metres_per_degree(latitude)
    return max(latitude_step_deg * latitude_m / 2, longitude_step_deg * longitude_m / 2, _FINEST_M)


def degrees_text(value: float) -> str:
    """Degrees for a sentence: at most nine decimals, no trailing zeros."""
    if abs(value) >= 1e9:
        return f"{value:.6g}"
    text = f"{value:.9f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def ordered_pair(first: Angle, second: Angle) -> Parsed | Refused:
    """Latitude and longitude from two angles without directions: the first is the latitude."""
    latitude, longitude = first.signed_deg, second.signed_deg
    try:
        position = Position(latitude, longitude)
    except PositionOutOfRange:
        return _out_of_range(latitude, longitude, swapped=True)
    return _parsed(position, first, second, say(LATITUDE_FIRST))


def labelled_pair(first: Angle, second: Angle) -> Parsed | Refused:
    """Latitude and longitude from two angles of which both carry a direction or a label."""
    contradiction = _sign_contradiction(first) or _sign_contradiction(second)
    if contradiction:
        return contradiction
    found = [
        ((first, one), (second, other)) if axis is Axis.LATITUDE else ((second, other), (first, one))
        for (axis, one), (other_axis, other) in product(_signed_options(first), _signed_options(second))
        if axis is not other_axis
    ]
    if not found:
        return Refused(
            RefusalReason.CONTRADICTORY,
            say(
                gettext_noop(
                    "Both values are on the same axis. "
                    "One must be a latitude (N or S), one a longitude (E or W)."
                )
            ),
        )
    if len(found) > 1:
        return _directions_with_two_meanings(
            [(latitude, longitude) for (_, latitude), (_, longitude) in found]
        )
    (latitude_angle, latitude), (longitude_angle, longitude) = found[0]
    try:
        position = Position(latitude, longitude)
    except PositionOutOfRange:
        return _out_of_range(latitude, longitude, swapped=False)
    decided_by = LETTERS_DECIDE if first.halves and second.halves else LABELS_DECIDE
    return _parsed(position, latitude_angle, longitude_angle, say(decided_by))


def _directions_with_two_meanings(pairs: list[tuple[float, float]]) -> Refused:
    return Refused(
        RefusalReason.AMBIGUOUS,
        say(
            gettext_noop(
                "A letter here means different directions in different languages. Use N, S, E and W."
            )
        ),
        tuple(
            reading
            for latitude, longitude in pairs
            for reading in possible_reading(latitude, longitude, _letters_note(latitude, longitude))
        ),
    )


def _signed_options(angle: Angle) -> list[tuple[Axis, float]]:
    """Each axis the angle may be on, with its value there."""
    if not angle.halves:
        return [(angle.axis, angle.signed_deg)] if angle.axis else []
    return [
        (half.axis, half.sign * angle.magnitude_deg)
        for half in angle.halves
        if angle.axis in (None, half.axis)
    ]


def _sign_contradiction(angle: Angle) -> Refused | None:
    """A sign together with a direction, unless it is the plus that the direction also says."""
    if (
        not angle.halves
        or angle.sign == 0
        or (angle.sign > 0 and all(half.sign > 0 for half in angle.halves))
    ):
        return None
    return Refused(
        RefusalReason.CONTRADICTORY,
        say(
            gettext_noop(
                "A sign and the letter %(letter)s together can be read both ways. "
                "Write the letter or the sign, not both."
            ),
            letter=angle.halves[0].letter,
        ),
    )


def _letters_note(latitude: float, longitude: float) -> Sentence:
    return say(
        gettext_noop("%(latitude)s %(north_south)s, %(longitude)s %(east_west)s"),
        latitude=degrees_text(abs(latitude)),
        north_south="N" if latitude >= 0 else "S",
        longitude=degrees_text(abs(longitude)),
        east_west="E" if longitude >= 0 else "W",
    )


def _out_of_range(latitude: float, longitude: float, *, swapped: bool) -> Refused:
    readings: tuple[Reading, ...] = ()
    if swapped:
        readings = possible_reading(longitude, latitude, say(gettext_noop("if the two values are swapped")))
    if abs(latitude) > 1e6 and abs(longitude) > 1e6:
        readings += possible_reading(
            latitude / 1e7, longitude / 1e7, say(gettext_noop("if these are degrees times ten million"))
        )
    return Refused(
        RefusalReason.OUT_OF_RANGE,
        say(OUT_OF_RANGE, latitude=degrees_text(latitude), longitude=degrees_text(longitude)),
        readings,
    )


def _parsed(position: Position, latitude: Angle, longitude: Angle, axis_note: Sentence) -> Parsed:
    notation = _NOTATIONS[max(latitude.components, longitude.components)]
    return Parsed(
        position=position,
        implied_uncertainty_m=implied_uncertainty_m(position.latitude, latitude.step_deg, longitude.step_deg),
        notation=notation,
        understood_as=say(
            _UNDERSTOOD[notation],
            latitude=degrees_text(position.latitude),
            longitude=degrees_text(position.longitude),
        ),
        axis_note=axis_note,
    )
