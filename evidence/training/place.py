"""The invented place of the training exercise: what stands where, in metres around its lighthouse.

Everything here is made up: there is no lighthouse, harbour or village at these coordinates, an open stretch
of shore on a calm coast of the Baltic. Pictures from any side and from above are drawn from this one layout,
so a position found in one agrees with the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

# WGS 84 (NGA.STND.0036): semi-major axis in metres and first eccentricity squared.
WGS84_A_M = 6_378_137.0
WGS84_E2 = 0.006_694_379_990_14

LIGHTHOUSE_LATITUDE = 56.372
LIGHTHOUSE_LONGITUDE = 16.404


@dataclass(frozen=True, slots=True)
class Spot:
    """A place by metres east and north of the lighthouse."""

    east_m: float
    north_m: float

    @property
    def latitude(self) -> float:
        """Degrees north on WGS 84; right to a millimetre within a kilometre of the lighthouse."""
        phi = math.radians(LIGHTHOUSE_LATITUDE)
        meridian_m = WGS84_A_M * (1 - WGS84_E2) / (1 - WGS84_E2 * math.sin(phi) ** 2) ** 1.5
        return LIGHTHOUSE_LATITUDE + math.degrees(self.north_m / meridian_m)

    @property
    def longitude(self) -> float:
        """Degrees east on WGS 84, along the parallel of the spot itself."""
        phi = math.radians(self.latitude)
        normal_m = WGS84_A_M / math.sqrt(1 - WGS84_E2 * math.sin(phi) ** 2)
        return LIGHTHOUSE_LONGITUDE + math.degrees(self.east_m / (normal_m * math.cos(phi)))

    def azimuth_deg_to(self, other: Spot) -> float:
        """Direction on the local plane, clockwise from true north, in [0, 360)."""
        return math.degrees(math.atan2(other.east_m - self.east_m, other.north_m - self.north_m)) % 360.0


@dataclass(frozen=True, slots=True)
class House:
    """A house with a gable roof; the ridge runs along its length."""

    at: Spot
    length_m: float
    width_m: float
    ridge_azimuth_deg: float
    eaves_m: float
    ridge_m: float
    wall: tuple[int, int, int]
    roof: tuple[int, int, int]


LIGHTHOUSE = Spot(0.0, 0.0)
LIGHTHOUSE_HEIGHT_M = 33.0
LIGHTHOUSE_FOOT_M = 4.2  # radius at the ground

FALU_RED, WHITE_WALL, OCHRE = (158, 52, 43), (236, 232, 222), (214, 168, 92)
SLATE, TILE, TARRED = (82, 86, 94), (168, 84, 58), (66, 58, 54)

HOUSES = (
    House(Spot(27, 17), 15, 8, 20, 4.2, 8.0, WHITE_WALL, TILE),
    House(Spot(50, -37), 11, 7, 110, 3.2, 6.2, FALU_RED, SLATE),
    House(Spot(74, 42), 13, 8, 60, 3.8, 7.2, FALU_RED, TARRED),
    House(Spot(82, 14), 10, 7, 150, 3.4, 6.4, OCHRE, TILE),
    House(Spot(34, 108), 16, 8, 80, 3.6, 6.6, FALU_RED, SLATE),
    House(Spot(56, 133), 12, 7, 80, 3.4, 6.2, FALU_RED, TARRED),
    House(Spot(118, 104), 14, 9, 30, 4.0, 7.8, WHITE_WALL, SLATE),
)

# Corners of the shoreline from south to north; the land is on its right.
SHORE_CORNERS = (
    Spot(-30, -900), Spot(-52, -420), Spot(-34, -250), Spot(-8, -170), Spot(-2, -110), Spot(-22, -62),
    Spot(-44, -30), Spot(-50, 0), Spot(-41, 28), Spot(-18, 52), Spot(6, 78), Spot(16, 108), Spot(12, 142),
    Spot(-12, 178), Spot(-40, 222), Spot(-48, 300), Spot(-30, 430), Spot(-64, 900),
)  # fmt: skip
EASTERN_EDGE_M = 900.0


def between(a: Spot, b: Spot, share: float) -> Spot:
    """From the first spot (share 0) to the second (share 1)."""
    return Spot(a.east_m + (b.east_m - a.east_m) * share, a.north_m + (b.north_m - a.north_m) * share)


def rounded(line: tuple[Spot, ...], times: int) -> tuple[Spot, ...]:
    """The line with its corners cut off again and again (Chaikin), its ends kept."""
    for _ in range(times):
        cut = [spot for a, b in pairwise(line) for spot in (between(a, b, 0.25), between(a, b, 0.75))]
        line = (line[0], *cut, line[-1])
    return line


SHORE = rounded(SHORE_CORNERS, 3)

PIER = (Spot(14, 126), Spot(-44, 118), Spot(-66, 96))
PIER_WIDTH_M = 6.0
ROAD = (Spot(420, -120), Spot(250, -92), Spot(150, -46), Spot(92, -6), Spot(48, 2), Spot(8, -2))
LANE = (Spot(92, -6), Spot(104, 52), Spot(82, 96), Spot(40, 124), Spot(16, 126))
ROAD_WIDTH_M = 5.0
STONE_WALL = (Spot(200, -150), Spot(128, -98), Spot(64, -58), Spot(18, -46))
BOATS = (Spot(-16, 92), Spot(-34, 104), Spot(-2, 100))

# Fields as corners; colours of grass, rape in flower, ripe grain and fallow.
FIELDS: tuple[tuple[tuple[Spot, ...], tuple[int, int, int]], ...] = (
    ((Spot(20, -250), Spot(130, -250), Spot(112, -100), Spot(24, -64)), (146, 164, 82)),
    ((Spot(136, -250), Spot(300, -260), Spot(262, -106), Spot(134, -104)), (222, 200, 78)),
    ((Spot(120, -22), Spot(262, -78), Spot(280, 40), Spot(126, 60)), (128, 158, 76)),
    ((Spot(132, 70), Spot(300, 52), Spot(320, 220), Spot(150, 230)), (214, 190, 110)),
    ((Spot(30, 150), Spot(136, 130), Spot(142, 260), Spot(8, 262)), (118, 150, 80)),
)

TREES = (
    Spot(60, 24), Spot(88, 52), Spot(110, 34), Spot(112, 8), Spot(66, 58), Spot(134, 96), Spot(102, 116),
    Spot(72, 148), Spot(20, -84), Spot(142, 122), Spot(166, 14), Spot(176, -4), Spot(188, 30), Spot(150, 64),
    Spot(232, -126), Spot(206, 66), Spot(46, 168), Spot(88, 182), Spot(110, 172), Spot(124, 196),
    Spot(250, 96),
)  # fmt: skip


def land() -> tuple[Spot, ...]:
    """The land as a polygon: the shore, closed far in the east."""
    return (*SHORE, Spot(EASTERN_EDGE_M, 900), Spot(EASTERN_EDGE_M, -900))


def ribbon(line: tuple[Spot, ...], width_m: float) -> tuple[Spot, ...]:
    """A line of some width (a road, a pier) as a polygon, mitred at its corners."""
    left, right = [], []
    for index, spot in enumerate(line):
        before, after = line[max(0, index - 1)], line[min(len(line) - 1, index + 1)]
        direction = math.atan2(after.east_m - before.east_m, after.north_m - before.north_m)
        across_e, across_n = math.cos(direction) * width_m / 2, -math.sin(direction) * width_m / 2
        left.append(Spot(spot.east_m - across_e, spot.north_m - across_n))
        right.append(Spot(spot.east_m + across_e, spot.north_m + across_n))
    return (*left, *reversed(right))


def house_corners(house: House) -> tuple[Spot, Spot, Spot, Spot]:
    """The four corners of a house, in order around it; the first two share a gable."""
    along = math.radians(house.ridge_azimuth_deg)
    ahead = (math.sin(along) * house.length_m / 2, math.cos(along) * house.length_m / 2)
    aside = (math.cos(along) * house.width_m / 2, -math.sin(along) * house.width_m / 2)
    signs = ((1, -1), (1, 1), (-1, 1), (-1, -1))
    corners = [
        Spot(house.at.east_m + a * ahead[0] + b * aside[0], house.at.north_m + a * ahead[1] + b * aside[1])
        for a, b in signs
    ]
    return corners[0], corners[1], corners[2], corners[3]


def ridge_ends(corners: tuple[Spot, Spot, Spot, Spot]) -> tuple[Spot, Spot]:
    """Below the two ends of a ridge: the middles of the gables."""
    return between(corners[0], corners[1], 0.5), between(corners[2], corners[3], 0.5)
