"""A link taken apart, and the positions found in it weighed against each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from urllib.parse import parse_qs, unquote, urlsplit

from geolocation.coordinates.commas import parse_angles
from geolocation.coordinates.compose import degrees_text, ordered_pair
from geolocation.coordinates.decimal import two_positions
from geolocation.coordinates.dms import plain_angle
from geolocation.coordinates.iso6709 import number_of
from geolocation.coordinates.outcome import (
    Notation,
    Parsed,
    Reading,
    RefusalReason,
    Refused,
    possible_reading,
)
from geolocation.coordinates.position import metres_per_degree
from geolocation.coordinates.sentences import Sentence, gettext_noop, say

NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"\s*({NUMBER})\s*[,~_]\s*({NUMBER})\s*")
_POINT_LABEL = re.compile(r"(?<=\d)\s?\([^()]*\)$")


class Meaning(IntEnum):
    """What a position in a link stands for, the most telling first."""

    PLACE = 1
    CAMERA = 2
    VIEW = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One position found in a link, or the refusal of something that was meant as one."""

    meaning: Meaning
    outcome: Parsed | Refused


@dataclass(frozen=True, slots=True)
class Link:
    """Host and path as written, query and fragment parameters decoded; names in lower case."""

    host: str
    path: str
    fragment: str
    query: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first value that any of these parameters has."""
        return next((self.query[name][0] for name in names if self.query.get(name)), None)


def link_from(text: str) -> Link | None:
    """The parts of a link with or without its scheme; None when it is none."""
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower().removeprefix("www.")
        parameters = parse_qs(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https"):
        return None
    query = {name.lower(): values for name, values in parameters.items()}
    return Link(host, unquote(parts.path), unquote(parts.fragment), query)


def latitude_longitude(latitude: str, longitude: str) -> Parsed | Refused:
    """A pair as a link writes it: points for decimals, nothing else."""
    return ordered_pair(plain_angle(number_of(latitude)), plain_angle(number_of(longitude)))


def pair_text(text: str, *, longitude_first: bool = False) -> Parsed | Refused | None:
    """`39.8,46.7` of a parameter; None when it is not two numbers."""
    found = _PAIR.fullmatch(text)
    if not found:
        return None
    return latitude_longitude(*(found.groups()[::-1] if longitude_first else found.groups()))


def searched_text(text: str) -> Parsed | Refused | None:
    """What somebody typed into a map's search field; None when it is the name of a place."""
    # People type here, so `48,85` is as undecided as in a form; `39.8,46.7(name)` labels the point.
    text = _POINT_LABEL.sub("", text.strip().removeprefix("loc:"))
    outcome = parse_angles(text)
    if isinstance(outcome, Refused) and outcome.reason is RefusalReason.NOT_UNDERSTOOD:
        return None
    return outcome if re.search(r"\d.*\d", text) and not _mostly_words(text) else None


def _mostly_words(text: str) -> bool:
    """An address such as `12 North Street` has longer words than any direction."""
    return isinstance(parse_angles(text), Refused) and bool(re.search(r"[^\W\d_]{3,}", text))


def decide(candidates: Sequence[Candidate], notation: Notation, axis_note: Sentence) -> Parsed | Refused:
    """The most telling position of a link, refused where two of the same rank differ."""
    if not candidates:
        return unreadable_link()
    best = min(candidate.meaning for candidate in candidates)
    outcomes = [candidate.outcome for candidate in candidates if candidate.meaning == best]
    parsed = [outcome for outcome in outcomes if isinstance(outcome, Parsed)]
    if len(parsed) < len(outcomes):
        return next(outcome for outcome in outcomes if isinstance(outcome, Refused))
    if any(not _agree(parsed[0], other) for other in parsed[1:]):
        return two_positions(readings_of(parsed))
    chosen = min(parsed, key=lambda outcome: outcome.implied_uncertainty_m)
    return replace(
        chosen, notation=notation, understood_as=say(_MEANINGS[best], **_degrees(chosen)), axis_note=axis_note
    )


_MEANINGS = {
    Meaning.PLACE: gettext_noop(
        "The place that the link marks: latitude %(latitude)s, longitude %(longitude)s."
    ),
    Meaning.CAMERA: gettext_noop(
        "Where the panorama of the link was taken, not what it shows: "
        "latitude %(latitude)s, longitude %(longitude)s."
    ),
    Meaning.VIEW: gettext_noop(
        "The centre of the view, which is not necessarily a place that was meant: "
        "latitude %(latitude)s, longitude %(longitude)s."
    ),
}


def _degrees(parsed: Parsed) -> dict[str, str]:
    return {
        "latitude": degrees_text(parsed.position.latitude),
        "longitude": degrees_text(parsed.position.longitude),
    }


def _agree(one: Parsed, other: Parsed) -> bool:
    latitude_m, longitude_m = metres_per_degree(one.position.latitude)
    apart_m = max(
        abs(one.position.latitude - other.position.latitude) * latitude_m,
        abs(one.position.longitude - other.position.longitude) * longitude_m,
    )
    return apart_m <= 2 * (one.implied_uncertainty_m + other.implied_uncertainty_m)


def readings_of(parsed: Sequence[Parsed]) -> tuple[Reading, ...]:
    """The distinct positions of a link that holds several."""
    distinct = dict.fromkeys((one.position.latitude, one.position.longitude) for one in parsed)
    note = say(gettext_noop("one of several positions in the link"))
    return tuple(reading for pair in list(distinct)[:10] for reading in possible_reading(*pair, note))


def route(texts: Sequence[str], *, longitude_first: bool = False) -> Refused:
    """Refusal of a route, with those of its stops that are written as coordinates."""
    stops = [pair_text(text, longitude_first=longitude_first) for text in texts]
    return two_positions(readings_of([stop for stop in stops if isinstance(stop, Parsed)]))


def unreadable_link() -> Refused:
    """Refusal of a link without a position that can be read."""
    return Refused(
        RefusalReason.NOT_UNDERSTOOD,
        say(
            gettext_noop(
                "No position was found in this link. Copy the coordinates, or a full link of Google, "
                "OpenStreetMap, Bing, Yandex, Apple, Google Earth or Wikimapia."
            )
        ),
    )
