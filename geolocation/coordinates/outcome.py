"""What reading a text as a position gives: `Parsed`, or `Refused` with the readings it could have had."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypedDict

from geolocation.coordinates.position import Position, PositionOutOfRange
from geolocation.coordinates.sentences import Sentence


class Notation(StrEnum):
    """Ways of writing a position. The values are stored and published: never rename one."""

    DECIMAL = "decimal"
    DM = "dm"
    DMS = "dms"
    UTM = "utm"
    MGRS = "mgrs"
    PLUS_CODE = "plus_code"
    GEO_URI = "geo_uri"
    ISO6709 = "iso6709"
    GOOGLE_LINK = "google_link"
    GOOGLE_EARTH_LINK = "google_earth_link"
    OSM_LINK = "osm_link"
    BING_LINK = "bing_link"
    YANDEX_LINK = "yandex_link"
    APPLE_LINK = "apple_link"
    WIKIMAPIA_LINK = "wikimapia_link"


class RefusalReason(StrEnum):
    """Why a text was not taken as a position. The values are published: never rename one."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    AMBIGUOUS = "ambiguous"
    OUT_OF_RANGE = "out_of_range"
    CONTRADICTORY = "contradictory"
    TWO_POSITIONS = "two_positions"
    INCOMPLETE = "incomplete"
    SHORT_LINK = "short_link"
    UNSUPPORTED = "unsupported"


class ReadingJson(TypedDict):
    latitude: float | None
    longitude: float | None
    note: str


class ParsedJson(TypedDict):
    ok: Literal[True]
    latitude: float
    longitude: float
    implied_uncertainty_m: float
    notation: str
    understood_as: str
    axis_note: str


class RefusedJson(TypedDict):
    ok: Literal[False]
    reason: str
    sentence: str
    readings: list[ReadingJson]


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a refused text could mean; an axis the text does not give is None."""

    latitude: float | None
    longitude: float | None
    note: Sentence

    def to_json(self) -> ReadingJson:
        return {"latitude": self.latitude, "longitude": self.longitude, "note": str(self.note)}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text understood in exactly one way. `implied_uncertainty_m` is what its own digits imply."""

    position: Position
    implied_uncertainty_m: float
    notation: Notation
    understood_as: Sentence
    axis_note: Sentence

    def to_json(self) -> ParsedJson:
        return {
            "ok": True,
            "latitude": self.position.latitude,
            "longitude": self.position.longitude,
            "implied_uncertainty_m": self.implied_uncertainty_m,
            "notation": self.notation.value,
            "understood_as": str(self.understood_as),
            "axis_note": str(self.axis_note),
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that was not taken, why, what to do about it, and every reading it could have."""

    reason: RefusalReason
    sentence: Sentence
    readings: tuple[Reading, ...] = ()

    def to_json(self) -> RefusedJson:
        return {
            "ok": False,
            "reason": self.reason.value,
            "sentence": str(self.sentence),
            "readings": [reading.to_json() for reading in self.readings],
        }


def possible_reading(latitude: float, longitude: float, note: Sentence) -> tuple[Reading, ...]:
    """A reading if those degrees exist on Earth, otherwise nothing."""
    try:
        Position(latitude, longitude)
    except PositionOutOfRange:
        return ()
    return (Reading(latitude, longitude, note),)
