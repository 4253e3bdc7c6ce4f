"""Times of day as colours: what the sky, the sea and sunlit things look like."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Light:
    """One moment's light. Sun angles in degrees: azimuth from true north, elevation above the horizon."""

    sun_azimuth_deg: float
    sun_elevation_deg: float
    sky: tuple[Colour, Colour, Colour]  # zenith, middle, horizon
    sea: tuple[Colour, Colour]  # at the horizon, at one's feet
    tint: tuple[float, float, float]  # what it does to the colour of a thing
    hills: Colour
    cloud: Colour
    sun: Colour | None  # None under an overcast sky
    contrast: float  # how much darker a side in shade is, 0 to 1


def evening(sun_azimuth_deg: float, sun_elevation_deg: float) -> Light:
    """A clear summer evening."""
    return Light(
        sun_azimuth_deg,
        sun_elevation_deg,
        sky=((74, 112, 168), (168, 182, 196), (252, 212, 156)),
        sea=((226, 190, 150), (52, 92, 124)),
        tint=(1.0, 0.92, 0.8),
        hills=(132, 138, 160),
        cloud=(255, 222, 188),
        sun=(255, 246, 214),
        contrast=0.33,
    )


def morning(sun_azimuth_deg: float, sun_elevation_deg: float) -> Light:
    """A fresh clear morning."""
    return Light(
        sun_azimuth_deg,
        sun_elevation_deg,
        sky=((88, 144, 200), (160, 200, 226), (236, 236, 224)),
        sea=((178, 206, 216), (36, 96, 132)),
        tint=(1.0, 0.97, 0.9),
        hills=(136, 158, 178),
        cloud=(255, 252, 246),
        sun=(255, 250, 228),
        contrast=0.36,
    )


def noon(sun_azimuth_deg: float, sun_elevation_deg: float) -> Light:
    """A bright day with fair-weather clouds."""
    return Light(
        sun_azimuth_deg,
        sun_elevation_deg,
        sky=((56, 124, 196), (122, 178, 224), (206, 226, 236)),
        sea=((128, 178, 206), (22, 92, 134)),
        tint=(1.0, 1.0, 0.97),
        hills=(126, 152, 176),
        cloud=(255, 255, 255),
        sun=(255, 255, 240),
        contrast=0.3,
    )


def overcast() -> Light:
    """A grey day without shadows: the sun gives nothing away."""
    return Light(
        0.0,
        90.0,
        sky=((150, 160, 170), (184, 192, 198), (214, 218, 218)),
        sea=((180, 190, 194), (84, 104, 114)),
        tint=(0.86, 0.89, 0.9),
        hills=(150, 160, 168),
        cloud=(232, 235, 236),
        sun=None,
        contrast=0.1,
    )


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """From the first colour (share 0) to the second (share 1)."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def lit(colour: Colour, light: Light, brightness: float = 1.0) -> Colour:
    """The colour of a thing in this light; ``brightness`` 1 is fully sunlit."""
    red, green, blue = (
        max(0, min(255, round(c * t * brightness))) for c, t in zip(colour, light.tint, strict=True)
    )
    return red, green, blue
