"""A picture of the invented place as a camera there would see it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from evidence.training import structures
from evidence.training.light import Colour, Light, lit, mixed
from evidence.training.place import (
    BOATS,
    FIELDS,
    HOUSES,
    LANE,
    LIGHTHOUSE,
    PIER,
    PIER_WIDTH_M,
    ROAD,
    ROAD_WIDTH_M,
    SHORE,
    STONE_WALL,
    TREES,
    Spot,
    between,
    land,
    ribbon,
)
from evidence.training.shadows import shadows
from evidence.training.view import NEAREST_M, View

SMOOTHING = 2  # drawn so many times larger, then shrunk
MEADOW, GRAVEL, SAND, STONE = (134, 156, 84), (196, 184, 160), (216, 202, 166), (150, 148, 142)
SEA_LEVEL_M = -2.5
MAP_CORNER = Spot(-100.0, 900.0)
QUAY = ribbon(PIER, PIER_WIDTH_M)
LAND, WAYS = land(), (ribbon(ROAD, ROAD_WIDTH_M), ribbon(LANE, ROAD_WIDTH_M))


def draw_scene(view: View, light: Light, *, seed: int, boat: bool = True) -> Image.Image:
    """The view as an RGB picture; the same arguments give the same pixels."""
    large = view.scaled(SMOOTHING)
    chance = random.Random(seed)  # noqa: S311  # grass, not secrets
    picture = _sky(large, light, chance)
    draw = ImageDraw.Draw(picture, "RGBA")
    _far_shore(draw, large, light)
    _sea(picture, draw, large, light, chance)
    _land(draw, large, light)
    _cast_shadows(picture, large, light)
    _grass(draw, large, light, chance)
    _standing(draw, large, light, chance, boat=boat)
    return picture.resize((view.width_px, view.height_px), Image.Resampling.LANCZOS)


def gradient(size: tuple[int, int], colours: Sequence[Colour]) -> Image.Image:
    """Colours evenly spread from above to below."""
    width, height = size
    column = Image.new("RGB", (1, height))
    steps = len(colours) - 1
    for y in range(height):
        position = y / max(1, height - 1) * steps
        index = min(steps - 1, int(position))
        column.putpixel((0, y), mixed(colours[index], colours[index + 1], position - index))
    return column.resize((width, height), Image.Resampling.NEAREST)


def _sky(view: View, light: Light, chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", (view.width_px, view.height_px), light.sea[1])
    horizon = math.ceil(view.horizon_px)
    picture.paste(gradient((view.width_px, horizon), light.sky), (0, 0))
    if light.sun is not None:
        at = view.in_the_sky(light.sun_azimuth_deg, light.sun_elevation_deg)
        if at is not None:
            picture = _glow(picture, view, light.sun, at)
    picture.paste(*_clouds(view, light, chance))
    return picture


def _glow(picture: Image.Image, view: View, colour: Colour, at: tuple[float, float]) -> Image.Image:
    """A sun of true size (0.53 degrees) would be a dot: it is drawn three times as large, in its halo."""
    radius = view.focal_px * math.tan(math.radians(0.53 / 2)) * 3
    small = 8
    halo = Image.new("L", (view.width_px // small, view.height_px // small))
    draw = ImageDraw.Draw(halo)
    for times, strength in ((14, 26), (9, 54), (5, 96), (2.4, 170)):
        reach = radius * times / small
        centre = (at[0] / small, at[1] / small)
        draw.ellipse(_around(centre, reach, reach), fill=strength)
    halo = halo.filter(ImageFilter.GaussianBlur(radius * 1.6 / small)).resize(picture.size)
    warm = Image.new("RGB", picture.size, colour)
    picture = ImageChops.screen(picture, Image.composite(warm, Image.new("RGB", picture.size), halo))
    ImageDraw.Draw(picture).ellipse(_around(at, radius, radius), fill=colour)
    return picture


def _clouds(
    view: View, light: Light, chance: random.Random
) -> tuple[Image.Image, tuple[int, int], Image.Image]:
    """Flat-bottomed heaps with soft edges: colour, place and mask for a paste."""
    small = 4
    size = (view.width_px // small, view.height_px // small)
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for _ in range(9 if light.sun is not None else 26):
        x, base = chance.uniform(-0.1, 1.1) * size[0], chance.uniform(0.05, 0.46) * size[1]
        length = size[0] * chance.uniform(0.06, 0.2)
        for _ in range(11):
            along = chance.uniform(-1, 1)
            tall = length * 0.16 * (1.15 - along * along) * chance.uniform(0.5, 1.1)
            puff = (x + along * length, base - tall * 0.5)
            draw.ellipse(_around(puff, length * chance.uniform(0.12, 0.3), tall), fill=168)
    mask = mask.filter(ImageFilter.GaussianBlur(size[0] / 190)).resize((view.width_px, view.height_px))
    return Image.new("RGB", mask.size, light.cloud), (0, 0), mask


def _far_shore(draw: ImageDraw.ImageDraw, view: View, light: Light) -> None:
    """Low hills beyond the water; their outline depends on the direction alone, so all pictures agree."""
    for order, (height_deg, share) in enumerate(((1.5, 0.5), (0.8, 0.25))):
        outline = [(0.0, view.horizon_px + 1)]
        for x in range(0, view.width_px + 8, 8):
            aside = math.degrees(math.atan((x - view.width_px / 2) / view.focal_px))
            azimuth = math.radians(view.heading_deg + aside)
            wave = math.sin(azimuth * 5 + order) + 0.5 * math.sin(azimuth * 13 + 2 * order)
            wave += 0.25 * math.sin(azimuth * 29 + order)
            up = math.tan(math.radians(max(0.05, height_deg * (0.55 + 0.3 * wave)))) * view.focal_px
            outline.append((float(x), view.horizon_px - up))
        outline.append((float(view.width_px), view.horizon_px + 1))
        draw.polygon(outline, fill=mixed(light.hills, light.sky[2], share))


def _sea(
    picture: Image.Image, draw: ImageDraw.ImageDraw, view: View, light: Light, chance: random.Random
) -> None:
    top = round(view.horizon_px)
    height = view.height_px - top
    far, near = light.sea
    picture.paste(gradient((view.width_px, height), (far, mixed(far, near, 0.72), near)), (0, top))
    sun = view.in_the_sky(light.sun_azimuth_deg, light.sun_elevation_deg) if light.sun is not None else None
    for _ in range(1500):
        depth = chance.random() ** 2.4
        y = top + 2 + depth * height
        long = (6 + 90 * depth) * view.width_px / 3200
        x = chance.uniform(0, view.width_px)
        glitter = sun is not None and abs(x - sun[0]) < view.width_px * (0.03 + 0.1 * depth)
        colour = (*light.sun, 150) if glitter and light.sun else (*mixed(far, near, 0.2), 64)
        draw.line((x - long, y, x + long, y), fill=colour, width=max(1, round(1 + 5 * depth)))


def _land(draw: ImageDraw.ImageDraw, view: View, light: Light) -> None:
    """Land, fields and ways as level polygons; far ones lose their colour in the haze."""
    structures.pier_sides(draw, view, light, QUAY)
    for a, b in pairwise(SHORE):
        foam = view.ground((a, b), SEA_LEVEL_M + 0.3)
        if len(foam) >= 2:
            draw.line(foam[:2], fill=(255, 255, 255, 150), width=max(1, view.width_px // 500))
    _fill(draw, view.ground(LAND, SEA_LEVEL_M + 0.4), lit(SAND, light, 0.86))
    _fill(draw, view.ground(LAND, -1.2), lit(STONE, light, 0.72))
    _fill(draw, view.ground(LAND), lit(MEADOW, light))
    structures.pier_top(draw, view, light, QUAY)
    for corners, colour in FIELDS:
        _fill(draw, view.ground(corners), lit(colour, light))
        _furrows(draw, view, corners, lit(colour, light, 0.93))
    for line, width_m in ((LANE, ROAD_WIDTH_M * 0.8), (ROAD, ROAD_WIDTH_M)):
        _fill(draw, view.ground(ribbon(line, width_m + 1.6)), lit((166, 172, 104), light))
        _fill(draw, view.ground(ribbon(line, width_m)), lit(GRAVEL, light))


def _cast_shadows(picture: Image.Image, view: View, light: Light) -> None:
    """All shadows as one mask, so that they don't darken each other; only on land."""
    mask, ground = Image.new("L", picture.size), Image.new("L", picture.size)
    draw = ImageDraw.Draw(mask)
    for polygon in shadows(light):
        corners = view.ground(polygon)
        if len(corners) >= 3:
            draw.polygon(corners, fill=92)
    ImageDraw.Draw(ground).polygon(view.ground(LAND), fill=255)
    mask = ImageChops.multiply(mask, ground).filter(ImageFilter.GaussianBlur(view.width_px / 1600))
    picture.paste(lit((40, 50, 62), light), (0, 0, *picture.size), mask)


