"""What stands in the invented place, drawn where a camera sees it: lighthouse, houses, trees, pier, boats."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from PIL import ImageDraw

from evidence.training.light import Colour, Light, lit
from evidence.training.place import (
    LIGHTHOUSE,
    LIGHTHOUSE_FOOT_M,
    LIGHTHOUSE_HEIGHT_M,
    House,
    Spot,
    between,
    house_corners,
    ridge_ends,
)
from evidence.training.view import Point, View

TOWER_WHITE, TOWER_RED, IRON, GLASS = (244, 240, 232), (186, 52, 46), (58, 60, 66), (255, 240, 190)
BANDS = 5
WINDOW, TRIM = (92, 112, 128), (246, 242, 234)
LEAVES, BARK = (88, 124, 62), (92, 74, 58)


def brightness_of_side(azimuth_deg: float, light: Light) -> float:
    """How bright a wall is that faces a direction: 1 towards the sun, less away from it."""
    facing = math.cos(math.radians(azimuth_deg - light.sun_azimuth_deg))
    return 1 - light.contrast * (1 - max(0.0, facing))


def lighthouse(draw: ImageDraw.ImageDraw, view: View, light: Light) -> None:
    """A tapering round tower in red and white with its gallery and lantern."""
    foot = view.point(LIGHTHOUSE)
    if foot is None:
        return
    pixels = view.scale_px_m(LIGHTHOUSE)
    tower_m = LIGHTHOUSE_HEIGHT_M - 7
    towards = LIGHTHOUSE.azimuth_deg_to(view.at)
    for band in range(BANDS):
        colour = TOWER_RED if band % 2 else TOWER_WHITE
        low_m, high_m = tower_m * band / BANDS, tower_m * (band + 1) / BANDS
        _round_wall(draw, light, colour, foot, pixels, (low_m, high_m), towards)
    x, y = foot[0], foot[1] - tower_m * pixels
    for up_m, down_m, half_m, thing in (
        (0.9, 0.0, 3.6, IRON),
        (4.2, 0.9, 1.9, GLASS),
        (4.8, 4.2, 2.4, IRON),
    ):
        box = (x - half_m * pixels, y - up_m * pixels, x + half_m * pixels, y - down_m * pixels)
        draw.rectangle(box, fill=lit(thing, light, 1.0 if thing is GLASS else 0.9))
    for bar in (-1.9, -0.65, 0.65, 1.9):
        line = (x + bar * pixels, y - 4.2 * pixels, x + bar * pixels, y - 0.9 * pixels)
        draw.line(line, fill=lit(IRON, light), width=max(1, round(pixels * 0.14)))
    roof = [
        (x - 2.4 * pixels, y - 4.8 * pixels),
        (x, y - 6.8 * pixels),
        (x + 2.4 * pixels, y - 4.8 * pixels),
    ]
    draw.polygon(roof, fill=lit(TOWER_RED, light, 0.86))
    draw.line((x, y - 6.6 * pixels, x, y - 7.8 * pixels), fill=IRON, width=max(1, round(pixels * 0.16)))
    for up_m in (5, 12.5, 20):
        half, tall = 0.34 * pixels, 1.1 * pixels
        at = foot[1] - up_m * pixels
        draw.rectangle((x - half, at - tall, x + half, at), fill=lit(WINDOW, light, 0.8))


def _round_wall(
    draw: ImageDraw.ImageDraw,
    light: Light,
    colour: Colour,
    foot: Point,
    pixels: float,
    heights_m: tuple[float, float],
    towards_deg: float,
) -> None:
    """One band of the tower as upright slices, each as bright as the side that it is."""
    slices = 24
    low, high = (LIGHTHOUSE_FOOT_M * (1 - 0.013 * up_m) * pixels for up_m in heights_m)
    bottom, top = (foot[1] - up_m * pixels for up_m in heights_m)
    for number in range(slices):
        left, right = (math.sin(math.radians(-90 + 180 * (number + s) / slices)) for s in (0, 1))
        middle_deg = -90 + 180 * (number + 0.5) / slices
        brightness = brightness_of_side(towards_deg - middle_deg, light)
        corners = [
            (foot[0] + left * low, bottom),
            (foot[0] + right * low + 1, bottom),
            (foot[0] + right * high + 1, top),
            (foot[0] + left * high, top),
        ]
        draw.polygon(corners, fill=lit(colour, light, brightness))


def house(draw: ImageDraw.ImageDraw, view: View, light: Light, house: House) -> None:
    """Walls that face the camera, then the roof; white corners and windows, as on that coast."""
    corners = house_corners(house)
    if any(view.ahead(corner)[1] < 4 for corner in corners):
        return
    order = sorted(range(4), key=lambda i: -_middle_distance_m(view, corners[i], corners[(i + 1) % 4]))
    ridge = ridge_ends(corners)
    for side in order:
        a, b = corners[side], corners[(side + 1) % 4]
        is_gable = side % 2 == 0
        azimuth = house.ridge_azimuth_deg + (0, 90, 180, 270)[side]
        brightness = brightness_of_side(azimuth, light)
        outline = [view.point(a), view.point(b), view.point(b, house.eaves_m)]
        if is_gable:
            outline.append(view.point(ridge[side // 2], house.ridge_m))
        outline.append(view.point(a, house.eaves_m))
        _paint(draw, outline, lit(house.wall, light, brightness))
        _trim(draw, view, light, (a, b), house.eaves_m, brightness)
        _windows(draw, view, light, (a, b), house.eaves_m, brightness)
        if not is_gable:
            over = house.eaves_m - 0.25
            slope = [view.point(a, over), view.point(b, over)]
            ends = (ridge[0], ridge[1]) if side == 3 else (ridge[1], ridge[0])
            slope += [view.point(ends[0], house.ridge_m), view.point(ends[1], house.ridge_m)]
            _paint(draw, slope, lit(house.roof, light, 0.3 + 0.7 * brightness))
    _chimney(draw, view, light, house, ridge)


def _middle_distance_m(view: View, a: Spot, b: Spot) -> float:
    return view.ahead(between(a, b, 0.5))[1]


def _trim(
    draw: ImageDraw.ImageDraw,
    view: View,
    light: Light,
    wall: tuple[Spot, Spot],
    up_m: float,
    brightness: float,
) -> None:
    for corner in wall:
        low, high = view.point(corner), view.point(corner, up_m)
        if low and high:
            width = max(1, round(view.scale_px_m(corner) * 0.22))
            draw.line((low, high), fill=lit(TRIM, light, brightness), width=width)


def _windows(
    draw: ImageDraw.ImageDraw,
    view: View,
    light: Light,
    wall: tuple[Spot, Spot],
    up_m: float,
    brightness: float,
) -> None:
    """One window every three metres or so, with a white frame."""
    a, b = wall
    length_m = math.hypot(b.east_m - a.east_m, b.north_m - a.north_m)
    count = max(2, round(length_m / 3.2))
    for number in range(count):
        middle = (number + 0.5) / count
        for half_m, low_m, high_m, colour in ((0.62, 1.0, 2.4, TRIM), (0.46, 1.15, 2.25, WINDOW)):
            half = half_m / length_m
            spots = [between(a, b, middle - half), between(a, b, middle + half)]
            top = min(high_m, up_m - 0.3)
            outline = [view.point(spots[0], low_m), view.point(spots[1], low_m)]
            outline += [view.point(spots[1], top), view.point(spots[0], top)]
            _paint(draw, outline, lit(colour, light, brightness))


def _chimney(
    draw: ImageDraw.ImageDraw, view: View, light: Light, house: House, ridge: tuple[Spot, Spot]
) -> None:
    at = view.point(between(ridge[0], ridge[1], 0.3), house.ridge_m - 0.4)
    if at is not None:
        pixels = view.scale_px_m(house.at)
        box = (at[0] - 0.45 * pixels, at[1] - 1.6 * pixels, at[0] + 0.45 * pixels, at[1])
        draw.rectangle(box, fill=lit((150, 96, 80), light, 0.85))


def tree(draw: ImageDraw.ImageDraw, view: View, light: Light, spot: Spot, seed: int) -> None:
    """A broad tree: leaves in three tones, the brightest where the sun is."""
    foot = view.point(spot)
    if foot is None or view.ahead(spot)[1] < 9:
        return
    chance = random.Random(seed)  # noqa: S311  # leaves, not secrets
    pixels = view.scale_px_m(spot) * chance.uniform(0.8, 1.25)
    trunk = (foot[0] - 0.25 * pixels, foot[1] - 3.2 * pixels, foot[0] + 0.25 * pixels, foot[1])
    draw.rectangle(trunk, fill=lit(BARK, light, 0.8))
    aside = math.sin(math.radians(light.sun_azimuth_deg - view.heading_deg)) * 0.5
    for tone, shrink in ((0.62, 1.0), (0.82, 0.78), (1.02, 0.5)):
        for _ in range(13):
            angle, reach = chance.uniform(0, math.tau), chance.random() ** 0.5 * 2.1 * shrink
            x = foot[0] + (math.cos(angle) * reach + aside * (1 - shrink) * 2.4) * pixels
            y = foot[1] - (4.6 + math.sin(angle) * reach * 0.85 + (1 - shrink) * 1.1) * pixels
            size = chance.uniform(0.6, 1.15) * pixels * (0.55 + 0.45 * shrink)
            shade = tone * chance.uniform(0.93, 1.06)
            draw.ellipse(
                (x - size, y - size * 0.85, x + size, y + size * 0.85), fill=lit(LEAVES, light, shade)
            )


def stone(draw: ImageDraw.ImageDraw, view: View, light: Light, spot: Spot, size: float) -> None:
    """One stone of a dry wall, with its lighter top."""
    at = view.point(spot, 0.4)
    if at is None or view.ahead(spot)[1] < 5:
        return
    reach = view.scale_px_m(spot) * 0.72 * size
    draw.ellipse(
        (at[0] - reach, at[1] - reach * 0.7, at[0] + reach, at[1] + reach * 0.7),
        fill=lit((132, 130, 126), light, 0.72 * size),
    )
    draw.ellipse(
        (at[0] - reach * 0.8, at[1] - reach * 0.66, at[0] + reach * 0.7, at[1] + reach * 0.2),
        fill=lit((176, 172, 164), light, 0.9 * size),
    )


def pier_sides(draw: ImageDraw.ImageDraw, view: View, light: Light, outline: Sequence[Spot]) -> None:
    """A stone pier's sides down to the water; land that is nearer is painted over them."""
    for low_m, colour, brightness in ((-2.2, (112, 108, 104), 0.7), (-1.0, (128, 124, 118), 0.8)):
        polygon = view.ground(outline, low_m)
        if len(polygon) >= 3:
            draw.polygon(polygon, fill=lit(colour, light, brightness))


