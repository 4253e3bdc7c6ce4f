"""How often the workbench's intervals hold the truth, how wide they are, and what an answer costs.

    .venv/bin/python benchmarks/workbench.py [--scenes 400]

Makes scenes from a fixed seed: a place, a moment with the sun from 5 to 60 degrees high, a camera at eye
height, an upright object of 1 to 8 m, and its shadow. Marks and camera are off by the errors that the person
states. A scene whose foot, tip or top is not in the picture is made again; one that the workbench refuses (a
mark too near the horizon, an error that says nothing) is counted.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from geolocation.coordinates.position import Position
from geolocation.shadows import fits_between, possible_band
from geolocation.shadows.in_picture import Marks, NotMeasurable, Pixel, Pose, shadow_in_picture
from geolocation.shadows.year import year_of
from geolocation.solar import sun_position

SEED = 20230920
WIDTH_PX, HEIGHT_PX = 1920, 1080
EYE_M = 1.6
MARK_PX, HEADING_DEG, FIELD_DEG, PITCH_DEG, ROLL_DEG = 3.0, 2.0, 3.0, 5.0, 1.0


@dataclass(frozen=True)
class Camera:
    """A true camera: degrees, pitch upwards and roll clockwise."""

    heading_deg: float
    field_deg: float
    pitch_deg: float
    roll_deg: float

    def pixel(self, east_m: float, north_m: float, up_m: float) -> Pixel | None:
        """Where a point beside the camera's foot appears; None behind it or outside of the picture."""
        heading, pitch, roll = (
            math.radians(each) for each in (self.heading_deg, self.pitch_deg, self.roll_deg)
        )
        along = east_m * math.sin(heading) + north_m * math.cos(heading)
        right = east_m * math.cos(heading) - north_m * math.sin(heading)
        height = up_m - EYE_M
        forward = math.cos(pitch) * along + math.sin(pitch) * height
        upward = math.cos(pitch) * height - math.sin(pitch) * along
        if forward < 0.5:
            return None
        focal = WIDTH_PX / 2 / math.tan(math.radians(self.field_deg) / 2)
        x = WIDTH_PX / 2 + focal * (math.cos(roll) * right - math.sin(roll) * upward) / forward
        y = HEIGHT_PX / 2 - focal * (math.sin(roll) * right + math.cos(roll) * upward) / forward
        return Pixel(x, y) if 0 <= x <= WIDTH_PX and 0 <= y <= HEIGHT_PX else None

    @property
    def horizon_y(self) -> float:
        """Row of the horizon in the middle of the picture."""
        focal = WIDTH_PX / 2 / math.tan(math.radians(self.field_deg) / 2)
        return HEIGHT_PX / 2 + focal * math.tan(math.radians(self.pitch_deg)) / math.cos(
            math.radians(self.roll_deg)
        )


@dataclass(frozen=True)
class Scene:
    """What is true, and its marks without errors."""

    place: Position
    moment: datetime
    camera: Camera
    foot: Pixel
    tip: Pixel
    top: Pixel


def made(chance: np.random.Generator) -> Scene:
    """A scene that is whole in its picture."""
    while True:
        place = Position(float(chance.uniform(-60, 60)), float(chance.uniform(-180, 180)))
        moment = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=float(chance.uniform(0, 365 * 86_400)))
        sun = sun_position(place, moment)
        if not 5 <= sun.apparent_altitude_deg <= 60:
            continue
        camera = Camera(
            float(chance.uniform(0, 360)),
            float(chance.uniform(45, 75)),
            float(chance.normal(0, PITCH_DEG)),
            float(chance.normal(0, ROLL_DEG)),
        )
        ahead = math.radians(camera.heading_deg + float(chance.uniform(-25, 25)))
        distance_m, tall_m = float(chance.uniform(4, 25)), float(chance.uniform(1, 8))
        east_m, north_m = distance_m * math.sin(ahead), distance_m * math.cos(ahead)
        length_m = tall_m / math.tan(math.radians(sun.apparent_altitude_deg))
        away = math.radians(sun.azimuth_deg + 180)
        foot = camera.pixel(east_m, north_m, 0.0)
        top = camera.pixel(east_m, north_m, tall_m)
        tip = camera.pixel(east_m + length_m * math.sin(away), north_m + length_m * math.cos(away), 0.0)
        if foot and top and tip:
            return Scene(place, moment, camera, foot, tip, top)


