"""Words and letters for directions, axes and units, in the languages that evidence is described in.

A letter that means different directions in different languages is kept with all of them, so that the text
is refused with each reading: `O` is Ost (east) and Ouest, Oeste, Ovest (west).
"""

from dataclasses import dataclass
from enum import StrEnum


class Axis(StrEnum):
    LATITUDE = "latitude"
    LONGITUDE = "longitude"


class Unit(StrEnum):
    DEGREE = "degree"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Direction:
    """A half of the Earth: which axis, which sign, and its English letter."""

    axis: Axis
    sign: int
    letter: str


NORTH = Direction(Axis.LATITUDE, 1, "N")
SOUTH = Direction(Axis.LATITUDE, -1, "S")
EAST = Direction(Axis.LONGITUDE, 1, "E")
WEST = Direction(Axis.LONGITUDE, -1, "W")

# Spellings are case-folded and without dots: `с.ш.` is looked up as `сш`.
_DIRECTION_WORDS: dict[tuple[Direction, ...], str] = {
    (NORTH,): (
        "n north northern nord norte noord norden norra sever sjever północ kuzey şimal észak utara "
        "с сш север северная северной пн пнш північ північна північної "
        "شمال شمالا شمالي شمالی צפון հյուսիս 北 北纬 北緯 북위"
    ),
    (SOUTH,): (
        "s south southern sud süd sur sul zuid süden södra południe güney cənub selatan etelä "
        "ю юш юг южная южной пд пдш південь південна південної "
        "جنوب جنوبا جنوبي جنوبی דרום հարավ 南 南纬 南緯 남위"
    ),
    (EAST,): (
        "e east eastern est este öst øst ost osten leste doğu şərq wschód východ istok timur "
        "в вд восток восточная восточной сх схд схід східна східної "
        "شرق شرقا شرقي شرقی מזרח արևելք 东 東 东经 東経 東經 동경"
    ),
    (WEST,): (
        "w west western ouest oeste ovest väst westen zachód batı bati qərb západ zapad barat länsi "
        "з зд запад западная западной зх зхд захід західна західної "
        "غرب غربا غربي غربی מערב արևմուտք 西 西经 西経 西經 서경"
    ),
    # Ost, východ, vzhod and east-going words; Ouest, Oeste, Ovest, väst, vest and west-going words.
    (EAST, WEST): "o v",
    (NORTH, EAST): "ش",  # shamal (north) and sharq (east) begin with the same letter
}

_AXIS_WORDS: dict[Axis, str] = {
    Axis.LATITUDE: (
        "latitude lat breite широта широты широти latitud latitudine enlem عرض العرض 纬度 緯度 위도"
    ),
    Axis.LONGITUDE: (
        "longitude long lon lng länge longitud longitudine долгота долготы довгота довготи boylam "
        "طول الطول 经度 経度 經度 경도"
    ),
}

_UNIT_WORDS: dict[Unit, str] = {
    Unit.DEGREE: (
        "° d deg degs degree degrees grad градус градуса градусов град градуси градусів derece dərəcə "
        "درجة درجه 度 도"
    ),
    Unit.MINUTE: "' min minute minutes мин минута минуты минут dakika dəqiqə دقيقة دقیقه 分 분",
    Unit.SECOND: '" sec second seconds сек секунда секунды секунд saniye saniyə ثانية ثانیه 秒 초',
}

# What people leave standing in front of a position. It says nothing about it.
_LEADING_WORDS = (
    "gps coordinates coordinate coords coord position location координаты координати koordinaten "
    "koordinatlar koordinatları coordenadas coordonnées الإحداثيات إحداثيات 坐标 座標"
)
LEADING_WORDS = frozenset(_LEADING_WORDS.casefold().split())

DIRECTIONS: dict[str, tuple[Direction, ...]] = {
    word: directions for directions, words in _DIRECTION_WORDS.items() for word in words.casefold().split()
}
AXES: dict[str, Axis] = {
    word: axis for axis, words in _AXIS_WORDS.items() for word in words.casefold().split()
}
UNITS: dict[str, Unit] = {
    word: unit for unit, words in _UNIT_WORDS.items() for word in words.casefold().split()
}
