"""UTM and MGRS: metres on a grid instead of degrees. Between 80°S and 84°N, where they are defined."""

import re

import mgrs
import pyproj
from mgrs.core import MGRSError

from geolocation.coordinates.compose import degrees_text
from geolocation.coordinates.outcome import (
    Notation,
    Parsed,
    Reading,
    RefusalReason,
    Refused,
)
from geolocation.coordinates.position import Position
from geolocation.coordinates.sentences import gettext_noop, say

SOUTHERN_LIMIT_DEG, NORTHERN_LIMIT_DEG = -80.0, 84.0
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
# The grid's lines are not parallels: a cell of a band may reach a little over its edge.
_BAND_SLACK_DEG = 0.02
# A position at the equator or at a limit may fall beyond it once its metres are rounded.
_ROUNDING_DEG = 1e-4

_NUMBER = r"\d{1,8}(?:\.\d{1,9})?"
_UTM = re.compile(
    rf"""(?:UTM[ ,:]*)?(?:ZONE[ :]*)?(?P<zone>\d{{1,2}})[ ]?(?P<letter>NORTH|SOUTH|[A-Z])[ ,;:]+
    (?:E[ :=]*)?(?P<easting>{_NUMBER})[ ]?M?[ ]?E?[ ,;]+(?:N[ :=]*)?(?P<northing>{_NUMBER})[ ]?M?[ ]?N?""",
    re.VERBOSE,
)
# Only spaces here: in `39,821232 46.758423` the comma marks decimals.
_WITHOUT_LETTER = re.compile(
    r"(?:UTM[ ,:]*)?(?:ZONE[ :]*)?(?P<zone>\d{1,2}) "
    r"(?P<easting>\d{6}(?:\.\d+)?) (?P<northing>\d{5,8}(?:\.\d+)?)"
)
_EPSG = re.compile(
    rf"EPSG:32(?P<half>[67])(?P<zone>\d\d)[ ,;:]+(?P<easting>{_NUMBER})[ ,;]+(?P<northing>{_NUMBER})"
)
_WITHOUT_ZONE = re.compile(
    r"(?:UTM[ ,:]*)?(?:E[ :=]*)?\d{6}(?:\.\d+)?[ ]?M?[ ]?E?[ ,;]+(?:N[ :=]*)?\d{7}(?:\.\d+)?[ ]?M?[ ]?N?"
)
_MGRS = re.compile(
    r"(?:MGRS[ :]*)?(?P<zone>\d{1,2})[ ]?(?P<band>[A-Z])[ ]?(?P<square>[A-Z]{2})(?P<digits>(?:[ ]?\d+){0,2})"
)
_POLAR = re.compile(r"(?:MGRS[ :]*)?[ABYZ][ ]?[A-Z]{2}[ ]?\d{2,10}")