def asked(scene: Scene, chance: np.random.Generator, *, horizon: bool) -> tuple[Marks, Pose]:
    """What a person marks and states of it, off by the errors stated."""

    def off(pixel: Pixel) -> Pixel:
        return Pixel(pixel.x + MARK_PX * chance.normal(), pixel.y + MARK_PX * chance.normal())

    camera = scene.camera
    marks = Marks(
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        foot=off(scene.foot),
        tip=off(scene.tip),
        top=off(scene.top),
        horizon_y=camera.horizon_y + MARK_PX * chance.normal() if horizon else None,
        sigma_px=MARK_PX,
    )
    pose = Pose(
        heading_deg=(camera.heading_deg + HEADING_DEG * chance.normal()) % 360,
        heading_error_deg=HEADING_DEG,
        field_of_view_deg=camera.field_deg + FIELD_DEG * chance.normal(),
        field_of_view_error_deg=FIELD_DEG,
        pitch_error_deg=PITCH_DEG,
        roll_error_deg=ROLL_DEG,
    )
    return marks, pose


def judged(scene: Scene, marks: Marks, pose: Pose) -> tuple[bool, float] | None:
    """Whether the day's intervals hold the truth, and how many minutes they last; None if refused."""
    try:
        shadow = shadow_in_picture(marks, pose).shadow
    except NotMeasurable:
        return None
    half = timedelta(hours=12)
    fits = fits_between(scene.place, shadow, scene.moment - half, scene.moment + half)
    lasts_min = sum((fit.end_utc - fit.start_utc).total_seconds() / 60 for fit in fits)
    return any(fit.start_utc <= scene.moment <= fit.end_utc for fit in fits), lasts_min


def campaign(scenes: int) -> None:
    for horizon in (True, False):
        chance = np.random.default_rng(SEED)
        found = []
        for _number in range(scenes):
            scene = made(chance)
            found.append(judged(scene, *asked(scene, chance, horizon=horizon)))
        answers = [each for each in found if each is not None]
        held = sum(each[0] for each in answers) / len(answers)
        error = math.sqrt(held * (1 - held) / len(answers))
        lasts = sorted(each[1] for each in answers)
        print(f"horizon {'marked' if horizon else 'not marked'}: {len(answers)} of {scenes} answered")
        print(f"  the truth held in {held:.1%} ± {error:.1%}")
        print(f"  they last {statistics.median(lasts):.0f} min in the median")
        print(f"  and {lasts[int(0.9 * len(lasts))]:.0f} min at most in nine of ten")


def costs(repeats: int) -> None:
    chance = np.random.default_rng(SEED)
    scene = made(chance)
    marks, pose = asked(scene, chance, horizon=True)
    shadow = shadow_in_picture(marks, pose).shadow
    day = scene.moment.date()
    start = datetime.combine(day, datetime.min.time(), UTC)
    parts = {
        "marks to a shadow": lambda: shadow_in_picture(marks, pose),
        "times of a day": lambda: fits_between(scene.place, shadow, start, start + timedelta(days=1)),
        "year's chart, every 5 minutes": lambda: year_of(scene.place, shadow, date(2023, 1, 1).year, UTC),
        "band of the earth, half a degree": lambda: possible_band(shadow, scene.moment),
    }
    for name, part in parts.items():
        part()
        taken = []
        for _repeat in range(repeats):
            before = time.process_time()
            part()
            taken.append(time.process_time() - before)
        print(f"{name}: {statistics.median(taken) * 1000:.0f} ms of processor time")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenes", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    campaign(given.scenes)
    costs(given.repeats)


if __name__ == "__main__":
    main()
