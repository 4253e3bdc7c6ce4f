"""The corrections feed: what a change costs its writer, and what a page costs its reader, in a large table.

    scripts/with-env python benchmarks/feed.py [--points 1000000] [--repeats 5]

Makes a scratch database on the server of DATABASE_URL, fills it, tells every
point once, and drops it again. Then it measures

  writer  one UPDATE of 2,000 points of a published investigation, with the feed's trigger and without
  number  changes_order over those 2,000 changes
  pages   a page of 1,000 at the beginning, in the middle, at the end, and the poll that finds nothing

Prints medians. Compare the pages with each other: they should cost the same wherever they begin.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _points import scratch_database

CHANGED = 2_000
_TELL_ALL = """
INSERT INTO geolocation_pointchange (geolocation_id, investigation_id, audience, kind, place, changed_at,
    ordered_at)
SELECT geolocation_id, investigation_id, told.audience, 'verified', nextval('geolocation_pointchange_place'),
    now(), now()
FROM geolocation_verifiedpoint CROSS JOIN (VALUES ('public'), ('members')) AS told(audience)
"""
_CHANGE = "UPDATE geolocation_verifiedpoint SET title = title || '.' WHERE id <= %s"


def median_s(run: Callable[[], object], repeats: int) -> float:
    """Median seconds of several runs, after one that warms the caches."""
    run()
    times = []
    for _each in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def measure(repeats: int) -> None:
    from django.db import connection

    from geolocation.models import Audience, PointChange
    from geolocation.services.feed import changes_order, feed_page

    def change(*, trigger: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET session_replication_role = {trigger}")
            cursor.execute(_CHANGE, [CHANGED])
            cursor.execute("SET session_replication_role = origin")

    with_trigger = median_s(lambda: change(trigger="origin"), repeats)
    without = median_s(lambda: change(trigger="replica"), repeats)
    each_us = (with_trigger - without) / CHANGED * 1e6
    print(
        f"writer  {with_trigger:.3f} s with, {without:.3f} s without: {each_us:.0f} µs a point, two audiences"
    )
    numbering = []
    for _each in range(repeats):
        change(trigger="origin")
        started = time.perf_counter()
        numbered = changes_order()
        numbering.append(time.perf_counter() - started)
    print(f"number  {statistics.median(numbering) * 1000:.0f} ms for {numbered:,} changes")
    told = PointChange.objects.told_to(Audience.PUBLIC).order_by("place")
    count = told.count()
    places = {
        "first": 0,
        "middle": told[count // 2].place,
        "last": told[count - 1001].place,
        "nothing": told.place_last(),
    }
    for name, after in places.items():

        def page(after: int = after) -> int:
            changes_order()
            return len(feed_page(audience=Audience.PUBLIC, code=None, after=after, limit=1000).entries)

        print(f"page    {median_s(page, repeats) * 1000:6.1f} ms  {name}: {page():,} entries of {count:,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    # Nobody approved these points; the gate is not what is measured.
    ungated = "DROP TRIGGER verified_point_gate ON geolocation_verifiedpoint"
    with scratch_database("benchmark_feed", options.points, then=(_TELL_ALL, ungated)):
        measure(options.repeats)


if __name__ == "__main__":
    main()
