"""Write a position in a notation, so that `parse_position` reads the same place again."""

from collections.abc import Callable

import mgrs
from openlocationcode import openlocationcode

from geolocation.coordinates.grids import NORTHERN_LIMIT_DEG, SOUTHERN_LIMIT_DEG, utm_projection, utm_zone
from geolocation.coordinates.outcome import Notation
from geolocation.coordinates.position import Position
from geolocation.coordinates.sentences import gettext_noop, say

# Characters of a plus code whose cell is about as fine as that many decimals of a degree.
_PLUS_CODE_LENGTHS = (4, 6, 8, 10, 10, 11, 12)
_MOST_DECIMALS = 9
_HAIR_DEG = 9e-8  # a centimetre
_EDGE_DEG = 1e-9  # a tenth of a millimetre


class NotationUnavailable(ValueError):
    """A position that the asked notation cannot write. Its first argument is a translatable sentence."""


def format_position(position: Position, notation: Notation | str, decimals: int = 6) -> str:
    """A position as text. `decimals` are those of decimal degrees; other notations get the nearest precision.

    Raises NotationUnavailable for links, and for UTM and MGRS beyond 80°S and 84°N; ValueError for a
    notation that does not exist or decimals outside 0 to 9.
    """
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise ValueError(f"decimals must be 0 to {_MOST_DECIMALS}, not {decimals}")
    writer = _WRITERS.get(Notation(notation))
    if writer is None:
        raise NotationUnavailable(say(gettext_noop("A position cannot be written as this kind of link.")))
    return writer(position, decimals)


def _decimal(position: Position, decimals: int) -> str:
    return f"{_degrees(position.latitude, decimals)}, {_degrees(position.longitude, decimals)}"


def _geo_uri(position: Position, decimals: int) -> str:
    return f"geo:{_degrees(position.latitude, decimals)},{_degrees(position.longitude, decimals)}"


def _iso6709(position: Position, decimals: int) -> str:
    width = decimals + 1 if decimals else 0
    latitude, longitude = round(position.latitude, decimals), round(position.longitude, decimals)
    return f"{latitude + 0.0:+0{3 + width}.{decimals}f}{longitude + 0.0:+0{4 + width}.{decimals}f}/"


def _degrees(value: float, decimals: int) -> str:
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # adding zero turns -0.0 into 0.0


def _dm(position: Position, decimals: int) -> str:
    return _sexagesimal(position, 60, max(0, decimals - 1))


def _dms(position: Position, decimals: int) -> str:
    return _sexagesimal(position, 3600, max(0, decimals - 3))


def _sexagesimal(position: Position, units_per_degree: int, decimals: int) -> str:
    """Rounded once, in units of the last digit, so that 59.9999 becomes the next minute and never 60."""
    return " ".join(
        _sexagesimal_angle(value, letters, units_per_degree, decimals)
        for value, letters in ((position.latitude, "NS"), (position.longitude, "EW"))
    )


def _sexagesimal_angle(value: float, letters: str, units_per_degree: int, decimals: int) -> str:
    scale = 10**decimals
    steps = round(abs(value) * units_per_degree * scale)
    letter = letters[1] if value < 0 and steps else letters[0]
    whole, rest = divmod(steps, scale)
    last = f"{whole % 60:02d}" + (f".{rest:0{decimals}d}" if decimals else "")
    if units_per_degree == 60:
        return f"{whole // 60}°{last}'{letter}"
    return f"{whole // 3600}°{whole // 60 % 60:02d}'{last}\"{letter}"


def _utm(position: Position, decimals: int) -> str:
    """Says north or south in a word: a letter S would be read as a band by some and as south by others."""
    _refuse_polar(position)
    zone, south = utm_zone(position), position.latitude < 0
    easting, northing = utm_projection(zone, south=south)(position.longitude, position.latitude)
    places = max(0, decimals - 5)
    return f"{zone} {'south' if south else 'north'} {easting:.{places}f} {abs(northing):.{places}f}"


def _mgrs(position: Position, decimals: int) -> str:
    _refuse_polar(position)
    latitude, longitude = _off_the_seams(position)
    code: str = mgrs.MGRS().toMGRS(latitude, longitude, MGRSPrecision=max(1, min(5, decimals)))
    return code


def _off_the_seams(position: Position) -> tuple[float, float]:
    """The position, moved by a centimetre at most where the library would write a square that is nowhere.

    Just south of the equator it writes northing zero in the southern band, and just west of 3°E off Norway
    a column that zone 31V does not have. The date line is written as its western name, in zone 1.
    """
    latitude, longitude = position.latitude, position.longitude
    if -_HAIR_DEG < latitude < 0:
        latitude = 0.0
    if 3 - _HAIR_DEG < longitude < 3:
        longitude = 3.0
    return latitude, -180.0 if longitude == 180 else longitude


def _refuse_polar(position: Position) -> None:
    if not SOUTHERN_LIMIT_DEG <= position.latitude <= NORTHERN_LIMIT_DEG:
        raise NotationUnavailable(
            say(gettext_noop("UTM and MGRS are written between 80°S and 84°N. Nearer to a pole use degrees."))
        )


def _plus_code(position: Position, decimals: int) -> str:
    length = _PLUS_CODE_LENGTHS[min(decimals, len(_PLUS_CODE_LENGTHS) - 1)]
    # Nearer to the edge of the globe than this the encoder rounds to a cell beyond it: no code at all.
    latitude = 90.0 if position.latitude > 90 - _EDGE_DEG else position.latitude
    longitude = -180.0 if position.longitude > 180 - _EDGE_DEG else position.longitude
    code: str = openlocationcode.encode(latitude, longitude, length)
    return code


_WRITERS: dict[Notation, Callable[[Position, int], str]] = {
    Notation.DECIMAL: _decimal,
    Notation.DMS: _dms,
    Notation.DM: _dm,
    Notation.UTM: _utm,
    Notation.MGRS: _mgrs,
    Notation.PLUS_CODE: _plus_code,
    Notation.GEO_URI: _geo_uri,
    Notation.ISO6709: _iso6709,
}
