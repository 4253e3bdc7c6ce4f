"""The offline base map as a browser reads it: land is where land is and water where water is, in every zoom.

Positions are the public coordinates of cities and of places in open sea, not taken from the map's own source.
Archive and tiles are read by the published formats (PMTiles 3, Mapbox Vector Tile 2.1), not by the library
that wrote them.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ARCHIVE = Path(__file__).resolve().parents[2] / "static" / "basemap" / "world.pmtiles"
MAX_ZOOM = 6
Ring = list[tuple[int, int]]

# (name, latitude, longitude); all well away from coasts
INLAND = [
    # Caucasus and Asia
    ("Stepanakert / Khankendi", 39.82, 46.75),
    ("Azatamartikneri Avenue, to the west", 39.83, 46.74),
    ("Yakutsk", 62.03, 129.73),
    ("Tehran", 35.69, 51.39),
    ("Kabul", 34.53, 69.17),
    ("Delhi", 28.61, 77.21),
    ("Nagpur", 21.15, 79.09),
    ("Lhasa", 29.65, 91.12),
    ("Urumqi", 43.83, 87.62),
    ("Chengdu", 30.57, 104.07),
    ("Xi'an", 34.34, 108.94),
    ("Ulaanbaatar", 47.89, 106.91),
    ("Novosibirsk", 55.01, 82.93),
    ("Krasnoyarsk", 56.01, 92.87),
    ("Astana", 51.17, 71.43),
    ("Riyadh", 24.71, 46.68),
    ("Mosul", 36.34, 43.13),
    ("Mandalay", 21.96, 96.09),
    ("Verkhoyansk", 67.55, 133.39),
    ("Omolon, Chukotka", 65.23, 160.54),
    # Europe
    ("Moscow", 55.76, 37.62),
    ("Minsk", 53.90, 27.57),
    ("Prague", 50.08, 14.44),
    ("Budapest", 47.50, 19.04),
    ("Madrid", 40.42, -3.70),
    ("Kazan", 55.79, 49.12),
    ("Kharkiv", 49.99, 36.23),
    ("Yekaterinburg", 56.84, 60.61),
    # Africa
    ("Bamako", 12.64, -8.00),
    ("Timbuktu", 16.77, -3.01),
    ("Taoudenni", 22.68, -3.98),
    ("Tamanrasset", 22.79, 5.52),
    ("Tindouf", 27.67, -8.15),
    ("Nema, Mauritania", 16.62, -7.26),
    ("Agadez", 16.97, 7.99),
    ("N'Djamena", 12.13, 15.06),
    ("Kufra", 24.18, 23.31),
    ("Khartoum", 15.50, 32.56),
    ("Addis Ababa", 9.01, 38.75),
    ("Bangui", 4.39, 18.56),
    ("Kisangani", 0.52, 25.20),
    ("Lusaka", -15.39, 28.32),
    ("Johannesburg", -26.20, 28.05),
    ("Maun", -19.98, 23.42),
    # North America and Greenland
    ("Greenland, 72 N 40 W", 72.0, -40.0),
    ("Greenland, Summit", 72.58, -38.46),
    ("Greenland, south dome", 64.5, -44.5),
    ("Denver", 39.74, -104.99),
    ("Kansas City", 39.10, -94.58),
    ("Winnipeg", 49.90, -97.14),
    ("Edmonton", 53.55, -113.49),
    ("Yellowknife, to the west", 62.4, -117.0),
    ("Fairbanks", 64.84, -147.72),
    ("Zacatecas", 22.77, -102.58),
    # South America
    ("Manaus, to the north", -2.9, -60.03),
    ("Brasilia", -15.79, -47.88),
    ("Cuiaba", -15.60, -56.10),
    ("Santa Cruz de la Sierra", -17.78, -63.18),
    ("Asuncion, to the east", -25.3, -56.5),
    ("Cordoba, Argentina", -31.42, -64.18),
    ("Iquitos, to the west", -3.75, -74.5),
    # Oceania and Antarctica
    ("Alice Springs", -23.70, 133.88),
    ("Giles", -25.03, 128.30),
    ("Mount Isa", -20.73, 139.49),
    ("Vostok", -78.46, 106.84),
    ("Antarctica, 82 S 90 W", -82.0, -90.0),
    ("Antarctica, 84.9 S 100 E", -84.9, 100.0),
]
OCEAN = [
    ("North Atlantic", 45.0, -35.0),
    ("North Atlantic, 60 N", 58.0, -30.0),
    ("Sargasso Sea", 28.0, -60.0),
    ("Atlantic, off Mauritania", 19.0, -25.0),
    ("Atlantic, equator", 0.0, -20.0),
    ("Gulf of Guinea", -2.0, 2.0),
    ("South Atlantic", -25.0, -20.0),
    ("South Atlantic, 45 S", -45.0, -35.0),
    ("Scotia Sea", -57.5, -45.0),
    ("Atlantic, 38 N", 38.0, -45.0),
    ("Atlantic, 35 N", 35.0, -25.0),
    ("Labrador Sea", 57.5, -51.0),
    ("Norwegian Sea", 67.0, 3.0),
    ("Greenland Sea", 75.5, -3.0),
    ("Barents Sea", 74.0, 38.0),
    ("Arctic Ocean", 84.0, 150.0),
    ("Arctic Ocean, antimeridian", 78.0, 179.9),
    ("Beaufort Sea", 74.0, -140.0),
    ("Bering Sea", 58.0, -177.0),
    ("North Pacific", 45.0, -165.0),
    ("North Pacific, antimeridian", 40.0, 179.95),
    ("Pacific, 30 N", 32.0, -140.0),
    ("Pacific, equator", 0.5, -130.0),
    ("South Pacific", -30.0, -110.0),
    ("Point Nemo", -48.88, -123.39),
    ("South Pacific, antimeridian", -45.0, -179.5),
    ("Southern Ocean, antimeridian", -65.0, 179.8),
    ("Southern Ocean, 60 E", -60.0, 60.0),
    ("Southern Ocean, 120 W", -62.0, -120.0),
    ("Philippine Sea", 19.0, 132.0),
    ("Sea of Okhotsk", 54.0, 149.0),
    ("South China Sea", 13.0, 114.0),
    ("Tasman Sea", -38.0, 161.0),
    ("Coral Sea", -15.5, 156.5),
    ("Indian Ocean, equator", -2.0, 85.0),
    ("Indian Ocean, 20 S", -20.0, 80.0),
    ("Indian Ocean, 30 S", -32.0, 95.0),
    ("Indian Ocean, 40 S", -42.0, 60.0),
    ("Arabian Sea", 15.0, 64.0),
    ("Bay of Bengal", 14.0, 88.0),
    ("Mediterranean, Ionian Sea", 35.5, 18.5),
    ("Caribbean Sea", 15.0, -76.0),
    ("Gulf of Mexico", 25.0, -90.0),
    ("Black Sea", 43.2, 34.0),
]
# (name, latitude, longitude, on land, zoom from which a tile is fine enough to say)
NEAR_COAST = [
    ("Nuuk, to the east", 64.4, -49.0, True, 3),
    ("Öland", 56.45, 16.55, True, 6),
    ("Öland", 56.70, 16.70, True, 6),
    ("Kalmar Strait", 56.40, 16.30, False, 6),
    ("Caspian Sea, middle", 41.5, 51.0, False, 1),
    ("Baku, to the west", 40.5, 48.5, True, 3),
    ("Vanua Levu, Fiji", -16.6, 179.2, True, 6),
    ("Taveuni side of the antimeridian, Fiji", -16.85, 179.975, True, 6),
    ("Wrangel Island, west of 180", 71.2, 179.5, True, 4),
    ("Wrangel Island, east of 180", 71.2, -179.5, True, 4),
    ("Chukotka, east of 180", 67.5, -178.5, True, 4),
    ("Chukotka, west of 180", 67.5, 178.5, True, 4),
]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A protocol buffer's number at `at`, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The (number, value) pairs of a protocol buffer message that has numbers and byte strings only."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            yield key >> 3, data[at : at + value]
            at += value
        else:
            assert key & 7 == 0
            yield key >> 3, value


def numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def rings_of(commands: list[int]) -> list[Ring]:
    """The closed rings, without the repeated first point, of an MVT polygon (2.1, section 4.3)."""
    rings: list[Ring] = []
    x = y = at = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            continue
        if command == 1:
            rings.append([])
        for _ in range(count):
            dx, dy = commands[at], commands[at + 1]
            x, y, at = x + (dx >> 1 ^ -(dx & 1)), y + (dy >> 1 ^ -(dy & 1)), at + 2
            rings[-1].append((x, y))
    return rings


def hilbert(zoom: int, x: int, y: int) -> int:
    """The number of a tile in a PMTiles archive: along a Hilbert curve, after all tiles of lower zooms."""
    number = sum(4**lower for lower in range(zoom))
    side = 2**zoom >> 1
    while side:
        right, low = int(bool(x & side)), int(bool(y & side))
        number += side * side * (3 * right ^ low)
        if not low:
            if right:
                x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
            x, y = y, x
        x, y, side = x & (side - 1), y & (side - 1), side >> 1
    return number


@dataclass(frozen=True)
class Archive:
    data: bytes
    tiles: dict[int, tuple[int, int]]  # number -> offset, length

    def land(self, zoom: int, x: int, y: int) -> list[Ring]:
        found = self.tiles.get(hilbert(zoom, x, y))
        if found is None:
            return []
        offset, length = found
        rings = []
        for number, layer in fields(gzip.decompress(self.data[offset : offset + length])):
            assert number == 3
            assert isinstance(layer, bytes)
            content = list(fields(layer))
            if (1, b"land") not in content:
                continue
            assert (5, 8192) in content
            for key, feature in content:
                if key == 2 and isinstance(feature, bytes):
                    geometry = dict(fields(feature))[4]
                    assert isinstance(geometry, bytes)
                    rings += rings_of(numbers(geometry))
        return rings


def directory(data: bytes, offset: int, length: int) -> Iterator[tuple[int, int, int, int]]:
    """(first tile's number, run, offset, length) of every entry; run 0 leads to a further directory."""
    values = numbers(gzip.decompress(data[offset : offset + length]))
    count, rest = values[0], values[1:]
    tile, end = 0, 0
    for index in range(count):
        tile += rest[index]
        size, place = rest[2 * count + index], rest[3 * count + index]
        start = end if place == 0 else place - 1
        end = start + size
        yield tile, rest[count + index], start, size


@cache
def archive() -> Archive:
    data = ARCHIVE.read_bytes()
    assert data[:8] == b"PMTiles\x03"
    root, root_length, _, _, leaves, _, content, _ = (
        int.from_bytes(data[at : at + 8], "little") for at in range(8, 72, 8)
    )
    tiles = {}
    waiting = [(root, root_length)]
    while waiting:
        for tile, run, offset, length in directory(data, *waiting.pop()):
            if run == 0:
                waiting.append((leaves + offset, length))
            for number in range(tile, tile + run):
                tiles[number] = (content + offset, length)
    return Archive(data, tiles)


@cache
def land(zoom: int, x: int, y: int) -> list[Ring]:
    return archive().land(zoom, x, y)


def twice_area(ring: Ring) -> int:
    """Positive for an exterior ring, negative for a hole, as the format has it (y grows downward)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))


def inside(ring: Ring, x: float, y: float) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def is_land(latitude: float, longitude: float, zoom: int) -> bool:
    """Whether the tile of `zoom` draws land there: within an exterior ring that no hole takes away."""
    x = (longitude / 360 + 0.5) * 2**zoom
    y = (0.5 - math.asinh(math.tan(math.radians(latitude))) / math.tau) * 2**zoom
    units = ((x % 1) * 8192 + 1 / 3, (y % 1) * 8192 + 1 / 3)  # beside every whole unit, so on no edge
    around = [ring for ring in land(zoom, int(x), int(y)) if inside(ring, *units)]
    turns = [1 if twice_area(ring) > 0 else -1 for ring in around]
    assert sum(turns) in {0, 1}, "an exterior ring lies within another, or a hole outside of any"
    return sum(turns) == 1


@pytest.mark.parametrize("zoom", range(MAX_ZOOM + 1))
def test_inland_points_are_on_land(zoom: int) -> None:
    assert [name for name, latitude, longitude in INLAND if not is_land(latitude, longitude, zoom)] == []


@pytest.mark.parametrize("zoom", range(MAX_ZOOM + 1))
def test_points_in_open_sea_are_in_water(zoom: int) -> None:
    assert [name for name, latitude, longitude in OCEAN if is_land(latitude, longitude, zoom)] == []


@pytest.mark.parametrize(("name", "latitude", "longitude", "expected", "from_zoom"), NEAR_COAST)
def test_coasts_and_the_antimeridian_are_where_they_are(
    name: str, latitude: float, longitude: float, expected: bool, from_zoom: int
) -> None:
    zooms = range(from_zoom, MAX_ZOOM + 1)
    found = {zoom: is_land(latitude, longitude, zoom) for zoom in zooms}
    assert found == dict.fromkeys(zooms, expected), name


@pytest.mark.parametrize("zoom", range(MAX_ZOOM + 1))
def test_no_ring_is_degenerate(zoom: int) -> None:
    for x in range(2**zoom):
        for y in range(2**zoom):
            rings = land(zoom, x, y)
            assert all(len(ring) >= 3 and twice_area(ring) for ring in rings), (zoom, x, y)
            assert not rings or twice_area(rings[0]) > 0, f"{zoom}/{x}/{y} begins with a hole"
            values = [value for ring in rings for point in ring for value in point]
            assert all(-128 <= value <= 8320 for value in values), (zoom, x, y)


@pytest.mark.parametrize("zoom", range(MAX_ZOOM + 1))
def test_land_covers_as_much_as_the_earth_has(zoom: int) -> None:
    """No tile lost, no band swept: 29.2 % of the Earth is land (CIA World Factbook)."""
    assert land_share(zoom) == pytest.approx(0.292, abs=0.012)


def land_share(zoom: int) -> float:
    """The part of a grid of points, evenly spread over the sphere, that is land."""
    points = [
        (math.degrees(math.asin(sine / 100)), longitude + 0.37)
        for sine in range(-98, 100, 4)
        for longitude in range(-180, 180, 8)
    ]
    return sum(is_land(latitude, longitude, zoom) for latitude, longitude in points) / len(points)
