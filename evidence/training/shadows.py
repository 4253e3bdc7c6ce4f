"""Where the sun throws shadows on level ground: the same polygons for every view of the place."""

from __future__ import annotations

import math

from evidence.training.light import Light
from evidence.training.place import (
    HOUSES,
    LIGHTHOUSE,
    LIGHTHOUSE_FOOT_M,
    LIGHTHOUSE_HEIGHT_M,
    TREES,
    House,
    Spot,
    house_corners,
    ridge_ends,
)

TREE_TOP_M, TREE_REACH_M = 6.8, 2.4
LONGEST_M = 400.0


def shadows(light: Light) -> list[tuple[Spot, ...]]:
    """One or more polygons for each thing that stands up; none under an overcast sky."""
    if light.sun is None:
        return []
    polygons = [_tapering(LIGHTHOUSE, LIGHTHOUSE_FOOT_M, 1.6, LIGHTHOUSE_HEIGHT_M, light)]
    for house in HOUSES:
        polygons += _of_house(house, light)
    for spot in TREES:
        polygons += _of_tree(spot, light)
    return polygons


def shadow_offset_m(up_m: float, light: Light) -> tuple[float, float]:
    """Metres east and north from a point of some height to its shadow."""
    length_m = min(LONGEST_M, up_m / math.tan(math.radians(light.sun_elevation_deg)))
    away = math.radians(light.sun_azimuth_deg + 180)
    return length_m * math.sin(away), length_m * math.cos(away)


def _thrown(spot: Spot, up_m: float, light: Light) -> Spot:
    east_m, north_m = shadow_offset_m(up_m, light)
    return Spot(spot.east_m + east_m, spot.north_m + north_m)


def _tapering(at: Spot, foot_m: float, top_m: float, up_m: float, light: Light) -> tuple[Spot, ...]:
    across = math.radians(light.sun_azimuth_deg + 90)
    tip = _thrown(at, up_m, light)
    sides = [(at, foot_m), (tip, top_m), (tip, -top_m), (at, -foot_m)]
    return tuple(
        Spot(spot.east_m + half_m * math.sin(across), spot.north_m + half_m * math.cos(across))
        for spot, half_m in sides
    )


def _of_house(house: House, light: Light) -> list[tuple[Spot, ...]]:
    corners = house_corners(house)
    ends = ridge_ends(corners)
    polygons: list[tuple[Spot, ...]] = []
    for index in range(4):
        a, b = corners[index], corners[(index + 1) % 4]
        high_a, high_b = _thrown(a, house.eaves_m, light), _thrown(b, house.eaves_m, light)
        polygons.append((a, b, high_b, high_a))
        if index % 2 == 0:
            polygons.append((high_a, high_b, _thrown(ends[index // 2], house.ridge_m, light)))
        else:
            first, second = (ends[0], ends[1]) if index == 1 else (ends[1], ends[0])
            roof = (_thrown(second, house.ridge_m, light), _thrown(first, house.ridge_m, light))
            polygons.append((high_a, high_b, *roof))
    return polygons


def _of_tree(spot: Spot, light: Light) -> list[tuple[Spot, ...]]:
    middle = _thrown(spot, TREE_TOP_M - TREE_REACH_M, light)
    stretch = 1 / math.sin(math.radians(max(5.0, light.sun_elevation_deg)))
    along = math.radians(light.sun_azimuth_deg)
    crown = []
    for step in range(16):
        angle = math.tau * step / 16
        away_m, aside_m = math.cos(angle) * TREE_REACH_M * stretch, math.sin(angle) * TREE_REACH_M
        crown.append(
            Spot(
                middle.east_m + away_m * math.sin(along) + aside_m * math.cos(along),
                middle.north_m + away_m * math.cos(along) - aside_m * math.sin(along),
            )
        )
    return [_tapering(spot, 0.25, 0.25, TREE_TOP_M - TREE_REACH_M, light), tuple(crown)]
