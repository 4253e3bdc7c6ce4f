"""The invented place from above, north up, as an aerial picture would show it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from evidence.training.light import Colour, Light, lit, mixed
from evidence.training.place import (
    BOATS,
    FIELDS,
    HOUSES,
    LANE,
    LIGHTHOUSE,
    LIGHTHOUSE_FOOT_M,
    PIER,
    PIER_WIDTH_M,
    ROAD,
    ROAD_WIDTH_M,
    SHORE,
    STONE_WALL,
    TREES,
    House,
    Spot,
    between,
    house_corners,
    land,
    ribbon,
    ridge_ends,
)
from evidence.training.shadows import shadows
from evidence.training.structures import IRON, LEAVES, TOWER_RED, TOWER_WHITE, brightness_of_side

SMOOTHING = 2
DEEP, SHALLOW, FOAM = (30, 84, 112), (92, 160, 158), (226, 234, 228)
MEADOW, GRAVEL = (126, 146, 82), (196, 184, 160)


@dataclass(frozen=True, slots=True)
class Aerial:
    """A north-up rectangle of ground: its north-west corner, and how many metres a pixel is."""

    corner: Spot
    metres_a_pixel: float
    width_px: int
    height_px: int

    def pixel(self, spot: Spot) -> tuple[float, float]:
        """Column and row of a spot, from the corner."""
        return (
            (spot.east_m - self.corner.east_m) / self.metres_a_pixel,
            (self.corner.north_m - spot.north_m) / self.metres_a_pixel,
        )

    def pixels(self, polygon: Sequence[Spot]) -> list[tuple[float, float]]:
        """Columns and rows of all corners."""
        return [self.pixel(spot) for spot in polygon]


def draw_overhead(aerial: Aerial, light: Light, *, seed: int) -> Image.Image:
    """The ground as an RGB picture; the same arguments give the same pixels."""
    large = Aerial(
        aerial.corner,
        aerial.metres_a_pixel / SMOOTHING,
        aerial.width_px * SMOOTHING,
        aerial.height_px * SMOOTHING,
    )
    chance = random.Random(seed)  # noqa: S311  # grass, not secrets
    shore = Image.new("L", (large.width_px, large.height_px))
    ImageDraw.Draw(shore).polygon(large.pixels(land()), fill=255)
    picture = _sea(large, light, shore, chance)
    picture.paste(_ground(large, light, chance), mask=shore)
    draw = ImageDraw.Draw(picture)
    draw.polygon(large.pixels(ribbon(PIER, PIER_WIDTH_M)), fill=lit((186, 180, 170), light))
    _shade(picture, large, light)
    _things(ImageDraw.Draw(picture), large, light, chance)
    return picture.resize((aerial.width_px, aerial.height_px), Image.Resampling.LANCZOS)


def _sea(aerial: Aerial, light: Light, shore: Image.Image, chance: random.Random) -> Image.Image:
    """Deep water that turns lighter towards the shore, some swell, and foam where it breaks."""
    per_metre = 1 / aerial.metres_a_pixel
    small = shore.resize((shore.width // 8, shore.height // 8))
    near = small.filter(ImageFilter.GaussianBlur(26 * per_metre / 8)).resize(shore.size)
    size = shore.size
    picture = Image.composite(
        Image.new("RGB", size, lit(SHALLOW, light)), Image.new("RGB", size, lit(DEEP, light)), near
    )
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(900):
        x, y = chance.uniform(0, size[0]), chance.uniform(0, size[1])
        reach = chance.uniform(2, 8) * per_metre
        draw.line((x, y, x + reach * 0.3, y + reach), fill=(*mixed(DEEP, FOAM, 0.3), 70), width=SMOOTHING + 1)
    for width_m, strength in ((9, 60), (5, 110), (2.2, 210)):
        line = aerial.pixels(SHORE)
        draw.line(line, fill=(*FOAM, strength), width=round(width_m * per_metre), joint="curve")
    return picture


def _ground(aerial: Aerial, light: Light, chance: random.Random) -> Image.Image:
    """Meadow, fields with their furrows, ways."""
    size = (aerial.width_px, aerial.height_px)
    picture = Image.new("RGB", size, lit(MEADOW, light))
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(2600):
        x, y, reach = chance.uniform(0, size[0]), chance.uniform(0, size[1]), chance.uniform(3, 26)
        shade = lit(MEADOW, light, chance.uniform(0.88, 1.1))
        draw.ellipse((x - reach, y - reach * 0.7, x + reach, y + reach * 0.7), fill=(*shade, 90))
    for corners, colour in FIELDS:
        draw.polygon(aerial.pixels(corners), fill=lit(colour, light))
        for step in range(1, 40):
            ends = [
                between(corners[0], corners[1], step / 40),
                between(corners[-1], corners[-2], step / 40),
            ]
            draw.line(aerial.pixels(ends), fill=lit(colour, light, 0.92), width=SMOOTHING)
    for line, width_m in ((LANE, ROAD_WIDTH_M * 0.8), (ROAD, ROAD_WIDTH_M)):
        for more_m, colour in ((2.4, (158, 164, 104)), (0.0, GRAVEL)):
            width = round((width_m + more_m) / aerial.metres_a_pixel)
            draw.line(aerial.pixels(line), fill=lit(colour, light), width=width, joint="curve")
    return picture


def _shade(picture: Image.Image, aerial: Aerial, light: Light) -> None:
    mask = Image.new("L", picture.size)
    draw = ImageDraw.Draw(mask)
    for polygon in shadows(light):
        draw.polygon(aerial.pixels(polygon), fill=120)
    dark = Image.new("RGB", picture.size, (38, 48, 66))
    picture.paste(ImageChops.multiply(picture, dark), mask=mask)


def _things(draw: ImageDraw.ImageDraw, aerial: Aerial, light: Light, chance: random.Random) -> None:
    per_metre = 1 / aerial.metres_a_pixel
    for start, end in pairwise(STONE_WALL):
        for step in range(60):
            x, y = aerial.pixel(between(start, end, step / 60))
            _dot(draw, (x, y), 0.8 * per_metre, lit((158, 154, 148), light, chance.uniform(0.75, 1.05)))
    for house in HOUSES:
        _roof(draw, aerial, light, house)
    for spot in TREES:
        _crown(draw, aerial.pixel(spot), per_metre, light, chance)
    for spot in BOATS:
        x, y = aerial.pixel(spot)
        hull = [(-4.2, -1.1), (2.2, -1.2), (4.8, 0), (2.2, 1.2), (-4.2, 1.1)]
        draw.polygon([(x + a * per_metre, y + b * per_metre) for a, b in hull], fill=(246, 244, 240))
    tower = aerial.pixel(LIGHTHOUSE)
    for radius_m, colour in ((LIGHTHOUSE_FOOT_M, TOWER_WHITE), (3.6, IRON), (2.4, TOWER_RED), (0.4, IRON)):
        _dot(draw, tower, radius_m * per_metre, lit(colour, light))


def _roof(draw: ImageDraw.ImageDraw, aerial: Aerial, light: Light, house: House) -> None:
    """Two slopes, each as bright as it faces the sun."""
    a, b, c, d = house_corners(house)
    first, second = ridge_ends((a, b, c, d))
    for corners, turn_deg in (((b, c, second, first), 90), ((d, a, first, second), 270)):
        brightness = brightness_of_side(house.ridge_azimuth_deg + turn_deg, light)
        draw.polygon(aerial.pixels(corners), fill=lit(house.roof, light, 0.2 + brightness))


def _crown(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    per_metre: float,
    light: Light,
    chance: random.Random,
) -> None:
    for tone, reach_m, times in ((0.7, 1.9, 12), (0.95, 1.3, 9), (1.16, 0.8, 6)):
        for _ in range(times):
            x = at[0] + chance.uniform(-1, 1) * reach_m * per_metre
            y = at[1] + chance.uniform(-1, 1) * reach_m * per_metre
            _dot(draw, (x, y), chance.uniform(0.6, 1.1) * per_metre, lit(LEAVES, light, tone))


def _dot(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, colour: Colour) -> None:
    draw.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=colour)