def _furrows(draw: ImageDraw.ImageDraw, view: View, corners: tuple[Spot, ...], colour: Colour) -> None:
    """Lines along a field from its first side to the one across."""
    a, b, c, d = corners[0], corners[1], corners[-2], corners[-1]
    for step in range(1, 26):
        share = step / 26
        start, end = between(a, b, share), between(d, c, share)
        line = view.ground((start, end))
        if len(line) >= 2:
            nearest_m = max(NEAREST_M, min(view.ahead(start)[1], view.ahead(end)[1]))
            width = min(view.width_px // 200, round(0.5 * view.focal_px / nearest_m))
            draw.line(line[:2], fill=colour, width=max(1, width))


def _grass(draw: ImageDraw.ImageDraw, view: View, light: Light, chance: random.Random) -> None:
    """Blades and flowers at the photographer's feet, larger the nearer."""
    heading = math.radians(view.heading_deg)
    for _ in range(5200):
        ahead_m = 7 + 70 * chance.random() ** 2.2
        right_m = chance.uniform(-1, 1) * ahead_m * view.width_px / view.focal_px * 0.55
        spot = Spot(
            view.at.east_m + ahead_m * math.sin(heading) + right_m * math.cos(heading),
            view.at.north_m + ahead_m * math.cos(heading) - right_m * math.sin(heading),
        )
        shade, tall_m, flower = chance.uniform(0.72, 1.1), chance.uniform(0.1, 0.42), chance.random()
        at = view.point(spot)
        if at is None or not _is_meadow(spot):
            continue
        pixels = view.scale_px_m(spot)
        tip = (at[0] + chance.uniform(-0.1, 0.1) * pixels, at[1] - tall_m * pixels)
        draw.line((at, tip), fill=lit((116, 140, 66), light, shade), width=max(1, round(pixels * 0.03)))
        if flower > 0.93:
            colour = (250, 244, 230) if flower > 0.965 else (226, 120, 150)
            draw.ellipse(_around(tip, pixels * 0.06, pixels * 0.05), fill=lit(colour, light))


def _is_meadow(spot: Spot) -> bool:
    """On land, and on no road: grass grows there."""
    meadow = _meadow_map()
    column, row = round(spot.east_m - MAP_CORNER.east_m), round(MAP_CORNER.north_m - spot.north_m)
    return 0 <= column < meadow.width and 0 <= row < meadow.height and meadow.getpixel((column, row)) == 255


@cache
def _meadow_map() -> Image.Image:
    """Where grass grows, one pixel a metre: asked for every blade, polygons would be too slow."""
    meadow = Image.new("L", (1000, 1800))
    draw = ImageDraw.Draw(meadow)
    for polygon, value in ((LAND, 255), *((way, 0) for way in WAYS)):
        corners = [(s.east_m - MAP_CORNER.east_m, MAP_CORNER.north_m - s.north_m) for s in polygon]
        draw.polygon(corners, fill=value)
    return meadow


def _standing(
    draw: ImageDraw.ImageDraw, view: View, light: Light, chance: random.Random, *, boat: bool
) -> None:
    """Everything that stands up, the farthest first."""
    things: list[tuple[Spot, Callable[[], None]]] = [
        (LIGHTHOUSE, lambda: structures.lighthouse(draw, view, light)),
    ]
    things += [(house.at, lambda house=house: structures.house(draw, view, light, house)) for house in HOUSES]  # type: ignore[misc]
    for spot in TREES:
        things.append((spot, _tree_maker(draw, view, light, spot, chance.randrange(1 << 30))))
    for spot in _along(STONE_WALL, 1.1):
        things.append((spot, _stone_maker(draw, view, light, spot, chance.uniform(0.8, 1.15))))
    if boat:
        things += [(spot, lambda spot=spot: structures.boat(draw, view, light, spot)) for spot in BOATS]  # type: ignore[misc]
    for _, paint in sorted(things, key=lambda thing: -view.ahead(thing[0])[1]):
        paint()


def _tree_maker(
    draw: ImageDraw.ImageDraw, view: View, light: Light, spot: Spot, seed: int
) -> Callable[[], None]:
    return lambda: structures.tree(draw, view, light, spot, seed)


def _stone_maker(
    draw: ImageDraw.ImageDraw, view: View, light: Light, spot: Spot, size: float
) -> Callable[[], None]:
    return lambda: structures.stone(draw, view, light, spot, size)


def _along(line: tuple[Spot, ...], step_m: float) -> list[Spot]:
    """Spots every so many metres along a line."""
    spots = []
    for a, b in pairwise(line):
        length_m = math.hypot(b.east_m - a.east_m, b.north_m - a.north_m)
        spots += [between(a, b, number * step_m / length_m) for number in range(int(length_m / step_m))]
    return spots


def _fill(draw: ImageDraw.ImageDraw, polygon: Sequence[tuple[float, float]], colour: Colour) -> None:
    if len(polygon) >= 3:
        draw.polygon(list(polygon), fill=colour)


def _around(centre: tuple[float, float], reach_x: float, reach_y: float) -> tuple[float, float, float, float]:
    return centre[0] - reach_x, centre[1] - reach_y, centre[0] + reach_x, centre[1] + reach_y
