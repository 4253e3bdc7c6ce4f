"""The corrections feed: what a change costs its writer, and what a page costs its reader, in a large table.

    scripts/with-env python benchmarks/feed.py [--points 100000] [--repeats 5]

Makes a scratch database on the server of DATABASE_URL, fills it as benchmarks/export.py does, tells every
point once, and drops it again. Then it measures

  writer  one UPDATE of 2,000 points of a published investigation, with the feed's trigger and without
  number  changes_order over those 2,000 changes
  pages   a page of 1,000 at the beginning, in the middle, at the end, and the poll that finds nothing

Prints medians. Compare the pages with each other: they should cost the same wherever they begin.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from export import FILL, administer, scratch_url

CHANGED = 2_000
_TELL_ALL = """
INSERT INTO geolocation_pointchange (geolocation_id, investigation_id, audience, kind, place, changed_at,
    ordered_at)
SELECT geolocation_id, investigation_id, told.audience, 'verified', nextval('geolocation_pointchange_place'),
    now(), now()
FROM geolocation_verifiedpoint CROSS JOIN (VALUES ('public'), ('members')) AS told(audience)
"""
# Columns that came after the statement of benchmarks/export.py was written: what is empty for their type.
_EMPTY = """
DO $$
DECLARE wanted record;
BEGIN
    FOR wanted IN
        SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
            AND is_identity = 'NO' AND is_generated = 'NEVER'
            AND table_name IN ('evidence_mediaitem', 'evidence_investigation', 'geolocation_geolocation',
                'geolocation_geolocationrevision', 'geolocation_verifiedpoint')
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT %s', wanted.table_name,
            wanted.column_name,
            CASE wanted.data_type WHEN 'boolean' THEN 'false' WHEN 'jsonb' THEN quote_literal('[]')
                WHEN 'ARRAY' THEN quote_literal('{}') WHEN 'character varying' THEN quote_literal('')
                WHEN 'text' THEN quote_literal('') WHEN 'timestamp with time zone' THEN 'now()'
                WHEN 'uuid' THEN 'gen_random_uuid()' ELSE '0' END);
    END LOOP;
END
$$
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


def measure(points: int, repeats: int) -> None:
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
    places = {
        "first": 0,
        "middle": told[points // 2].place,
        "last": told[points - 1001].place,
        "nothing": told.place_last(),
    }
    for name, after in places.items():

        def page(after: int = after) -> int:
            changes_order()
            return len(feed_page(audience=Audience.PUBLIC, code=None, after=after, limit=1000).entries)

        print(f"page    {median_s(page, repeats) * 1000:6.1f} ms  {name}: {page():,} entries of {points:,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    maintenance, scratch = scratch_url()
    name = scratch.rpartition("/")[2]
    administer(maintenance, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    os.environ.update(DATABASE_URL=scratch, DJANGO_SETTINGS_MODULE="osint_catalogue.settings", DEBUG="false")
    os.environ.update(SECRET_KEY="benchmark", ALLOWED_HOSTS="testserver", HTTPS="false", LOG_LEVEL="ERROR")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY)
            cursor.execute(FILL % {"points": options.points})
            cursor.execute(_TELL_ALL)
            # Nobody approved these points; the gate is not what is measured.
            cursor.execute("DROP TRIGGER verified_point_gate ON geolocation_verifiedpoint")
            # Pages are read where autovacuum has been, as in daily use.
            cursor.execute("VACUUM ANALYZE")
        measure(options.points, options.repeats)
    finally:
        connection.close()
        administer(maintenance, f"DROP DATABASE {name}")


if __name__ == "__main__":
    main()
