"""How many revisions a second the checks judge, beside what their geodesics alone cost.

    python benchmarks/checks.py [--revisions 100000] [--batch 500] [--repeats 3]

Makes revisions from a fixed seed and runs the whole battery over them in batches, as `manage.py recheck`
does, and over some of them one by one, as the worker does after a submission. In the same run it gives the
same pairs of positions to pyproj as arrays: the floor below which no check of distances can get. Prints
medians and ratios of processor time; compare ratios, not seconds, between machines.
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
from geolocation.checks import CheckInputs, registered_checks, run_all, run_many
from geolocation.checks.base import (
    Event,
    FileFix,
    FileTime,
    Interval,
    NamedPoint,
    PlacedPoint,
    Posting,
    Recording,
    Resected,
    Shadow,
    SiblingGeolocation,
    Twin,
)
from geolocation.checks.measures import Measures
from geolocation.coordinates.position import Position

SEED = 20230919
# How many are judged one by one, and how many for the share of each check.
ALONE = 500
SHADOWS_ONE_IN = 10


# A pentagon of some 30 km about the avenue of the case: an investigation has one area for all.
AREA = (tuple(geodesy.direct(Position(39.82, 46.76), turn, 30_000) for turn in (0, 72, 144, 216, 288)),)


def made_revision(chance: random.Random, number: int) -> CheckInputs:
    """A full revision: every check has what it needs; one in ten has a measured shadow."""
    here = Position(chance.uniform(-65, 65), chance.uniform(-180, 180))

    def near(reach_m: float) -> Position:
        return geodesy.direct(here, chance.uniform(0, 360), chance.uniform(0, reach_m))

    camera, fix, place = near(30), near(60), near(4_000)
    captured = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(525_600))
    local = captured.replace(tzinfo=None) + timedelta(hours=4)
    interval = Interval(captured - timedelta(minutes=30), captured + timedelta(minutes=30), "shadows")
    later = Interval(captured + timedelta(days=1), captured + timedelta(days=1), "clock")
    return CheckInputs(
        camera=PlacedPoint(camera, chance.uniform(5, 100), f"{camera.latitude:.6f}, {camera.longitude:.6f}"),
        subject=PlacedPoint(near(1_500), chance.uniform(5, 100)),
        bearing_deg=chance.uniform(0, 359),
        field_of_view_deg=chance.choice([None, 65.0]),
        captured=interval,
        light_seen=chance.choice([None, "day", "night"]),
        shadow=Shadow(chance.uniform(0, 359), 3.0, 1.5, 0.2) if number % SHADOWS_ONE_IN == 0 else None,
        resected=Resected(near(20), 30.0, 5, 0.4),
        file_fixes=(FileFix(fix.latitude, fix.longitude, chance.choice([None, 8.0]), None, "EXIF"),),
        preferred_fix=0,
        file_heading_deg=chance.uniform(0, 359),
        file_heading_reference=chance.choice(["true", "magnetic", None]),
        file_times=(FileTime(local.isoformat(), 240, captured, "offset_tag"),),
        claim_places=(NamedPoint("Town", place, 5_000),),
        events=(Event("C01", captured.date(), None),),
        area=AREA,
        siblings=(SiblingGeolocation("G-2", "Ana", "in_review", near(50), 20),),
        twins=(Twin("M02", "G-3", "verified", near(80), 20),),
        recordings=(Recording("M03", "device", "F17", near(90_000), 20, later),),
        earliest_posting=Posting(captured + timedelta(hours=chance.uniform(-2, 48)), "post id"),
    )


def geodesic_pairs(revisions: list[CheckInputs]) -> np.ndarray:
    """The pairs whose distances and azimuths the checks need: shape (4, n) of lat1, lon1, lat2, lon2."""
    rows = []
    for revision in revisions:
        assert revision.camera is not None
        assert revision.subject is not None
        assert revision.resected is not None
        camera, subject = revision.camera.position, revision.subject.position
        fix, place = revision.file_fixes[0].position, revision.claim_places[0].position
        assert fix is not None
        assert place is not None
        others = [fix, subject, revision.resected.position]
        others += [each[0].position for each in (revision.siblings, revision.twins, revision.recordings)]
        pairs = [*((camera, other) for other in others), (subject, place)]
        pairs += [(subject, corner) for corner in revision.area[0]]
        rows += [(a.latitude, a.longitude, b.latitude, b.longitude) for a, b in pairs]
    return np.array(rows).T


def median_s(repeats: int, work: Callable[[], object]) -> float:
    """Median seconds of several runs after one that warms up."""
    work()
    seconds = []
    for _repeat in range(repeats):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def in_batches(chance: random.Random, count: int, size: int) -> tuple[float, Counter[str]]:
    """Seconds for the whole battery over so many revisions, made a batch at a time, and the verdicts."""
    verdicts: Counter[str] = Counter()
    seconds = 0.0
    run_many([made_revision(chance, number) for number in range(20)])
    for first in range(0, count, size):
        revisions = [made_revision(chance, number) for number in range(first, min(first + size, count))]
        start = time.process_time()
        results = run_many(revisions)
        seconds += time.process_time() - start
        verdicts.update(result.verdict.value for each in results for result in each)
    return seconds, verdicts


def print_shares(revisions: list[CheckInputs], repeats: int) -> None:
    """What each check costs within a batch, preparation included."""
    for check in registered_checks():

        def work(check: object = check) -> None:
            measures = Measures()
            if check.prepare is not None:
                check.prepare(revisions, measures)
            for revision in revisions:
                check.function(revision, measures)

        seconds = median_s(repeats, work)
        print(f"  {check.key:<20}{seconds / len(revisions) * 1e6:>8.1f} us each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--revisions", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    chance = random.Random(SEED)
    count = options.revisions
    few = [made_revision(chance, number) for number in range(ALONE)]

    pairs = geodesic_pairs(few)
    pairs = np.tile(pairs, (1, -(-count // len(few))))[:, : count * pairs.shape[1] // len(few)]
    floor_s = median_s(options.repeats, lambda: geodesy.distances_m(*pairs))
    latitudes_1, longitudes_1, latitudes_2, longitudes_2 = pairs
    bare_s = median_s(
        options.repeats,
        lambda: geodesy.WGS84.inv(longitudes_1, latitudes_1, longitudes_2, latitudes_2),
    )
    all_s, verdicts = in_batches(chance, count, options.batch)
    alone_s = median_s(options.repeats, lambda: [run_all(revision) for revision in few]) / len(few)
    stored = [revision.to_json() for revision in few]
    json_s = median_s(options.repeats, lambda: [CheckInputs.from_json(each).to_json() for each in stored])

    print(f"{count:,} revisions in batches of {options.batch}, once; the rest medians of {options.repeats}")
    print(f"{'all checks, in batches':<24}{count / all_s:>10,.0f} revisions/s{all_s / count * 1e6:>8.0f} us")
    print(f"{'all checks, one by one':<24}{1 / alone_s:>10,.0f} revisions/s{alone_s * 1e6:>8.0f} us")
    print_shares(few, options.repeats)
    print(f"{'inputs JSON round trip':<24}{len(few) / json_s:>10,.0f} revisions/s")
    print(f"{'geodesics, vectorised':<24}{count / floor_s:>10,.0f} revisions/s ({pairs.shape[1]:,} pairs)")
    print(f"arrays of distances / pyproj's own call: {floor_s / bare_s:.2f} x")
    print(f"all checks / vectorised geodesics: {all_s / floor_s:.0f} x")
    print("verdicts: " + ", ".join(f"{verdict} {number}" for verdict, number in sorted(verdicts.items())))


if __name__ == "__main__":
    main()
