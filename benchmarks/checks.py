"""How many revisions a second the checks judge, beside what their geodesics alone cost.

    python benchmarks/checks.py [--revisions 500] [--repeats 5]

Makes revisions from a fixed seed and runs every check on each, as the worker does. In the same run it gives
the same pairs of positions to pyproj as arrays: the floor below which no check of distances can get. Prints
medians and ratios; compare ratios, not seconds, between machines.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from geolocation import geodesy
from geolocation.checks import CheckInputs, registered_checks, run_all
from geolocation.checks.base import (
    FileFix,
    FileTime,
    Interval,
    NamedPoint,
    PlacedPoint,
    Posting,
    SiblingGeolocation,
)
from geolocation.coordinates.position import Position

SEED = 20230919


def made_revision(chance: random.Random) -> CheckInputs:
    """A full revision: every check has what it needs."""
    here = Position(chance.uniform(-65, 65), chance.uniform(-180, 180))

    def near(reach_m: float) -> Position:
        return geodesy.direct(here, chance.uniform(0, 360), chance.uniform(0, reach_m))

    camera, fix, place = near(30), near(60), near(4_000)
    captured = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(525_600))
    local = captured.replace(tzinfo=None) + timedelta(hours=4)
    return CheckInputs(
        camera=PlacedPoint(camera, chance.uniform(5, 100), f"{camera.latitude:.6f}, {camera.longitude:.6f}"),
        subject=PlacedPoint(near(1_500), chance.uniform(5, 100)),
        bearing_deg=chance.uniform(0, 359),
        field_of_view_deg=chance.choice([None, 65.0]),
        captured=Interval(captured - timedelta(minutes=30), captured + timedelta(minutes=30), "shadows"),
        file_fixes=(FileFix(fix.latitude, fix.longitude, chance.choice([None, 8.0]), None, "EXIF"),),
        preferred_fix=0,
        file_heading_deg=chance.uniform(0, 359),
        file_heading_reference=chance.choice(["true", "magnetic", None]),
        file_times=(FileTime(local.isoformat(), 240, captured, "offset_tag"),),
        claim_places=(NamedPoint("Town", place, 5_000),),
        siblings=(SiblingGeolocation("G-2", "Ana", "in_review", near(50), 20),),
        earliest_posting=Posting(captured + timedelta(hours=chance.uniform(-2, 48)), "post id"),
    )


def geodesic_pairs(revisions: list[CheckInputs]) -> np.ndarray:
    """The pairs whose distances and azimuths the checks need: shape (4, n) of lat1, lon1, lat2, lon2."""
    rows = []
    for revision in revisions:
        assert revision.camera is not None
        assert revision.subject is not None
        camera, subject = revision.camera.position, revision.subject.position
        fix, place = revision.file_fixes[0].position, revision.claim_places[0].position
        assert fix is not None
        assert place is not None
        pairs = [(camera, fix), (camera, subject), (subject, place), (camera, revision.siblings[0].position)]
        rows += [(a.latitude, a.longitude, b.latitude, b.longitude) for a, b in pairs]
    return np.array(rows).T


def median_s(repeats: int, work: Callable[[], object]) -> float:
    """Median seconds of several runs after one that warms up."""
    work()
    seconds = []
    for _repeat in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--revisions", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    chance = random.Random(SEED)
    revisions = [made_revision(chance) for _ in range(options.revisions)]
    count = len(revisions)

    pairs = geodesic_pairs(revisions)
    floor_s = median_s(options.repeats, lambda: geodesy.distances_m(*pairs))
    all_s = median_s(options.repeats, lambda: [run_all(revision) for revision in revisions])
    stored = [revision.to_json() for revision in revisions]
    json_s = median_s(options.repeats, lambda: [CheckInputs.from_json(each).to_json() for each in stored])

    print(f"{count} revisions, median of {options.repeats} runs")
    print(f"{'all checks':<22}{count / all_s:>12,.0f} revisions/s{all_s / count * 1e6:>10.0f} us each")
    for check in registered_checks():
        check_s = median_s(options.repeats, lambda: [check.function(r) for r in revisions])  # noqa: B023
        print(f"  {check.key:<20}{count / check_s:>12,.0f} revisions/s{check_s / all_s:>10.1%} of all")
    print(f"{'inputs JSON round trip':<22}{count / json_s:>12,.0f} revisions/s")
    print(f"{'geodesics, vectorised':<22}{count / floor_s:>12,.0f} revisions/s ({pairs.shape[1]:,} pairs)")
    print(f"all checks / vectorised geodesics: {all_s / floor_s:.0f} x")
    verdicts = Counter(result.verdict.value for revision in revisions for result in run_all(revision))
    print("verdicts: " + ", ".join(f"{verdict} {number}" for verdict, number in sorted(verdicts.items())))


if __name__ == "__main__":
    main()