def pier_top(draw: ImageDraw.ImageDraw, view: View, light: Light, outline: Sequence[Spot]) -> None:
    """What one walks on."""
    top = view.ground(outline, -0.2)
    if len(top) >= 3:
        draw.polygon(top, fill=lit((190, 184, 172), light))


def boat(draw: ImageDraw.ImageDraw, view: View, light: Light, spot: Spot) -> None:
    """A sailing boat at anchor, sails down."""
    at = view.point(spot, -2.4)
    if at is not None:
        boat_at(draw, light, at, view.scale_px_m(spot))


def boat_at(
    draw: ImageDraw.ImageDraw, light: Light, at: Point, pixels: float, *, sails: bool = False
) -> None:
    """A boat with its waterline at a pixel; ``pixels`` to the metre."""
    x, y = at
    hull = [(-4.2, 1.3), (4.6, 1.5), (3.2, 0.0), (-3.4, 0.0)]
    draw.polygon([(x + a * pixels, y - b * pixels) for a, b in hull], fill=lit((244, 242, 238), light, 0.95))
    stripe = [(-4.0, 1.0), (4.1, 1.05), (3.9, 0.75), (-3.85, 0.75)]
    draw.polygon([(x + a * pixels, y - b * pixels) for a, b in stripe], fill=lit((48, 84, 128), light))
    cabin = [(-1.8, 1.35), (-1.5, 2.2), (1.0, 2.2), (1.6, 1.4)]
    draw.polygon([(x + a * pixels, y - b * pixels) for a, b in cabin], fill=lit((206, 198, 180), light))
    mast = (x + 0.5 * pixels, y - 11 * pixels, x + 0.5 * pixels, y - 1.4 * pixels)
    draw.line(mast, fill=lit((120, 100, 80), light), width=max(1, round(pixels * 0.16)))
    if sails:
        for sail in (((0.2, 10.6), (0.2, 2.4), (-4.4, 2.4)), ((0.8, 10.2), (0.8, 2.2), (4.4, 1.9))):
            draw.polygon(
                [(x + a * pixels, y - b * pixels) for a, b in sail], fill=lit((250, 246, 236), light)
            )


def _paint(draw: ImageDraw.ImageDraw, outline: Sequence[Point | None], colour: Colour) -> None:
    corners = [corner for corner in outline if corner is not None]
    if len(corners) >= 3 and len(corners) == len(outline):
        draw.polygon(corners, fill=colour)