def utm_zone(position: Position) -> int:
    """Number of the UTM zone of a position, with the wider zones of Norway and Svalbard."""
    latitude, longitude = position.latitude, position.longitude
    if 56 <= latitude < 64 and 3 <= longitude < 12:
        return 32
    if latitude >= 72 and 0 <= longitude < 42:
        return 31 + 2 * int((longitude + 3) // 12)
    return min(60, int((longitude + 180) // 6) + 1)


def utm_projection(zone: int, *, south: bool) -> pyproj.Proj:
    """Longitude, latitude in degrees to easting, northing in metres, and back with `inverse=True`."""
    return pyproj.Proj(proj="utm", zone=zone, south=south, ellps="WGS84")


def parse_grid(text: str) -> Parsed | Refused | None:
    """A normalised text as UTM or MGRS; None when it is neither."""
    text = " ".join(text.upper().split())
    found = _MGRS.fullmatch(text)
    if found:
        return _mgrs_position(found) if not _may_be_degrees(found) else None
    if _POLAR.fullmatch(text):
        return _polar()
    found = _EPSG.fullmatch(text)
    if found:
        half = "NORTH" if found["half"] == "6" else "SOUTH"
        return _utm_position(int(found["zone"]), half, found["easting"], found["northing"])
    found = _UTM.fullmatch(text)
    if found and len(found["easting"].partition(".")[0]) >= 5:
        return _utm_position(int(found["zone"]), found["letter"], found["easting"], found["northing"])
    found = _WITHOUT_LETTER.fullmatch(text)
    if found and 1 <= int(found["zone"]) <= 60:
        return _utm_without_half(_utm_places(int(found["zone"]), "", found["easting"], found["northing"]))
    if _WITHOUT_ZONE.fullmatch(text):
        return Refused(
            RefusalReason.INCOMPLETE,
            say(
                gettext_noop(
                    "This looks like UTM without its zone. Write for example 38 north 650493 4409395."
                )
            ),
        )
    return None


def _may_be_degrees(found: re.Match[str]) -> bool:
    """`39 DEG 49` has the form of a square in Antarctica, and is more likely half of a position."""
    spells_degrees = found["band"] + found["square"] == "DEG"
    return spells_degrees and (" " in found[0] or len(found["digits"]) <= 2)


def _polar() -> Refused:
    return Refused(
        RefusalReason.UNSUPPORTED,
        say(gettext_noop("UTM and MGRS are read between 80°S and 84°N. Nearer to a pole write degrees.")),
    )


def _utm_position(zone: int, letter: str, easting: str, northing: str) -> Parsed | Refused:
    if letter in "ABYZ":
        return _polar()
    if not 1 <= zone <= 60 or letter in "IO":
        return _out_of_range(gettext_noop("UTM zones go from 1 to 60, bands from C to X without I and O."))
    if not 100_000 <= float(easting) < 900_000 or float(northing) > 10_000_000:
        turned = _utm_places(zone, letter, northing, easting) if 100_000 <= float(northing) < 900_000 else []
        return _out_of_range(
            gettext_noop(
                "A UTM easting lies between 100000 and 900000 m and comes first. Check both numbers."
            ),
            _utm_readings(turned),
        )
    places = _utm_places(zone, letter, easting, northing)
    if not places:
        return _out_of_range(
            gettext_noop(
                "No place has this zone, letter and northing together. Check the zone and the digits."
            )
        )
    if len(places) > 1:
        return Refused(
            RefusalReason.AMBIGUOUS,
            say(
                gettext_noop(
                    "UTM here may lie north or south of the equator: S is both a band and “south”. "
                    "Write for example 38 north 650493 4409395."
                )
            ),
            _utm_readings(places),
        )
    return _utm_place(places[0], zone, easting, northing)


def _utm_place(place: Position, zone: int, easting: str, northing: str) -> Parsed:
    return Parsed(
        place,
        10.0 ** -min(len(number.partition(".")[2]) for number in (easting, northing)) / 2,
        Notation.UTM,
        say(
            gettext_noop("UTM zone %(zone)s %(half)s, easting %(easting)s m, northing %(northing)s m."),
            zone=zone,
            half="north" if place.latitude >= 0 else "south",
            easting=easting,
            northing=northing,
        ),
        say(gettext_noop("UTM writes the easting first, then the northing.")),
    )


def _utm_without_half(places: list[Position]) -> Refused:
    return Refused(
        RefusalReason.INCOMPLETE,
        say(
            gettext_noop(
                "This UTM position does not say north or south. Write for example 38 north 650493 4409395."
            )
        ),
        _utm_readings(places),
    )


def _utm_places(zone: int, letter: str, easting: str, northing: str) -> list[Position]:
    """Every distinct place that a zone and its letter, as band or as half of the Earth, can mean."""
    places: list[Position] = []
    for half, (southern, northern) in {
        "NORTH": (-_ROUNDING_DEG, NORTHERN_LIMIT_DEG + _ROUNDING_DEG),
        "SOUTH": (SOUTHERN_LIMIT_DEG - _ROUNDING_DEG, _ROUNDING_DEG),
    }.items():
        project = utm_projection(zone, south=half == "SOUTH")
        longitude, latitude = project(float(easting), float(northing), inverse=True)
        as_half = letter in ("", half, half[0])
        if southern <= latitude <= northern and (as_half or _in_band(latitude, letter)):
            places.append(Position(latitude, longitude))
    return places


def _utm_readings(places: list[Position]) -> tuple[Reading, ...]:
    return tuple(
        Reading(
            place.latitude,
            place.longitude,
            say(gettext_noop("in the northern half"))
            if place.latitude >= 0
            else say(gettext_noop("in the southern half")),
        )
        for place in places
    )


def _out_of_range(template: str, readings: tuple[Reading, ...] = ()) -> Refused:
    return Refused(RefusalReason.OUT_OF_RANGE, say(template), readings)


def _in_band(latitude: float, band: str, slack_deg: float = _BAND_SLACK_DEG) -> bool:
    place = _BANDS.find(band) if len(band) == 1 else -1
    if place < 0:
        return False
    southern = SOUTHERN_LIMIT_DEG + 8 * place
    northern = NORTHERN_LIMIT_DEG if band == "X" else southern + 8
    return southern - slack_deg <= latitude <= northern + slack_deg


def _mgrs_position(found: re.Match[str]) -> Parsed | Refused:
    groups = found["digits"].split()
    digits = "".join(groups)
    flaw = _flaw_in_mgrs_digits(groups)
    if flaw:
        return flaw
    cell_m = 10.0 ** (5 - len(digits) // 2)
    reference = f"{int(found['zone']):02d}{found['band']}{found['square']}{digits}"
    try:
        # The library answers with the middle of the cell.
        zone, half, easting, northing = mgrs.MGRS().MGRSToUTM(reference)
        longitude, latitude = utm_projection(zone, south=half == "S")(easting, northing, inverse=True)
    except (MGRSError, RuntimeWarning):  # it warns of a square outside its band
        return _no_such_square(reference)
    if not _in_band(latitude, found["band"], _BAND_SLACK_DEG + cell_m / 110_000):
        return _no_such_square(reference)
    return Parsed(
        Position(latitude, longitude),
        cell_m / 2,
        Notation.MGRS,
        say(
            gettext_noop(
                "The middle of the %(cell)s m MGRS cell %(code)s: "
                "latitude %(latitude)s, longitude %(longitude)s."
            ),
            cell=f"{cell_m:.0f}",
            code=reference,
            latitude=degrees_text(latitude),
            longitude=degrees_text(longitude),
        ),
        say(gettext_noop("MGRS writes the easting first, then the northing.")),
    )


def _flaw_in_mgrs_digits(groups: list[str]) -> Refused | None:
    digits = "".join(groups)
    if (len(groups) == 2 and len(groups[0]) != len(groups[1])) or len(digits) % 2:
        return Refused(
            RefusalReason.INCOMPLETE,
            say(
                gettext_noop(
                    "MGRS needs as many digits for the northing as for the easting. A digit is missing."
                )
            ),
        )
    if not digits:
        return Refused(
            RefusalReason.INCOMPLETE,
            say(gettext_noop("This MGRS square is 100 km wide. Add the digits within the square.")),
        )
    if len(digits) > 10:
        return Refused(
            RefusalReason.NOT_UNDERSTOOD,
            say(gettext_noop("MGRS has at most five digits for the easting and five for the northing.")),
        )
    return None


def _no_such_square(reference: str) -> Refused:
    return Refused(
        RefusalReason.OUT_OF_RANGE,
        say(
            gettext_noop("MGRS has no square %(code)s. Check the zone, the band and the two letters."),
            code=reference,
        ),
    )
